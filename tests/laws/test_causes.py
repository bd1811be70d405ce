"""No cause without its condition: what a service would have to pay next, as a whole, tells want of money from want of a team.

Seen red on the model as it was before: a group, a departure or an order that cannot be paid as a whole said team or
goods; a case behind one that cannot be paid and stops the queue said team.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given

from reliefsim import load_scenario, simulate
from reliefsim.layout import Outcome, Reason
from reliefsim.units import MISSING

from .causes import check_causes
from .making import scenarios
from .test_laws import run_of, tried
from .writing import Table, toml

SMALL = """
format = 1
name = "whole"
start_date = 2030-01-01
horizon_days = 60
"""
# 12 people, groups of 5 at 100 each, 700 in hand: one group of 500 is paid, none after it.
GROUP = """
arrivals = { instants_days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }
services.x = { kind = "sessions", group_size = 5, longest_wait_days = 20, unit_cost_usd = 100, workers = 50 }
grants.a = { amount_usd = 700 }
"""
# One seat with its departure costs 31; a departure of the four who wait 34, and 33 are in hand.
DEPARTURE = """
arrivals = { instants_days = [0, 1, 2, 3] }
services.x = { kind = "convoy", seats = 4, unit_cost_usd = 1, departure_cost_usd = 30, workers = 1 }
grants.a = { amount_usd = 33 }
"""
# An item costs 30 and its handing out 20: the eleventh is not ordered, although 40 are in hand.
KIT = """
arrivals = { instants_days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }
services.x.kind = "goods"
services.x.unit_cost_usd = 20
services.x.stock = { item_cost_usd = 30, order_quantity = 1, lead_time = 1 }
grants.a = { amount_usd = 540 }
"""
# What is ordered and paid for comes after the horizon.
LATE_ORDER = """
arrivals = { instants_days = [0, 1] }
services.x.kind = "goods"
services.x.unit_cost_usd = 20
services.x.stock = { item_cost_usd = 30, order_quantity = 1, lead_time = 100 }
grants.a = { amount_usd = 540 }
"""
# Five items at 10 are ordered whole or not at all: 49 are in hand.
WHOLE_ORDER = """
arrivals = { instants_days = [0, 1] }
services.x.kind = "goods"
services.x.stock = { item_cost_usd = 10, order_quantity = 5, lead_time = 1, order_partly = false }
grants.a = { amount_usd = 49 }
"""
# The first to come cannot be paid in the dear place, and the queue stops at them.
BEHIND = """
arrivals = { instants_days = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
locations = { far = { share = 0.5, price_factor = 10 }, near = { share = 0.5 } }
services.x = { kind = "casework", duration = 1, unit_cost_usd = 10, workers = 50 }
grants.a = { amount_usd = 90 }
"""


@pytest.mark.parametrize(
    ("text", "unserved", "breaks"),
    [(GROUP, 7, 1), (DEPARTURE, 4, 1), (KIT, 2, 1), (WHOLE_ORDER, 2, 1), (BEHIND, None, 1)],
    ids=["group", "departure", "kit", "whole order", "behind the head"],
)
def test_what_cannot_be_paid_as_a_whole_is_unserved_for_want_of_money(
    tmp_path: Path, text: str, unserved: int | None, breaks: int
) -> None:
    (tmp_path / "x.toml").write_text(SMALL + text, encoding="utf-8")
    run = simulate(load_scenario(tmp_path / "x.toml"))
    waiting = run.cases[run.cases["outcome"] == Outcome.WAITING]
    assert unserved is None or len(waiting) == unserved
    assert set(waiting["reason"].tolist()) == {Reason.MONEY}
    lasting = run.breaks[run.breaks["ends"] == MISSING]
    assert lasting["reason"].tolist() == [Reason.MONEY] * breaks
    assert run.short_since[0] == lasting["begins"][0]


# Nobody waits for a kit: of six who come, two find one. The next order cannot be paid, or comes in 30 days.
LOST = """
arrivals = { instants_days = [0, 1, 2, 3, 4, 5] }
services.x.kind = "goods"
services.x.unit_cost_usd = 20
services.x.stock = { initial = 2, item_cost_usd = 30, order_quantity = 1, lead_time = 30, unmet = "lost" }
"""


@pytest.mark.parametrize(("amount", "reason"), [(89, Reason.MONEY), (90, Reason.GOODS), (39, Reason.MONEY)])
def test_who_is_turned_away_for_want_of_goods_lacks_money_where_no_order_can_be_paid(
    tmp_path: Path, amount: int, reason: Reason
) -> None:
    """Handing out costs 20, an item 30 beside: of 89, two hand-outs leave 49, and the order takes 50."""
    (tmp_path / "x.toml").write_text(SMALL + LOST + f"grants.a = {{ amount_usd = {amount} }}", encoding="utf-8")
    run = simulate(load_scenario(tmp_path / "x.toml"))
    away = run.cases[run.cases["outcome"] == Outcome.TURNED_AWAY]
    assert set(away["reason"].tolist()) == {reason}
    assert len(run.orders) == (reason == Reason.GOODS)


def test_every_cause_at_the_horizon_is_what_the_money_in_hand_says() -> None:
    seen: set[tuple[str, Reason]] = set()

    @tried(250)
    @given(scenarios())
    def look(tree: Table) -> None:
        run = run_of(tree)
        try:
            seen.update(check_causes(run))
        except AssertionError as wrong:
            wrong.add_note(toml(tree))
            raise

    look()
    assert seen >= {(kind, Reason.MONEY) for kind in ("casework", "goods", "convoy", "sessions")}
    seen.update(check_causes(run_of(tomllib.loads(SMALL + LATE_ORDER))))
    assert {reason for _, reason in seen} == {Reason.MONEY, Reason.TEAM, Reason.GOODS}


# Nurses are paid 300 each 30 days.
NURSES = """
arrivals = { instants_days = [40] }
services.x = { kind = "casework", duration = 1 }
teams.nurses = { service = "x", cost_usd_per_30_days = 300 }
"""


@pytest.mark.parametrize(
    ("amount", "reason", "breaks"),
    [(599, Reason.MONEY, [(40 * 86_400, MISSING)]), (600, Reason.NONE, [])],
)
def test_who_waits_for_a_team_that_is_not_paid_lacks_money(
    tmp_path: Path, amount: int, reason: Reason, breaks: list[tuple[int, int]]
) -> None:
    (tmp_path / "x.toml").write_text(SMALL + NURSES + f"grants.a = {{ amount_usd = {amount} }}", encoding="utf-8")
    run = simulate(load_scenario(tmp_path / "x.toml"))
    assert run.cases["reason"].tolist() == [reason]
    assert [(row["begins"], row["ends"]) for row in run.breaks] == breaks
