"""A difference, its interval and the least that matters become a verdict."""

from __future__ import annotations

YES, NO, SAME, UNKNOWN = "yes", "no", "equal", ""  # whether a difference is more than chance
BETTER, WORSE, HIGHER, LOWER = "better", "worse", "higher", "lower"
TRIFLE, UNTOLD = "no difference that matters", "not distinguishable"


def verdict(mean: float, ends: tuple[float, float], real: str, sense: int, least: float, is_sure: bool = True) -> str:
    """What a difference comes to; ``sense``: 1, more is better; -1, less is; 0, neither, so that it is higher or lower.

    Better or worse: it is more than chance, and at least ``least``. No difference that matters: it is more than chance, and
    less; or the whole interval lies nearer to 0 than ``least`` (Schuirmann's two one-sided tests, Journal of
    Pharmacokinetics and Biopharmaceutics 15 (1987) 657, at twice their strictness); ``is_sure``: whether it covers what it
    says. Else it cannot be told from one that does not matter. Equal in all runs, or without interval, it is ``real``.
    """
    if real in (SAME, UNKNOWN):
        return real
    if real == NO:
        return TRIFLE if is_sure and max(abs(end) for end in ends) < least else UNTOLD
    if abs(mean) < least or mean == 0:
        return TRIFLE
    if not sense:
        return HIGHER if mean > 0 else LOWER
    return BETTER if mean * sense > 0 else WORSE
