"""TOML text becomes a table and the line of every key.

A statement that is not TOML is named and passed over, so that the rest can be read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .faults import MOST_FAULTS, KeyPath, shown_text
from .locate import Places, Statement, TooDeepError, locate, states_nothing
from .misreadings import A_DATE, DIGITS, is_part_of_date, numbers_meant, plain
from .stated_texts import DATE_RULE, date_meant

_MOST_REPAIRS = 50
_MOST_REREAD = 1_500_000  # characters parsed in all, so that a large broken file is still answered within a second
# No two repeats side by side may match the same characters: a line of a million must be answered within a second.
_ASSIGNMENT = re.compile(r"""\s*[\w"'][^=#\[\]{}]*=(?P<value>.*)""")
_DIGITS = re.compile(r"[0-9_]+")
_MOST_DIGITS = 4_300  # that Python reads
_TOO_LARGE = 10**1_000
_WORD = re.compile(r"""
    "(?:[^"\\]|\\.)*" | '[^']*' | \#.* | (?P<key>[\w-]+) (?P<before>[ \t]{0,9}[=.])?""", re.VERBOSE)
_LONGEST_MENDED = 1_000  # characters of a line
_NO_NUMBER = re.compile(r"[^0-9.,' $€£%+-]")
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
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))  # é is one letter, however it was typed
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
        is_key = one.kind != "value" or not one.broken or "=" in lines[one.line - 1]  # and no word of what is no TOML
        repeated = is_key and earlier is not None and not (one.kind == earlier.kind == "element")
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
    """Parse; mend or blank the line at fault and parse again, until all is read or a fault cannot be passed over."""
    left = _MOST_REREAD - sum(len(line) + 1 for line in lines)
    for _ in range(_MOST_REPAIRS):
        try:
            parsed.table = tomllib.loads("\n".join(lines))
            shorten(parsed.table)
            return
        except tomllib.TOMLDecodeError as error:
            line, message = _line_of(error, lines), str(error)
        except ValueError:  # more digits than Python reads
            line, message = next(number for number, one in enumerate(lines, 1) if _longest_number(one)), ""
        written = lines[line - 1]
        statement = _statement_of(line, written, places.statements)
        stated = statement.path if statement else ()
        path = stated if statement and statement.kind == "value" else ()
        quoted = _quoted(written) if message else ""
        if digits := "" if message else _longest_number(written):
            parsed.mistakes.append(Mistake(line, path, f"cannot be read: a number of {len(digits):,} digits", DIGITS))
            parsed.unread.append(path or ("*",))
            lines[line - 1] = written.replace(digits, "0")
        elif quoted != written:
            rule = "Letters beyond A to Z stand in quotes, in keys too"
            parsed.mistakes.append(Mistake(line, stated, "is not TOML", rule, shown_text(written.strip()), quoted.strip()))
            lines[line - 1] = quoted
        else:
            parsed.mistakes.append(_explain(message, line, path, written))
            end = line
            if _stands_alone(written):
                parsed.unread.append(path or ("*",))
            elif states_nothing(written) and (statement is None or statement.line == line):
                end = _end_of_table(line, places, len(lines)) if statement else line
                parsed.whole = False
            else:
                break
            lines[line - 1 : end] = [""] * (end - line + 1)
        left -= sum(len(one) + 1 for one in lines[:line])
        if left < 0:
            break
    parsed.whole = False


def _end_of_table(line: int, places: Places, last: int) -> int:
    """The last line that stands below a header."""
    return next((one.line - 1 for one in places.statements if one.line > line and one.kind != "value"), last)


def _statement_of(line: int, written: str, statements: Sequence[Statement]) -> Statement | None:
    """What a faulty line belongs to: one that is TOML by itself, to what was left open before it."""
    begun = [one for one in statements if one.line <= line]
    if len(begun) > 1 and begun[-2].broken and begun[-1].line == line and _is_toml(written):
        begun.pop()
    return begun[-1] if begun and (begun[-1].broken or line <= begun[-1].last_line) else None


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except ValueError:
        return False
    return True


def _longest_number(line: str) -> str:
    """A run of digits that is too long for Python; empty if there is none."""
    return next((one[0] for one in _DIGITS.finditer(line) if len(one[0]) > _MOST_DIGITS), "")


def _quoted(line: str) -> str:
    """A line with quotes around keys of letters that TOML has in quotes alone; the line as it is if that is no TOML."""
    if line.isascii() or len(line) > _LONGEST_MENDED:
        return line
    header = line.lstrip().startswith("[")

    def quoted(word: re.Match[str]) -> str:
        is_key = word["key"] and not word["key"].isascii() and (word["before"] if not header else True)
        return f'"{word["key"]}"{word["before"] or ""}' if is_key else word[0]

    mended = _WORD.sub(quoted, line)
    return mended if _is_toml(mended) else line


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
    value = re.split(r"\s#", f" {found['value']}", maxsplit=1)[0].strip() if found else ""
    problem, rule, meant = _likely(value) if value else ("", "", "")
    if not problem:
        reason = message.rpartition(" (at ")[0] or message
        problem, rule = f"is not TOML: {reason[:1].lower()}{reason[1:]}", "One key = value a line, text in quotes"
    got = value or written.strip()
    return Mistake(line, path, problem, rule, shown_text(got), meant)


def _likely(value: str) -> tuple[str, str, str]:
    """What is wrong with a value that is not TOML: problem, rule, what may have been meant."""
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}.*", value) or re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", value):
        meant = date_meant(value)
        return ("is no date", DATE_RULE, meant if meant != value else "")
    if is_part_of_date(value):
        return ("is a part of a date", f"{A_DATE}, without quotes", "")
    numbers = numbers_meant(value)
    if numbers or _NO_NUMBER.search(plain(value)) is None:
        rule = "A share is written as a part of one" if "%" in value else "Digits alone, without signs or separators"
        return ("is not a number", rule, " or ".join(numbers))
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
        if digits := _longest_number(text):
            raise ValueError(f"cannot be read: a number of {len(digits):,} digits", DIGITS, "") from None
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text):
            return text
        problem, rule, meant = _likely(text.strip())
        raise ValueError(problem or "is not a TOML value", rule or f"A value as in a file ({error})", meant) from None
    if set(table) != {"value"}:
        raise ValueError("is more than one value", "One key=value a setting", "")
    shorten(table)
    return table["value"]


def shorten(raw: Any) -> None:
    """Make whole numbers that Python does not turn into text such as it does: too large for any field all the same."""
    for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
        if isinstance(value, (dict, list)):
            shorten(value)
        elif isinstance(value, int) and abs(value) > _TOO_LARGE:
            raw[key] = _TOO_LARGE if value > 0 else -_TOO_LARGE


