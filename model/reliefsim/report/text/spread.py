"""An estimate becomes a few characters: a mean and how far it may lie off, or the band of most replications."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...results.estimate_rows import FULL, Estimate

NONE = "–"
SURE, LESS_SURE = "±", "~"  # before the reach of an interval that covers 95 %, and of one that may cover less
_TOO_SMALL = 0.00005  # of the mean: a reach not worth its place
MOST_DECIMALS = 3  # more are no easier to read than "less than 0.001"


@dataclass(frozen=True)
class Spread:
    """How to write estimates: ``mean ± reach``, or with ``as_band`` ``10th to 90th percentile``.

    The reach is the longer side of the interval; ``~`` stands for ``±`` where that covers less than 95 %.
    """

    as_band: bool = False

    def plain(self, one: Estimate, scale: float = 1.0, decimals: int = 0) -> str:
        """As many decimals as the reach needs to show; the mean alone where there is no interval."""
        if math.isnan(one.mean):
            return NONE
        if self.as_band and not math.isnan(one.p10):
            low, high = grouped(one.p10 * scale, decimals), grouped(one.p90 * scale, decimals)
            return low if low == high else f"{low} to {high}"
        mean, reach = one.mean * scale, one.reach * scale
        if math.isnan(reach) or reach < _TOO_SMALL * max(1.0, abs(mean)):
            return grouped(mean, decimals)
        places = _places(reach, decimals)
        sign = SURE if one.covers >= FULL else LESS_SURE
        return f"{grouped(mean, places)} {sign} {grouped(reach, places)}"

    def percent(self, one: Estimate) -> str:
        """A share in per cent."""
        return self.plain(one, 100.0, 1)

    def thousands(self, one: Estimate) -> str:
        """US dollars in thousands."""
        return self.plain(one, 0.001, 1)

    def run_out(self, one: Estimate) -> str:
        """The day where every run runs out; otherwise in which share of the runs."""
        if one.share_defined >= 1:
            return f"day {self.plain(one)}"
        if one.share_defined > 0:
            return f"{100 * one.share_defined:.0f} % of runs"
        return "never" if one.share_defined == 0 else NONE


Write = Callable[[Spread, Estimate], str]


def grouped(value: float, decimals: int = 0) -> str:
    """A number with commas between thousands and a true minus sign."""
    text = f"{value:,.{decimals}f}"
    bare = text.lstrip("-")
    return bare if not bare.strip("0.,") else text.replace("-", "−")


def signed(value: float, decimals: int = 0) -> str:
    """A number with its sign before it; 0 has none."""
    text = grouped(value, decimals)
    return text if text.startswith("−") or not text.strip("0.,") else f"+{text}"


def difference(one: Estimate, scale: float, decimals: int) -> tuple[str, str]:
    """A difference and both ends of its interval, with ``~`` before one that covers less than 95 %.

    As many decimals as its reach needs to show, and a mean and ends that are not 0 need to be seen not to be.
    """
    mean, low, high = one.mean * scale, one.low * scale, one.high * scale
    if math.isnan(low) or low == high:
        return apart(mean, decimals), NONE
    places = _places(min([one.reach * scale, *(abs(number) for number in (mean, low, high) if number)]), decimals)
    less = "" if one.covers >= FULL else f"{LESS_SURE} "
    return apart(mean, places), f"{less}{apart(low, places)} to {apart(high, places)}"


def apart(value: float, decimals: int = 0) -> str:
    """A difference with its sign, which is written as 0 only if it is 0: with more decimals, at last as ``+<0.001``."""
    places = places_to_show(value, decimals)
    if places is None:
        return f"{'+' if value > 0 else '−'}<{10.0**-MOST_DECIMALS:.{MOST_DECIMALS}f}"
    return signed(value, places)


def places_to_show(value: float, decimals: int, most: int = MOST_DECIMALS) -> int | None:
    """As many decimals, from so many on, as a number that is not 0 needs to be seen not to be; none if ``most`` do not do."""
    if value == 0 or math.isnan(value):
        return decimals
    return next((places for places in range(decimals, most + 1) if float(f"{value:.{places}f}") != 0), None)


def _places(reach: float, decimals: int) -> int:
    """As many decimals as a reach needs to show, three at most."""
    return max(decimals, min(MOST_DECIMALS, math.ceil(-math.log10(reach * 1.05))))


def intervals_of(what: str, covered: Sequence[int]) -> str:
    """What intervals of a mean are, said of those that cover least. ``covered``: in per cent, from the least."""
    if covered and covered[-1] < FULL:
        return f"intervals of the {what} that cover {covered[0]} % or more"
    less = f" (where few runs tell, {covered[0]} % or more)" if covered and covered[0] < FULL else ""
    return f"{FULL} % intervals of the {what}{less}"
