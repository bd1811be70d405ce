"""What a case costs with its teams and rounds, and the three lines of running costs: posting by posting, to the cent."""

from __future__ import annotations

import math
from collections import Counter

from hypothesis import given

from reliefsim import keys, measure
from reliefsim.indicators.measure import Key
from reliefsim.layout import Account, Outcome
from reliefsim.records import Run
from reliefsim.units import MISSING, largest_remainder

from .facts import rows, service_of
from .making import scenarios
from .shortfall import shown
from .test_laws import run_of, tried
from .writing import Table, toml

LINES = ("management", "delivery_staff", "registration")


def spent(run: Run) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Cents by what they paid (services' own, teams', management, registration) and grant, and without grant."""
    teams = sorted(run.scenario.teams)
    found: Counter[tuple[str, str]] = Counter()
    for row in rows(run.postings):
        if row.debit != Account.SPENT:
            continue
        if row.service < len(run.names.services):
            what = f"own {shown(run, row.service)}"
        elif row.reference == MISSING:
            what = "registration"
        else:
            stated = run.scenario.teams[teams[row.reference]].service
            number = run.names.services.index(stated) if stated else MISSING
            what = f"teams {shown(run, number)}" if stated else "management"
        found[what, run.names.grants[row.grant]] += row.cents
    whole: Counter[str] = Counter()
    for (what, _), cents in found.items():
        whole[what] += cents
    return found, whole


def found_by_rounds(run: Run) -> Counter[str]:
    """Cases that a round opened, by service as reported, of services whose intake is dtm."""
    homes, held = rows(run.households), {row.time for row in rows(run.rounds) if row.held}
    return Counter(
        shown(run, case.service)
        for case in rows(run.cases)
        if service_of(run, case.service).intake == "dtm"
        and case.opened != MISSING
        and homes[case.household].registered in held
    )


def numbers(run: Run) -> dict[Key, float]:
    return dict(zip(keys(run.scenario), measure(run).values.tolist(), strict=True))


@tried(120)
@given(scenarios())
def test_services_management_and_what_nobody_was_found_by_are_all_that_was_spent(tree: Table) -> None:
    run = run_of(tree)
    told, (_, by) = numbers(run), spent(run)
    names = sorted({shown(run, number) for number in range(len(run.names.services))})
    served = Counter(shown(run, case.service) for case in rows(run.cases) if case.outcome == Outcome.SERVED)
    found = found_by_rounds(run)
    parts = dict(zip(names, largest_remainder(by["registration"], [found[name] for name in names]), strict=True))
    attributed = 0
    for name in names:
        cost = told[Key("cost_per_case_usd", service=name, unit="USD")]
        cents = by[f"own {name}"] + by[f"teams {name}"] + parts[name]
        if served[name]:
            assert math.isclose(cost, cents / 100 / served[name], rel_tol=1e-12), toml(tree)
            attributed += round(cost * served[name] * 100)
        else:
            assert math.isnan(cost)
            attributed += cents  # spent on nobody yet
    to_nobody = 0 if found else by["registration"]
    assert attributed + by["management"] + to_nobody == round(100 * told[Key("spent_usd", unit="USD")]), toml(tree)


@tried(120)
@given(scenarios())
def test_management_delivery_staff_and_registration_are_the_running_costs(tree: Table) -> None:
    run = run_of(tree)
    told, (by_grant, by) = numbers(run), spent(run)
    staff = sum(cents for what, cents in by.items() if what.startswith("teams "))
    wanted = {"management": by["management"], "delivery_staff": staff, "registration": by["registration"]}
    for name, cents in wanted.items():
        assert round(100 * told[Key(f"{name}_usd", unit="USD")]) == cents
    assert sum(wanted.values()) == round(100 * told[Key("running_cost_usd", unit="USD")])
    for grant in run.names.grants:
        mine = {name: round(100 * told[Key(f"{name}_usd", grant=grant, unit="USD")]) for name in LINES}
        assert mine["management"] == by_grant["management", grant]
        assert mine["registration"] == by_grant["registration", grant]
        running = [row.cents for row in rows(run.postings) if row.debit == Account.SPENT
                   and row.service == len(run.names.services) and run.names.grants[row.grant] == grant]  # fmt: skip
        assert sum(mine.values()) == sum(running)


def test_random_runs_have_teams_management_and_rounds_that_are_shared() -> None:
    """What is compared above is there."""
    seen: Counter[str] = Counter()

    @tried(100)
    @given(scenarios())
    def look(tree: Table) -> None:
        run = run_of(tree)
        _, by = spent(run)
        seen.update(what.split()[0] for what, cents in by.items() if cents)
        seen["shared"] += by["registration"] > 0 and len(found_by_rounds(run)) > 1
        seen["to nobody"] += by["registration"] > 0 and not found_by_rounds(run)

    look()
    assert set(seen) == {"own", "teams", "management", "registration", "shared", "to nobody"}
