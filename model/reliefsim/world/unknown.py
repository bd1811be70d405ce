"""A scenario with ranges and a replication become a scenario without: every value that is not known, drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .durations import triangular
from .streams import uniforms

if TYPE_CHECKING:
    from ..scenario.schema import Scenario


def drawn(scenario: Scenario, seed: int, replication: int) -> Scenario:
    """Each ranged value drawn from the triangular distribution on its low, value and high.

    A value's draw depends on its own path alone, so that scenarios which share a range share its draw. Shares that
    add up to one are scaled to do so again.
    """
    from ..scenario.ranges import ranged_quantities, with_values

    values = {}
    for path, quantity in ranged_quantities(scenario):
        low, high = float(quantity.low or 0), float(quantity.high or 0)
        u = uniforms(seed, replication, f"unknown:{path}", 1)[0]
        values[path] = triangular(u, low, float(quantity.value), high)
    return with_values(scenario, values)
