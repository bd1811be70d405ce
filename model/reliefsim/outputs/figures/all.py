"""Every figure of a study, drawn and saved as PNG and SVG, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..compared import compared
from ..files import StudyFiles
from .canvas import SETTINGS
from .coverage import coverage
from .differences import differences
from .money import allocation
from .people import through_the_year
from .waits import waits
from .windows import spending_against_windows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: dict[str, Callable[[StudyFiles], Figure]] = {
    "1-allocation": allocation,
    "2-people-through-the-year": through_the_year,
    "3-spending-and-windows": spending_against_windows,
    "4-coverage": coverage,
    "5-waits": waits,
}
OF_ALL: dict[str, Callable[[StudyFiles], Figure]] = {"6-differences": differences}  # of several arms, whatever they are


def draw_all(study: StudyFiles, folder: Path) -> None:
    """Save every figure in ``folder``; scenarios of another operation have their own, named after the first.

    What compares arms with the reference is drawn once, where there are any to compare.
    """
    for number, family in enumerate(study.families()):
        after = f"-{family.arms[0].scenario}" if number else ""
        for name, draw in FIGURES.items():
            _draw(draw, family, folder, f"{name}{after}")
    for name, draw in OF_ALL.items():
        if compared(study):
            _draw(draw, study, folder, name)


def _draw(draw: Callable[[StudyFiles], Figure], study: StudyFiles, folder: Path, name: str) -> None:
    """One figure, in both formats."""
    import matplotlib

    with matplotlib.rc_context(SETTINGS):
        figure = draw(study)
        lay_out(figure)
        save(figure, folder / f"{name}.png")
        save(figure, folder / f"{name}.svg")


def lay_out(figure: Figure) -> None:
    """Find the places of all parts once, not for each file again: half of the time of drawing goes into it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def save(figure: Figure, path: Path) -> None:
    """Save one figure without a date, and with the same names inside each time."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    is_svg = path.suffix == ".svg"
    canvas = FigureCanvasSVG(figure) if is_svg else FigureCanvasAgg(figure)
    made = io.BytesIO()
    metadata = {"Date": None, "Creator": "reliefsim"} if is_svg else {"Software": "reliefsim"}
    canvas.print_figure(made, format=path.suffix[1:], dpi=150, metadata=metadata)
    path.write_bytes(made.getvalue())
