"""Forecasts of counts become backtest.csv, scorecard.csv, a pool file, and what is printed of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..growth.fitting import fit, left_out, moved
from ..growth.pools import PARAMETERS
from ..growth.scores import SURE, Forecast, Score, Series, scored
from ..growth.trend import DAYS_A_MONTH
from ..scenario.dump import toml
from ..store import write_table
from .terminal.columns import WIDTH, table

BACKTEST, SCORECARD = "backtest.csv", "scorecard.csv"
COLUMNS = ("model", "series", "group", "months", "relative_error", "log_crps", "held")
SCORES = ("model", "months", "relative_error", "log_crps", "held", "groups", "forecasts")
FITTED, LAST = "fitted", "last value"
ONSET_MONTHS = 6


def write_backtest(folder: Path, mine: Sequence[Forecast], last: Sequence[Forecast]) -> None:
    """Write every forecast, and the scores by lead."""
    rows: list[list[Any]] = []
    scores: list[list[Any]] = []
    for model, found in ((FITTED, mine), (LAST, last)):
        rows += [
            [model, one.series, one.group, one.lead, one.relative, one.crps, "yes" if one.held else "no"] for one in found
        ]
        scores += [[model, *_numbers(one)] for one in scored(found)]
    write_table(folder / BACKTEST, COLUMNS, rows)
    write_table(folder / SCORECARD, SCORES, scores)


def _numbers(one: Score) -> list[Any]:
    return [one.lead, one.relative, one.crps, one.held, one.groups, one.forecasts]


def told(series: Series, mine: Sequence[Score], last: Sequence[Score], pool: dict[str, Any]) -> str:
    """The scores beside the last value's, and who wins at which lead."""
    rivals = {one.lead: one for one in last}
    wins = [one.lead for one in mine if one.crps > rivals[one.lead].crps]
    heads = ["Months ahead", "Off by, %", "Last value, %", f"In its {100 * SURE:.0f} % band, %", "CRPS", "Last value"]
    cells = [
        [str(one.lead), f"{100 * one.relative:.1f}", f"{100 * rivals[one.lead].relative:.1f}", f"{100 * one.held:.0f}",
         f"{one.crps:.3f}", f"{rivals[one.lead].crps:.3f}"]
        for one in mine
    ]  # fmt: skip
    count = sum(one.forecasts for one in mine)
    lines = table(f"{series.name}: {count} forecasts, each from the counts before it alone (pool {pool['name']})", heads, cells)
    verdict = "At every lead the fitted law foresees better than the last value."
    if wins:
        leads = ", ".join(map(str, wins))
        verdict = f"At {leads} months the last value foresees better: no trend of this series lasts that long, or there is none."
    groups = len({one["group"] for one in pool.get("crises", [])})
    record = f"On crises of {groups} groups that it had not seen, such bands held in " + ", ".join(
        f"{100 * one['held']:.0f} % at {one['months']} months" for one in pool.get("scores", [])
    )
    return "\n".join([*lines, *textwrap.wrap(f"{verdict} {record}.", WIDTH), ""])


def fitted_pool(series: Sequence[Series], rows: Sequence[dict[str, str]], error: float) -> str:
    """A pool file: what all these crises teach, what they are, and the scores of each by what the other groups teach."""
    learned = fit(series)
    mine, last = left_out(series)
    spreads = {one.lead: sd for one in scored(last) for sd in [moved(series, one.lead)]}
    onsets = [one for one in map(_onset, series) if one is not None]
    low, high = (float(end) for end in np.quantile(onsets, (0.1, 0.9))) if onsets else (-0.1, 0.3)
    lines = ["# What other crises teach a law fitted to counts: made by reliefsim fit-pool.", f"count_error = {error}"]
    lines += [f"{key} = {getattr(learned, key):.6g}" for key in PARAMETERS]
    lines.append("# Growth a month over the first half year that was counted: eight of ten crises lie between.")
    lines.append(f"onset = [{low:.3g}, {high:.3g}]")
    lines += ["", "# How far a log count moves in so many months: the spread of the last value's forecasts.", "[last_value]"]
    lines += [f"{lead} = {sd:.4g}" for lead, sd in spreads.items()]
    for one, rival in zip(scored(mine), scored(last), strict=True):
        lines += ["", "[[scores]]", f"months = {one.lead}", f"relative_error = {one.relative:.4g}", f"log_crps = {one.crps:.4g}",
                  f"held = {one.held:.4g}", f"groups = {one.groups}", f"forecasts = {one.forecasts}",
                  f"last_value_log_crps = {rival.crps:.4g}"]  # fmt: skip
    by_name = {row["name"]: row for row in rows}
    for each in series:
        own = [one for one in mine if one.series == each.name]
        row = by_name.get(each.name, {})
        lines += ["", "[[crises]]", f"name = {toml(each.name)}", f"group = {toml(each.group)}"]
        lines += [f"{key} = {toml(row[key])}" for key in ("agency", "licence") if row.get(key)]
        lines += [f"counts = {len(each.dates)}", f"forecasts = {len(own)}"]
        if own:
            lines.append(f"held = {np.mean([one.held for one in own]):.3g}")
    return "\n".join(lines) + "\n"


def _onset(series: Series) -> float | None:
    """Growth a month from the first count to the last within half a year."""
    days = [(date - series.dates[0]).days for date in series.dates]
    last = max((place for place, day in enumerate(days) if 45 <= day <= ONSET_MONTHS * DAYS_A_MONTH), default=None)
    if last is None:
        return None
    return float((series.people[last] / series.people[0]) ** (DAYS_A_MONTH / days[last]) - 1)

