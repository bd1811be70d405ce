"""A seed, a replication and a purpose become a key; a key and a place in its stream become draws.

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, 2011):
a counter-based generator, so the draws of household 7 do not depend on whether household 6 was ever made. Keys come
from numpy's SeedSequence, by spawn keys of fixed length.
"""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined

GENERATOR = "Philox4x32-10, keyed by numpy SeedSequence"

# What the first counter word numbers, so that streams of different populations never meet.
INITIAL, ARRIVING, STATED, HOST, OTHER = 0, 1, 2, 3, 4

Words = npt.NDArray[np.uint64]
TILE = 256  # units whose blocks are made at once: their words stay in the processor's nearest store

_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)


@lru_cache(maxsize=256)
def _replication_key(seed: int, replication: int) -> bytes:
    """32 bytes for one replication, by a spawn key of fixed length."""
    return np.random.SeedSequence(seed, spawn_key=(replication,)).generate_state(8, np.uint32).tobytes()


def stream_key(seed: int, replication: int, purpose: str) -> np.uint64:
    """The key of the stream of one purpose in one replication.

    The purpose's name is hashed under the replication's key (BLAKE2, RFC 7693), so that no purpose's stream depends on
    which others there are. A numpy uint64, because a kernel must not see it as signed.
    """
    digest = hashlib.blake2b(purpose.encode(), digest_size=8, key=_replication_key(seed, replication)).digest()
    return np.uint64(int.from_bytes(digest, "little"))


@inlined
def block(key: np.uint64, unit: int, part: int, draw: int, kind: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four words of 32 bits, as uint64: the block at counter (unit, part, draw, kind) of the stream ``key``."""
    c0 = np.uint64(unit) & _LOW
    c1 = np.uint64(part) & _LOW
    c2 = np.uint64(draw) & _LOW
    c3 = np.uint64(kind) & _LOW
    k0 = np.uint64(key) & _LOW
    k1 = np.uint64(key) >> _SHIFT
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _SHIFT) ^ c1 ^ k0
        c1 = product_1 & _LOW
        c2 = (product_0 >> _SHIFT) ^ c3 ^ k1
        c3 = product_0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@compiled
def blocks(
    key: np.uint64, units: npt.NDArray[np.int64], part: int, draw: int, kinds: npt.NDArray[np.int64], words: Words, row: int
) -> None:  # fmt: skip
    """The blocks of many units of one stream: unit i's four words go to column i of ``words``, from ``row`` down.

    One plain loop over whole arrays, so that the processor does several units at a time.
    """
    for i in range(units.shape[0]):
        w0, w1, w2, w3 = block(key, units[i], part, draw, kinds[i])
        words[row, i] = w0
        words[row + 1, i] = w1
        words[row + 2, i] = w2
        words[row + 3, i] = w3


@compiled
def blocks_of_each(
    keys: Words, units: npt.NDArray[np.int64], parts: npt.NDArray[np.int64], draws: npt.NDArray[np.int64],
    kinds: npt.NDArray[np.int64], count: int, words: Words,
) -> None:  # fmt: skip
    """As ``blocks``, for ``count`` places that each have a stream, a part and a draw of their own."""
    for i in range(count):
        w0, w1, w2, w3 = block(keys[i], units[i], parts[i], draws[i], kinds[i])
        words[0, i] = w0
        words[1, i] = w1
        words[2, i] = w2
        words[3, i] = w3


@inlined
def short_uniform(word: np.uint64) -> float:
    """A number in (0, 1) out of one word: for choices, where 2**-32 is fine enough."""
    return (float(word) + 0.5) * (1.0 / 4294967296.0)


@inlined
def uniform(high: np.uint64, low: np.uint64) -> float:
    """A number in (0, 1) of 52 bits out of two words: for times and sizes."""
    return (float((high << np.uint64(20)) | (low >> np.uint64(12))) + 0.5) * (1.0 / 4503599627370496.0)


@compiled
def unit_rate_points(key: np.uint64, limit: float) -> npt.NDArray[np.float64]:
    """Points of a Poisson process of rate one on (0, limit), in order: the n-th never depends on the limit."""
    expected = limit + 10.0 * math.sqrt(limit) + 20.0
    points = np.empty(int(expected), np.float64)
    count = 0
    last = 0.0
    while True:
        w0, w1, _, _ = block(key, count, 0, 0, ARRIVING)
        last -= math.log(uniform(w0, w1))
        if last >= limit:
            return points[:count]
        if count == points.shape[0]:
            longer = np.empty(2 * count, np.float64)
            longer[:count] = points
            points = longer
        points[count] = last
        count += 1


def uniforms(seed: int, replication: int, purpose: str, count: int) -> list[float]:
    """The first ``count`` uniform draws in (0, 1) of one purpose."""
    key = stream_key(seed, replication, purpose)
    return [float(_first_uniform(key, number)) for number in range(count)]


@compiled
def _first_uniform(key: np.uint64, number: int) -> float:
    w0, w1, _, _ = block(key, number, 0, 0, OTHER)
    return uniform(w0, w1)
