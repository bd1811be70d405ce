"""Numbers, dates and names as people write them: what is advised has the size that was meant, or all that it may mean."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reliefsim.scenario import ScenarioError, load_scenario, read, replace
from reliefsim.scenario.stated_texts import DATE_RULE

from .broken_text import GOOD, FaultsOf, broken, line_of

A_DATE = "Write a date"
NONE = "as in 25000"  # no number is advised

# What is written in quotes, and what is advised.
NUMBERS = {
    "1 000,50": "1000.50", "774.000,00": "774000", "774,5": "774.5 or 7745", "0,07": "0.07", "774k": "774000",
    "1,5 M": "1500000 or 15000000", "5 thousand": "5000", "25,000": "25000", "25.000": "25 or 25000",
    "1.234.567,89": "1234567.89", "1,234,567.89": "1234567.89", "12,50": "12.50 or 1250", "-3,25": "-3.25 or -325", "0.5": "0.5",
    "00,5": "0.5",
    "25\u00a0000": "25000", "25\u202f000,50": "25000.50", "25\u2009000": "25000", "25'000": "25000", "25\u2019000.50": "25000.50",
    "25_000": "25000", "٢٥٠٠٠": "25000", "٢٥٬٠٠٠٫٥": "25000.5", "۲۵": "25", "２５": "25", "\u22125": "-5",
    "1,00,000": "100000", "$844,000": "844000", "844 000 FCFA": "844000", "US$ 774k": "774000", "30 days": "30", "15 %": "0.15",
    "2025-07": A_DATE, "FY2025": A_DATE, "FY 2024/25": A_DATE, "07/2025": A_DATE, "Q3 2025": A_DATE, "July 2025": A_DATE,
    "août 2025": A_DATE, "2024-25": A_DATE, "2025-W07": A_DATE,
    "3 weeks": NONE, "10-15": NONE, "1 2": NONE, "1.2.3": NONE, "1,2,3": NONE, "many": NONE, "12 kg": NONE, "2 x 3": NONE,
    "1 000,500.2": NONE, "774,5k5": NONE, "9" * 70: NONE,
}  # fmt: skip


@pytest.mark.parametrize("written", NUMBERS, ids=ascii)
def test_advice_keeps_the_size_of_a_number(written: str, faults_of: FaultsOf) -> None:
    wanted = NUMBERS[written]
    texts = [broken(("amount_usd = 8000", f'amount_usd = "{written}"')), broken(("first_day = 5", f'first_day = "{written}"'))]
    for text in texts:
        [fault] = faults_of(text)
        advice = fault.rule.removeprefix("Write ")
        assert wanted in fault.rule if wanted in (A_DATE, NONE) else advice == wanted, str(fault)
    bare = faults_of(broken(("amount_usd = 8000", f"amount_usd = {written}")))
    if bare and wanted not in (A_DATE, NONE):  # a few are TOML as they stand
        assert [one.meant for one in bare if "got" in str(one)] == [wanted], str(bare[0])
    if wanted == A_DATE and bare:
        assert "date" in str(bare[0]), str(bare[0])
    if not re.fullmatch(r"[-0-9._]+", written):  # that is TOML
        assert faults_of(GOOD, [f"grants.beta.amount_usd={written}"]) != []


@pytest.mark.parametrize("written", ["2025-07", "FY2025", '"2025-07"', '"FY2025"', "July 2025"])
def test_a_part_of_a_date_is_no_date(written: str, faults_of: FaultsOf) -> None:
    [fault] = faults_of(broken(("start_date = 2012-07-01", f"start_date = {written}")))
    assert fault.path == "start_date"
    assert "a date" in fault.rule.lower()
    assert fault.meant == ""


def test_a_day_and_a_month_that_may_be_either_are_both_told(faults_of: FaultsOf) -> None:
    [fault] = faults_of(broken(("start_date = 2012-07-01", 'start_date = "05/06/2012"')))
    assert fault.meant == "2012-06-05 or 2012-05-06"


FILED = broken(
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", 'file = "counts.csv"'), ("people = [1200, 1300, 1250]", "#")
)
FIRST = "2012-07-01,1200\n"

# A CSV file, and what is said of it, line by line of the file; nothing: it is read.
SERIES: dict[str, tuple[str | bytes, list[str]]] = {
    "semicolons": ("date;people;note\n2012-07-01;1200;a, b\n2013-07-01;5;\n", []),
    "tabs": ("date\tpeople\n2012-07-01\t1200\n2013-07-01\t5\n", []),
    "decimal commas": (
        "date;people\n2012-07-01;1 200,00\n2013-07-01;1200,5\n2013-08-01;٢٥٠\n",
        ["2: people: is not a count of people (got \"1 200,00\"). Whole people, 0 to 20,000,000. Did you mean 1200?",
         "3: people: is not a count of people (got \"1200,5\"). Whole people, 0 to 20,000,000. Did you mean 1200.5 or 12005?",
         "4: people: is not a count of people (got \"٢٥٠\"). Whole people, 0 to 20,000,000. Did you mean 250?"],
    ),
    "separators of thousands": (f"date,people\n{FIRST}2013-07-01,1,250\n", ["3: has 3 cells for 2 columns"]),
    "latin-1": (
        "date,people,note\n2012-07-01,1200,recensé\n2012-07-32,5,\n".encode("latin-1"),
        ["2: is not UTF-8: byte 39 is 0xE9. Save it as UTF-8", "3: date: is no date"],
    ),
    "utf-16": (f"date,people\n{FIRST}".encode("utf-16"), ["1: is not UTF-8: byte 0 is 0xFF. Save it as UTF-8"]),
    "dates twice and backwards": (
        f"# counted\ndate,people\n{FIRST}2012-08-01,5\n2012-08-01,6\n2012-07-15,7\n2013-07-01,-1\n",
        ["5: date: stands here again; first in line 4 (got 2012-08-01)", "6: date: is not after 2012-08-01 (got 2012-07-15)",
         "7: people: is not a count of people"],
    ),
    "dates of other kinds": (
        f"date,people\n{FIRST}2012-09-01T00:00:00,5\n30.10.2012,5\n2025-07,5\n",
        [f"3: date: is no date (got \"2012-09-01T00:00:00\"). {DATE_RULE}. Did you mean 2012-09-01?",
         f"4: date: is no date (got \"30.10.2012\"). {DATE_RULE}. Did you mean 2012-10-30?",
         "5: date: is no date"],
    ),
    "lines within a cell": ('date,note,people\n2012-07-01,"a\nb",1200\n2012-07-41,,3\n', ["4: date: is no date"]),
    "a column twice": (f"date,people,people\n{FIRST}", ["1: people: column stands twice (got date, people, people)"]),
    "a cell that is very long": (
        f'date,people\n{FIRST}2012-08-01,"{"9" * 140_000}"\n2013-07-01,x\n',
        ["3: cannot be read: field larger than field limit", "4: people: is not a count of people"],
    ),
    "counts of many digits": (
        f"date,people\n{FIRST}2012-08-01,{'9' * 400}\n2012-09-01,{'9' * 5_000}\n2013-07-01,20000001\n",
        ["3: people: is too large", "4: people: is not a count of people", "5: people: is too large (got \"20000001\")"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SERIES)
def test_a_series_as_spreadsheets_leave_it_is_read_or_told_by_its_own_lines(kind: str, faults_of: FaultsOf) -> None:
    text, wanted = SERIES[kind]
    Path("counts.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    said = [str(fault) for fault in faults_of(FILED)]
    assert len(said) == len(wanted), said
    assert all(one.startswith(f"counts.csv:{words}") for one, words in zip(said, wanted, strict=True)), said
    if not wanted:
        assert load_scenario("broken.toml").displacement["record"].people == (1200, 5)


NAMES = ["Ségou", "Tombouctou-Gourma", "Ménaka", "غاو", "কক্সবাজার", "Se\u0301gou", "Łódź"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_places_have_names_in_any_script(name: str, faults_of: FaultsOf) -> None:
    named = (("[locations.town]", f'[locations."{name}"]'), ('places = ["town"]', f'places = ["{name}"]'))
    text = broken(*named).replace("[locations.town.", f'[locations."{name}".')
    assert faults_of(text, [f"locations.{name}.label=Place", f'locations."{name}".pcode="ML04"']) == []
    assert faults_of(text.replace(f'["{name}"]', f'["{name}x"]'))[0].meant.strip('"')[:2] == replaced(name)[:2]
    scenario = read("broken.toml").scenario if faults_of(text) == [] else None
    assert scenario is not None
    assert replaced(name) in replace(scenario, {f"locations.{name}.pcode": "ML05"}).locations


def replaced(name: str) -> str:
    """A name with its accents on their letters, however it was typed."""
    return name.replace("e\u0301", "é")


def test_an_accented_key_without_quotes_is_told_how_to_be_written_and_the_rest_is_read(faults_of: FaultsOf) -> None:
    header = "[locations.Ségou] # a comment"
    text = broken(("[locations.town]", header), ("seats = 45", "seats = 0"), ("bus = 0.25", "été = 0.25"))
    text = text.replace("[locations.town.", '[locations."Ségou".').replace('places = ["town"]', 'places = ["Ségou"]')
    said = [str(fault) for fault in faults_of(text)]
    assert len(said) == 4, said
    assert said[0].startswith(f'broken.toml:{line_of(text, header)}: locations."Ségou": is not TOML')
    assert 'stand in quotes, in keys too. Did you mean [locations."Ségou"]' in said[0]
    assert said[1].startswith(f"broken.toml:{line_of(text, 'seats = 0')}: services.bus.seats: is below 1")
    assert 'Did you mean "été" = 0.25?' in said[2]
    assert "names an unknown service" in said[3]


def test_a_place_with_an_accent_goes_through_a_run_to_its_files(tmp_path: Path) -> None:
    named = (("[locations.town]", '[locations."Ségou"]'), ('places = ["town"]', 'places = ["Ségou"]'))
    text = broken(*named, ('label = "Town"', "#"))
    (tmp_path / "named.toml").write_text(text.replace("[locations.town.", '[locations."Ségou".'), encoding="utf-8")
    call = [sys.executable, "-m", "reliefsim", "run", "named.toml", "--replications", "2", "--out", "out", "--quiet"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    for name in ("indicators.csv", "scenario-good.toml", "report.html"):
        assert "Ségou" in (tmp_path / "out" / name).read_text(encoding="utf-8"), name


def test_replace_adds_and_takes_away_parts() -> None:
    base = load_scenario("baseline")
    later = {"amount_usd": 5, "probability": 1, "tranches": [{"day": 0, "share": 1}]}
    more = replace(base, {"pledges.later": later, "warmup_days": None})
    assert list(more.pledges) == ["later"]
    two = replace(more, {"pledges.later.tranches.0.share": 0.5, "pledges.later.tranches.1": {"day": 1, "share": 0.5}})
    assert len(two.pledges["later"].tranches or ()) == 2
    assert replace(more, {"pledges.later": None}) == base
    with pytest.raises(ScenarioError, match=r"A new part is given whole: grants.new, with a table") as error:
        replace(base, {"grants.new.amount_usd": 5, "pledges.gone": None})
    assert [fault.path for fault in error.value.faults] == ["grants.new.amount_usd", "pledges.gone"]
