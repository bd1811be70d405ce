"""What the documentation says of a day in the middle of the year is so, from the command line to the last byte."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path

import pytest
from study.calling import call

from reliefsim import load_scenario, simulate
from reliefsim.docs.topics import written
from reliefsim.scenario import ScenarioError, dump, read


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example of the topic `scenario` as a file."""
    section = written("scenario", "en").split("## `[as_of]`")[1]
    found = re.search(r"```toml\n(.*?)```", section, re.DOTALL)
    assert found
    path = tmp_path / "november.toml"
    path.write_text(found[1], encoding="utf-8")
    return path


def test_the_example_of_the_topic_runs_and_tells_only_of_what_is_left(example: Path) -> None:
    run = simulate(load_scenario(example), seed=2012)
    assert run.scenario.start_date == datetime.date(2012, 11, 1)
    at_start = run.households[(run.households["population"] == 0) & (run.households["arrived"] == 0)]
    assert at_start["size"].sum() == 24_000
    assert (at_start["registered"] == 0).mean() == pytest.approx(0.6, abs=0.05)
    usaid = run.postings[(run.postings["grant"] == run.names.grants.index("usaid")) & (run.postings["credit"] == 0)]
    assert (usaid["time"] >= 0).all()
    before = load_scenario(example).grants["usaid"].amount_usd.value
    assert usaid["cents"].sum() == round(100 * before) - 27_000_000


def test_the_resolved_scenario_shows_where_it_stands_and_gives_the_same_run(example: Path, tmp_path: Path) -> None:
    shown = dump(read(example))
    assert "[as_of]\nday = 2012-11-01" in shown
    assert tomllib.loads(shown)["as_of"]["served"] == {"nfi": 1500, "pss": 300}
    (tmp_path / "again.toml").write_text(shown, encoding="utf-8")
    first, again = simulate(load_scenario(example)), simulate(load_scenario(tmp_path / "again.toml"))
    assert first.cases.tobytes() == again.cases.tobytes()
    assert first.postings.tobytes() == again.postings.tobytes()


def test_a_study_from_a_day_on_is_dated_from_it_and_is_verified_to_the_byte(example: Path, tmp_path: Path) -> None:
    out = tmp_path / "study"
    assert call("run", str(example), "--replications", "2", "--out", str(out), "--no-figures", "--quiet") == (0, "")
    months = {line.split(",")[8] for line in (out / "monthly.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert min(months) == "2012-11"
    assert max(months) == "2013-06"
    assert ",1,2012-11-01,0," in (out / "allocation.csv").read_text(encoding="utf-8")
    assert "[as_of]" in (out / "scenario-november.toml").read_text(encoding="utf-8")
    assert call("verify", str(out))[0] == 0


def test_money_is_not_asked_for_before_the_day(example: Path) -> None:
    asked = ("ask", str(example), "--target", "need_covered=0.5", "--arrives", "2012-10-31")
    code, said = call(*asked)
    assert code == 2
    assert "--arrives: must be a day of the operation, from 2012-11-01" in said


def test_a_share_above_one_on_the_command_line_is_told(example: Path) -> None:
    with pytest.raises(ScenarioError, match=r"--set: as_of\.registered_share: is above 1|as_of\.registered_share"):
        load_scenario(example, ["as_of.registered_share=6"])
