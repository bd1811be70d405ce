"""An estimate becomes a few characters: a mean and how far it may lie off."""

from __future__ import annotations

import math

from .files import Estimate

NONE = "–"
_TOO_SMALL = 0.00005  # of the mean: a half-width not worth its place


def spread(one: Estimate, scale: float = 1.0, decimals: int = 0) -> str:
    """`mean ± half-width`, with as many decimals as the half-width needs to show; the mean alone without one."""
    if math.isnan(one.mean):
        return NONE
    mean, half = one.mean * scale, one.half * scale
    if math.isnan(half) or half < _TOO_SMALL * max(1.0, abs(mean)):
        return grouped(mean, decimals)
    places = max(decimals, min(3, math.ceil(-math.log10(half * 1.05))))
    return f"{grouped(mean, places)} ± {grouped(half, places)}"


def grouped(value: float, decimals: int = 0) -> str:
    """A number with commas between thousands and a true minus sign."""
    text = f"{value:,.{decimals}f}"
    bare = text.lstrip("-")
    return bare if not bare.strip("0.,") else text.replace("-", "−")


def percent(one: Estimate) -> str:
    """A share in per cent."""
    return spread(one, 100.0, 1)


def thousands(one: Estimate) -> str:
    """US dollars in thousands."""
    return spread(one, 0.001, 1)


def run_out(one: Estimate) -> str:
    """The mean day where every run runs out; otherwise in which share of the runs."""
    if one.share_defined >= 1:
        return f"day {spread(one)}"
    if one.share_defined > 0:
        return f"{100 * one.share_defined:.0f} % of runs"
    return "never" if one.share_defined == 0 else NONE
