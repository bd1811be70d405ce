"""Series of several crises become what they teach: the parameters whose forecasts score best over all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .scores import LEADS, LEAST_COUNTS, Forecast, Series, forecasts, of_last_value, targets
from .trend import DAYS_A_MONTH, Learned, Numbers, ahead, comparable, filtered

BEGIN = Learned(0.06, 0.5, 0.1, 0.85, 0.6, 0.1)
STEPS = 200  # evaluations of a fit
SPREAD = 0.7  # of the logit of a parameter: how far a search looks at first
_EDGES = ((0.005, 0.5), (0.1, 2.0), (0.005, 3.0), (0.2, 0.97), (0.05, 0.95), (0.005, 1.0))  # of the parameters, in their order


def fit(series: Sequence[Series], begin: Learned = BEGIN, steps: int = STEPS) -> Learned:
    """The parameters with the least sum over leads of the mean log CRPS, each lead as a share of the last value's; every
    group of crises counts once. Nelder and Mead's search (The Computer Journal 7 (1965) 308), from ``begin`` on."""
    from scipy.optimize import minimize

    last = _by_lead([(one.group, one.lead, one.crps) for each in series for one in last_value(each, series)])

    def loss(point: Numbers) -> float:
        mine = _by_lead([row for one in series for row in _scores(one, _learned(point))])
        return sum(mine[lead] / last[lead] for lead in mine)

    first = _point(begin)
    corners = np.vstack([first, first + SPREAD * np.eye(len(first))])
    options: Any = {"maxfev": steps, "xatol": 1e-3, "fatol": 1e-4, "initial_simplex": corners}
    found = minimize(loss, first, method="Nelder-Mead", options=options)
    return _learned(found.x)


def last_value(series: Series, others: Sequence[Series]) -> list[Forecast]:
    """The last count's forecasts of a series, spread as those of other groups were off."""
    apart = [one for one in others if one.group != series.group]
    spreads = {lead: moved(apart, lead) for lead in LEADS}
    return of_last_value(series, spreads.__getitem__)


def moved(series: Sequence[Series], lead: int) -> float:
    """How far a log count moves until so many months later, root mean square, each group once; 1 where nobody knows."""
    groups: dict[str, list[float]] = {}
    for one in series:
        for months, by in _moves(one):
            if months == lead:
                groups.setdefault(one.group, []).append(by**2)
    return math.sqrt(float(np.mean([np.mean(rows) for rows in groups.values()]))) if groups else 1.0


def left_out(series: Sequence[Series]) -> tuple[list[Forecast], list[Forecast]]:
    """Forecasts of every crisis by what the other groups teach, and by its last value."""
    whole = fit(series)
    mine: list[Forecast] = []
    for group in sorted({one.group for one in series}):
        learned = fit([one for one in series if one.group != group], whole, STEPS // 3)
        mine += [each for one in series if one.group == group for each in forecasts(one, learned)]
    return mine, [each for one in series for each in last_value(one, series)]


def _moves(series: Series) -> list[tuple[int, float]]:
    """For each lead and count, how far the log moved."""
    months, logs, opened = _prepared(series)
    return [
        (lead, float(logs[then] - logs[place]))
        for place in range(LEAST_COUNTS - 1, len(logs))
        for lead, then in targets(months, place, opened)
    ]


def _prepared(series: Series) -> tuple[Numbers, Numbers, tuple[bool, ...]]:
    months = np.array([(date - series.dates[0]).days / DAYS_A_MONTH for date in series.dates])
    logs = np.log(np.maximum(np.array(series.people, np.float64), 1.0))
    return months, logs, comparable(series.dates, series.breaks)


def _scores(series: Series, learned: Learned) -> list[tuple[str, int, float]]:
    """(group, lead, log CRPS) of every forecast; as ``scores.crps``, all at once."""
    from scipy.special import ndtr

    months, logs, opened = _prepared(series)
    states = filtered(months, logs, series.error, learned, opened)
    rows = [
        (lead, float(logs[then]), *ahead(states[place], float(months[then] - months[place]), series.error))
        for place in range(LEAST_COUNTS - 1, len(logs))
        for lead, then in targets(months, place, opened)
    ]
    if not rows:
        return []
    values, weights, means, sds = (np.array([row[at] for row in rows]) for at in range(1, 5))

    def spread(apart: Numbers, sd: Numbers) -> Numbers:
        z = apart / sd
        found: Numbers = 2 * sd * np.exp(-z * z / 2) / math.sqrt(2 * math.pi) + apart * (2 * ndtr(z) - 1)
        return found

    own = (weights * spread(values[:, None] - means, sds)).sum(axis=1)
    both = np.sqrt(sds[:, :, None] ** 2 + sds[:, None, :] ** 2)
    pairs = spread(means[:, :, None] - means[:, None, :], both)
    crps = own - 0.5 * np.einsum("ij,ijk,ik->i", weights, pairs, weights)
    return [(series.group, row[0], float(one)) for row, one in zip(rows, crps, strict=True)]


def _by_lead(rows: Sequence[tuple[str, int, float]]) -> dict[int, float]:
    """The mean over groups of each lead's mean."""
    found: dict[int, dict[str, list[float]]] = {}
    for group, lead, value in rows:
        found.setdefault(lead, {}).setdefault(group, []).append(value)
    return {lead: float(np.mean([np.mean(one) for one in groups.values()])) for lead, groups in sorted(found.items())}


def _point(learned: Learned) -> Numbers:
    values = (
        learned.movement, learned.movement_spread, learned.slope_noise, learned.persistence, learned.trend_weight,
        learned.onset_slope,
    )  # fmt: skip
    shares = [(value - low) / (high - low) for value, (low, high) in zip(values, _EDGES, strict=True)]
    return np.array([math.log(share / (1 - share)) for share in shares])


def _learned(point: Numbers) -> Learned:
    shares = 1 / (1 + np.exp(-np.clip(point, -30, 30)))
    return Learned(*(low + float(share) * (high - low) for share, (low, high) in zip(shares, _EDGES, strict=True)))
