"""Indicators are what their definitions say: counted again from the facts of random small scenarios."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from reliefsim import keys, measure
from reliefsim.indicators.indicator import Measurement
from reliefsim.indicators.measure import Key, monthly_keys
from reliefsim.indicators.registry import ENTRIES
from reliefsim.records import Run

from .making import scenarios
from .recount import Count, by_month, convoys, months, stock_out_days
from .test_laws import run_of, tried
from .writing import Table, toml

# What is compared in each breakdown; the others are read off the same sums or have tests of their own.
ALL = {
    "people_in_need", "people_reached", "people_directly_served", "fully_served_share", "reached_of_need",
    "reached_of_target", "need_covered", "cases_needed", "cases_served", "cases_served_as_wished", "cases_open",
    "cases_unserved", "wait_days", "waiting_days", "queue_length", "requirement_usd", "gap_usd", "committed_usd",
    "spent_usd", "running_cost_usd", "indirect_cost_usd", "cost_per_person_reached_usd", "caseload_people", "convoys",
    "stock_out_days",
}  # fmt: skip


def agree(found: float, counted: float) -> bool:
    return (math.isnan(found) and math.isnan(counted)) or math.isclose(found, counted, rel_tol=1e-12, abs_tol=1e-12)


def recounted(run: Run, count: Count, key: Key) -> float | None:
    """The key's number counted again; None for indicators that are not counted here."""
    if key.indicator == "convoys":
        return convoys(run, key.service)
    if key.indicator == "stock_out_days":
        return stock_out_days(run, key.service)
    if key.indicator == "lapsed_usd" and key.service:
        return math.nan
    return count(key)


@tried(80)
@given(scenarios())
def test_indicators_are_what_a_plain_count_gives(tree: Table) -> None:
    tree["warmup_days"] = 4.5 if tree["horizon_days"] % 2 else 0
    run = run_of(tree)
    count, compared = Count(run), set()
    for key, found in zip(keys(run.scenario), measure(run).values.tolist(), strict=True):
        counted = recounted(run, count, key)
        if counted is not None:
            compared.add(key.indicator)
            assert agree(found, counted), f"{key}: {found}, counted {counted}\n{toml(tree)}"
    assert compared >= ALL


@tried(60)
@given(scenarios())
def test_every_indicator_has_as_many_numbers_as_rows(tree: Table) -> None:
    of = Measurement(run_of(tree))
    for one in ENTRIES:
        assert np.size(one.values(of)) == len(one.rows.keys(of.run.scenario)), one.name


@tried(40)
@given(scenarios())
def test_monthly_indicators_are_what_had_come_about_by_the_months_end(tree: Table) -> None:
    run = run_of(tree)
    ends = {name: end for name, _, end in months(run)}
    compared, broken_down = set(), set()
    for key, found in zip(monthly_keys(run.scenario), measure(run).monthly.tolist(), strict=True):
        counted = by_month(run, key, ends[key.period])
        if counted is not None:
            compared.add(key.indicator)
            broken_down |= {aspect for aspect in ("service", "group", "location") if getattr(key, aspect)}
            assert agree(found, counted), f"{key}: {found}, counted {counted}\n{toml(tree)}"
    assert compared == {
        "cases_needed", "cases_served", "cases_waiting", "people_in_need", "people_reached", "people_unreached",
        "caseload_people",
    }  # fmt: skip
    stated = {"service": run.scenario.services, "group": run.scenario.classes or run.scenario.hosts,
              "location": run.scenario.locations}  # fmt: skip
    assert broken_down == {aspect for aspect, names in stated.items() if names}
