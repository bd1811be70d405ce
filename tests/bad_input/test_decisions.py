"""What is ours to choose is read, told apart from what is not known, and refused where it leads to nothing."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefsim import ScenarioError, load_scenario, replace
from reliefsim.scenario import ranged, read
from reliefsim.scenario.decisions import PARTS, Space

HEAD = 'extends = "baseline"\n[decisions]\n'
BASE = Space(load_scenario("baseline"))

WRONG = {
    'plan.rule = { values = ["fixed-shares", "reallocat"] }': "names a value that may not stand there",
    "services.nfi.stock = { values = [1] }": "leads to more than one value",
    "teams.nope.count = { from = 0, to = 1 }": "leads to no value of this scenario",
    "teams.counsellors.cost_usd_per_30_days = { from = -5, to = 600 }": "US dollars and cents, 0 to 10,000,000,000",
    "services.pss.group_size = { from = 8, to = 15.5, step = 0.5 }": "A whole number",
    'plan.replan_days = "shares"': "leads to nothing that is shared out",
    "horizon_days = { from = 0, to = 100 }": "Days, above 0",
    'plan.pay_order = { values = ["ends-first", "x"] }': "'ends-first' or 'shares'",
    "teams.counsellors.count = { from = 3, to = 1 }": "from lies above to",
    "teams.counsellors.count = { from = 3 }": "states no legal values",
    "teams.counsellors.count = { values = [1], from = 3 }": "states values and a way from one to another",
    "teams.counsellors.count = { values = [1, 1] }": "states a value twice",
    "teams.counsellors.count = { values = [] }": "is empty",
    "teams.counsellors.count = { from = 1, to = 2, step = 0 }": "is too small",
    "teams.counsellors.count = { from = 0, to = 1e6 }": "has too many values",
    "teams.counsellors.from_day = { from = 2012-07-01, to = 9 }": "goes from a date to a number",
    "teams.counsellors.count = { form = 1, to = 2 }": "unknown key",
}


def test_all_that_is_wrong_with_decisions_is_told_at_once_in_its_line(tmp_path: Path) -> None:
    lines = [line for line in WRONG if not line.startswith("teams.counsellors.count")]
    (tmp_path / "wrong.toml").write_text(HEAD + "\n".join(lines))
    with pytest.raises(ScenarioError) as error:
        load_scenario(tmp_path / "wrong.toml")
    assert [fault.line for fault in error.value.faults] == list(range(3, 3 + len(lines)))
    assert all(WRONG[line] in str(fault) for line, fault in zip(lines, error.value.faults, strict=True))


@pytest.mark.parametrize("line", [line for line in WRONG if line.startswith("teams.counsellors.count")])
def test_a_choice_that_is_none_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(HEAD + line)
    with pytest.raises(ScenarioError, match=WRONG[line]) as error:
        load_scenario(tmp_path / "wrong.toml")
    assert [fault.line for fault in error.value.faults] == [3]


def test_a_key_may_stand_in_quotes_or_part_by_part_and_twice_in_neither(tmp_path: Path) -> None:
    quoted, parts = '"teams.counsellors.count" = { from = 0, to = 9 }', "teams.counsellors.count = { from = 0, to = 9 }"
    found = []
    for number, text in enumerate((quoted, parts, "[decisions.teams.counsellors]\ncount = { from = 0, to = 9 }")):
        (tmp_path / f"plan-{number}.toml").write_text(HEAD + text)
        found.append(load_scenario(tmp_path / f"plan-{number}.toml").decisions["teams.counsellors.count"])
    assert found[0] == found[1] == found[2]
    (tmp_path / "twice.toml").write_text(f"{HEAD}{quoted}\n{parts}")
    with pytest.raises(ScenarioError, match="stands here again"):
        load_scenario(tmp_path / "twice.toml")


def test_what_is_decided_is_not_drawn_though_it_has_a_range(tmp_path: Path) -> None:
    ranges = "[teams.counsellors]\ncount = { value = 6, low = 4, high = 10 }\n[teams.caseworkers]\ncost_usd_per_30_days = "
    (tmp_path / "one.toml").write_text(f'extends = "baseline"\n{ranges}{{ value = 550, low = 1, high = 800 }}\n')
    reading = read(tmp_path / "one.toml")
    assert "teams.counsellors.count" not in ranged(reading.scenario)
    assert "teams.caseworkers.cost_usd_per_30_days" in ranged(reading.scenario)
    assert any("has a range and is a decision" in str(one) for one in reading.warnings)


def test_a_decision_of_what_a_child_takes_away_is_taken_away_with_it(tmp_path: Path) -> None:
    (tmp_path / "fewer.toml").write_text('extends = "baseline"\nremove = ["teams.counsellors"]\n')
    gone = {"teams.counsellors.count", "teams.counsellors.from_day"}
    assert set(load_scenario(tmp_path / "fewer.toml").decisions) == set(BASE.scenario.decisions) - gone
    assert set(replace(BASE.scenario, {"teams.counsellors": None}).decisions) == set(BASE.scenario.decisions) - gone


def test_dates_go_from_one_to_another_in_days(tmp_path: Path) -> None:
    (tmp_path / "dates.toml").write_text(f"{HEAD}dtm.rounds.0.day = {{ from = 2012-09-01, to = 2012-09-30, step = 7 }}\n")
    space = Space(load_scenario(tmp_path / "dates.toml"))
    assert space.levers[0].legal == tuple(datetime.date(2012, 9, day) for day in (1, 8, 15, 22, 29))
    assert space.stated(space.present)["dtm.rounds.0.day"] == datetime.date(2012, 9, 29), "the nearest to day 91"


@given(st.data())
def test_every_plan_has_a_number_of_its_own_and_is_legal(data: st.DataObject) -> None:
    plan: list[int] = []
    for lever in BASE.levers:
        if lever.names:
            cuts = sorted(data.draw(st.lists(st.integers(0, PARTS), min_size=lever.width - 1, max_size=lever.width - 1)))
            plan += [high - low for low, high in zip([0, *cuts], [*cuts, PARTS], strict=True)]
        else:
            plan.append(data.draw(st.integers(0, len(lever.legal) - 1)))
    number = BASE.number(tuple(plan))
    assert 0 < number < BASE.size
    assert BASE.plan(number) == tuple(plan)
    stated = BASE.stated(tuple(plan))
    for name in ("usaid", "cerf"):
        assert round(sum(stated[f"plan.shares_by_grant.{name}"].values()), 9) == 1


def test_the_present_plan_changes_nothing() -> None:
    assert BASE.changes(BASE.present) == {}
    moved = list(BASE.present)
    moved[4], moved[5] = moved[4] + 5, moved[5] - 5
    assert BASE.changes(tuple(moved)) == {"plan.shares_by_grant.cerf": {"pss": 0.4, "referral": 0.6}}


def test_budget_lines_in_amounts_are_shared_out_to_the_cent() -> None:
    lines = {"nfi": {"amount_usd": 100_000.01}, "running": {"amount_usd": 50_000}, "pss": {"amount_usd": 50_000}}
    changed = {"grants.usaid.lines": lines, "decisions": {"grants.usaid.lines": "shares"}}
    space = Space(replace(BASE.scenario, changed))
    assert space.present == (50, 25, 25)
    shared = space.stated((33, 33, 34))["grants.usaid.lines"]
    assert sum(round(100 * one["amount_usd"]) for one in shared.values()) == 200_000_01
    assert shared["nfi"] == {"amount_usd": 66_000}
