"""Values that are not known become points: for each value a place in its range, the same in every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ...scenario.schema import Scenario

Floats = npt.NDArray[np.float64]

DESIGNS = ("sobol", "latin-hypercube")
TWICE = 2  # measured: the error of a standard deviation over 4 to 110 values is the same for both designs about there
MOST_PATHS = 21_201  # dimensions that scipy's Sobol sequence has
POINTS, SENSITIVITY, RESAMPLING, TOGETHER = range(4)  # what a generator is for


@dataclass(frozen=True)
class Points:
    """Places of values that are not known, drawn for a whole study: ``values`` has shape (points, paths), from 0 to 1.

    A place is the share of a value's triangular distribution, on its low, value and high, that lies below. A scenario
    takes the dotted ``paths`` that it has with a range, each within its own; its other values stay as they are.
    """

    paths: tuple[str, ...]
    values: Floats
    shares_chance: ClassVar[bool] = False  # whether all points meet replications 0, 1, … or each its own

    @classmethod
    def stated(cls, found: dict[str, Any]) -> Points:
        """The points that ``state`` wrote down."""
        return cls(tuple(found["paths"]), np.array(found["values"], np.float64))

    def state(self) -> dict[str, Any]:
        """The points as plain lists, for a file."""
        return {"paths": list(self.paths), "values": self.values.tolist()}

    @property
    def evaluations(self) -> int:
        """How many points there are to run."""
        return len(self.values)

    @property
    def part_shape(self) -> tuple[int, int] | None:
        """Rows and columns of what one job leaves, where these are not its replications and their indicators."""
        return None

    def at(self, scenario: Scenario, point: int) -> Scenario:
        """A scenario with the values of one point."""
        from ...engine.world.durations import triangular
        from ...scenario.ranges import ranged_quantities, with_values

        places = dict(zip(self.paths, self.places(point).tolist(), strict=True))
        taken = {}
        for path, quantity in ranged_quantities(scenario):
            if path in places:
                low, high = float(quantity.low or 0), float(quantity.high or 0)
                taken[path] = triangular(places[path], low, float(quantity.value), high)
        return with_values(scenario, taken)

    def places(self, point: int) -> Floats:
        """The places of one point, shape (paths,)."""
        return np.asarray(self.values[point])


def points(
    scenarios: Sequence[Scenario], count: int, seed: int, over: Sequence[str] | None = None, design: str | None = None
) -> Points:
    """Spread ``count`` points evenly over all values that have a range in any scenario, or over those ``over`` names.

    ``sobol``, a scrambled Sobol sequence (Owen, Journal of Complexity 14 (1998) 466), is the default from TWICE as many
    points as values on; below, where some of its dimensions run alongside (of 110 at 64 points two correlate with 0.9),
    ``latin-hypercube`` (McKay, Beckman and Conover, Technometrics 21 (1979) 239). Raises ValueError for another design,
    no points, and what ``chosen`` does.
    """
    from scipy.stats import qmc

    if design not in (None, *DESIGNS):
        raise ValueError(f"no such design (got {str(design)[:60]}). One of {', '.join(DESIGNS)}")
    if count < 1:
        raise ValueError(f"at least one point is needed (got {count})")
    paths = chosen(scenarios, over)
    if design is None:
        design = "sobol" if count >= TWICE * len(paths) else "latin-hypercube"
    if design == "latin-hypercube":
        return Points(paths, qmc.LatinHypercube(len(paths), rng=generator(seed, POINTS)).random(count))
    return Points(paths, sobol(len(paths), count, generator(seed, POINTS)))


def sobol(dimensions: int, count: int, random: np.random.Generator) -> Floats:
    """The first ``count`` points of a scrambled Sobol sequence, shape (count, dimensions)."""
    from scipy.stats import qmc

    whole = qmc.Sobol(dimensions, rng=random).random_base2((count - 1).bit_length())
    return np.asarray(whole[:count], np.float64)


def generator(seed: int, purpose: int) -> np.random.Generator:
    """The generator for one purpose; its spawn key is longer than a replication's, so that the two never meet."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(purpose, 0)))


def chosen(scenarios: Sequence[Scenario], over: Sequence[str] | None = None) -> tuple[str, ...]:
    """The dotted paths of the values with a range in any scenario, in order; of those, all that ``over`` names.

    A name is a whole path or the first parts of one. Raises ValueError for a name of nothing, and for no values.
    """
    from ...scenario.ranges import ranged

    paths = sorted({path for scenario in scenarios for path in ranged(scenario)})
    if over is not None:
        faults = [fault for name in over if (fault := _fault(name, paths))]
        if faults:
            raise ValueError("; ".join(faults))
        paths = [path for path in paths if any(f"{path}.".startswith(f"{name}.") for name in over)]
    if not paths:
        raise ValueError("no value has a range (low and high)" if over is None else "no value is named")
    if len(paths) > MOST_PATHS:
        raise ValueError(f"at most {MOST_PATHS:,} values with a range can be varied at once (got {len(paths):,})")
    return tuple(paths)


def _fault(name: str, paths: Sequence[str]) -> str:
    """What is wrong with a name of a part; empty if it names values with a range."""
    from ...scenario.faults import nearest, shown_text

    parts = [path.split(".") for path in paths]
    legal = {".".join(keys[:length]) for keys in parts for length in range(1, len(keys) + 1)}
    if name in legal:
        return ""
    as_deep = {one for one in legal if one.count(".") == name.count(".")}
    near = nearest(name, as_deep) or nearest(name, legal)
    meant = f". Did you mean {near}?" if near else ""
    return f"no value with a range has such a name (got {shown_text(name)}){meant}"
