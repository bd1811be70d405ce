"""Sensitivity and uncertainty as files: whole or not there, readable, and the numbers of the study."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from reliefsim.report import publish
from reliefsim.report.figures.canvas import SETTINGS
from reliefsim.report.figures.figure_sensitivity import bars_of, draw, finding
from reliefsim.report.publish import carry_out
from reliefsim.report.sensitivity_report import told
from reliefsim.results.sensitivity_rows import COLUMNS, leading
from reliefsim.results.uncertainty import write_uncertainty
from reliefsim.scenario import load_scenario, ranged_quantities, read, shipped_names
from reliefsim.scenario.value_names import value_name, value_unit
from reliefsim.store import FolderError, Row, read_table, sha256
from reliefsim.study.queries.sobol import INDICATORS
from reliefsim.study.queries.sobol import rows as evaluations
from reliefsim.study.request import Sensitivity, StudyRequest
from reliefsim.study.running.runner import run_study
from reliefsim.study.statistics.points import points

SMALL = ("caseload.people=300",)
OVER = ("dtm.find_probability", "grants.usaid.until_day", "services.nfi.need_share", "services.livelihoods.cases_per_worker")


def asked(folder: Path | None, rows: int = 64, seed: int = 5, over: tuple[str, ...] = OVER, resume: bool = False) -> StudyRequest:
    reading = read("baseline", SMALL)
    return StudyRequest(
        (reading,), replications=1, seed=seed, points=evaluations(reading.scenario, rows, seed, over), over=over,
        question=Sensitivity(rows), folder=folder, resume=resume, command=("reliefsim", "sensitivity"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sensitivity") / "study"
    carry_out(asked(place))
    return place


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    return read_table(folder / "sensitivity.csv")


def test_a_study_leaves_its_table_its_figure_and_how_it_was_made(folder: Path) -> None:
    files = {path.name for path in folder.iterdir() if path.is_file()}
    figure = {"sensitivity.png", "sensitivity.svg"}
    assert files == {"sensitivity.csv", "scenario-baseline.toml", "run.json", "datapackage.json"} | figure
    made = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert made["outputs"]["sensitivity.csv"] == sha256(folder / "sensitivity.csv")
    assert (made["seed"], made["replications"], made["command"]) == (5, 1, ["reliefsim", "sensitivity"])


def test_every_value_has_a_row_for_every_indicator_as_the_scenario_states_it(rows: list[Row]) -> None:
    assert tuple(rows[0]) == COLUMNS
    assert [(row["indicator"], row["path"]) for row in rows] == [(i, p) for i in INDICATORS for p in sorted(OVER)]
    stated = dict(ranged_quantities(load_scenario("baseline")))
    for row in rows:
        one = stated[row["path"]]
        assert tuple(float(row[name]) for name in ("low", "value", "high")) == (one.low, one.value, one.high)
        assert row["source"] == one.source
        assert (row["evaluations"], row["replications"]) == (str(64 * 6), "1")
    assert {row["label"] for row in rows} >= {"DTM rounds: find probability", "Essential non-food items: need share"}


def test_the_table_holds_the_indices_that_python_gets(rows: list[Row]) -> None:
    found = carry_out(asked(None))
    for name, values in (("total", found.total), ("first_high", found.first_high)):  # twelve digits, or all
        written = [float(row[name]) for row in rows]
        assert written == pytest.approx(values.ravel().tolist(), rel=1e-11, abs=1e-14, nan_ok=True)


def test_all_is_there_or_nothing_and_what_was_done_is_gone_on_with(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(publish, "write_manifest", full)
        with pytest.raises(OSError, match="No space left"):
            carry_out(asked(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kept"]
    with pytest.raises(FolderError, match="unfinished study"):
        carry_out(asked(tmp_path / "out"))
    with pytest.raises(FolderError, match="another study: seed was 5, is 6"):
        carry_out(asked(tmp_path / "out", resume=True, seed=6))
    monkeypatch.setattr("reliefsim.study.running.jobs.Work.do", full)  # all is kept: nothing is run again
    carry_out(asked(tmp_path / "out", resume=True))
    for name in ("sensitivity.csv", "sensitivity.png", "sensitivity.svg"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("words", [{"over": ("services.nfy",)}, {"rows": 100}])
def test_what_cannot_be_asked_leaves_no_folder(tmp_path: Path, words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\(got "):
        carry_out(asked(tmp_path / "out", **words))
    assert not (tmp_path / "out").exists()


def test_the_terminal_shows_the_values_that_matter_in_eighty_characters(rows: list[Row]) -> None:
    text = told(rows)
    assert max(map(len, text.split("\n"))) <= 80
    assert "384 evaluations of 1 replication each" in text
    assert "covers 90 % or more" in text
    assert leading(rows)[0] in {"grants.usaid.until_day", "services.nfi.need_share"}
    assert "services.livelihoods.cases_per_worker" not in leading(rows)
    assert "Livelihoods" not in text
    cell = next(row for row in rows if row["indicator"] == "people_reached" and row["path"] == leading(rows)[0])
    assert f"{100 * min(1, float(cell['total'])):.0f} (" in text


def changed(rows: list[Row], indicator: str, **cells: str) -> list[Row]:
    return [{**row, **cells} if row["indicator"] == indicator else row for row in rows]


def test_an_indicator_without_indices_is_named_and_not_drawn(rows: list[Row]) -> None:
    empty = dict.fromkeys(("first_order", "first_low", "first_high", "total", "total_low", "total_high"), "")
    gone = changed(rows, "gap_usd", **empty, interval_method="", note="not defined in 3 of 384 evaluations")
    assert "gap_usd has no indices: not defined in 3 of 384 evaluations." in told(gone).replace("\n", " ")
    assert "–" in told(gone)
    titles = [ax.get_title(loc="left") for ax in bars_of(gone).subfigs[0].axes]
    assert titles == ["People reached", "Need covered", "Cost of one reached"]
    none = [{**row, **empty, "note": "equal in every evaluation"} for row in rows]
    assert finding(none, []) == "baseline: no value that is not known moves its results"
    assert "has no indices" in told(none)
    bars_of(none)


def test_a_title_says_what_the_intervals_can_tell(rows: list[Row]) -> None:
    reached = [row for row in rows if row["indicator"] == "people_reached"]
    numbers = dict.fromkeys(OVER, ("0.1", "0.05", "0.2")) | {"dtm.find_probability": ("0.7", "0.6", "0.8")}

    def titled() -> str:
        made = [dict(zip(("total", "total_low", "total_high"), numbers[row["path"]], strict=True)) for row in reached]
        return finding([{**row, **one} for row, one in zip(reached, made, strict=True)], ["people_reached"])

    start = "baseline: people reached depends most on “DTM rounds: find probability”"
    assert titled() == f"{start}: 70 % of its variance stays if all others are known"
    numbers["services.nfi.need_share"] = ("0.5", "0.3", "0.65")
    assert titled() == f"{start} or “Essential non-food items: need share”: their intervals overlap"
    numbers["grants.usaid.until_day"] = ("0.5", "0.3", "0.65")
    assert titled() == f"{start}, though its interval overlaps with those of 2 others"


def test_a_figure_is_the_same_bytes_each_time_and_nothing_runs_out_of_it(
    rows: list[Row], folder: Path, tmp_path: Path
) -> None:
    draw(rows, tmp_path)
    assert (tmp_path / "sensitivity.png").read_bytes() == (folder / "sensitivity.png").read_bytes()
    assert (tmp_path / "sensitivity.svg").read_bytes() == (folder / "sensitivity.svg").read_bytes()
    with matplotlib.rc_context(SETTINGS):
        made = bars_of(rows)
        FigureCanvasAgg(made).draw()
    drawn, size = made.get_tightbbox(), made.get_size_inches()
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= size[0]
    assert drawn.y1 <= size[1]


def test_the_bars_are_as_long_as_the_table_says(rows: list[Row]) -> None:
    made = bars_of(rows)
    axes = made.subfigs[0].axes[0]
    wanted = {(row["path"]): row for row in rows if row["indicator"] == "people_reached"}
    lengths = [patch.get_width() for patch in axes.patches]
    columns = [100 * float(wanted[path][name]) for name in ("total", "first_order") for path in leading(rows)]
    assert lengths == pytest.approx(columns)
    assert all(ax.get_xlabel() == "% of its variance" for ax in made.subfigs[0].axes)


def test_long_names_do_not_meet(rows: list[Row]) -> None:
    long = [
        {**row, "label": f"{row['label']} {'of those who came with nothing in the last month ' * 3}"} for row in rows
    ]
    with matplotlib.rc_context(SETTINGS):
        made = bars_of(long)
        FigureCanvasAgg(made).draw()
    boxes = [label.get_window_extent() for label in made.subfigs[0].axes[0].get_yticklabels()]
    assert len(boxes) == 3
    assert all(upper.y0 >= lower.y1 for upper, lower in itertools.pairwise(boxes))


@pytest.mark.parametrize("name", shipped_names())
def test_every_value_with_a_range_has_a_name_and_a_unit_of_its_own(name: str) -> None:
    scenario = load_scenario(name)
    paths = [path for path, _ in ranged_quantities(scenario)]
    names = [value_name(scenario, path) for path in paths]
    assert len(set(names)) == len(names)
    assert all("_" not in one and one[0].isupper() and ": " in one for one in names)
    assert all(value_unit(scenario, path) for path in paths)


def test_values_are_named_by_what_they_belong_to() -> None:
    scenario = load_scenario("baseline")
    wanted = {
        "services.nfi.stock.lead_time.mean_days": ("Essential non-food items: stock, lead time, mean days", "days"),
        "locations.gao.closures.0.until_day": ("Gao: closure 1, until day", "day since the start"),
        "services.pss.need_share_by_class.aged": (
            "Psychosocial assistance: need share by class, Aged 60 and over", "share",
        ),
        "teams.counsellors.count": ("Counsellors: count", "number"),
        "grants.usaid.tranches.0.day": ("USAID: tranche 1, day", "day since the start"),
    }  # fmt: skip
    assert {path: (value_name(scenario, path), value_unit(scenario, path)) for path in wanted} == wanted


@pytest.mark.parametrize("replications", [1, 3])
def test_uncertainty_tells_not_knowing_from_chance(tmp_path: Path, replications: int) -> None:
    readings = (read("baseline", SMALL),)
    made = points([readings[0].scenario], 8, 5)
    study = run_study(StudyRequest(readings, replications=replications, seed=5, points=made))
    write_uncertainty(study, tmp_path)
    rows = read_table(tmp_path / "uncertainty.csv")
    arm = study.arms[0]
    assert len(rows) == len(arm.keys) + len(arm.monthly_keys)
    split = [row for row in rows if not row["note"]]
    assert bool(split) == (replications > 1)
    for row in split:
        assert float(row["share_not_knowing"]) + float(row["share_chance"]) == pytest.approx(1)
    place = [key.indicator for key in arm.keys].index("people_reached")
    reached = next(row for row in rows if row["indicator"] == "people_reached")
    assert float(reached["mean"]) == pytest.approx(np.mean(arm.values[:, place]))
    assert float(reached["p50"]) == pytest.approx(np.median(arm.values[:, place]))
    assert (reached["points"], reached["replications"]) == ("8", str(replications))
    if replications == 1:
        assert reached["note"] == "no split: no point has two runs"
        assert reached["share_chance"] == ""
    else:
        groups = arm.values[:, place].reshape(8, 3)
        inside = groups.var(axis=1, ddof=1).mean()
        across = max(0.0, groups.mean(axis=1).var(ddof=1) - inside / 3)
        assert float(reached["share_chance"]) == pytest.approx(inside / (inside + across))
        assert float(reached["sd"]) == pytest.approx(math.sqrt(inside + across))
