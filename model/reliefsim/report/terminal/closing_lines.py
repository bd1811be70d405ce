"""A folder that was written becomes the last lines on a terminal: warnings, and where the files are."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...results.manifest import PACK
from ...screen import spelled
from .columns import WIDTH

if TYPE_CHECKING:
    from ...scenario import Reading

_INDENT = 12  # of file names, behind what they are


def closing(folder: Path, readings: Sequence[Reading]) -> str:
    """Every warning of the scenarios once, and the files of a folder by what they are for, in lines that fit."""
    return "\n".join([*_warnings(readings), *_places(folder)])


def noted(text: str, notes: Sequence[str]) -> str:
    """A text with notes behind it, each in lines that fit, and an empty line after."""
    return "\n".join([text, *(line for note in notes for line in (*_wrapped(note, "", "    "), ""))])


def _wrapped(text: str, first: str = "", others: str = "") -> list[str]:
    """Lines that fit; a path is not broken."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False, break_long_words=False
    )


def prose(text: str) -> str:
    """A text for a file (paragraphs of one line each) in lines that fit; a number and its sign stay on one line."""
    paragraphs = text.replace(" %", "\u00a0%").split("\n")
    return "\n".join(line for one in paragraphs for line in _wrapped(one) or [""]).replace("\u00a0%", " %")


def _warnings(readings: Sequence[Reading]) -> list[str]:
    found = dict.fromkeys(str(one) for reading in readings for one in reading.warnings)
    return [*(line for one in found for line in _wrapped(one, "", "    ")), ""] if found else []


def _places(folder: Path) -> list[str]:
    files = sorted(path.name for path in folder.iterdir() if path.is_file())
    kinds = {
        "open": [name for name in PACK if name in files],
        "read": [name for name in files if name.endswith(".md")],
        "tables": [name for name in files if name.endswith(".csv")],
    }
    lines = [f"Files in {spelled(folder)}/"]
    for kind, names in kinds.items():
        lines += _wrapped(", ".join(names), f"  {kind}".ljust(_INDENT), " " * _INDENT) if names else []
    if figures := [f"{name[:-4]}.png, .svg" for name in files if name.endswith(".png")]:
        lines.append("  figures".ljust(_INDENT) + f"\n{' ' * _INDENT}".join(figures))
    lines.append("  columns   datapackage.json says what each one means")
    lines.append("  made by   run.json, scenario-*.toml")
    if (folder / "kept").is_dir():
        lines.append("  kept      kept/ (each run's results, for --resume; may be removed)")
    return lines
