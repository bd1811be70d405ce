"""A figure becomes a PNG and an SVG file, the same bytes each time; letters that no font here has become one warning."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import tomllib
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .canvas import SETTINGS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Asked for letters that DejaVu Sans lacks, as far as they are installed: those that systems and Noto bring.
FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo",
    "Microsoft YaHei", "Malgun Gothic", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Noto Sans Arabic",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Ethiopic", "Noto Sans Khmer", "Noto Sans Myanmar",
    "Noto Sans Thai", "Nirmala UI", "Ebrima", "Leelawadee UI", "Myanmar Text", "Arial Unicode MS", "Unifont",
)  # fmt: skip
_MISSING = re.compile(r"Glyph (\d+) .*missing from (?:current font|font\(s\))")
_MOST_NAMED = 3  # labels
_PLACES = re.compile(rb' (?:d|x|y)="[^"]*"|translate\([^)]*\)')  # in an SVG: of paths, and of what is drawn many times
_FINE = re.compile(rb"(\.\d\d)\d+")


def draw_and_save(draw: Callable[[], Figure], folder: Path, name: str) -> set[str]:
    """Save one figure in both formats; the letters that no font here has, which stand in it as boxes."""
    missing = _saved(draw, folder, name)
    return _saved(draw, folder, name) if missing and _found_more() else missing


def _saved(draw: Callable[[], Figure], folder: Path, name: str) -> set[str]:
    import matplotlib

    fonts = [*SETTINGS["font.family"], *(one for one in FALLBACKS if one in _known())]
    with warnings.catch_warnings(record=True) as said, _no_bold_is_no_matter():
        warnings.simplefilter("always")
        with matplotlib.rc_context(SETTINGS | {"font.family": fonts}):
            figure = draw()
            lay_out(figure)
            save(figure, folder / f"{name}.png")
            save(figure, folder / f"{name}.svg")
    missing = set()
    for one in said:
        found = _MISSING.match(str(one.message))
        if found:
            missing.add(chr(int(found[1])))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return missing


@contextlib.contextmanager
def _no_bold_is_no_matter() -> Iterator[None]:
    """Fallbacks often have one weight, of which matplotlib would tell at each figure."""
    told = logging.getLogger("matplotlib.font_manager")
    before = told.level
    told.setLevel(logging.ERROR)
    try:
        yield
    finally:
        told.setLevel(before)


def _known() -> set[str]:
    from matplotlib.font_manager import fontManager

    return {one.name for one in fontManager.ttflist}


@cache
def _found_more() -> bool:
    """Whether there are fallbacks that matplotlib does not know, for it looks for fonts once and keeps the list."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    before, paths = _known(), {one.fname for one in fontManager.ttflist}
    for path in sorted(set(findSystemFonts()) - paths):
        with contextlib.suppress(OSError, RuntimeError):  # of no use to matplotlib
            fontManager.addfont(path)
    return bool((_known() - before) & set(FALLBACKS))


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
    path.write_bytes(_lighter(made.getvalue()) if is_svg else made.getvalue())


def _lighter(picture: bytes) -> bytes:
    """An SVG with its places cut to hundredths of a point and no lines set in: neither is seen, and a third of it is that."""
    return re.sub(rb"\n +", b"\n", _PLACES.sub(lambda place: _FINE.sub(rb"\1", place[0]), picture))


def undrawn(missing: Iterable[str], folder: Path) -> list[str]:
    """What is said of letters that figures in a folder lack, with the texts of its scenario files that have them; no
    line where none is lacking."""
    letters = set(missing)
    if not letters:
        return []
    texts: dict[str, None] = {}
    for path in sorted(folder.glob("scenario-*.toml")):
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        texts |= dict.fromkeys(text for text in _texts(stated) if letters & set(text))
    named = ", ".join(f"“{text}”" for text in list(texts)[:_MOST_NAMED]) or ", ".join(sorted(letters))
    more = f" and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    scripts = sorted({unicodedata.name(one, "unknown").split()[0].capitalize() for one in letters})
    written = ", ".join("CJK" if script == "Cjk" else script for script in scripts)
    said = (
        f"figures: warning: no font of this machine has the letters ({written}) of {named}{more}: boxes stand for them. The "
        "page, the workbook and the tables have them. Install a font that has them, such as one of Noto's, and run again"
    )
    return [said]


def _texts(stated: dict[str, Any]) -> Iterator[str]:
    """What figures name things by: labels, donors, titles."""
    for key, one in stated.items():
        if isinstance(one, dict):
            yield from _texts(one)
        elif isinstance(one, str) and key in ("label", "donor", "title"):
            yield one
