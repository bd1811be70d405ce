"""Goods are ordered for those who wait and those who are to be found before the money ends, and for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from .telling import decided, tell

HEAD = """
horizon_days = 200
CASELOAD
[services.kits]
kind = "goods"
INTAKE
[services.kits.stock]
item_cost_usd = 30
lead_time = 10
reorder_point = 5
order_quantity = 600
[grants.donor]
amount_usd = 100_000
"""
KNOWN = "[caseload]\npeople = 25\nregistered_at_start_share = 1"


def orders(folder: Path, caseload: str, intake: str = "", stock: str = "") -> list[str]:
    """Orders as they were placed: day and quantity."""
    text = HEAD.replace("CASELOAD", caseload).replace("INTAKE", intake)
    text = text.replace("order_quantity = 600", stock or "order_quantity = 600")
    placed = [line for line in decided(tell(folder, text), "supply") if " orders " in line]
    return [" ".join((line.split()[0], line.split()[3])) for line in placed]


def test_an_order_is_cut_to_those_who_wait(tmp_path: Path) -> None:
    """25 wait from the first day, and nobody is to come: 600 would leave 575 on the shelf."""
    assert orders(tmp_path, KNOWN) == ["0 25"]
    assert orders(tmp_path, KNOWN, stock='policy = "sS"\norder_up_to = 90') == ["0 25"]
    assert orders(tmp_path, KNOWN, stock="order_quantity = 600\ninitial = 10") == ["0 15"]


@pytest.mark.parametrize(("chance", "rounds", "first"), [(1, 1, 25), (0.6, 1, 15), (0.6, 2, 21)])
def test_who_is_to_be_found_counts_by_the_rounds_that_are_left(
    tmp_path: Path, chance: float, rounds: int, first: int
) -> None:
    """25 people are planned for. One round finds 0.6 of them: 15; two find 0.84: 21."""
    dtm = f"[dtm]\nfirst_day = 100\nevery_days = 50\nuntil_day = {100 + 50 * rounds - 1}\nfind_probability = {chance}"
    assert orders(tmp_path, f"[caseload]\npeople = 25\n{dtm}", 'intake = "dtm"')[0] == f"0 {first}"


def test_what_is_needed_more_often_is_ordered_up_to_the_end_of_the_grant(tmp_path: Path) -> None:
    """25 people need 2 a year: over 200 days 27, to the whole kit; a grant that ends half-way orders for half of them."""
    need = "need_rate_year = 2"
    assert orders(tmp_path, KNOWN, need)[0] == "0 27"
    later = "[grants.later]\namount_usd = 1\nfrom_day = 100"
    half = HEAD.replace("amount_usd = 100_000", f"amount_usd = 100_000\nuntil_day = 100\n{later}")
    text = half.replace("CASELOAD", KNOWN).replace("INTAKE", need)
    assert decided(tell(tmp_path, text), "supply")[0].split()[3] == "14"
