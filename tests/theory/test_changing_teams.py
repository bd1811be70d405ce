"""A team that changes in time is as good as teams in turn; one that ends leaves what one that stays would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reliefsim import load_scenario, simulate
from reliefsim.layout import Account, Outcome
from reliefsim.records import Run

TWO_TERMS = """
start_date = 2025-01-01
horizon_days = 365
[caseload]
people = 60
registered_at_start_share = 1
[services.tracing]
kind = "casework"
duration = 20
unit_cost_usd = 50
[grants.g]
amount_usd = 100_000
"""
FIRST = '[teams.first]\nservice = "tracing"\ncount = 3\ncost_usd_per_30_days = 500\n'
BUSY = """
start_date = 2025-01-01
horizon_days = 300
[caseload]
people = 300
household_size_mean = 3
turnover_month = 0.2
[services.aid]
kind = "casework"
cases_per_worker = 2
duration = { law = "exponential", mean_days = 14 }
patience = { law = "exponential", mean_days = 60 }
waiting_limit = 40
unit_cost_usd = 7.77
[services.talks]
kind = "sessions"
unit = "member"
need_share = 0.5
group_size = 4
sessions = 5
longest_wait_days = 9
groups_per_counsellor = 2
[grants.g]
amount_usd = 100_000
indirect_rate = 0.07
"""
SPANS = {(3, 6): (0, 50, 300), (6, 2, 5): (0, 40, 61, 300), (4, 0, 3): (0, 31, 45, 300)}
WEEKS = ["", 'works = "sun-thu"\nholidays = [2025-02-03]\n']


def run_of(folder: Path, text: str, **call: Any) -> Run:
    path = folder / "team.toml"
    path.write_text(text, encoding="utf-8")
    return simulate(load_scenario(path), **call)


def happened(run: Run) -> list[Any]:
    """All that happened to cases and money, but for who did it."""
    cases = [run.cases[name].tolist() for name in run.cases.dtype.names or () if name != "team"]
    money = [run.postings[name].tolist() for name in run.postings.dtype.names or () if name != "reference"]
    return [cases, money]


def test_two_terms_serve_as_many_as_one_team_that_stays(tmp_path: Path) -> None:
    """Three workers, 20 days a case, 365 days: 18 rounds of three are 54."""
    stays = run_of(tmp_path, TWO_TERMS + FIRST)
    turn = FIRST.replace("first", "second") + "from_day = 50\n"
    in_turn = run_of(tmp_path, TWO_TERMS + FIRST + "until_day = 50\n" + turn)
    assert int((in_turn.cases["outcome"] == Outcome.SERVED).sum()) == 54
    for column in ("started", "ended", "outcome", "cents"):
        assert in_turn.cases[column].tolist() == stays.cases[column].tolist()
    # A payment to day 50 in part, and a year from day 50 on by the 30 days: the same money for the same days.
    paid = [run.postings["cents"][run.postings["debit"] == Account.SPENT].sum() for run in (stays, in_turn)]
    assert abs(int(paid[0]) - int(paid[1])) <= 1


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize("counts", SPANS)
@pytest.mark.parametrize("named", [("a", "b", "c"), ("z", "y", "x")])
def test_a_count_that_changes_is_teams_in_turn(
    tmp_path: Path, counts: tuple[int, ...], named: tuple[str, ...], week: str
) -> None:
    """Case by case and cent by cent, whatever the teams are called."""
    days = SPANS[counts]
    changes = ", ".join(f"{{ from_day = {day}, count = {n} }}" for day, n in zip(days, counts, strict=False))
    one, many = BUSY, BUSY
    for service in ("aid", "talks"):
        common = f'service = "{service}"\ncost_usd_per_30_days = 100\n{week}'
        one += f"[teams.{service}]\n{common}count = [{changes}]\n"
        for name, n, begins, ends in zip(named, counts, days, days[1:], strict=False):
            if n:
                many += f"[teams.{name}-{service}]\n{common}count = {n}\nfrom_day = {begins}\nuntil_day = {ends}\n"
    changing, in_turn = run_of(tmp_path, one), run_of(tmp_path, many)
    assert len(in_turn.handovers) > 5
    assert happened(changing) == happened(in_turn)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_more_workers_from_a_day_on_are_a_second_team_beside_the_first(tmp_path: Path, seed: int) -> None:
    text = BUSY.replace("[grants.g]\namount_usd = 100_000\nindirect_rate = 0.07\n", "").replace(
        "horizon_days", 'money = "unlimited"\nhorizon_days'
    )
    team = '[teams.one]\nservice = "aid"\ncount = '
    rises = run_of(tmp_path, text + team + "[{ from_day = 0, count = 3 }, { from_day = 50, count = 6 }]\n", seed=seed)
    beside = run_of(tmp_path, text + team + '3\n[teams.two]\nservice = "aid"\ncount = 3\nfrom_day = 50\n', seed=seed)
    assert happened(rises) == happened(beside)


def test_a_week_without_days_off_and_an_absence_of_nobody_change_nothing(tmp_path: Path) -> None:
    team = '[teams.one]\nservice = "aid"\ncount = 3\ncost_usd_per_30_days = 100\n'
    plain = run_of(tmp_path, BUSY + team)
    for more in ('works = "mon-sun"\n', 'works = "thu-wed"\n', "absence_share = 0\n", "holidays = [2031-01-01]\n"):
        run = run_of(tmp_path, BUSY + team + more)
        assert happened(run) == happened(plain)
        assert run.capacities.tobytes() == plain.capacities.tobytes()
        assert run.decisions == plain.decisions


@pytest.mark.parametrize("day", [1, 15, 30, 31, 47, 50, 51, 80, 95])
def test_from_a_day_in_the_middle_the_payments_still_to_come_are_the_same(tmp_path: Path, day: int) -> None:
    """A team whose count changes on days 47.5 and 80: payments on days 5, 35, 47.5, 77.5, 80, each for its own days.

    Nobody comes before day 100; who then comes starts on the same days: the team's days of absence go on as they were.
    """
    text = """
    start_date = 2025-01-01
    horizon_days = 130
    [arrivals]
    instants_days = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
    [services.aid]
    kind = "casework"
    duration = 1
    [teams.crew]
    service = "aid"
    from_day = 5
    until_day = 128
    count = [{ from_day = 0, count = 3 }, { from_day = 47.5, count = 5 }, { from_day = 80, count = 3 }]
    cost_usd_per_30_days = 77.77
    absence_share = 0.4
    works = "mon-fri"
    [grants.g]
    amount_usd = 5000
    """
    whole, later = run_of(tmp_path, text), run_of(tmp_path, text + f"[as_of]\nday = {day}\n")
    shift = day * 86_400
    for row in (whole.postings, later.postings):
        assert len(row) > 2
    paid = [
        [(int(row["time"]) + by, int(row["cents"])) for row in run.postings if row["debit"] == Account.SPENT]
        for run, by in ((whole, 0), (later, shift))
    ]
    assert [one[0] / 86_400 for one in paid[0]] == [5, 35, 47.5, 77.5, 80, 110]
    assert paid[1] == [one for one in paid[0] if one[0] >= shift]
    assert np.array_equal(later.cases["started"] + shift, whole.cases["started"])
