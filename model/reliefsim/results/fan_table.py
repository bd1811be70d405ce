"""A fitted law becomes fan.csv, between what displacement may lie from month to month, and scorecard.csv, how often such
bands were right."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..displacement import displaced
from ..engine.as_of import begun
from ..engine.world.growth_path import is_random, with_path
from ..growth.laws import known, taught
from ..indicators.time_series import month_ends
from ..store import write_table
from ..units import DAY, MONTH
from .study_folder import FAN, SCORECARD

if TYPE_CHECKING:
    from ..scenario.schema import Scenario
    from ..scenario.schema_growth import Law
    from ..study.running.runner import Study

PATHS = 1_000  # those of the first replications of the seed, however many the study has
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FAN_COLUMNS = ("scenario", "date", "counted", *(f"p{100 * share:02.0f}" for share in SHARES), "months_ahead")
SCORE_COLUMNS = ("scenario", "model", "months", "relative_error", "log_crps", "held", "groups", "forecasts")


def write_fans(study: Study, folder: Path) -> None:
    """Write both tables, if a scenario of the study takes another path in each replication."""
    scenarios = {arm.scenario: begun(arm.reading.scenario) for arm in study.arms}
    fitted = {name: (one, law) for name, one in scenarios.items() for law in one.displacement.values() if is_random(law)}
    if fitted:
        fans = (row for name, (one, law) in fitted.items() for row in _fan(name, one, law, study.seed))
        write_table(folder / FAN, FAN_COLUMNS, fans)
        scores = (row for name, (_, law) in fitted.items() for row in _scores(name, law))
        write_table(folder / SCORECARD, SCORE_COLUMNS, scores)


def _fan(name: str, scenario: Scenario, law: Law, seed: int) -> Iterator[list[str | float]]:
    """The counts that are known, then the first second and each month's end: between what the paths of PATHS lie."""
    of, start = known(law, scenario.start_date), scenario.start_date
    nothing = [np.nan] * len(SHARES)
    for date, people in zip(of.dates, of.people, strict=True):
        yield [name, date.isoformat(), people, *nothing, np.nan]
    seconds = np.concatenate([[0], month_ends(scenario)])
    paths = np.array([displaced(with_path(scenario, seed, number), seconds) for number in range(PATHS)])
    for second, numbers in zip(seconds.tolist(), np.quantile(paths, SHARES, axis=0).T, strict=True):
        day = start + datetime.timedelta(seconds=second)
        ahead = (day - of.dates[-1]).days * DAY / MONTH
        yield [name, day.isoformat(), np.nan, *map(round, numbers.tolist()), round(ahead, 2)]


def _scores(name: str, law: Law) -> Iterator[list[str | float]]:
    """How forecasts of the law, and of the last value, did on crises that the pool's parameters had no part in."""
    for one in taught(law).get("scores", ()):
        counted = (one["groups"], one["forecasts"])
        yield [name, "fitted", one["months"], one["relative_error"], one["log_crps"], one["held"], *counted]
        yield [name, "last value", one["months"], np.nan, one["last_value_log_crps"], np.nan, *counted]
