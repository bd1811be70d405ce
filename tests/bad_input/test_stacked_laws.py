"""Laws laid over one another: the checks count the displaced as the model does."""

from __future__ import annotations

import pytest

from .broken_text import FaultsOf, broken

RECORD = "people = [1200, 1300, 1250]"
NEXT = '[displacement.next]\nlaw = "shock"\n'
ALL_LAWS = (
    ('[displacement.trend]\nlaw = "logistic"\ngrowth_month = 0.1\nceiling_people = 2000\n', ""),
    ('[displacement.jump]\nlaw = "shock"\nsize_share = 0.2\nfrom_day = 100\n', ""),
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", "dates = [2012-07-01, 2012-08-30, 2012-10-09]"),
)


def stacked(people: tuple[int, int, int], shock: str) -> str:
    """1,200 displaced people; dated counts at days 0, 60 and 100; and a shock."""
    return broken(*ALL_LAWS, (RECORD, f'people = {list(people)}\n[displacement.shock]\nlaw = "shock"\n{shock}'))


@pytest.mark.parametrize(
    ("people", "shock", "too_many"),
    [
        # Twice as many on day 60: 2400 − 0.6 × 2400 = 960, and nobody too many goes home.
        ((1200, 2400, 2400), "size_share = -0.6\nfrom_day = 60", False),
        # The same, and 1,200 go home after it: 2400 − 1440 − 1200. Of 1,200 it would leave 480.
        ((1200, 2400, 1200), "size_share = -0.6\nfrom_day = 60", True),
        # A third is left when the shock takes 0.6 of it: 160. Of the 1,200 at the start it would take 720 from 400.
        ((1200, 400, 400), "size_share = -0.6\nfrom_day = 60", False),
        # A shock after another takes its share of what that left: 1200 × 0.3 × 0.3.
        ((1200, 1200, 1200), f"size_share = -0.7\n{NEXT}size_share = -0.7", False),
        # One that goes on while the next one comes, a day later, takes nearly twice what there is.
        ((1200, 1200, 1200),
         f'size_share = -0.9\ntime_constant_days = 10\n{NEXT}size_share = -0.9\nfrom_day = 1', True),
    ],
)  # fmt: skip
def test_a_shock_is_a_share_of_those_who_are_there(
    people: tuple[int, int, int], shock: str, too_many: bool, faults_of: FaultsOf
) -> None:
    said = [str(fault) for fault in faults_of(stacked(people, shock))]
    assert ["more people going home than are there" in one for one in said] == [True] * too_many


def test_events_are_counted_with_the_people_the_shock_meets(faults_of: FaultsOf) -> None:
    """A record grows a thousandfold, to 1.2 million; the shock brings 500 times that."""
    grown = stacked((1200, 1_200_000, 1_200_000), "size_share = 500\nfrom_day = 70")
    [fault] = faults_of(grown)
    assert "means about" in fault.problem
    assert faults_of(grown.replace("from_day = 70", "from_day = 0")) == []
