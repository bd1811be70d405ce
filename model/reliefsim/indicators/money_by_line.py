"""A run's postings and plans become cents by line of the budget: by service as reported and grant."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import RUNNING
from ..records import Envelope
from . import run_passes
from .indicator import Measurement
from .run_passes import COMMITTED, INDIRECT, LAPSED, SPENT
from .slots import Slots
from .time_series import month_of_day, months

Integers = npt.NDArray[np.int64]


def money(of: Measurement) -> tuple[Integers, Integers]:
    """Cents as ``run_passes.money_tally`` gives them."""
    run = of.run
    return run_passes.money_tally(
        run.postings, len(run.names.services) + 1, len(run.names.grants), len(months(run.scenario)),
        month_of_day(run.scenario),
    )  # fmt: skip


def reported_lines(by_service: Integers, columns: Slots) -> Integers:
    """Rows of services, the running costs last, added up to services as reported; shape (shown + 1, grants)."""
    found = np.zeros((len(columns.of("service")) + 1, by_service.shape[1]), np.int64)
    np.add.at(found, columns.service - 1, by_service[:-1])
    found[-1] = by_service[-1]
    return found


def lines(of: Measurement) -> dict[int, Integers]:
    """Cents by service as reported (the running costs last) and grant: open commitments, spent, lapsed, indirect."""
    table, _ = of.of(money)
    found = {COMMITTED: table[COMMITTED] - table[SPENT], **{row: table[row] for row in (SPENT, LAPSED, INDIRECT)}}
    return {row: reported_lines(cents, of.columns) for row, cents in found.items()}


def first_and_last_plan(of: Measurement) -> tuple[Integers, Integers]:
    """Cents set aside by service as reported (the running costs last) and grant: by the first plan that had money of the
    grant, and by the run's last."""
    run = of.run
    services = {name: place for place, name in enumerate((*run.names.services, RUNNING))}
    grants = {name: place for place, name in enumerate(run.names.grants)}
    first, last = (np.zeros((len(services), len(grants)), np.int64) for _ in "12")
    plans: list[Envelope] = [line for line in run.envelopes if line.reason != "end"]
    begun: dict[str, int] = {}
    for line in plans:
        if line.envelope > line.committed + line.spent:
            begun.setdefault(line.grant, line.time)
    for line in plans:
        place = services[line.service], grants[line.grant]
        if line.time == begun.get(line.grant):
            first[place] = line.envelope
        if line.time == plans[-1].time:
            last[place] = line.envelope
    return reported_lines(first, of.columns), reported_lines(last, of.columns)


def running_cents(of: Measurement) -> int:
    """Cents committed for running costs, spent or not."""
    return int(of.of(money)[0][COMMITTED, -1].sum())
