"""Random numbers are those of the named generator, and no two purposes share them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reliefsim.engine.world.streams import block, stream_key, uniforms

# Random123's file kat_vectors (Salmon, Moraes, Dror, Shaw, 2011): counter, key, what comes out.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "known"), KNOWN)
def test_the_generator_gives_the_published_answers(counter: str, key: str, known: str) -> None:
    low, high = words(key)
    assert [int(word) for word in block(np.uint64(high << 32 | low), *words(counter))] == words(known)


def test_every_seed_replication_and_purpose_has_its_own_key() -> None:
    places = [
        (seed, replication, purpose)
        for seed in (0, 1, 2, 2**63 - 1)
        for replication in (0, 1, 2, 10, 999_999)
        for purpose in ("household", "class", "need:a", "need:b", "case:a", "trip:a", "lead:a", "pledge:a", "count:0")
    ]
    assert len({int(stream_key(*place)) for place in places}) == len(places)


def test_a_key_depends_on_nothing_else() -> None:
    first = int(stream_key(1, 3, "need:water"))
    stream_key(1, 4, "need:food")
    assert int(stream_key(1, 3, "need:water")) == first


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, 0, "need:a"), (1, 1, "need:a")), ((1, 0, "need:a"), (1, 0, "need:b")), ((1, 0, "need:a"), (2, 0, "need:a"))],
)
def test_streams_of_different_places_share_no_draw_and_are_not_correlated(
    one: tuple[int, int, str], other: tuple[int, int, str]
) -> None:
    """Of 2,000 pairs, a correlation of 0.14 is found with probability 0.99."""
    a, b = uniforms(*one, 2000), uniforms(*other, 2000)
    assert not set(a) & set(b)
    assert float(stats.pearsonr(a, b).pvalue) > 1e-4
    assert float(stats.kstest(a, "uniform").pvalue) > 1e-4


def test_replications_are_as_unlike_as_independent_ones() -> None:
    """The first draw of 2,000 replications is uniform, and none is like the next."""
    first = [uniforms(7, replication, "need:a", 1)[0] for replication in range(2000)]
    assert float(stats.kstest(first, "uniform").pvalue) > 1e-4
    assert float(stats.pearsonr(first[:-1], first[1:]).pvalue) > 1e-4
