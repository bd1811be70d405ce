"""A stated law of durations becomes a row of numbers that kernels draw from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...layout import CONSTANT, EMPIRICAL, EXPONENTIAL, GAMMA, LOGNORMAL, NO_LAW, TRIANGULAR

if TYPE_CHECKING:
    from ...scenario.schema_services import Duration

_SECONDS = 86_400.0


def number_law(duration: Duration | None, row: np.void, values: list[tuple[float, float]]) -> None:
    """Write ``duration`` into a row of type LAW; empirical values (seconds, cumulative weight) go behind ``values``.

    Lognormal: sigma² = log(1 + cv²), mu = log(mean) − sigma²/2. Gamma: shape = 1/cv², scale = mean·cv².
    """
    if duration is None:
        row["law"] = NO_LAW
        return
    mean = _SECONDS * float(duration.mean_days.value) if duration.mean_days else 0.0
    cv = float(duration.cv.value) if duration.cv else 0.0
    row["mean"] = mean
    if duration.law == "exponential":
        row["law"], row["a"] = EXPONENTIAL, mean
    elif duration.law == "gamma" and cv > 0:
        row["law"], row["a"], row["b"] = GAMMA, 1 / cv**2, mean * cv**2
    elif duration.law == "lognormal" and cv > 0:
        variance = math.log1p(cv**2)
        row["law"], row["a"], row["b"] = LOGNORMAL, math.log(mean) - variance / 2, math.sqrt(variance)
    elif duration.law == "triangular":
        parts = (duration.low_days, duration.mode_days, duration.high_days)
        low, mode, high = (_SECONDS * float(part.value) for part in parts if part is not None)
        row["law"], row["a"], row["b"], row["c"], row["mean"] = TRIANGULAR, low, mode, high, (low + mode + high) / 3
    elif duration.law == "empirical":
        days = duration.values_days or ()
        weights = duration.weights or (1.0,) * len(days)
        cumulative = np.cumsum(weights) / np.sum(weights)
        row["law"], row["first"], row["count"] = EMPIRICAL, len(values), len(weights)
        values.extend((_SECONDS * day, float(share)) for day, share in zip(days, cumulative, strict=True))
        row["mean"] = _SECONDS * float(np.dot(days, weights) / np.sum(weights))
    else:
        row["law"], row["a"] = CONSTANT, mean
