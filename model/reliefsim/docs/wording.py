"""The words of the tables that topics read off the program, in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from ..report.text.tongue import Tongue

NONE = "–"


def stored(language: str, name: str) -> str:
    """A text of the package in a language. Raises FileNotFoundError where there is none."""
    return (files(__package__) / language / name).read_text(encoding="utf-8")


class Wording:
    """One language: English texts are the keys of the others'."""

    def __init__(self, language: str) -> None:
        """``language``: ``en`` or ``fr``."""
        self.language = language
        self._texts: dict[str, str] = {} if language == "en" else _table(language, "words.toml")
        self._tongue = Tongue(language)

    @property
    def meanings(self) -> dict[str, dict[str, str]]:
        """What each key of the format means, by its table."""
        return _table(self.language, "keys.toml")

    def say(self, text: str) -> str:
        """A text in this language. Raises KeyError where it has none."""
        return text if self.language == "en" or not text else self._texts[text]

    def number(self, value: float) -> str:
        """A bound or a default."""
        return self._tongue.number(value, 0 if value == int(value) else len(f"{value:.9f}".rstrip("0").partition(".")[2]))

    def table(self, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
        """A table of Markdown; a bar in a cell is kept from ending it."""
        lines = [tuple(map(self.say, heads)), ("---",) * len(heads), *rows]
        return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


@cache
def _table(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads(stored(language, name))


def code(*words: str) -> str:
    """Words as they stand in a file."""
    return ", ".join(f"`{word}`" for word in words)
