"""What running costs pay for, and what a case costs with its teams and its part of the rounds that find people.

A running cost's posting says what it paid: the number of a team, teams in the order of their names, or MISSING: a round.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..layout import Account
from ..units import MISSING, largest_remainder
from . import tally
from .breakdowns import GRANTS, SERVICES, TOTAL
from .counted import tallied
from .indicator import Indicator, Measurement, Numbers, Table, Told, here
from .money_by_line import lines
from .run_passes import SPENT

Integers = npt.NDArray[np.int64]
MANAGEMENT, REGISTRATION = -2, -1  # rows of running_lines behind those of services


def running_lines(of: Measurement) -> tuple[Integers, Integers]:
    """Cents committed for running costs, and those of them that are indirect, by what they pay and grant, shape (services
    as reported + 2, grants): the teams of each service, management, registration."""
    run, columns = of.run, of.columns
    shown = len(columns.of("service"))
    places = {name: int(column) - 1 for name, column in zip(run.names.services, columns.service, strict=True)}
    teams = [run.scenario.teams[name].service for name in sorted(run.scenario.teams)]
    paid = np.array([shown if service is None else places[service] for service in teams] + [shown + 1])
    rows = run.postings[run.postings["service"] == len(run.names.services)]
    into = (rows["debit"] == int(Account.COMMITTED)).astype(np.int64)
    back = (rows["debit"] == int(Account.CASH)) & (rows["credit"] == int(Account.COMMITTED))
    found = np.zeros((2, shown + 2, len(columns.grants)), np.int64)
    for table, cents in zip(found, ("cents", "indirect_cents"), strict=True):
        np.add.at(table, (paid[rows["reference"]], rows["grant"]), rows[cents] * (into - back))
    return found[0], found[1]


def _found_by_rounds(of: Measurement) -> list[int]:
    """Cases by service as reported that a round opened: of households that one registered, of services that know of
    people by rounds alone."""
    run, columns = of.run, of.columns
    by_rounds = np.array([run.scenario.services[name].intake == "dtm" for name in run.names.services])
    held = run.rounds["time"][run.rounds["held"] == 1]
    registered = np.isin(run.households["registered"], held)
    cases = run.cases[by_rounds[run.cases["service"]] & (run.cases["opened"] != MISSING)]
    cases = cases[registered[cases["household"]]]
    found: list[int] = np.bincount(columns.service[cases["service"]] - 1, minlength=len(columns.of("service"))).tolist()
    return found


def _cost_per_case(of: Measurement) -> Numbers:
    """USD by service: its own spending, its teams, its part of registration; NaN where no case is served."""
    running, _ = of.of(running_lines)
    rounds = largest_remainder(int(running[REGISTRATION].sum()), _found_by_rounds(of))
    cents = of.of(lines)[SPENT][:-1].sum(axis=1) + running[:MANAGEMENT].sum(axis=1) + np.array(rounds)
    served = of.of(tallied)[tally.SERVED][of.columns.of("service")]
    return np.asarray(np.divide(cents, served * 100, out=np.full(len(cents), math.nan), where=served > 0))


def _running(name: str, row: slice | int, meaning: str, after: str) -> Indicator:
    """One line of the running costs, in total and by grant."""

    def paid(of: Measurement) -> Numbers:
        by_grant = np.atleast_2d(of.of(running_lines)[0][row]).sum(axis=0)
        return np.append(by_grant.sum(), by_grant) / 100

    told = (*here(meaning, after), Told("budget", meaning, after="lapsed_usd" if after == "running_cost_usd" else after))
    return Indicator(name, "USD", TOTAL + GRANTS, paid, told)


# Neither better nor worse: a case costs more where more teams are there for the same people, who wait less.
COSTS = Table(
    _running(
        "management_usd", MANAGEMENT, "of the running costs, pay of teams that no service has, indirect cost included",
        "running_cost_usd",
    ),
    _running(
        "delivery_staff_usd", slice(MANAGEMENT), "of the running costs, pay of services' teams, indirect cost included",
        "management_usd",
    ),
    _running(
        "registration_usd", REGISTRATION, "the rest of the running costs: DTM rounds, indirect cost included",
        "delivery_staff_usd",
    ),
    Indicator(
        "cost_per_case_usd", "USD", SERVICES, _cost_per_case,
        here("what was spent on its cases, goods and departures, on its teams, and its part of DTM rounds, indirect cost "
             "included / cases served (none served). Rounds are shared by the cases they found among services whose intake "
             "is dtm; management is in none", "cost_per_person_reached_usd"),
    ),
)  # fmt: skip
