"""A scenario with ranges and a replication become a scenario without: every value that is not known, drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .durations import triangular
from .streams import uniforms

if TYPE_CHECKING:
    from ...scenario.quantities import Quantity
    from ...scenario.schema import Scenario


def drawn(scenario: Scenario, seed: int, replication: int) -> Scenario:
    """Each ranged value drawn from the triangular distribution on its low, value and high.

    A value's draw depends on its own path alone, so that scenarios which share a range share its draw. Shares that
    add up to one are scaled to do so again.
    """
    from ...scenario.ranges import ranged_quantities, with_values

    values = {path: _drawn(path, one, seed, replication) for path, one in ranged_quantities(scenario)}
    return with_values(scenario, values)


def places(paths: Sequence[str], seed: int, replications: int) -> npt.NDArray[np.float64]:
    """Where in its range each value lies in each replication of ``drawn``, as the share of its distribution below: shape
    (replications, paths)."""
    found = [[uniforms(seed, one, f"unknown:{path}", 1)[0] for path in paths] for one in range(replications)]
    return np.array(found, np.float64).reshape(replications, len(paths))


def with_pledges(scenario: Scenario, seed: int, replication: int) -> Scenario:
    """The ranged amounts and first days of pledges, drawn; all else stays, and a scenario without such is the same one.

    Nobody knows a pledge before it comes, so this is done in every replication. The draws are those of ``drawn``.
    """
    from ...scenario.quantities import Quantity
    from ...scenario.ranges import with_values

    values = {}
    for name, pledge in scenario.pledges.items():
        for key, stated in (("amount_usd", pledge.amount_usd), ("from_day", pledge.from_day)):
            if isinstance(stated, Quantity) and stated.is_ranged:
                path = f"pledges.{name}.{key}"
                values[path] = _drawn(path, stated, seed, replication)
    return with_values(scenario, values) if values else scenario


def _drawn(path: str, quantity: Quantity, seed: int, replication: int) -> float:
    """A value of the triangular distribution on a range, from a stream of its own."""
    u = uniforms(seed, replication, f"unknown:{path}", 1)[0]
    return triangular(u, float(quantity.low or 0), float(quantity.value), float(quantity.high or 0))
