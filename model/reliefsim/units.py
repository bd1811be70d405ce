"""Whole amounts: parts that add up, and what a sum covers with its indirect cost."""

from __future__ import annotations

from collections.abc import Sequence

PPM = 1_000_000  # parts of a rate


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts proportional to ``weights``; what is left over goes to the largest remainders, then
    to the first by name. All zeros where no weight is positive."""
    are_whole = all(float(weight).is_integer() for weight in weights)
    whole = [int(weight) if are_whole else round(weight * 1_000_000_000) for weight in weights]
    everything = sum(whole)
    if everything <= 0:
        return [0] * len(whole)
    parts = [total * weight // everything for weight in whole]
    rests = [total * weight % everything for weight in whole]
    for place in sorted(range(len(whole)), key=lambda i: (-rests[i], i))[: total - sum(parts)]:
        parts[place] += 1
    return parts


def direct_within(cash: int, rate: int, direct: int = 0, indirect: int = 0) -> int:
    """The most cents of direct cost that ``cash`` covers with the indirect cost they bring, at ``rate`` millionths.

    ``direct`` and ``indirect``: what the grant has charged so far, for indirect cost is floor(rate × direct) over all.
    """
    found = max(0, ((cash + indirect + 1) * PPM - rate * direct) // (PPM + rate))
    while found > 0 and found + max(0, rate * (direct + found) // PPM - indirect) > cash:
        found -= 1
    return min(found, max(0, cash))
