"""For those who write scenarios: what differs is all there and fits, and a new file is its parent until it is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main
from reliefsim.scenario import load_scenario, replace, shipped_names


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def heard(*call: str) -> tuple[int, str, str]:
    made = CliRunner().invoke(main, list(call))
    return made.exit_code, made.stdout, made.stderr


CHANGED = """extends = "baseline"
title = "Other"
remove = ["grants.cerf", "plan.shares_by_grant.cerf", "services.nfi.met_by_others_share"]
horizon_days = 300
[caseload]
people = { value = 25000, low = 20000, high = 30000, source = "iom-press-note-2012", note = "another note" }
target_people = { value = 25000, source = "assumption, no source found" }
[classes.aged]
share = { value = 0.045, low = 0.03, high = 0.05, source = "dtm-bamako-nov-2012", note = "another note alone" }
[services.nfi]
duration = 2
[refugees.niger]
people = [24000, 42461, 61880, 52875, 53842]
[[locations.gao.closures]]
from_day = 0
until_day = 100
[[locations.gao.closures]]
from_day = 200
until_day = 210
[shocks.stop]
kind = "stop-work"
grants = ["usaid"]
day = 2012-12-01
"""


def test_all_that_differs_is_told_with_its_place_and_source_and_nothing_else() -> None:
    Path("other.toml").write_text(CHANGED)
    code, out, err = heard("diff", "baseline", "other.toml")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    blocks = [re.sub(r"\s+", " ", block).strip() for block in out.split("\n\n")]
    assert blocks[0] == (
        "baseline and other: 10 values differ, 2 tables are in baseline only, 2 tables are in other only. "
        "Name, title and question differ."
    )
    base = (Path(__file__).parents[2] / "scenarios" / "baseline.toml").read_text(encoding="utf-8").splitlines()
    place = {word: 1 + next(n for n, line in enumerate(base) if line.startswith(word)) for word in
             ("people =", "target_people =", "horizon_days", "met_by_others_share", "[services.nfi.dur")}  # fmt: skip
    line = {
        word: 1 + CHANGED.splitlines().index(word) for word in ("duration = 2", "[shocks.stop]", "horizon_days = 300")
    }
    none = "assumption, no source found"
    own = {name: f"other.toml:{number}" for name, number in line.items()}
    stop = line["[shocks.stop]"]
    first = {word: f"scenarios/baseline.toml:{number}" for word, number in place.items()}
    wanted = [
        ["horizon_days baseline: 365", f"{first['horizon_days']}; {none}", "other: 300", own["horizon_days = 300"]],
        ["caseload.people baseline: 25000", f"{first['people =']}; iom-press-note-2012",
         "other: { value = 25000, low = 20000, high = 30000 } other.toml:6; iom-press-note-2012"],
        ["caseload.target_people baseline: 25000", f"{first['target_people =']}; iom-press-note-2012",
         f"other: 25000 other.toml:7; {none}"],
        ["services.nfi.met_by_others_share baseline: { value = 0.26, low = 0, high = 0.519 }",
         f"{first['met_by_others_share']}; {none} other: 0 by default"],
        ["services.nfi.duration baseline: { value = 0.0375, low = 0.0125, high = 0.1 }",
         f"scenarios/baseline.toml:{place['[services.nfi.dur'] + 1}; {none} other: 2", own["duration = 2"]],
        ['[shocks.stop] is in other only kind = "stop-work"', f'other.toml:{stop + 1} grants = ["usaid"]',
         f"other.toml:{stop + 2} day = 2012-12-01 other.toml:{stop + 3}"],
        ["[locations.gao.closures.1] is in other only from_day = 200 other.toml:18 until_day = 210 other.toml:19"],
    ]  # fmt: skip
    for parts in wanted:
        assert " ".join(parts) in blocks
    keys = {block.split()[0] for block in blocks[1:]}
    assert keys == {
        "horizon_days", "caseload.people", "caseload.target_people", "services.nfi.met_by_others_share",
        "services.nfi.duration", "refugees.niger.people", "locations.gao.closures.0.from_day",
        "locations.gao.closures.0.until_day", "[shocks.stop]", "[grants.cerf]", "[plan.shares_by_grant.cerf]",
        "[locations.gao.closures.1]", "locations.gao.closures.0.source",
        'decisions."plan.shares_by_grant.cerf"',  # what is removed takes with it that it may be chosen
    }  # fmt: skip


def test_a_scenario_does_not_differ_from_itself_and_both_ways_tell_the_same() -> None:
    assert heard("diff", "returns", "returns") == (0, "No difference between returns and returns.\n", "")
    one, other = (heard("diff", *pair)[1] for pair in (("baseline", "late-cerf"), ("late-cerf", "baseline")))
    assert one.splitlines()[2:] == other.splitlines()[2:]


@pytest.mark.parametrize("parent", shipped_names())
def test_a_new_scenario_is_its_parent_until_it_is_changed(parent: str) -> None:
    code, out, err = heard("new", "mine", "--from", parent)
    assert (code, err) == (0, "")
    assert out.endswith("  reliefsim run ./mine.toml\n")
    base, mine = load_scenario(parent), load_scenario("./mine.toml")
    assert replace(mine, name=base.name, title=base.title) == base
    assert heard("diff", parent, "mine.toml")[1] == f"No difference between {parent} and mine. Name and title differ.\n"
    # Its examples, with the # taken away, are legal, and but for the growth change no value.
    text = Path("mine.toml").read_text(encoding="utf-8")
    keys = set(re.findall(r"^# (\w+) = ", text, flags=re.MULTILINE))
    assert keys >= {"horizon_days", "growth_month", "amount_usd", "until_day"}
    examples = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    Path("mine.toml").write_text(examples, encoding="utf-8")
    changed = load_scenario("./mine.toml")
    assert {one.law for one in changed.displacement.values()} >= {"compound"}
    told = heard("diff", parent, "mine.toml")[1]
    assert {block.split(".")[0] for block in told.split("\n\n")[1:]} <= {"displacement", "[displacement"}


def test_a_new_scenario_may_extend_one_in_its_own_folder_and_no_other() -> None:
    assert heard("new", "first", "--from", "baseline", "--out", "mine")[0] == 0
    assert heard("new", "second", "--from", "mine/first.toml", "--out", "mine")[0] == 0
    assert load_scenario("mine/second.toml").grants == load_scenario("baseline").grants
    code, _, err = heard("new", "third", "--from", "mine/first.toml")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("--from: a file extends one in its own folder, or a shipped one (got mine/first.toml).")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["a/b", "--from", "baseline"], "NAME: is not a legal name (got a/b)."),
        (["con", "--from", "baseline"], "NAME: is a name that Windows keeps for itself (got con)."),
        (["mine.toml", "--from", "baseline"], "Did you mean mine?"),
        (["returns", "--from", "baseline"], "NAME: a shipped file has this name (got returns)."),
        (["mine", "--from", "basline"], "Did you mean baseline?"),
        (["there", "--from", "baseline"], "NAME: there.toml is there already."),
        (["mine", "--from", "there.toml"], "there.toml"),
        (["mine", "--from", "baseline", "--out", "there.toml"], "--out: there.toml is a file."),
    ],
)
def test_a_bad_call_writes_nothing(call: Sequence[str], words: str) -> None:
    Path("there.toml").write_text("mine")
    code, out, err = heard("new", *call)
    assert (code, out) == (2, "")
    assert words in err
    assert [path.name for path in Path().iterdir()] == ["there.toml"]
    assert Path("there.toml").read_text() == "mine"


def test_the_faults_of_name_and_parent_are_told_at_once() -> None:
    assert heard("new", "a b", "--from", "basline")[2].count("\n") == 2
