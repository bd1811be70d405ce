"""TOML text becomes a table and the line of every key.

A statement that is not TOML is named and passed over, so that the rest can be read.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from .faults import MOST_FAULTS, KeyPath, shown_text
from .locate import Places, Statement, TooDeepError, locate
from .words import DATE_RULE, date_meant

_MOST_REPAIRS = 50
_MOST_REREAD = 1_500_000  # characters parsed in all, so that a large broken file is still answered within a second
_ASSIGNMENT = re.compile(r"""\s*[A-Za-z0-9_"'][^=#\[\]{}]*=\s*(?P<value>.*?)\s*$""")
_QUOTES = str.maketrans("“”„‘’", "\"\"\"''")


@dataclass(frozen=True)
class Mistake:
    """A line that is not TOML, or says again what was said before."""

    line: int
    path: KeyPath
    problem: str
    rule: str = ""
    got: str = ""
    meant: str = ""


@dataclass
class Parsed:
    """What could be read of a text. ``unread``: keys whose value was passed over; ``whole``: nothing else was lost.

    ``more``: mistakes counted and not told.
    """

    table: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    unread: list[KeyPath] = field(default_factory=list)
    whole: bool = True
    more: int = 0


def parse(text: str) -> Parsed:
    """Read a TOML text as far as it can be read."""
    text = text.replace("\r\n", "\n")
    parsed = Parsed()
    lines = text.split("\n")
    try:
        places = locate(text)
        parsed.lines = places.lines
        _drop_repeated(places, lines, parsed)
        _parse_repairing(lines, places, parsed)
    except (RecursionError, TooDeepError) as error:
        line = error.line if isinstance(error, TooDeepError) else 1
        parsed.mistakes.append(Mistake(line, (), "is nested too deeply", "Tables within tables, a few levels deep"))
        parsed.whole = False
    except ValueError as error:  # a number of more digits than Python reads
        parsed.mistakes.append(Mistake(1, (), f"cannot be read: {error}"))
        parsed.whole = False
    return parsed


def _drop_repeated(places: Places, lines: list[str], parsed: Parsed) -> None:
    """Name each key or table that stands there twice, with both lines, and blank the second."""
    if len({one.path for one in places.statements}) == len(places.statements):
        return
    first: dict[KeyPath, Statement] = {}
    dropping = False
    for one in places.statements:
        if one.kind != "value":
            dropping = False
        earlier = first.get(one.path)
        repeated = earlier is not None and not (one.kind == earlier.kind == "element")
        if repeated and earlier is not None and not dropping:
            parsed.more += len(parsed.mistakes) >= MOST_FAULTS
            if not parsed.more:
                parsed.mistakes.append(_repeated(one, earlier))
            dropping = one.kind != "value"
        if repeated or dropping:
            lines[one.line - 1 : one.last_line] = [""] * (one.last_line - one.line + 1)
        else:
            first[one.path] = one


def _repeated(one: Statement, earlier: Statement) -> Mistake:
    what = "table" if one.kind != "value" else "key"
    problem = f"{what} stands here again; first in line {earlier.line}"
    return Mistake(one.line, one.path, problem, f"A {what} is written once")


def _parse_repairing(lines: list[str], places: Places, parsed: Parsed) -> None:
    """Parse; blank the line at fault and parse again, until all is read or a fault cannot be passed over."""
    left = _MOST_REREAD - sum(len(line) + 1 for line in lines)
    for _ in range(_MOST_REPAIRS):
        try:
            parsed.table = tomllib.loads("\n".join(lines))
            return
        except tomllib.TOMLDecodeError as error:
            line = _line_of(error, lines)
            statement = next((s for s in places.statements if s.line <= line <= s.last_line), None)
            path = statement.path if statement and statement.kind == "value" else ()
            written = lines[line - 1]
            parsed.mistakes.append(_explain(str(error), line, path, written))
            if not _stands_alone(written):
                break
            parsed.unread.append(path or ("*",))
            lines[line - 1] = ""
            left -= sum(len(one) + 1 for one in lines[:line])
            if left < 0:
                break
    parsed.whole = False


def _line_of(error: tomllib.TOMLDecodeError, lines: list[str]) -> int:
    found = re.search(r"at line (\d+)", str(error))
    if found:
        return min(int(found[1]), len(lines))
    return max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)


def _stands_alone(line: str) -> bool:
    """Whether the fault is within this line, so that the others can be read without it."""
    if not _ASSIGNMENT.match(line):
        return False
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError as error:
        return "Unclosed" not in str(error) and '"""' not in line and "'''" not in line
    return False


def _explain(message: str, line: int, path: KeyPath, written: str) -> Mistake:
    """A parser's message in plain words, with what may have been meant."""
    found = _ASSIGNMENT.match(written)
    value = re.sub(r"\s+#.*$", "", found["value"]) if found else ""
    problem, rule, meant = _likely(value) if value else ("", "", "")
    if not problem:
        reason = re.sub(r"\s*\(at .*\)$", "", message)
        problem, rule = f"is not TOML: {reason[:1].lower()}{reason[1:]}", "One key = value a line, text in quotes"
    got = value or written.strip()
    return Mistake(line, path, problem, rule, shown_text(got), meant)


def _likely(value: str) -> tuple[str, str, str]:
    """What is wrong with a value that is not TOML: problem, rule, what may have been meant."""
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}.*", value) or re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", value):
        meant = date_meant(value)
        return ("is no date", DATE_RULE, meant if meant != value else "")
    percent = re.fullmatch(r"(-?[\d.]+)\s*%", value)
    if percent and percent[1].count(".") <= 1 and any(c.isdigit() for c in percent[1]):
        return ("is not a number", "A share is written as a part of one", f"{float(percent[1]) / 100:g}")
    number = re.fullmatch(r"(?:USD|US\$|EUR|[$€£])?\s*(-?\d[\d, _]*(?:\.\d+)?)\s*(?:USD|EUR|[$€£])?", value)
    if number:
        digits = re.sub("[, _]", "", number[1])
        digits = re.sub(r"^(-?)0+(?=\d)", r"\1", digits)
        return ("is not a number", "Digits alone, without signs or separators", digits)
    if value.lower() in ("true", "false"):
        return ("is not TOML", "true and false are written small", value.lower())
    if value.translate(_QUOTES) != value:
        return ("is in quotes that TOML does not know", 'Straight quotes, "', "")
    if re.fullmatch(r"[A-Za-z][\w -]*", value):
        return ("is text without quotes", "Text stands in quotes", f'"{value}"')
    return ("", "", "")


def parse_value(text: str) -> Any:
    """One value as TOML writes it; a bare word is text, because a command line takes the quotes away.

    Raises ValueError with the problem in plain words, its rule and meaning as further arguments.
    """
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError) as error:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text):
            return text
        problem, rule, meant = _likely(text.strip())
        raise ValueError(problem or "is not a TOML value", rule or f"A value as in a file ({error})", meant) from None
    if set(table) != {"value"}:
        raise ValueError("is more than one value", "One key=value a setting", "")
    return table["value"]


