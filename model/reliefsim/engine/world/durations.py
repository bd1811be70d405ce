"""A law of durations and a place in a stream become whole seconds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined
from ...layout import CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, TRIANGULAR, UP_TO, VALUE
from .streams import block, uniform

if TYPE_CHECKING:
    pass


_SECONDS = 86_400.0


def standard_normal(u: float, v: float) -> float:
    """A standard normal number out of two uniform ones (Box and Muller, 1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Inverse of the triangular distribution function."""
    if high <= low:
        return low
    if u < (mode - low) / (high - low):
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


# The same two, as parts of kernels.
_normal, _triangular = inlined(standard_normal), inlined(triangular)


@compiled
def draw_seconds(
    law: Any, values: npt.NDArray[np.float64], key: np.uint64, unit: int, part: int, draw: int, kind: int
) -> int:
    """Seconds, at least 1, of a law at counter (unit, part, draw, kind); uses the draws with numbers ≥ ``draw``."""
    w0, w1, w2, w3 = block(key, unit, part, draw, kind)
    return seconds_of(law, values, w0, w1, w2, w3, key, unit, part, draw, kind)


@compiled
def seconds_of(
    law: Any, values: npt.NDArray[np.float64], w0: np.uint64, w1: np.uint64, w2: np.uint64, w3: np.uint64,
    key: np.uint64, unit: int, part: int, draw: int, kind: int,
) -> int:  # fmt: skip
    """As ``draw_seconds``, where the first block, ``w0`` to ``w3``, is made already."""
    if law.law <= CONSTANT:
        return max(1, int(law.a + 0.5))
    u = uniform(w0, w1)
    if law.law == EXPONENTIAL:
        seconds = -law.a * math.log(u)
    elif law.law == LOGNORMAL:
        seconds = math.exp(law.a + law.b * _normal(u, uniform(w2, w3)))
    elif law.law == GAMMA:
        seconds = law.b * _gamma(law.a, key, unit, part, draw, kind)
    elif law.law == TRIANGULAR:
        seconds = _triangular(u, law.a, law.b, law.c)
    else:
        at = law.first
        while at < law.first + law.count - 1 and u > values[at, UP_TO]:
            at += 1
        seconds = values[at, VALUE]
    return max(1, int(seconds + 0.5))


@compiled
def _gamma(shape: float, key: np.uint64, unit: int, part: int, draw: int, kind: int) -> float:
    """Marsaglia and Tsang, ACM TOMS 26 (2000) 363; below shape 1 by their power of a uniform."""
    w0, w1, _, _ = block(key, unit, part, draw, kind)
    boost = 1.0
    if shape < 1.0:
        boost = uniform(w0, w1) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    trial = 1
    while True:
        # Two blocks a trial; draw numbers step by 1024 so that they never meet another draw of the same unit.
        w0, w1, w2, w3 = block(key, unit, part, draw + 1024 * trial, kind)
        x = _normal(uniform(w0, w1), uniform(w2, w3))
        w0, w1, _, _ = block(key, unit, part, draw + 1024 * trial + 512, kind)
        v = (1.0 + c * x) ** 3
        if v > 0.0 and math.log(uniform(w0, w1)) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost * d * v
        trial += 1
