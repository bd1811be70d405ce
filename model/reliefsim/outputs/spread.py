"""An estimate becomes a few characters: a mean and how far it may lie off, or the band of most replications."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from .files import Estimate

NONE = "–"
_TOO_SMALL = 0.00005  # of the mean: a half-width not worth its place


@dataclass(frozen=True)
class Spread:
    """How to write estimates: ``mean ± half-width``, or with ``as_band`` ``10th to 90th percentile``."""

    as_band: bool = False

    def plain(self, one: Estimate, scale: float = 1.0, decimals: int = 0) -> str:
        """As many decimals as the half-width needs to show; the mean alone where there is no interval."""
        if math.isnan(one.mean):
            return NONE
        if self.as_band and not math.isnan(one.p10):
            low, high = grouped(one.p10 * scale, decimals), grouped(one.p90 * scale, decimals)
            return low if low == high else f"{low} to {high}"
        mean, half = one.mean * scale, one.half * scale
        if math.isnan(half) or half < _TOO_SMALL * max(1.0, abs(mean)):
            return grouped(mean, decimals)
        places = max(decimals, min(3, math.ceil(-math.log10(half * 1.05))))
        return f"{grouped(mean, places)} ± {grouped(half, places)}"

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
