"""Forecasts of counts become scores: how far off, how sharp and how often right, at leads of 1, 3, 6 and 12 months."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .trend import DAYS_A_MONTH, Learned, Numbers, ahead, comparable, filtered, quantiles

LEADS = (1, 3, 6, 12)  # months
LEAST_COUNTS = 3  # before a forecast
NEAR = (0.6, 1.5)  # of a lead: how far off the count may lie that it is held against
SURE = 0.9  # of the intervals


@dataclass(frozen=True)
class Series:
    """Dated counts of one crisis; ``group``: crises that are not independent of each other have one."""

    name: str
    group: str
    dates: tuple[datetime.date, ...]
    people: tuple[int, ...]
    breaks: tuple[datetime.date, ...] = ()
    error: float = 0.02


@dataclass(frozen=True)
class Forecast:
    """One forecast against what was counted then: ``lead`` of LEADS, relative error, log CRPS, whether the interval held."""

    series: str
    group: str
    lead: int
    relative: float
    crps: float
    held: bool


def crps(weights: Numbers, means: Numbers, sds: Numbers, value: float) -> float:
    """The continuous ranked probability score of a mixture of normals (Grimit and others, Quarterly Journal of the Royal
    Meteorological Society 132 (2006) 2925)."""

    def spread(apart: Numbers, sd: Numbers) -> Numbers:
        from scipy.special import ndtr

        z = apart / np.maximum(sd, 1e-12)
        found: Numbers = 2 * sd * np.exp(-z * z / 2) / np.sqrt(2 * np.pi) + apart * (2 * ndtr(z) - 1)
        return found

    kept = weights > 1e-6
    weights, means, sds = weights[kept] / weights[kept].sum(), means[kept], sds[kept]
    own = float((weights * spread(value - means, sds)).sum())
    pairs = spread(means[:, None] - means[None, :], np.sqrt(sds[:, None] ** 2 + sds[None, :] ** 2))
    return own - 0.5 * float(weights @ pairs @ weights)


def targets(months: Numbers, place: int, opened: Sequence[bool]) -> list[tuple[int, int]]:
    """For each lead the count that is nearest to it after the one at ``place``, if one is near and none in between is
    not comparable: (lead, its place)."""
    found = []
    last = next((one for one in range(place + 1, len(months)) if opened[one]), len(months))
    for lead in LEADS:
        ahead_by = months[place + 1 : last] - months[place]
        near = [one for one, by in enumerate(ahead_by) if NEAR[0] * lead <= by <= NEAR[1] * lead]
        if near:
            found.append((lead, place + 1 + min(near, key=lambda one: abs(float(ahead_by[one]) - lead))))
    return found


def forecasts(series: Series, learned: Learned) -> list[Forecast]:
    """Every forecast that a series allows, each from the counts up to then alone."""
    months = np.array([(date - series.dates[0]).days / DAYS_A_MONTH for date in series.dates])
    logs = np.log(np.maximum(np.array(series.people, np.float64), 1.0))
    opened = comparable(series.dates, series.breaks)
    states = filtered(months, logs, series.error, learned, opened)
    found = []
    for place in range(LEAST_COUNTS - 1, len(logs)):
        for lead, then in targets(months, place, opened):
            by = float(months[then] - months[place])
            mixture = ahead(states[place], by, series.error)
            low, middle, high = quantiles(states[place], by, ((1 - SURE) / 2, 0.5, (1 + SURE) / 2), series.error)
            error = abs(float(np.exp(middle - logs[then])) - 1)
            held = bool(low <= logs[then] <= high)
            found.append(Forecast(series.name, series.group, lead, error, crps(*mixture, float(logs[then])), held))
    return found


def of_last_value(series: Series, spread: Callable[[int], float]) -> list[Forecast]:
    """The same forecasts by the last count, with a normal spread of the log for each lead, learned from other crises."""
    months = np.array([(date - series.dates[0]).days / DAYS_A_MONTH for date in series.dates])
    logs = np.log(np.maximum(np.array(series.people, np.float64), 1.0))
    opened = comparable(series.dates, series.breaks)
    found = []
    for place in range(LEAST_COUNTS - 1, len(logs)):
        for lead, then in targets(months, place, opened):
            sd = spread(lead)
            value = float(logs[then] - logs[place])
            score = crps(np.ones(1), np.zeros(1), np.array([sd]), value)
            held = abs(value) <= 1.6449 * sd
            found.append(Forecast(series.name, series.group, lead, abs(float(np.exp(-value)) - 1), score, held))
    return found


@dataclass(frozen=True)
class Score:
    """Of one lead: means over groups (each group counts once), and how many groups and forecasts there were."""

    lead: int
    relative: float
    crps: float
    held: float
    groups: int
    forecasts: int


def scored(found: Sequence[Forecast]) -> list[Score]:
    """Scores by lead."""
    scores = []
    for lead in LEADS:
        groups: dict[str, list[Forecast]] = {}
        for one in found:
            if one.lead == lead:
                groups.setdefault(one.group, []).append(one)
        if groups:
            means = np.array([
                [float(np.mean([getattr(one, name) for one in group])) for name in ("relative", "crps", "held")]
                for _, group in sorted(groups.items())
            ])  # fmt: skip
            relative, score, held = (float(one) for one in means.mean(axis=0))
            scores.append(Score(lead, relative, score, held, len(groups), sum(map(len, groups.values()))))
    return scores
