"""Every figure of a study, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...results.study_folder import StudyFolder
from ..text.compared import compared
from .figure_coverage import coverage
from .figure_differences import differences
from .figure_fan import fans
from .figure_money import allocation
from .figure_people import through_the_year
from .figure_saving import draw_and_save
from .figure_waits import waits
from .figure_windows import spending_against_windows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: dict[str, Callable[[StudyFolder], Figure]] = {
    "1-allocation": allocation,
    "2-people-through-the-year": through_the_year,
    "3-spending-and-windows": spending_against_windows,
    "4-coverage": coverage,
    "5-waits": waits,
}
FANS = "12-displacement"  # of laws that are fitted to counts
OF_ALL: dict[str, Callable[[StudyFolder], Figure]] = {"6-differences": differences}  # of several arms, whatever they are


def draw_all(study: StudyFolder, folder: Path) -> set[str]:
    """Save every figure in ``folder``; scenarios of another operation have their own, named after the first.

    Returns the letters that no font of this machine has.

    What compares arms with the reference is drawn once, where there are any to compare.
    """
    missing: set[str] = set()
    for number, family in enumerate(study.families()):
        after = f"-{family.arms[0].scenario}" if number else ""
        for name, draw in FIGURES.items():
            missing |= draw_and_save(partial(draw, family), folder, f"{name}{after}")
    for name, draw in OF_ALL.items():
        if compared(study):
            missing |= draw_and_save(partial(draw, study), folder, name)
    if study.fan:
        missing |= draw_and_save(partial(fans, study), folder, FANS)
    return missing
