"""Bands over what is not known: the runs they are of, their quantiles, and the largest source of each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reliefsim.store import Row, read_table
from reliefsim.study.statistics.sources import CHANCE, NOBODY, largest_source

from .calling import CLINIC, call, edit, heard, judged, results

TOTAL = ("service", "group", "origin", "location", "grant", "period")


@pytest.fixture(scope="module")
def banded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty runs of a clinic at its point values, and thirty drawn."""
    place = tmp_path_factory.mktemp("banded")
    (place / "clinic.toml").write_text(CLINIC)
    assert run(place, "study") == 0
    return place


def run(place: Path, name: str, *more: str) -> int:
    ends = ("--replications", "30", "--no-figures", "--quiet", "--out", str(place / name))
    return call("run", str(place / "clinic.toml"), *more, *ends)[0]


def total(rows: list[Row], indicator: str) -> Row:
    return next(row for row in rows if row["indicator"] == indicator and not any(row[name] for name in TOTAL))


def test_the_drawn_runs_are_those_of_uncertain_and_the_others_are_left_as_they_were(banded: Path) -> None:
    assert run(banded, "drawn", "--uncertain") == 0
    assert run(banded, "point", "--point-values") == 0
    study, drawn, point = (results(banded / name) for name in ("study", "drawn", "point"))
    assert study["drawn_runs.csv"] == drawn["runs.csv"]
    assert {"bands.csv", "drawn_runs.csv"} == set(study) - set(point)
    assert all(study[name] == data for name, data in point.items() if name.endswith(".csv"))


def test_a_band_lies_between_quantiles_of_the_drawn_runs(banded: Path) -> None:
    band = total(read_table(banded / "study" / "bands.csv"), "cases_needed")
    runs = [float(row["cases_needed"]) for row in read_table(banded / "study" / "drawn_runs.csv")]
    assert [float(band[name]) for name in ("p10", "p50", "p90")] == pytest.approx(np.quantile(runs, (0.1, 0.5, 0.9)))
    assert float(band["mean"]) == pytest.approx(np.mean(runs))
    point = total(read_table(banded / "study" / "indicators.csv"), "cases_needed")
    assert band["at_point_values"] == point["mean"]
    assert band["largest_source"] == "arrivals.rate_per_day"


def test_bands_are_the_same_bytes_in_two_processes(banded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(banded, "two", "--backend", "processes", "--workers", "2") == 0
    assert results(banded / "two") == results(banded / "study")


def test_verify_runs_drawn_runs_again(banded: Path) -> None:
    assert judged(banded / "study")[::2] == (0, "")
    edit(banded / "study" / "drawn_runs.csv", "clinic,by-need,3,", "clinic,by-need,3,9")
    code, _, wrong = judged(banded / "study", "--sample", "60")
    assert code == 1
    assert "drawn_runs.csv: clinic/by-need/3" in wrong


def test_point_values_do_not_go_with_drawn_ones(banded: Path) -> None:
    for more in (("--uncertain",), ("--uncertain", "4")):
        code, _, said = heard("run", str(banded / "clinic.toml"), "--point-values", *more)
        assert (code, "--point-values: not with --uncertain" in said) == (2, True)


def test_without_ranges_there_are_no_bands(tmp_path: Path) -> None:
    plain = CLINIC.replace("{ value = 2, low = 1, high = 3 }", "2").replace("{ value = 0.25, low = 0.2, high = 0.4 }", "0.25")
    (tmp_path / "clinic.toml").write_text(plain)
    assert run(tmp_path, "study") == 0
    assert not (tmp_path / "study" / "bands.csv").exists()


RUNS = 100


def test_the_largest_source_is_told_with_its_share() -> None:
    """A number of three values at 8 : 3 : 1, and chance: the square of the correlation is that part of the variance."""
    random = np.random.default_rng(5)
    places = random.random((4000, 3))
    chance = random.normal(0, 0.5, 4000)
    drawn = places @ np.array([8.0, 3.0, 1.0]) + chance
    parts = np.array([64, 9, 1]) / 12
    found = largest_source(chance, drawn, places)
    assert found.place == 0
    assert found.share == pytest.approx(parts[0] / (parts.sum() + 0.25), abs=0.02)
    loud = random.normal(0, 9, 4000)
    found = largest_source(loud, places @ np.array([8.0, 3.0, 1.0]) + loud, places)
    assert found.place == CHANCE
    assert found.share == pytest.approx(81 / (81 + parts.sum()), abs=0.02)


def test_a_value_that_does_nothing_is_rarely_named() -> None:
    """Hundred values that do nothing, and no less chance at the point values than half: 5 of 100 at most are named, within
    three standard errors of 400 trials. Seen red with the limit of one value."""
    random = np.random.default_rng(7)
    named = 0
    for _ in range(400):
        point, drawn, places = 0.1 * random.normal(size=RUNS), random.normal(size=RUNS), random.random((RUNS, 100))
        named += largest_source(point, drawn, places).place not in (NOBODY, CHANCE)
    assert named <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5


def test_too_few_runs_and_equal_numbers_tell_nothing() -> None:
    places = np.linspace(0, 1, 9)[:, None]
    assert largest_source(places[:, 0], places[:, 0], places).place == NOBODY
    assert largest_source(np.ones(50), np.ones(50), np.linspace(0, 1, 50)[:, None]).place == NOBODY
    undefined = np.full(50, np.nan)
    assert largest_source(undefined, undefined, np.linspace(0, 1, 50)[:, None]).place == NOBODY
