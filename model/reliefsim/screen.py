"""A text becomes what a terminal shows: what would steer the terminal, or turn the direction of reading, is spelled out."""

from __future__ import annotations

import re

# Controls (C0, C1), halves of a surrogate pair, line and paragraph separators, and what turns the direction of reading.
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]")
_BREAKS = re.compile(f"[\t\n]|{_STEERS.pattern}")


def printable(text: str) -> str:
    """A text of several lines."""
    return _STEERS.sub(_code, text)


def spelled(text: object) -> str:
    """A text of one line, such as a path."""
    return _BREAKS.sub(_code, str(text))


def say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print a text; every text of this program that others may have written goes this way."""
    import click

    click.echo(printable(str(text)), err=err, nl=nl)


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
