"""What a run would have to go through is estimated, and refused before it begins, whatever asks for so much."""

from __future__ import annotations

import time

import pytest

from reliefsim.scenario import load_scenario, read
from reliefsim.scenario.checks.check_size import MOST_EVENTS

from .broken_text import FaultsOf

SECOND = "0.00001157408"  # of a day
START = """format = 1
name = "large"
start_date = 2030-01-01
horizon_days = 365
caseload.people = 50
grants.g.amount_usd = 100000
"""
CARE = 'services.care = { kind = "casework", duration = 1, unit_cost_usd = 5 }\n'
LOST = """[services.kits]
kind = "goods"
unit_cost_usd = 0
[services.kits.stock]
reorder_point = %s
order_quantity = 1
lead_time = %s
loss_share = %s
"""


def many(services: int, grants: int, rule: str, days: int) -> str:
    """Every grant may pay for every service, and the plan is made again on so many days."""
    text = START.replace("grants.g.amount_usd = 100000\n", "")
    text += "".join(CARE.replace("care", f"care-{s}") for s in range(services))
    text += "".join(f"grants.g-{g}.amount_usd = 1000\n" for g in range(grants))
    again = ", ".join(str(day / 2) for day in range(1, days))
    return text + f'[plan]\nrule = "{rule}"\nreplan_days = [{again}]\n'


TOO_LARGE = {
    "a round every second": (START + CARE + f"dtm = {{ first_day = 0, every_days = {SECOND} }}\n", "dtm.every_days"),
    "a convoy every second": (
        START + f'services.bus = {{ kind = "convoy", seats = 10, every_days = {SECOND}, workers = 0 }}\n',
        "services.bus.every_days"),
    "orders that are always lost": (START + LOST % (5, SECOND, 1), "services.kits.stock.lead_time"),
    "orders that are nearly always lost": (START + LOST % (5, SECOND, 0.9999999), "services.kits.stock.lead_time"),
    "orders of one for a store of a million": (START + LOST % (1_000_000, 30, 0), "services.kits.stock.lead_time"),
    "linear programs": (many(100, 100, "most-value", 2), "plan.rule"),
    "plans": (many(100, 100, "by-need", 100), "plan.rule"),
    "a linear program a week": (many(40, 40, "most-value", 52), "plan.rule"),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_would_not_end_is_refused_at_once(name: str, faults_of: FaultsOf) -> None:
    text, path = TOO_LARGE[name]
    begun = time.process_time()
    faults = faults_of(text)
    assert time.process_time() - begun < 2  # of large files most of it is reading
    assert [fault.path for fault in faults] == [path], [str(fault) for fault in faults]
    assert f"At most {MOST_EVENTS:,} events a run" in str(faults[0])


def test_what_ends_in_seconds_is_not_refused(faults_of: FaultsOf) -> None:
    assert faults_of(START + CARE + "dtm = { first_day = 0, every_days = 1 }\n") == []
    assert faults_of(START + LOST % (40, 2, 0.5)) == []
    assert faults_of(many(10, 5, "most-value", 50)) == []
    assert faults_of(many(40, 10, "by-need", 300)) == []
    for name in ("baseline", "rapid-growth", "as-funded"):
        load_scenario(name, ("plan.rule=most-value",))
    assert read("baseline", ("caseload.people=5000000",)).scenario.caseload.people.value == 5_000_000
