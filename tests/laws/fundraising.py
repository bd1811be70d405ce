"""One run's fundraiser's numbers are held against plain counts, and against one another to the cent."""

from __future__ import annotations

import math
from collections import defaultdict

from reliefsim import keys
from reliefsim.indicators.measure import Key, funding_keys, measure_all
from reliefsim.indicators.required import REQUIRED
from reliefsim.indicators.unserved_reasons import REASONS
from reliefsim.records import Run

from . import bought, closable, shortfall, standing
from .writing import Row, Table

ORACLES = (shortfall.counted, closable.counted, bought.bought, bought.budget, bought.files, standing.breaks, standing.pipeline)
BY_REASON = [one.indicator for one in REASONS.values()]
OF_MONEY = [f"gap_money_{part}_usd" for part in shortfall.PARTS]


def numbers(run: Run) -> dict[Key, float]:
    """Every number of a run by its key."""
    every = (*keys(run.scenario), *funding_keys(run.scenario))
    return dict(zip(every, measure_all(run).values.tolist(), strict=True))


def with_late_money(tree: Table) -> Table:
    """The same scenario, half of them with tranches that are due after the horizon."""
    for grant in tree.get("grants", {}).values():
        if "tranches" in grant and tree["horizon_days"] % 2:
            grant["until_day"] = tree["horizon_days"] + 30
            grant["tranches"][1] = Row(day=tree["horizon_days"] + 3, amount_usd=grant["tranches"][1].entries["amount_usd"])
    return tree


def check_recount(run: Run, found: dict[Key, float]) -> None:
    """Every number of ``funding_keys``, and the gap's among the others, is what the plain counts give."""
    counted: dict[Key, float] = {}
    for oracle in ORACLES:
        counted |= oracle(run)
    assert set(counted) <= set(found), sorted(set(counted) - set(found))[:3]
    others = set(REQUIRED.keys(run.scenario))  # test_required counts them again
    for key in {*funding_keys(run.scenario), *counted} - others:
        mine, its = counted.get(key, 0.0), found[key]
        close = math.isclose(mine, its, rel_tol=1e-12, abs_tol=1e-9) or (math.isnan(mine) and math.isnan(its))
        assert close, f"{key}: {its}, counted {mine}"


def cents(number: float) -> int:
    return round(100 * number)


def check_to_the_cent(run: Run, found: dict[Key, float]) -> None:
    """What is met and every part of the gap add up to what is needed; what was used of a grant to what came."""
    met: dict[Key, int] = defaultdict(int)
    for case in shortfall.rows(run.cases):
        if case.outcome in shortfall.MET:
            home = shortfall.rows(run.households[case.household : case.household + 1])[0]
            places = [Key("", service=shortfall.shown(run, case.service))]
            for key in (*places, *shortfall.slots(run, home, case.priority_class, case.arose)):
                met[key] += case.priced_cents
    where = [key._replace(indicator="", unit="") for key in found if key.indicator == "requirement_usd"]
    for key in where:
        reasons = sum(cents(found[key._replace(indicator=name, unit="USD")]) for name in BY_REASON)
        parts = sum(cents(found[key._replace(indicator=name, unit="USD")]) for name in OF_MONEY)
        assert cents(found[key._replace(indicator="gap_usd", unit="USD")]) == reasons
        assert cents(found[key._replace(indicator="requirement_usd", unit="USD")]) == met[key] + reasons
        assert cents(found[key._replace(indicator="gap_money_usd", unit="USD")]) == parts
        if not key.period:
            by_money = [found[key._replace(indicator=f"gap_{one}closed_by_money_usd", unit="USD")] for one in ("", "not_")]
            assert cents(found[key._replace(indicator="gap_usd", unit="USD")]) == sum(map(cents, by_money))
    for name in ("gap_usd", *BY_REASON, *OF_MONEY):
        by_month = [value for key, value in found.items() if key.indicator == name and key.period]
        assert sum(map(cents, by_month)) == cents(found[Key(name, unit="USD")])
    check_grants(run, found)


def check_grants(run: Run, found: dict[Key, float]) -> None:
    """Each grant's money is somewhere, once; lines add up to the run's own numbers by service and by grant."""
    services = {key.service for key in found if key.indicator == "spent_usd" and key.service}
    for grant in run.names.grants:
        mine = Key("", grant=grant, unit="USD")
        received, spent, committed, lapsed = (
            cents(found[mine._replace(indicator=f"{name}_usd")]) for name in ("received", "spent", "committed", "lapsed")
        )
        cash = sum(row.cents * ((row.debit == 1) - (row.credit == 1)) for row in _postings(run, grant))
        assert received == spent + committed + lapsed + cash
        counted = sum(cents(found[mine._replace(indicator=name)]) for name in OF_MONEY[:-1])
        stated = run.scenario.grants.get(grant)
        promised = shortfall.in_cents(stated.amount_usd) if stated else received
        assert counted <= promised
        for name in ("allocated_usd", "committed_usd", "spent_usd", "indirect_cost_usd"):
            lines = sum(cents(found[mine._replace(indicator=name, service=service)]) for service in services)
            assert lines == cents(found[mine._replace(indicator=name)]), f"{name} of {grant}"
    for name in ("allocated_usd", "committed_usd", "spent_usd", "indirect_cost_usd"):
        for service in services:
            lines = sum(cents(found[Key(name, service=service, grant=grant, unit="USD")]) for grant in run.names.grants)
            assert lines == cents(found[Key(name, service=service, unit="USD")]), f"{name} of {service}"


def _postings(run: Run, grant: str) -> list[shortfall.Row]:
    return [row for row in shortfall.rows(run.postings) if run.names.grants[row.grant] == grant]
