"""What money alone closes of the gap: by hand, in every way of running a study, and of the shipped operation.

Seen red, each fault planted in the model by itself and taken away again: the twin is of another replication; need is priced
without the rate of the run's grants; what is below 0 counts as 0; worlds are drawn for each run.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from laws.closable import counted

import reliefsim.engine.simulate
import reliefsim.engine.world.world_draws
from reliefsim import Known, load_scenario, run_study, simulate
from reliefsim.engine.world.world_draws import draw_world
from reliefsim.indicators.closable import twin
from reliefsim.indicators.measure import Key, funding_keys, funding_values, keys, measure
from reliefsim.scenario import Reading, Scenario
from reliefsim.study.queries.ask_search import with_money
from reliefsim.study.request import Money, StudyRequest
from reliefsim.study.running.jobs import Job, Work
from reliefsim.study.running.runner import Arm, Study
from reliefsim.study.running.runner import run_study as run
from reliefsim.study.statistics.points import points

# Six people need both. Care: one worker takes ten days for each, and there is money for two. Cash: money for two.
TWO = """
start_date = 2030-01-01
horizon_days = 35
arrivals = { instants_days = [0, 0, 0, 0, 0, 0] }
[services.care]
kind = "casework"
duration = 10
workers = 1
unit_cost_usd = 20
[services.cash]
kind = "casework"
duration = 1
unit_cost_usd = 30
[grants.for-care]
amount_usd = 44
indirect_rate = 0.1
pays_for = ["care"]
[grants.for-cash]
amount_usd = 66.50
indirect_rate = 0.1
pays_for = ["cash"]
"""
BY_MONEY = [f"gap_{one}closed_by_money_usd" for one in ("", "not_")]


def scenario(folder: Path, text: str) -> Scenario:
    path = folder / "two.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def column(arm: Arm, name: str, service: str = "", group: str = "") -> np.ndarray:
    return arm.values[:, arm.keys.index(Key(name, service, group, unit="USD"))]


def gap_study(one: Scenario, replications: int, **more: object) -> Study:
    return run(StudyRequest((Reading(one, (), {}, {}),), replications=replications, seed=5, funding=True, **more))  # type: ignore[arg-type]


def test_of_two_services_money_closes_what_teams_leave_it(tmp_path: Path) -> None:
    """Care starts on days 0, 10, 20 and 30 with money for all, so that two stay unserved; with its own money on two of them.

    First reasons tell another story: whoever lacks care lacks money first, USD 88.00, half of which a team would lack next."""
    (arm,) = gap_study(scenario(tmp_path, TWO), 1).arms
    found = {
        (service, name): float(column(arm, name, service)[0])
        for service in ("care", "cash", "")
        for name in ("gap_usd", "gap_money_usd", *BY_MONEY)
    }
    assert [found["care", name] for name in ("gap_usd", "gap_money_usd", *BY_MONEY)] == [88, 88, 44, 44]
    assert [found["cash", name] for name in ("gap_usd", "gap_money_usd", *BY_MONEY)] == [132, 132, 132, 0]
    assert [found["", name] for name in ("gap_usd", "gap_money_usd", *BY_MONEY)] == [220, 220, 176, 44]


def test_a_team_that_nobody_pays_works_where_money_has_no_limit(tmp_path: Path) -> None:
    """Care's worker costs 5.00 for 30 days, which no grant may pay: nobody is served for want of a team, and money closes
    the cost of four of six all the same."""
    text = TWO.replace("workers = 1\n", "").replace("[grants.for-care]", "[teams.care]\nservice = 'care'\ncount = 1\n"
                       "cost_usd_per_30_days = 5\n[grants.for-care]")  # fmt: skip
    (arm,) = gap_study(scenario(tmp_path, text), 1).arms
    assert [float(column(arm, name, "care")[0]) for name in ("gap_usd", *BY_MONEY)] == [132, 88, 44]


def own_rule(known: Known) -> list[list[int]]:
    """All to the first service it may pay for, by name."""
    found = [[0] * len(known.cash) for _ in known.services]
    for g, cents in enumerate(known.cash):
        first = next((s for s, row in enumerate(known.may_pay) if row[g]), None)
        if first is not None:
            found[first][g] = cents
    return found


WAYS = ["plain", "uncertain", "points", "as of", "a rule of one's own", "two processes", "donors stop"]


@pytest.mark.parametrize("way", WAYS)
def test_both_add_up_to_the_gap_in_every_run_of_every_way(way: str) -> None:
    name = "usaid-stop-work" if way == "donors stop" else "baseline"
    more = ("caseload.people=600",)
    if way == "as of":
        more += ('as_of={day=2012-11-01, spent_usd={usaid=200000}}',)
    one = load_scenario(name, more)
    asked: dict[str, object] = {}
    if way == "points":
        asked = {"points": points([one], 3, 5)}
    if way == "two processes":
        asked = {"workers": 2}
    rules = [own_rule if way.startswith("a rule") else None]
    (arm,) = gap_study(one, 4, uncertain=way == "uncertain", rules=rules, **asked).arms
    for key in [key for key in arm.keys if key.indicator == "gap_usd" and not (key.period or key.grant)]:
        gap, closed, left = (column_of(arm, key, name) for name in ("gap_usd", *BY_MONEY))
        assert (np.round(100 * gap) == np.round(100 * closed) + np.round(100 * left)).all(), key
        assert (left >= 0).all()
    assert column(arm, BY_MONEY[0], group="hosts").max() > 0  # for whom no grant may pay


def column_of(arm: Arm, key: Key, name: str) -> np.ndarray:
    return arm.values[:, arm.keys.index(key._replace(indicator=name))]


def test_need_costs_the_same_with_money_without_limit_whatever_is_drawn_of_grants(tmp_path: Path) -> None:
    text = TWO.replace("indirect_rate = 0.1", "indirect_rate = { value = 0.1, low = 0, high = 0.3 }", 1)
    text = text.replace("amount_usd = 66.50", "amount_usd = { value = 66.50, low = 40, high = 200 }")
    one = scenario(tmp_path, text + "[pledges.more]\namount_usd = { value = 50, low = 10, high = 90 }\nprobability = 0.5\n")
    costs = set()
    for replication in range(5):
        base = simulate(one, None, 5, replication, uncertain=True)
        assert (twin(base, draw_world).cases["priced_cents"] == base.cases["priced_cents"]).all()
        costs.add(int(base.cases["priced_cents"].sum()))
    assert len(costs) > 1, "the rate is drawn"


# One worker; each grant pays for one cheap case and for no dear one. With money without limit the dear ones take their turn.
CROWDED = """
start_date = 2030-01-01
horizon_days = 30
arrivals = { instants_days = [0, 0, 0, 0, 0, 0, 0, 0] }
[services.care]
kind = "casework"
workers = 1
unpaid = "skip"
duration = { law = "exponential", mean_days = 8 }
unit_cost_usd = { values_usd = [10, 9], shares = [0.5, 0.5] }
"""


def test_in_a_rare_run_more_money_leaves_more(tmp_path: Path) -> None:
    """Dear cases that take long may crowd out more cheap ones than they are worth: that is told, not hidden."""
    grants = "".join(f"[grants.g{number}]\namount_usd = 9.5\n" for number in range(8))
    one = simulate(scenario(tmp_path, CROWDED + grants), None, 2012, 11)
    by_hand = {key: value for key, value in counted(one).items() if not any(key[1:7])}
    told = dict(zip(funding_keys(one.scenario), funding_values(one), strict=True))
    assert by_hand[Key(BY_MONEY[0], unit="USD")] < 0
    assert {key: told[key] for key in by_hand} == by_hand


@pytest.mark.parametrize(("funding", "runs"), [(False, 3), (True, 6)])
def test_only_gap_runs_twice_and_no_world_is_drawn_twice(
    monkeypatch: pytest.MonkeyPatch, funding: bool, runs: int
) -> None:
    one = load_scenario("baseline", ("caseload.people=300",))
    done = {"runs": 0, "worlds": 0}

    def counts(what: str, call: object) -> object:
        def called(*given: object, **named: object) -> object:
            done[what] += 1
            return call(*given, **named)  # type: ignore[operator]

        return called

    monkeypatch.setattr(reliefsim.engine.simulate, "simulate", counts("runs", reliefsim.engine.simulate.simulate))
    for module in (reliefsim.engine.world.world_draws, reliefsim.engine.simulate):
        monkeypatch.setattr(module, "draw_world", counts("worlds", draw_world))
    Work((one,), (None,), 5, funding=funding).do((Job(0, 0, 0, 0, 3),))
    assert done == {"runs": runs, "worlds": 3}


def test_of_tracing_money_alone_closes_little(tmp_path: Path) -> None:
    """By first reason most of tracing's gap is for want of money; with USD 500,000 for it from the first day on, which is
    another way to ask, as much is left as with money without limit. Means of 30 runs; the spread over runs is some 8 %."""
    one = load_scenario("baseline", ("caseload.registered_at_start_share=1", "grants.usaid.amount_usd=600000"))
    (arm,) = gap_study(one, 30).arms
    gap, first, closed, left = (column(arm, name, "ftr") for name in ("gap_usd", "gap_money_usd", *BY_MONEY))
    assert (first > 0.5 * gap).mean() > 0.6
    apart = left - 3 * closed
    assert apart.mean() - 2.5 * apart.std(ddof=1) / np.sqrt(len(apart)) > 0
    richer = with_money(one, Money(0.0, None, ("ftr",), 0.07), usd=500_000)
    place = keys(richer).index(Key("gap_usd", "ftr", unit="USD"))
    rich = np.array([measure(simulate(richer, None, 5, replication)).values[place] for replication in range(30)])
    assert abs(rich.mean() - left.mean()) < 0.01 * gap.mean()


def test_a_study_in_code_has_no_such_numbers_unless_asked() -> None:
    (arm,) = run_study(load_scenario("baseline", ("caseload.people=300",)), replications=2).arms
    assert not any(key.indicator in BY_MONEY for key in arm.keys)
