"""What can use no more money, judged on the mean of all runs: one case in one of 200 runs is nothing bought.

Seen red on the rule that nothing may differ in any run (lines and amounts), and with each of these faults planted: the least
that counts is 0; what is shown but worse counts as bought; the reasons of the run as it is are told.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reliefsim.engine.simulate import simulate
from reliefsim.indicators.measure import keys
from reliefsim.layout import Outcome
from reliefsim.report.text.marginal_words import ITS_RULES, held_back
from reliefsim.scenario import Reading, Scenario, load_scenario
from reliefsim.study.queries.ask_answers import Answer, saturated_from
from reliefsim.study.queries.marginal import Bought, next_dollar
from reliefsim.study.request import Ask, Money, NextDollar, StudyRequest, Target, from_no_file
from reliefsim.study.running.backends import Running
from reliefsim.study.running.runner import Arm, Study

RUNS, SEED, PRICE = 200, 11, 40

# Some 300 people a run, each of whom costs 40.00; the last of them come at the end, and are served in seconds.
AID = """
start_date = 2030-01-01
horizon_days = 30
[arrivals]
rate_per_day = 10
[services.aid]
kind = "casework"
duration = 0.0001
unit_cost_usd = 40
[grants.donor]
amount_usd = AMOUNT
"""


def aid(folder: Path, amount: float, more: str = "") -> Scenario:
    path = folder / "aid.toml"
    path.write_text(AID.replace("AMOUNT", f"{amount:.2f}") + more, encoding="utf-8")
    return load_scenario(path)


def bought(scenario: Scenario, usd: int, service: str, grant: str, runs: int = RUNS) -> Bought:
    found = next_dollar(StudyRequest((from_no_file(scenario),), (None,), runs, SEED, question=NextDollar(usd)), Running())
    return next(one for one in found if (one.line.service, one.line.grant) == (service, grant))


def in_own(one: Bought, name: str = "cases_served") -> float:
    place = next(p for p, key in enumerate(one.apart.keys) if key[:3] == (name, one.line.service, ""))
    return float(one.apart.mean[place])


def held(one: Bought) -> str:
    return held_back({"saturated": "yes" if one.is_saturated else "no", "binds": one.binds})


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """How many need aid in each of 200 runs, from the least."""
    plenty = aid(tmp_path_factory.mktemp("plenty"), 1e6)
    return sorted(len(simulate(plenty, None, SEED, replication).cases) for replication in range(RUNS))


def test_a_line_that_buys_one_case_in_one_of_200_runs_is_saturated(tmp_path: Path, people: list[int]) -> None:
    """The money is enough for all but the last one of the run with the most people, and short in the mean only where the
    grant has less than that."""
    assert people[-2] < people[-1]
    enough = bought(aid(tmp_path, PRICE * (people[-1] - 1)), 10_000, "aid", "donor")
    assert in_own(enough) == pytest.approx(1 / RUNS)
    assert (enough.is_saturated, held(enough)) == (True, "nobody")
    short = bought(aid(tmp_path, PRICE * (people[-1] - 50)), 10_000, "aid", "donor")
    assert in_own(short) == pytest.approx(sum(max(0, one - people[-1] + 50) for one in people) / RUNS)
    assert (short.is_saturated, short.binds) == (False, "")


def test_a_line_that_buys_less_than_a_hundredth_of_its_money_and_of_its_gap_is_saturated(tmp_path: Path) -> None:
    """One worker serves one case a day of ten that come, and money for 29 of 30 days is there: one more is served in every
    run, of some 270 that go without, for 0.4 % of the money. The rest lacks a worker, although money is looked for first."""
    aid(tmp_path, PRICE * 28.5)
    path = tmp_path / "aid.toml"
    slow = path.read_text(encoding="utf-8").replace("duration = 0.0001", "duration = 1\nworkers = 1")
    path.write_text(slow, encoding="utf-8")
    one = bought(load_scenario(path), 10_000, "aid", "donor", 30)
    assert 0 < in_own(one) <= 2
    assert (one.is_saturated, held(one)) == (True, "team")


def test_a_line_whose_window_is_over_is_held_back_by_it(tmp_path: Path) -> None:
    """Nobody comes before the first grant ends; the second has too little: money of another line would serve them."""
    early = "until_day = 0.00001\n[grants.late]\namount_usd = 400\nfrom_day = 0.00001\n"
    scenario = aid(tmp_path, 400, early)
    assert held(bought(scenario, 10_000, "aid", "donor", 20)) == ITS_RULES
    assert held(bought(scenario, 10_000, "aid", "late", 20)) == ""


def arms_of(scenario: Scenario, place: int, values: list[np.ndarray]) -> tuple[Arm, ...]:
    every = keys(scenario)
    made = []
    for number, column in enumerate(values):
        table = np.zeros((len(column), len(every)))
        table[:, place] = column
        named = Reading(scenario.model_copy(update={"name": str(1000 * number)}), (), {}, {})
        made.append(Arm(named, "equal", every, (), table, np.empty((len(column), 0)), ()))
    return tuple(made)


@pytest.mark.parametrize(("sign", "flat"), [(1, 2000.0), (-1, 0.0)])
def test_amounts_above_which_one_run_of_200_gets_one_case_more_change_nothing(
    tmp_path: Path, sign: int, flat: float
) -> None:
    """Money adds some 50 and then some 25 cases, and from there one case in one run; or it takes away as many."""
    scenario, target = aid(tmp_path, 400), Target("cases_served", 400, "aid")
    some = np.random.default_rng(1).integers(0, 9, (3, RUNS)).astype(float)
    least = 300 + some[0]
    first = least + sign * (50 + some[1])
    second = first + sign * (25 + some[2])
    third = second + (np.arange(RUNS) == 7)
    fourth = third + (np.arange(RUNS) == 9)
    place = target.place(scenario)
    question = Ask(target, 0.8, Money(0, None, (), 0.0), (0.0,))
    request = StudyRequest((from_no_file(scenario),), (None,), RUNS, SEED, question=question)
    curve = Study(arms_of(scenario, place, [least, first, second, third, fourth]), RUNS, request)
    answer = Answer(request, np.zeros((1, RUNS, 4)), 4000, 0, None, curve)
    assert saturated_from(answer) == flat
    rising = Study(curve.arms[:3], RUNS, request)
    assert saturated_from(replace(answer, curve=rising)) == (None if sign > 0 else 0.0)


def test_all_that_comes_of_the_scenarios_above_is_as_told(tmp_path: Path, people: list[int]) -> None:
    """So that the answers above are of what they say: with enough money everybody is served."""
    run = simulate(aid(tmp_path, PRICE * people[-1]), None, SEED, 0)
    assert (run.cases["outcome"] == Outcome.SERVED).all()
