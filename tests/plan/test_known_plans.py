"""Plans whose best is known by arithmetic are found, told as they are, and the same wherever and however they are run."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study.calling import call

from reliefsim import find_plan, load_scenario, replace
from reliefsim.scenario import Scenario, ScenarioError
from reliefsim.store import read_table
from reliefsim.study.queries.plan_answer import Found

# A hundred people need A at USD 10 and B at USD 20 each, and there are USD 2,000: with a share s for A,
# min(100, 200 s) + min(100, 100 (1 - s)) cases are served. The most, 150, with s = 0.5.
SHARED = """
start_date = 2030-01-01
horizon_days = 60
caseload = { people = 100 }
[services.a]
kind = "casework"
unit = "member"
intake = "on-arrival"
need_share = 1
unit_cost_usd = 10
duration = 1
workers = 100
cases_per_worker = 1
[services.b]
kind = "casework"
unit = "member"
intake = "on-arrival"
need_share = 1
unit_cost_usd = 20
duration = 1
workers = 100
cases_per_worker = 1
[grants.donor]
amount_usd = 2000
[plan]
rule = "fixed-shares"
shares = { a = 0.1, b = 0.9 }
[decisions]
plan.shares = "shares"
"""
SMALL: dict[str, Any] = {"worlds": 10, "confirm": 20, "effort": 500, "workers": 1}


@pytest.fixture
def shared(tmp_path: Path) -> Scenario:
    (tmp_path / "shared.toml").write_text(SHARED)
    return load_scenario(tmp_path / "shared.toml")


def cases(found: Found, after: bool = True, service: str = "") -> float:
    place = next(
        at for at, key in enumerate(found.wanted)
        if key.indicator == "cases_served" and key.service == service and not (key.group or key.location)
    )  # fmt: skip
    return float((found.after if after else found.before)[:, :, place].mean())


def test_money_is_divided_as_arithmetic_says(shared: Scenario) -> None:
    found = find_plan(shared, "cases_served", **SMALL)
    assert (cases(found, after=False), cases(found)) == (110, 150)
    assert found.changes == {"plan.shares": {"a": 0.5, "b": 0.5}}


def test_a_floor_that_binds_is_kept_and_has_its_price(shared: Scenario, tmp_path: Path) -> None:
    found = find_plan(shared, "cases_served", ["cases_served@b=80"], out=tmp_path / "found", **SMALL)
    assert found.changes == {"plan.shares": {"a": 0.2, "b": 0.8}}
    assert cases(found) == 120
    rows = {row["part"]: row for row in read_table(tmp_path / "found" / "plan.csv")}
    assert rows["floor"]["verdict"] == "kept"
    assert float(rows["without floor"]["difference"]) == 30, "150 cases without it"


def test_a_floor_that_nobody_can_keep_is_told_and_by_how_much(shared: Scenario, tmp_path: Path) -> None:
    found = find_plan(shared, "cases_served", ["cases_served@b=101"], out=tmp_path / "found", **SMALL)
    assert cases(found, service="b") == 100, "as near as it can be"
    (row,) = (row for row in read_table(tmp_path / "found" / "plan.csv") if row["part"] == "floor")
    assert row["verdict"] == "missed by 1"
    assert "No plan was found that keeps the floor cases_served@b=101" in (tmp_path / "found" / "plan.md").read_text()


@pytest.mark.parametrize(
    "changes",
    [
        {"plan.shares": {"a": 0.5, "b": 0.5}},  # the best already
        {"decisions": {"services.a.workers": {"values": [100]}}},  # one legal plan
        {"decisions": {"services.a.cases_per_worker": {"from": 1, "to": 9}}},  # decides nothing
    ],
)
def test_where_nothing_is_better_the_present_plan_is_told(shared: Scenario, changes: dict[str, Any], tmp_path: Path) -> None:
    found = find_plan(replace(shared, changes), "cases_served", out=tmp_path / "found", **SMALL)
    assert found.changes == {}
    assert "No plan was found that is better than the present one" in (tmp_path / "found" / "plan.md").read_text()
    (goal,) = (row for row in read_table(tmp_path / "found" / "plan.csv") if row["part"] == "goal")
    assert (float(goal["difference"]), goal["verdict"]) == (0, "equal")


def test_goals_that_oppose_give_a_frontier_and_goals_that_agree_one_plan(shared: Scenario) -> None:
    opposed = find_plan(shared, ["cases_served@a", "cases_served@b"], **SMALL | {"effort": 2_000})
    ends = []
    for service in ("a", "b"):
        place = next(at for at, key in enumerate(opposed.wanted) if key[:2] == ("cases_served", service))
        ends.append([float(worlds[:, :, place].mean()) for _, worlds in opposed.on_frontier])
    assert len(opposed.on_frontier) >= 3
    assert np.all(np.diff(np.array(ends)[:, np.argsort(ends[0])], axis=1)[1] < 0), "more of A is less of B"
    assert all(a / 2 + b == 100 for a, b in zip(*ends, strict=True)), "no dollar is left over"
    agreed = find_plan(shared, ["cases_served", "need_covered"], **SMALL | {"effort": 2_000})
    assert len({tuple(worlds.mean(axis=(0, 1))) for _, worlds in agreed.on_frontier}) == 1
    assert cases(agreed) == 150


def test_scenarios_are_worlds_by_their_weights(shared: Scenario) -> None:
    """Where B costs as little as A does here, and the other way round, the heavier scenario decides."""
    other = replace(shared, {"name": "other", "services.a.unit_cost_usd": 20, "services.b.unit_cost_usd": 10})
    found = find_plan([shared, other], "cases_served", **SMALL | {"effort": 1_500})
    assert found.changes == {"plan.shares": {"a": 0.5, "b": 0.5}}, "half each is the best of both"
    only_b = replace(shared, {"name": "only-b", "services.a.need_share": 0})  # a hundredth for A costs a case, here it wins one
    for weights, share in (((3.0, 1.0), 0.5), ((1.0, 3.0), 0.0)):
        found = find_plan([shared, only_b], "cases_served", weights=weights, **SMALL | {"effort": 1_500})
        assert found.changes["plan.shares"]["a"] == share


def test_regret_is_against_the_best_plan_of_each_scenario(shared: Scenario) -> None:
    """A alone is needed in one, B alone in the other: 200 s and 100 (1 - s) cases, at most 100. To lose as little as can be
    against 100 in both, 100 - 200 s = 100 s: s = 1/3."""
    only_a = replace(shared, {"services.b.need_share": 0})
    only_b = replace(shared, {"name": "only-b", "services.a.need_share": 0})
    found = find_plan([only_a, only_b], "cases_served@regret", **SMALL)
    assert found.changes["plan.shares"]["a"] == pytest.approx(1 / 3, abs=0.011)


def test_plans_that_cannot_be_run_do_not_end_a_search(shared: Scenario) -> None:
    teams = {"teams.t": {"service": "a", "count": 1, "from_day": 0, "until_day": 30, "cost_usd_per_30_days": 1}}
    dates = {"teams.t.from_day": {"from": 0, "to": 60, "step": 10}, "teams.t.until_day": {"from": 10, "to": 60, "step": 10}}
    crossed = replace(shared, {**teams, "decisions": dates})
    with pytest.raises(ScenarioError):
        replace(crossed, {"teams.t.from_day": 40})
    assert find_plan(crossed, "cases_served", **SMALL).before.shape[1] == 20


CALL = ("plan", "shared.toml", "--maximise", "cases_served", "--effort", "400", "--replications", "10", "--confirm", "20",
        "--no-figures", "--quiet", "--set", "services.a.need_share=0.5")  # fmt: skip


def test_files_are_the_same_for_any_number_of_workers_and_after_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shared.toml").write_text(SHARED)
    assert call(*CALL, "--workers", "1", "--out", "one") == (0, "")
    assert call(*CALL, "--workers", "2", "--backend", "processes", "--out", "two") == (0, "")
    names = [path.name for path in sorted(Path("one").iterdir()) if path.is_file() and path.name != "run.json"]
    assert {"plan.csv", "plan.toml", "plan.md", "frontier.csv", "trials.csv"} <= set(names)
    assert [name for name in names if Path("one", name).read_bytes() != Path("two", name).read_bytes()] == []
    # What a killed search leaves: some of its parts, and nothing else.
    shutil.copytree("one/kept", "stopped/kept")
    for part in sorted(Path("stopped/kept").rglob("*.part"))[::2]:
        part.unlink()
    assert call(*CALL, "--workers", "1", "--out", "stopped", "--resume") == (0, "")
    assert [name for name in names if Path("one", name).read_bytes() != Path("stopped", name).read_bytes()] == []
    code, told = call("verify", "one")
    assert code == 0, told
    shutil.copy("one/plan.toml", "plan.toml")
    shares = load_scenario("plan.toml").plan.shares
    assert shares is not None
    assert float(shares["a"].value) < 0.5, "half the people need it here"


def test_all_that_is_wrong_with_a_call_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shared.toml").write_text(SHARED)
    code, told = call(
        "plan", "shared.toml", "--maximise", "cases_servd", "--maximise", "cases_served@c", "--floor", "need_covered",
        "--floor", "need_covered=much", "--certainty", "2", "--worlds", "nobody=1", "--most-loss", "3", "--within", "-1",
        "--money", "0.5,2", "--weigh", "luck", "--out", "out",
    )  # fmt: skip
    assert code == 2
    for word in ("cases_served", "(got c)", "--floor", "much", "--certainty", "nobody", "--most-loss",
                 "--within", "--money", "luck"):  # fmt: skip
        assert word in told
    assert not Path("out").exists()
    code, told = call("plan", "invented-flood", "--out", "out")
    assert code == 2
    assert "states no [decisions]" in told
