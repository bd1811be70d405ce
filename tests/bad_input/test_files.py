"""A file that cannot be read, or that another file does not fit, is told with its name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.scenario import ScenarioError, load_scenario, read, shipped_names

from .broken_text import GOOD, FaultsOf, broken, line_of

CHILD = 'extends = "good"\n'


def said_of(name: str, settings: tuple[str, ...] = ()) -> str:
    """What is said of a file."""
    with pytest.raises(ScenarioError) as error:
        read(name, settings)
    return str(error.value)


@pytest.mark.parametrize("name", ["nowhere.toml", "no/where.toml", "/nowhere/x", "../x.toml", "a\0b.toml"])
def test_a_missing_file_is_named(name: str) -> None:
    assert "no such" in said_of(name) or "cannot be read" in said_of(name)


def test_a_name_that_is_no_shipped_scenario_gets_the_nearest() -> None:
    assert said_of("baselne").startswith("baselne: no such scenario")
    assert said_of("baselne").endswith("Did you mean baseline?")
    assert "no such scenario" in said_of("")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "broken.toml:1: is empty"),
        (b"  \n\n", "broken.toml:1: is empty"),
        (b"# " + b"x" * 199_999, "broken.toml: is larger than 200 KB (200,001 bytes)"),
        (b'name = "a"\ntitle = "\xff"\n', "broken.toml:2: is not UTF-8: byte 20 is 0xFF"),
        ('name = "a"'.encode("utf-16"), "broken.toml:1: is not UTF-8: byte 0 is 0xFF"),
        (b'name = "a"\nhorizon_days = 2 x\n', "broken.toml:2: horizon_days: is not TOML"),
        (b'name = "a"\n[caseload\npeople = 3\n', "broken.toml:2: is not TOML"),
        (b'name = "a"\ntitle = "a\n', "broken.toml:2: title: is not TOML"),
        (b"dates = [1,\n2\n", "is not TOML"),
        (b"a = " + b"[" * 5000 + b"\n", "is nested too deeply"),
        (b"a = " + b"9" * 5000 + b"\n", "cannot be read"),
        (b"= 3\n", "broken.toml:1: is not TOML"),
        (b'name = "a\x00b"\n', "broken.toml:1: name: is not TOML"),
    ],
)
def test_a_file_that_is_no_scenario_is_told_where(raw: bytes, words: str, faults_of: FaultsOf) -> None:
    said = [str(fault) for fault in faults_of(raw)]
    assert any(words in one for one in said), said


def test_a_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    assert "is a directory, not a file" in said_of(str(tmp_path / "folder.toml"))


def test_a_byte_order_mark_and_windows_line_ends_are_read(faults_of: FaultsOf) -> None:
    assert faults_of(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == []
    text = broken(("seats = 45", "seats = 0")).replace("\n", "\r\n")
    [fault] = faults_of(text)
    assert fault.line == line_of(text.replace("\r", ""), "seats = 0")


def test_a_key_written_twice_names_both_lines(faults_of: FaultsOf) -> None:
    text = broken(("seats = 45", "seats = 45\nunit = 'household'\nseats = 50"))
    first, second = line_of(text, "seats = 45"), line_of(text, "seats = 50")
    [fault] = faults_of(text)
    words = f"services.bus.seats: key stands here again; first in line {first}"
    assert str(fault).startswith(f"broken.toml:{second}: {words}")


def test_two_grants_of_one_name_are_told_with_both_lines(faults_of: FaultsOf) -> None:
    text = GOOD + "\n[grants.alpha] # again\namount_usd = 3\n"
    first, second = line_of(text, "[grants.alpha]"), line_of(text, "[grants.alpha] # again")
    [fault] = faults_of(text)
    assert str(fault).startswith(f"broken.toml:{second}: grants.alpha: table stands here again; first in line {first}")


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ('"broken"', "extends itself"),
        ('"gud"', 'no such scenario (got "gud")'),
        ('"../good"', "leads out of the scenario folder"),
        ('"/etc/passwd"', "leads out of the scenario folder"),
        ('"sub/good"', "leads out of the scenario folder"),
        ('"good.toml"', "Did you mean good?"),
        ("7", "must be a name (got 7)"),
        ('["good"]', "must be a name"),
        ('""', "is an empty name"),
    ],
)
def test_a_parent_that_cannot_be_is_told(extends: str, words: str, faults_of: FaultsOf) -> None:
    Path("good.toml").write_text(GOOD)
    [fault] = faults_of(f"# a child\nextends = {extends}\n")
    assert str(fault).startswith("broken.toml:2: extends: ")
    assert words in str(fault)


def test_a_circle_of_parents_is_told(faults_of: FaultsOf) -> None:
    Path("a.toml").write_text('extends = "b"\n')
    Path("b.toml").write_text('\nextends = "broken"\n')
    [fault] = faults_of('extends = "a"\n')
    assert str(fault).startswith("b.toml:2: extends: extends in a circle: broken → a → b → broken")


def test_a_link_out_of_the_folder_is_no_parent(faults_of: FaultsOf, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.toml"
    outside.write_text(GOOD)
    Path("inside.toml").symlink_to(outside)
    [fault] = faults_of('extends = "inside"\n')
    assert "leads out of the scenario folder" in str(fault)


def test_a_fault_in_a_parent_is_told_with_the_parents_name(faults_of: FaultsOf) -> None:
    text = broken(("seats = 45", "seats = 0"))
    Path("good.toml").write_text(text)
    [fault] = faults_of(CHILD)
    assert str(fault).startswith(f"good.toml:{line_of(text, 'seats = 0')}: services.bus.seats")


def test_a_child_replaces_entries_whole_and_tables_key_by_key(faults_of: FaultsOf) -> None:
    Path("good.toml").write_text(GOOD)
    child = CHILD + 'displacement = { trend = { law = "stable" } }\n[caseload]\ndisplaced_people = { value = 1300 }\n'
    assert faults_of(child) == []
    reading = read("broken.toml")
    displaced = reading.scenario.caseload.displaced_people
    assert displaced is not None
    assert (displaced.value, displaced.low, displaced.source) == (1300, None, None)
    assert reading.scenario.caseload.people.value == 600
    assert reading.scenario.displacement["trend"].growth_month is None
    assert (reading.scenario.name, reading.scenario.title) == ("broken", None)
    assert reading.origins["caseload.displaced_people"] == "broken.toml:4"
    assert reading.origins["caseload.people"] == f"good.toml:{line_of(GOOD, 'people = 600')}"
    assert set(reading.files) == {"broken.toml", "good.toml"}


def test_a_child_removes_what_it_inherits_and_nothing_else(faults_of: FaultsOf) -> None:
    Path("good.toml").write_text(GOOD)
    assert faults_of(CHILD + 'remove = ["pledges.later", "services.kits.need_share"]\n') == []
    assert load_scenario("broken.toml").pledges == {}
    [fault] = faults_of(CHILD + 'remove = [\n  "pledges.later",\n  "grants.gamma",\n]\n')
    assert str(fault).startswith("broken.toml:4: remove.1: removes what is not inherited")
    [fault] = faults_of(GOOD.replace("format = 1", 'format = 1\nremove = ["dtm"]'))
    assert "nothing is inherited" in str(fault)


def test_the_name_of_a_scenario_without_one_is_that_of_its_file(faults_of: FaultsOf) -> None:
    assert faults_of(broken(('name = "good"', "#"))) == []
    assert load_scenario("broken.toml").name == "broken"
    [fault] = faults_of(broken(('name = "good"', "#")), name="two words.toml")
    assert str(fault).startswith("two words.toml:1: name: the file's name is no legal name")
    [fault] = faults_of(broken(('name = "good"', 'name = "../x"')))
    words = 'is not a legal name (got "../x"). Letters, digits, - and _ (1 to 64)'
    assert str(fault).startswith(f"broken.toml:2: name: {words}")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("grants.beta.amount_usd=-1", "--set: grants.beta.amount_usd: is negative (got -1)"),
        ("grants.betta.amount_usd=1",
         '--set: grants.betta.amount_usd: unknown key "betta". Did you mean grants.beta.amount_usd?'),
        ("grants.beta.amuont_usd=1", "--set: grants.beta.amuont_usd: unknown key. Did you mean amount_usd?"),
        ("grant.beta.amount_usd=1", "Did you mean grants.beta.amount_usd?"),
        ("caseload.people=$844,000", "--set: caseload.people: is not a number (got $844,000)"),
        ("caseload.people=1\nname='x'", "is more than one value"),
        ("caseload.people", "--set: is no setting (got caseload.people)"),
        ("=3", "--set: is no setting"),
        ("extends=baseline", "--set: extends: cannot be set here"),
        ("plan.rule=equl", '--set: plan.rule: names an unknown rule (got "equl"). Did you mean "equal"?'),
        ("horizon_days=0", "--set: horizon_days: must be above 0"),
        ("start_date=2012-02-30", "--set: start_date: is no date"),
        ("caseload.people.low.high=3", "--set: caseload.people.low.high: unknown key"),
        ("grants.alpha.tranches.7.day=3", '--set: grants.alpha.tranches.7.day: unknown key "7"'),
    ],
)
def test_a_setting_is_checked_like_the_file(setting: str, words: str, faults_of: FaultsOf) -> None:
    said = [str(fault) for fault in faults_of(GOOD, [setting])]
    assert [words in one for one in said] == [True], said


def test_a_setting_replaces_the_entry_and_says_where_it_comes_from(faults_of: FaultsOf) -> None:
    settings = ["caseload.displaced_people=1500", "plan.rule=by-need", "grants.alpha.tranches.0.day=1"]
    assert faults_of(GOOD, settings) == []
    reading = read("broken.toml", settings)
    displaced = reading.scenario.caseload.displaced_people
    assert displaced is not None
    assert (displaced.value, displaced.low, displaced.source) == (1500, None, "set on the command line")
    assert reading.scenario.plan.rule == "by-need"
    assert reading.origins["caseload.displaced_people"] == "--set"
    assert str(faults_of(GOOD, ["a=1", "a=2"])[0]).startswith("--set: a: is set twice")


FILED = broken(
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", 'file = "counts.csv"'), ("people = [1200, 1300, 1250]", "#")
)


def test_a_series_in_a_file_is_read_into_the_scenario(faults_of: FaultsOf) -> None:
    Path("counts.csv").write_text("# a comment\ndate,source,people\n2012-07-01,a,1200\n2013-07-01,b,900\n")
    assert faults_of(FILED) == []
    reading = read("broken.toml")
    law = reading.scenario.displacement["record"]
    assert (law.people, law.file, law.source) == ((1200, 900), None, "counts.csv")
    assert "counts.csv" in reading.files


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "displacement.record.file: no such file"),
        ("day,people\n", "counts.csv:1: date: column is missing"),
        ("date,people\n2012-02-30,5\n", "counts.csv:2: date: is no date"),
        ("date,people\n2012-07-01,5\n23/11/2012,5\n", "counts.csv:3: date: is no date"),
        ("date,people\n2012-07-01,-5\n", "counts.csv:2: people: is not a count"),
        ("date,people\n2012-07-01,many\n", "counts.csv:2: people: is not a count"),
        ("date,people\n2012-07-01\n", "counts.csv:2: people: is not a count"),
    ],
)
def test_a_broken_series_file_is_told_with_its_line(text: str | None, words: str, faults_of: FaultsOf) -> None:
    if text is not None:
        Path("counts.csv").write_text(text)
    said = [str(fault) for fault in faults_of(FILED)]
    assert [words in one for one in said] == [True], said


def test_a_series_file_outside_the_folder_is_not_read(faults_of: FaultsOf) -> None:
    for name in ("../counts.csv", "/etc/passwd"):
        [fault] = faults_of(FILED.replace("counts.csv", name))
        assert "lies outside the scenario's folder" in str(fault)


def test_shipped_names_begin_with_the_baseline_and_leave_out_the_sources() -> None:
    assert shipped_names()[0] == "baseline"
    assert "sources" not in shipped_names()
