"""Since when a service stands still, where the money for what it had begun falls away."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.engine.simulate import simulate
from reliefsim.indicators.measure import keys, measure
from reliefsim.scenario import load_scenario

CLINIC = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2] }
services.clinic = { kind = "casework", duration = 30, unit_cost_usd = 10 }
grants.first = { amount_usd = 20 }
"""

KITS = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2, 6, 7, 8] }
[services.kits]
kind = "goods"
stock = { initial = 1, reorder_point = 0, order_quantity = 2, lead_time = 10, item_cost_usd = 10 }
[grants.first]
amount_usd = 100
"""

BUS = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2, 3, 4] }
services.bus = { kind = "convoy", seats = 2, departure_cost_usd = 50 }
grants.first = { amount_usd = 1000 }
"""

GROUPS = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2, 3, 4] }
[services.groups]
kind = "sessions"
group_size = 2
sessions = 3
every_days = 7
session_hours = 2
unit_cost_usd = 10
[grants.first]
amount_usd = 1000
"""


def run_out_day(folder: Path, text: str, shock: str, service: str) -> float:
    path = folder / "case.toml"
    path.write_text(text + shock, encoding="utf-8")
    scenario = load_scenario(path)
    found = dict(zip((key[:2] for key in keys(scenario)), measure(simulate(scenario)).values, strict=False))
    return float(found["run_out_day", service])


def stop(day: float, commitments: str = "stopped") -> str:
    return f'\n[shocks.stop]\nkind = "stop-work"\ngrants = ["first"]\nday = {day}\ncommitments = "{commitments}"\n'


@pytest.mark.parametrize("commitments", ["stopped", "honoured"])
def test_who_waits_in_vain_before_work_is_stopped_tells_since_when_money_is_out(
    tmp_path: Path, commitments: str
) -> None:
    """Two have begun, the third waits from day 2 on; on day 5 the donor stops, and the two wait again, or go on."""
    assert run_out_day(tmp_path, CLINIC, stop(5, commitments), "clinic") == 2


def test_where_nobody_waited_a_service_stands_still_from_the_stop_on(tmp_path: Path) -> None:
    """Money for all: those in service on day 5 wait again from then on."""
    assert run_out_day(tmp_path, CLINIC.replace("amount_usd = 20", "amount_usd = 100"), stop(5), "clinic") == 5


def test_goods_that_are_short_become_money_that_is_short_when_what_is_ordered_falls_away(tmp_path: Path) -> None:
    """The store is empty from day 0 on and four kits are on their way: on day 5 they fall away, and nobody orders more."""
    assert run_out_day(tmp_path, KITS, stop(5), "kits") == 5


def test_goods_on_their_way_that_are_honoured_come_and_are_handed_out_before_money_is_out(tmp_path: Path) -> None:
    """Two kits come on day 10 and two on day 12; the last who waits needs one that cannot be ordered any more."""
    assert run_out_day(tmp_path, KITS, stop(5, "honoured"), "kits") == 12


def test_a_bus_stands_still_since_the_first_load_that_cannot_be_paid(tmp_path: Path) -> None:
    """Two leave on day 1; the third waits from day 2 on; the donor stops on day 2.5, the fourth comes on day 3."""
    assert run_out_day(tmp_path, BUS, stop(2.5), "bus") == 2.5


def test_a_group_that_is_stopped_waits_again_from_then_on(tmp_path: Path) -> None:
    assert run_out_day(tmp_path, GROUPS, stop(4.5), "groups") == 4.5


WORKERS = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1] }
services.clinic = { kind = "casework", duration = 30, workers = 1, unit_cost_usd = 10 }
[grants.first]
amount_usd = 20
tranches = [{ day = 0, amount_usd = 10 }, { day = 3, amount_usd = 10 }]
"""


def test_money_that_came_and_went_while_no_team_was_free_begins_the_want_of_it_anew(tmp_path: Path) -> None:
    """The second waits for money from day 1, from day 3 for the one worker, from day 4, when the donor stops, for money."""
    assert run_out_day(tmp_path, WORKERS, stop(4, "honoured"), "clinic") == 4
