"""The known answers once more through the door a user has: files, the `run` command, indicators.csv."""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from pathlib import Path

import pytest
from scipy import stats

from . import formulas
from .running import FALSE_ALARM, SCENARIOS

REPLICATIONS = 60
Row = dict[str, str]

SERVED, LEFT = formulas.two_prices(1000, [(25, 0.7), (60, 0.3)])
MONTH_ON = formulas.birth_and_death(10, 0.25, 3, 0, 30, 200)
LATER = formulas.birth_and_death(10, 0.25, 3, 30, 230, 400)
BEHIND = formulas.birth_and_death(12, 0.25, 2, 0, 60, 600)
CYCLE = formulas.convoy_cycle(4, 20, 4)
BASE, REORDERED = formulas.shelf(2, 5, [14]), formulas.shelf(2, 5, range(11, 31))

# scenario, indicator, service, grant, exact value. Without spread it must be equal.
ANSWERS: list[tuple[str, str, str, str, float]] = [
    ("q2-three-teams", "wait_days", "aid", "", formulas.mean_wait(10, 0.25, 3)),
    ("q3-first-month", "cases_served", "aid", "", MONTH_ON.served_in_window),
    ("q3-first-month", "queue_length", "aid", "", MONTH_ON.mean_waiting),
    ("q3b-later-window", "queue_length", "aid", "", LATER.mean_waiting),
    ("q3c-overload", "cases_served", "aid", "", BEHIND.served_in_window),
    ("q3c-overload", "queue_length", "aid", "", BEHIND.mean_waiting),
    ("q5-one-team-constant", "wait_days", "aid", "", formulas.pollaczek_khinchine(0.8, 1, 0)),
    ("q5-one-team-exponential", "wait_days", "aid", "", formulas.pollaczek_khinchine(0.8, 1, 1)),
    ("q5-one-team-lognormal", "wait_days", "aid", "", formulas.pollaczek_khinchine(0.8, 1, 4)),
    ("q9-teams-for-all-exponential", "cases_open", "shelter", "", 500 * (1 - math.exp(-3))),
    ("q9-teams-for-all-constant", "cases_open", "shelter", "", 500),
    ("q12-one-a-day", "wait_days", "aid", "", 2.25),
    ("b1-leaves-when-full", "convoy_load", "transport", "", 20),
    ("b1-leaves-when-full", "wait_days", "transport", "", 19 / 8),
    ("b2-leaves-weekly", "convoy_load", "transport", "", 28),
    ("b2-leaves-weekly", "convoys", "transport", "", 10),
    ("b2-leaves-weekly", "wait_days", "transport", "", 3.5),
    ("b3-full-or-timer", "convoy_load", "transport", "", CYCLE.load),
    ("i1-base-stock", "fill_rate", "kits", "", BASE.fill_rate),
    ("i1-base-stock", "stock_on_hand", "kits", "", BASE.on_hand),
    ("i1-base-stock", "queue_length", "kits", "", BASE.backorders),
    ("i2-reorder-point", "fill_rate", "kits", "", REORDERED.fill_rate),
    ("i2-reorder-point", "stock_on_hand", "kits", "", REORDERED.on_hand),
    ("m1-one-price", "cases_served", "cash", "", 21_100),
    ("m1-one-price", "run_out_day", "cash", "", 211),
    ("m1b-odd-price", "cases_served", "cash", "", 22_810),
    ("m1b-odd-price", "lapsed_usd", "", "donor", 30),
    ("m3-two-prices", "cases_served", "cash", "", SERVED),
    ("m3-two-prices", "lapsed_usd", "", "donor", LEFT / 100),
    ("m4-two-donors", "spent_usd", "", "a", 324_000),
    ("m4-two-donors", "lapsed_usd", "", "b", 344_000 - 40 * formulas.mean_of_smaller(45 * 185, 8_600)),
    ("m5-a-request-a-day", "spent_usd", "", "a", 498_000),
    ("m5-a-request-a-day", "spent_usd", "", "b", 342_000),
    ("m5-a-request-a-day", "lapsed_usd", "", "a", 2_000),
    ("m5-a-request-a-day", "lapsed_usd", "", "b", 2_000),
    ("m5-a-request-a-day", "cases_served", "cash", "", 280),
    ("m5-a-request-a-day", "cases_unserved_money", "cash", "", 85),
    ("m6-three-equal-parts", "allocated_usd", "food", "", 281_333.34),
    ("m6-three-equal-parts", "allocated_usd", "shelter", "", 281_333.33),
    ("m6-three-equal-parts", "allocated_usd", "water", "", 281_333.33),
    ("g1-compound", "displaced", "", "", 25_000 * 1.03**12),
    ("g2-logistic", "displaced", "", "", formulas.logistic(25_000, 40_000, 0.25, 12)),
    ("g8-no-growth", "displaced", "", "", 25_000),
]


@pytest.fixture(scope="module")
def indicators(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """One study of every scenario that has an answer here."""
    out = tmp_path_factory.mktemp("study") / "known"
    files = [str(SCENARIOS / f"{name}.toml") for name in dict.fromkeys(answer[0] for answer in ANSWERS)]
    command = [sys.executable, "-m", "reliefsim", "run", *files, "--replications", str(REPLICATIONS), "--seed", "1"]
    subprocess.run([*command, "--out", str(out), "--workers", "1", "--no-figures", "--quiet"], check=True)
    return read(out / "indicators.csv")


def read(path: Path) -> list[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("scenario", "indicator", "service", "grant", "exact"), ANSWERS)
def test_the_run_command_gives_the_known_answer(
    indicators: list[Row], scenario: str, indicator: str, service: str, grant: str, exact: float
) -> None:
    wanted = {"scenario": scenario, "indicator": indicator, "service": service, "grant": grant}
    wanted |= {"group": "", "origin": "", "location": ""}
    (row,) = [row for row in indicators if all(row[key] == value for key, value in wanted.items())]
    assert (row["replications"], row["share_defined"]) == (str(REPLICATIONS), "1")
    mean, half = float(row["mean"]), (float(row["ci_high"]) - float(row["ci_low"])) / 2
    if half == 0:
        assert mean == pytest.approx(exact, rel=1e-9)
        return
    student = stats.t(REPLICATIONS - 1)
    assert abs(mean - exact) <= half * float(student.ppf(1 - FALSE_ALARM)) / float(student.ppf(0.975))
