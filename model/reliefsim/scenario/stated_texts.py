"""Texts, names and dates as a scenario file states them are checked; what is wrong is said in plain words."""

from __future__ import annotations

import datetime
import re
import unicodedata
from contextlib import suppress
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from .faults import shown

NO_SOURCE = "assumption, no source found"

FILE_NAME_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
NAME_PATTERN = r"^[^\u0000-,./:-@\[-^`{-\u007f]{1,64}$"  # for editors, who know no categories of letters
NAME_RULE = "Letters, digits, - and _ (1 to 64)"
FILE_NAME_RULE = f"{NAME_RULE}; of a scenario, letters A to Z"
RESERVED_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)
_LONGEST_DATE = 40  # characters
DATE_RULE = "A date is written YYYY-MM-DD, without quotes"


class Frozen(BaseModel):
    """A value checked at birth and never changed."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Needs(NamedTuple):
    """The keys that one kind of a thing must have, and those that it may have besides."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


def fault(
    kind: str, problem: str, rule: str = "", meant: str = "", got: float | None = None, part: str = ""
) -> PydanticCustomError:
    """An error in plain words: the problem, the rule it breaks, and what may have been meant.

    ``got`` and ``part`` name the number at fault, and where in an entry it stands, if it is not the value itself.
    """
    said = None if got is None else shown(got)
    text = problem + (f" (got {said})" if said else "")
    text += (f". {rule}" if rule else "") + (f". Did you mean {meant}?" if meant else "")
    words: dict[str, Any] = {"problem": problem, "rule": rule, "meant": meant, "got": said, "part": part}
    return PydanticCustomError(kind, "{text}", {"text": text, **words})


def text_problem(text: str) -> str:
    """What makes a text unfit to be shown: control characters, or ones that turn the direction of reading."""
    for character in text:
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs", "Zl", "Zp") and character not in "\n\t":
            return f"holds the control character U+{ord(character):04X}"
        if (kind == "Cf" and unicodedata.bidirectional(character) != "BN") or character in "\u200e\u200f\u061c":
            return f"holds the bidirectional character U+{ord(character):04X}"
    return ""


def _fit_text(text: str) -> str:
    if problem := text_problem(text):
        raise fault("text", problem, "Text that reads as it is written")
    return text


def name_problem(name: str, of_file: bool = True) -> str:
    """Why ``name`` may not name a scenario and its file, or a thing in it, in any script; empty if it may."""
    if not name:
        return "is an empty name"
    kinds = {one: unicodedata.category(one) for one in name}
    ascii_name = name if of_file else "".join("x" if kinds[one][0] in "LM" or kinds[one] == "Nd" else one for one in name)
    if not re.fullmatch(FILE_NAME_PATTERN[1:-1], ascii_name):
        return text_problem(name) or ("is too long a name" if len(name) > 64 else "is not a legal name")
    return "is a name that Windows keeps for itself" if name.lower() in RESERVED_NAMES else ""


def _fit_name(name: str) -> str:
    if problem := name_problem(name, of_file=False):
        raise fault("name", problem, NAME_RULE)
    return unicodedata.normalize("NFC", name)


def _fit_file_name(name: str) -> str:
    if problem := name_problem(name):
        raise fault("name", problem, FILE_NAME_RULE)
    return name


def _fit_date(raw: Any) -> Any:
    if isinstance(raw, datetime.datetime):
        raise fault("date", "must be a date without a time of day", DATE_RULE, raw.date().isoformat())
    if isinstance(raw, str):
        raise fault("date", "must be a date, not text", DATE_RULE, date_meant(raw))
    if not isinstance(raw, datetime.date):
        raise fault("date", "must be a date", DATE_RULE)
    if not 1900 <= raw.year <= 2200:
        raise fault("date", "lies outside the years 1900 to 2200", DATE_RULE)
    return raw


def date_meant(text: str) -> str:
    """The date that a text like 23/11/2012 or "2012-11-23" may have meant; empty if none."""
    if len(text) > _LONGEST_DATE:
        return ""
    found = re.fullmatch(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*", text)
    year_first = re.fullmatch(r"\s*(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ][0-9:.Z+-]*)?\s*", text)
    if found:
        day, month, year = (int(number) for number in found.groups())
        if day != month and max(day, month) <= 12:  # both are in use
            return f"{year:04}-{month:02}-{day:02} or {year:04}-{day:02}-{month:02}"
        day, month = (month, day) if month > 12 else (day, month)
    elif year_first:
        year, month, day = (int(number) for number in year_first.groups())
    else:
        return ""
    with suppress(ValueError):
        return datetime.date(year, month, day).isoformat()
    return ""


def _at_most(most: int) -> BeforeValidator:
    """A list with more elements is not looked into: there may be a hundred thousand faults in it."""

    def fit(raw: Any) -> Any:
        if isinstance(raw, (list, tuple)) and len(raw) > most:
            raise fault("too_many", f"holds {len(raw):,}", f"At most {most:,}; none was looked at")
        return raw

    return BeforeValidator(fit)


def _at_least_one(raw: Any) -> Any:
    """A list that is empty says nothing. Its elements are told apart: each has its own faults."""
    if isinstance(raw, (list, tuple)) and not raw:
        raise fault("too_few", "is empty", "At least one")
    return raw


MOST_NAMES = 1_000  # things in one section, or names in one list
MOST_COUNTS = 10_000  # dated counts in one series
MOST_VALUES = 100_000  # numbers in one list
Name = Annotated[str, AfterValidator(_fit_name), Field(json_schema_extra={"pattern": NAME_PATTERN})]
FileName = Annotated[str, AfterValidator(_fit_file_name), Field(json_schema_extra={"pattern": FILE_NAME_PATTERN})]
FEW = _at_most(MOST_NAMES)
SOME = _at_most(MOST_COUNTS)
MANY = _at_most(MOST_VALUES)
NOT_EMPTY = BeforeValidator(_at_least_one)
Names = Annotated[tuple[Name, ...], FEW]
Text = Annotated[str, Field(max_length=4000), AfterValidator(_fit_text)]
Date = Annotated[datetime.date, BeforeValidator(_fit_date)]
