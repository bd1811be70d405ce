"""Kits are ordered, come, and are handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim import load_scenario, simulate
from reliefsim.indicators.measure import funding_keys, funding_values
from reliefsim.layout import REASON_NAMES
from reliefsim.records import Run
from reliefsim.units import MISSING

from .telling import course, day, decided, lines, money, tell, unserved


def kits(folder: Path, arrivals: str, stock: str, grant: str, head: str = "") -> tuple[list[str], list[str], list[str]]:
    """Handing out kits at 30.00 each, 7 % indirect: the supply's log, the cases' course, the postings."""
    run = tell(
        folder,
        f"""
        horizon_days = 60
        {head}
        [arrivals]
        instants_days = {arrivals}
        [services.kits]
        kind = "goods"
        duration = 0.25
        [services.kits.stock]
        item_cost_usd = 30
        lead_time = 20
        {stock}
        [grants.donor]
        indirect_rate = 0.07
        {grant}
        """,
    )
    return decided(run, "supply"), course(run), money(run)


def test_an_order_is_placed_at_its_point_paid_when_it_comes_and_serves_those_who_wait(tmp_path: Path) -> None:
    """Two kits; on hand 1 is above the point 0, on hand 0 is not. 4 · 30.00 bear 8.40."""
    supply, cases, paid = kits(
        tmp_path, "[1, 2, 3, 4]", "initial = 2\nreorder_point = 0\norder_quantity = 4", "amount_usd = 500"
    )
    assert supply == ["2 orders kits 4 12840", "22 goods come kits 4"]
    assert [line for line in cases if "starts" in line] == lines("""
        1 0 kits starts
        2 1 kits starts
        22 2 kits starts
        22 3 kits starts
    """)
    assert paid[1:3] == ["2 donor kits 12840 (840) cash > committed", "22 donor kits 12840 (840) committed > spent"]


def test_what_is_on_its_way_counts_and_is_not_ordered_twice(tmp_path: Path) -> None:
    """Up to 3 at position 1: two more on day 2, none on day 3 (0 on hand and 2 on the way are above 1)."""
    supply, _, _ = kits(
        tmp_path,
        "[2, 3, 4]",
        'initial = 2\npolicy = "sS"\nreorder_point = 1\norder_up_to = 3',
        "amount_usd = 500",
    )
    # Day 4: none on hand, two on the way, one waits: position 1 again.
    assert [line for line in supply if "orders" in line] == ["2 orders kits 2 6420", "4 orders kits 2 6420"]


@pytest.mark.parametrize(("instant", "orders"), [("24.99", 1), ("25", 0), ("25.01", 0)])
def test_an_order_that_comes_or_is_handed_out_too_late_for_its_grant_is_not_placed(
    tmp_path: Path, instant: str, orders: int
) -> None:
    """Twenty days of lead time and five of handing out; the window ends on day 50."""
    supply, cases, paid = kits(
        tmp_path,
        f"[{instant}, 30]",
        "initial = 1\norder_quantity = 2\nhandout_days = 5",
        "amount_usd = 500\nuntil_day = 50",
    )
    assert len([line for line in supply if "orders" in line]) == orders
    if not orders:
        assert paid == ["0 donor 50000 donor > cash", "50 donor 50000 cash > lapsed"]
        assert [line for line in cases if "starts" in line] == [f"{instant} 0 kits starts"]


@pytest.mark.parametrize(("partly", "bought"), [("true", ["1 orders kits 6 19260"]), ("false", [])])
def test_an_order_that_money_cannot_cover_is_cut_to_what_it_covers_or_not_placed(
    tmp_path: Path, partly: str, bought: list[str]
) -> None:
    """Of 200.00: six kits cost 180.00 and 12.60; a seventh would make 224.70."""
    supply, _, _ = kits(
        tmp_path, "[1]", f"initial = 1\norder_quantity = 10\norder_partly = {partly}", "amount_usd = 200"
    )
    assert [line for line in supply if "orders" in line] == bought


def test_an_order_for_which_the_money_is_there_to_the_cent_is_placed_whole(tmp_path: Path) -> None:
    supply, _, paid = kits(tmp_path, "[1]", "initial = 1\norder_quantity = 6", "amount_usd = 192.60")
    assert [line for line in supply if "orders" in line] == ["1 orders kits 6 19260"]
    assert paid[-1] == "21 donor kits 19260 (1260) committed > spent"
    supply, _, _ = kits(tmp_path, "[1]", "initial = 1\norder_quantity = 6", "amount_usd = 192.59")
    assert [line for line in supply if "orders" in line] == ["1 orders kits 5 16050"]


def test_without_goods_on_the_shelf_demand_is_lost_where_the_scenario_says_so(tmp_path: Path) -> None:
    _, cases, _ = kits(
        tmp_path, "[1, 2, 21, 22]", 'initial = 1\norder_quantity = 1\nunmet = "lost"', "amount_usd = 500"
    )
    # Ordered on day 1, there on day 21, before arrivals of that second.
    assert [line for line in cases if "starts" in line or "away" in line] == lines("""
        1 0 kits starts
        2 1 kits is turned away
        21 2 kits starts
        22 3 kits is turned away
    """)


def test_a_part_of_every_delivery_is_lost_in_whole_kits_that_keep_to_the_share(tmp_path: Path) -> None:
    """A quarter of 3 is 0.75: none; of 6 (two deliveries) 1.5: one."""
    supply, _, _ = kits(
        tmp_path, "[1, 25]", "initial = 1\norder_quantity = 3\nloss_share = 0.25\nreorder_point = 2", "amount_usd = 900"
    )
    assert [line for line in supply if "come" in line][:2] == ["20 goods come kits 3", "45 goods come kits 2"]


@pytest.mark.parametrize(("end_rule", "comes"), [("spent-and-done", False), ("committed-by-end", True)])
def test_an_order_on_its_way_when_the_window_ends_is_cancelled_or_paid_when_it_comes(
    tmp_path: Path, end_rule: str, comes: bool
) -> None:
    """The lead time is planned with its mean of 20 days; this one takes longer than the 29 days that are left."""
    for number in range(200):
        run = tell(
            tmp_path,
            f"""
            horizon_days = 200
            [arrivals]
            instants_days = [1]
            [services.kits]
            kind = "goods"
            [services.kits.stock]
            item_cost_usd = 30
            order_quantity = 2
            lead_time = {{ law = "exponential", mean_days = 20 }}
            [grants.donor]
            amount_usd = 100
            until_day = 30
            end_rule = "{end_rule}"
            """,
            replication=number,
        )
        if (run.orders["cancelled"] >= 0).any() or (run.orders["arrived"] > 30 * 86_400).any():
            break
    assert len(run.orders) == 1
    assert run.orders["cancelled"].tolist() == [-1 if comes else 30 * 86_400]
    if comes:
        assert money(run)[2:] == ["30 donor 4000 cash > lapsed", money(run)[-1]]
        assert unserved(run) == []
    else:
        assert money(run)[2:] == ["30 donor kits 6000 committed > cash", "30 donor 10000 cash > lapsed"]
        assert unserved(run) == ["0 kits waiting: money"]


def cover(folder: Path, text: str) -> list[float]:
    """Months of cover, month by month, where one kit a day is asked for."""
    (folder / "cover.toml").write_text(
        f"""
        format = 1
        name = "cover"
        horizon_days = 90
        arrivals = {{ instants_days = {[day + 0.5 for day in range(90)]} }}
        grants = {{ donor = {{ amount_usd = 1000 }} }}
        {text}
        """,
        encoding="utf-8",
    )
    run = simulate(load_scenario(folder / "cover.toml"))
    values = dict(zip(funding_keys(run.scenario), funding_values(run).tolist(), strict=True))
    return [round(value, 9) for key, value in values.items() if key.indicator == "months_of_cover"]


def test_cover_is_measured_by_the_days_there_have_been_and_not_by_months(tmp_path: Path) -> None:
    """The run begins on 31 January: by the end of February 29 kits of 120 have gone in 29 days."""
    stock = 'services = { kit = { kind = "goods", stock = { initial = 120 } } }'
    a_month = 365 / 12
    found = cover(tmp_path, f"start_date = 2025-01-31\n{stock}")
    assert found == [round(left / a_month, 9) for left in (119, 91, 60, 30)]


def test_days_without_stock_do_not_make_what_is_left_last_longer(tmp_path: Path) -> None:
    """Ten kits last ten days of January; a hundred come on day 40 (February): 19 of them go by its end, 50 by day 90.

    January, none left; February 81 left, 29 gone in 29 days with stock; March 50 left, 60 gone in 60 such days; of the
    quarter of 31 + 28 + 31 days it would be by 20 a month.
    """
    stock = "initial = 10, reorder_point = 0, order_quantity = 100, lead_time = 30.5, unmet = 'lost'"
    found = cover(tmp_path, f"start_date = 2025-01-01\nservices = {{ kit = {{ kind = 'goods', stock = {{ {stock} }} }} }}")
    assert found == [0, round(81 / (365 / 12), 9), round(50 / (365 / 12), 9)]


SKIPS = """
horizon_days = 60
[arrivals]
instants_days = [1, 2]
[services.kits]
kind = "goods"
unpaid = "skip"
duration = 0.25
{price}
[services.kits.stock]
initial = {initial}
item_cost_usd = 30
order_quantity = 1
lead_time = 20
[grants.donor]
amount_usd = {amount}
"""


def test_an_empty_store_is_a_break_although_who_waits_could_be_paid_for(tmp_path: Path) -> None:
    """Handing kits out is free, and 20.00 buy none at 30.00. Seen red: whoever waits could be paid for, so nothing stood."""
    run = tell(tmp_path, SKIPS.format(price="", initial=1, amount=20))
    assert course(run) == lines("""
        1 0 kits opens
        1 0 kits starts
        1.25 0 kits is served
        2 1 kits opens
    """)
    assert breaks(run) == ["2 to the end: money"]


def test_who_is_skipped_lacks_money_and_who_could_be_paid_for_goods(tmp_path: Path) -> None:
    """Of 70.00 a kit takes 30.00. To hand it out costs 50.00 for the first who comes, 1.00 for the second. Seen red."""
    price = "unit_cost_usd = { values_usd = [50, 1], shares = [0.5, 0.5] }"
    run = tell(tmp_path, SKIPS.format(price=price, initial=0, amount=70))
    assert run.cases["priced_cents"].tolist() == [8000, 3100]
    assert decided(run, "supply") == ["0 orders kits 1 3000", "20 goods come kits 1"]
    assert [line for line in course(run) if "starts" in line] == ["20 1 kits starts"]
    assert unserved(run) == ["0 kits waiting: money"]
    assert breaks(run) == ["1 to 2: money", "2 to 20: goods", "20 to the end: money"]


def breaks(run: Run) -> list[str]:
    """From when to when the service stands still, and for want of what."""
    return [
        f"{day(row['begins'])} to {'the end' if row['ends'] == MISSING else day(row['ends'])}: {REASON_NAMES[row['reason']]}"
        for row in run.breaks
    ]
