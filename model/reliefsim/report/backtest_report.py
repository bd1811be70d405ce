"""Forecasts of counts become backtest.csv, scorecard.csv, a pool file, and what is printed of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..growth.backtest import COVERED, HORIZONS, Scored, Trial, last_value, scored, trial
from ..growth.pool_fit import fitted, scores_unseen
from ..growth.pools import PARAMETERS
from ..growth.recorded import DAYS_A_MONTH, Floats, Recorded
from ..growth.trend_filter import Trend
from ..scenario.dump import toml
from ..store import write_table
from .terminal.columns import WIDTH, table

BACKTEST, SCORECARD = "backtest.csv", "scorecard.csv"
COLUMNS = (
    "model", "series", "group", "date", "months", "people", "foreseen", "low", "high", "relative_error", "log_crps", "held",
)  # fmt: skip
SCORES = ("model", "months", "relative_error", "log_crps", "held", "groups", "forecasts")
FITTED, LAST = "fitted", "last value"
ONSET_MONTHS = 6


class Score(NamedTuple):
    """Of one horizon: means over groups of crises (each counts once), and how many groups and forecasts there were."""

    months: int
    error: float
    crps: float
    held: float
    groups: int
    forecasts: int


def by_horizon(of: Trial, found: Scored) -> list[Score]:
    """The scores of each horizon that there is a forecast at."""
    scores = []
    for place, months in enumerate(HORIZONS):
        cells = [of.by_cell(numbers)[:, place] for numbers in (found.error, found.crps, found.held)]
        there = np.isfinite(cells[0])
        if there.any():
            error, crps, held = (float(cell[there].mean()) for cell in cells)
            scores.append(Score(months, error, crps, held, int(there.sum()), int((of.horizon == place).sum())))
    return scores


def foreseen(counts: Recorded, trend: Trend, error: float, spreads: Sequence[float]) -> tuple[Trial, Scored, Scored]:
    """Each forecast of a series by a pool's parameters, and by its last value with a pool's spread. Raises ValueError."""
    of = trial([counts])
    forecast, _ = of.mixtures(trend, error)
    return of, scored(forecast, of.seen), scored(last_value(of, lambda _: spreads), of.seen)


def write_backtest(folder: Path, of: Trial, mine: Scored, last: Scored) -> None:
    """Write every forecast, and the scores by horizon."""
    pairs = [(record, pair) for record, some in zip(of.records, of.pairs, strict=True) for pair in some]
    rows: list[list[Any]] = []
    scores: list[list[Any]] = []
    for model, found in ((FITTED, mine), (LAST, last)):
        for place, (record, pair) in enumerate(pairs):
            low, middle, high = (float(np.exp(one[place])) for one in (found.low, found.middle, found.high))
            rows.append([
                model, record.name, record.group, record.dates[pair.target].isoformat(), HORIZONS[pair.horizon],
                record.people[pair.target], middle, low, high, float(found.error[place]), float(found.crps[place]),
                "yes" if found.held[place] else "no",
            ])  # fmt: skip
        scores += [[model, *one] for one in by_horizon(of, found)]
    write_table(folder / BACKTEST, COLUMNS, rows)
    write_table(folder / SCORECARD, SCORES, scores)


def told(of: Trial, mine: Scored, last: Scored, pool: dict[str, Any]) -> str:
    """The scores beside the last value's, and who wins at which horizon."""
    scores, rivals = by_horizon(of, mine), by_horizon(of, last)
    heads = ["Months ahead", "Off by, %", "Last value, %", f"In its {100 * COVERED:.0f} % band, %", "CRPS", "Last value"]
    cells = [
        [str(one.months), f"{100 * one.error:.1f}", f"{100 * rival.error:.1f}", f"{100 * one.held:.0f}", f"{one.crps:.3f}",
         f"{rival.crps:.3f}"]
        for one, rival in zip(scores, rivals, strict=True)
    ]  # fmt: skip
    name = of.records[0].name
    lines = table(f"{name}: {len(of.seen)} forecasts, each from the counts before it alone ({pool['name']})", heads, cells)
    wins = [str(one.months) for one, rival in zip(scores, rivals, strict=True) if one.crps > rival.crps]
    verdict = "At every distance the fitted law foresees better than the last value does."
    if wins:
        verdict = f"At {', '.join(wins)} months the last value wins: no trend of this series lasts so long, or there is none."
    held = ", ".join(f"{100 * one['held']:.0f} % at {one['months']} months" for one in pool.get("scores", []))
    record = f" On crises that the pool had not seen, such bands held in {held}." if held else ""
    return "\n".join([*lines, *textwrap.wrap(f"{verdict}{record}", WIDTH), ""])


def fitted_pool(records: Sequence[Recorded], rows: Sequence[dict[str, str]], error: float) -> str:
    """A pool file: what all these crises teach, what they are, and the scores of each by what the other groups teach.
    Raises ValueError where no forecast can be made."""
    of = trial(records)
    whole, without = fitted(of, error)
    mine, last = scores_unseen(of, without, error), scored(last_value(of), of.seen)
    onsets = [one for one in map(_onset, records) if one is not None]
    low, high = (float(end) for end in np.quantile(onsets, (0.1, 0.9)))
    squares = of.by_cell((of.seen - of.last) ** 2)
    spreads = [float(np.sqrt(np.nanmean(column))) for column in squares.T]
    lines = ["# What other crises teach a law fitted to counts: made by reliefsim fit-pool."]
    lines += [f"{key} = {getattr(whole, key):.6g}" for key in PARAMETERS]
    lines += ["", "# How far a count lies off the truth (its standard deviation, as a share): stated, for totals do not tell it."]
    lines.append(f"count_error = {error:g}")
    lines += ["", "# Growth a month over the first half year that was counted: eight of ten crises lie between."]
    lines.append(f"onset = [{low:.3g}, {high:.3g}]")
    ahead = ", ".join(map(str, HORIZONS))
    lines += ["", f"# How far a log count moves in {ahead} months: the spread of the last value's forecasts."]
    lines.append(f"last_value = [{', '.join(f'{one:.4g}' for one in spreads)}]")
    for one, rival in zip(by_horizon(of, mine), by_horizon(of, last), strict=True):
        lines += ["", "[[scores]] # of crises whose group had no part in the parameters", f"months = {one.months}"]
        lines += [f"relative_error = {one.error:.4g}", f"log_crps = {one.crps:.4g}", f"held = {one.held:.4g}"]
        lines += [f"groups = {one.groups}", f"forecasts = {one.forecasts}", f"last_value_log_crps = {rival.crps:.4g}"]
    for group, trend in without.items():
        lines += ["", f"[without.{toml(group)}] # what all other groups teach"]
        lines += [f"{key} = {getattr(trend, key):.6g}" for key in PARAMETERS]
    lines += _crises(of, records, rows, mine.held)
    return "\n".join(lines) + "\n"


def _crises(of: Trial, records: Sequence[Recorded], rows: Sequence[dict[str, str]], held: Floats) -> list[str]:
    """Each crisis, its source and licence, and how often its bands held."""
    by_name, places = {row["name"]: row for row in rows}, {one.name: place for place, one in enumerate(of.records)}
    lines = []
    for each in sorted(records, key=lambda one: one.name):
        row = by_name.get(each.name, {})
        lines += ["", "[[crises]]", f"name = {toml(each.name)}", f"group = {toml(each.group)}"]
        lines += [f"{key} = {toml(row[key])}" for key in ("crisis", "agency", "licence") if row.get(key)]
        own = held[of.crisis == places[each.name]] if each.name in places else held[:0]
        lines += [f"counts = {len(each.dates)}", f"forecasts = {len(own)}"]
        lines += [f"held = {own.mean():.3g}"] if len(own) else []
    return lines


def _onset(record: Recorded) -> float | None:
    """Growth a month from the first count to the last within half a year."""
    days = [(date - record.dates[0]).days for date in record.dates]
    last = max((place for place, day in enumerate(days) if 45 <= day <= ONSET_MONTHS * DAYS_A_MONTH), default=None)
    if last is None:
        return None
    return float((record.people[last] / record.people[0]) ** (DAYS_A_MONTH / days[last]) - 1)
