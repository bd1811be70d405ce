"""Numbers as a scenario file states them become checked values that keep their range and their source."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator, model_validator

from .faults import shown
from .misreadings import DIGITS, hint
from .stated_texts import NOT_EMPTY, Date, Frozen, Text, date_meant, fault


def _number(raw: Any) -> int | float:
    """``raw`` if it is a finite number."""
    if isinstance(raw, bool):
        raise fault("number", "must be a number, not true or false", DIGITS)
    if isinstance(raw, str):
        raise fault("number", "must be a number, not text", hint(raw))
    if not isinstance(raw, (int, float)):
        raise fault("number", "must be a number", f"{DIGITS}, or {{ value = 25000 }}")
    if isinstance(raw, float) and not math.isfinite(raw):
        raise fault("finite", "must be a finite number", "Neither nan nor inf")
    return raw


class Quantity(Frozen):
    """A number with the range it may lie in and where it comes from.

    A plain number in a file is a quantity without range or source.
    """

    value: int | float
    low: int | float | None = None
    high: int | float | None = None
    source: Text | None = None
    note: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain_number(cls, raw: Any) -> Any:
        return raw if isinstance(raw, (dict, Quantity)) else {"value": _number(raw)}

    @field_validator("value", "low", "high", mode="before")
    @classmethod
    def _is_number(cls, raw: Any) -> Any:
        return raw if raw is None else _number(raw)

    @model_validator(mode="after")
    def _range_holds_value(self) -> Quantity:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise fault("range", f"low {shown(self.low)} is above high {shown(self.high)}", "low ≤ value ≤ high", part="low")
        below, above = self.low is not None and self.value < self.low, self.high is not None and self.value > self.high
        if below or above:
            end = f"below low {shown(self.low)}" if below else f"above high {shown(self.high)}"
            raise fault("range", f"value lies {end}", "low ≤ value ≤ high", "", self.value, "value")
        return self

    @property
    def is_ranged(self) -> bool:
        """Whether the value may lie elsewhere than at its point."""
        return self.low is not None and self.high is not None and self.low < self.high


def highest(quantity: Quantity | None) -> float:
    """The most that a number may be; of none, 0."""
    return 0.0 if quantity is None else float(max(quantity.value, quantity.high or quantity.value))


@dataclass(frozen=True)
class Bound:
    """The numbers a quantity may hold: ``low`` (``positive``: above it) to ``high``, ``whole`` or to the ``cents``."""

    unit: str
    low: float
    high: float
    whole: bool = False
    cents: bool = False
    positive: bool = False

    def __call__(self, quantity: Quantity) -> Quantity:
        """Return ``quantity`` if its value, low and high are all within."""
        for part in ("value", "low", "high"):
            number = getattr(quantity, part)
            if number is not None and (problem := self._problem(number)):
                too_much = number > self.high
                meant = f"{number / 100:g}" if too_much and self.high == 1 and 1.1 < number <= 100 else ""
                raise fault("bound", problem, self.rule + self._need(number), meant, number, part)
        return quantity

    def holds(self, number: float) -> bool:
        """Whether a number may stand there."""
        return not self._problem(number)

    def _problem(self, number: float) -> str:
        if number < self.low:
            return "is negative" if self.low == 0 else f"is below {self.low:,g}"
        if self.positive and number <= self.low:
            return f"must be above {self.low:,g}"
        if number > self.high:
            return f"is above {figure(self.high)}"
        if self.whole and number != int(number):
            return "must be whole"
        # Decimal of the shortest text: 0.07 is 7 cents, although no float is.
        if self.cents and Decimal(str(number)) != Decimal(str(number)).quantize(Decimal("0.01")):
            return "has more than two decimals"
        return ""

    @property
    def rule(self) -> str:
        """What is allowed, in words."""
        above = "above " if self.positive else ""
        return f"{self.unit}, {above}{figure(self.low)} to {figure(self.high)}"

    def _need(self, number: float) -> str:
        if self.unit != PEOPLE_UNIT or number <= self.high:
            return ""
        gigabytes = min(number, _FAR_MORE) * BYTES_PER_PERSON / 1e9
        over = "about" if number <= _FAR_MORE else "more than"
        return f": at most {figure(self.high)} people; this run would need {over} {gigabytes:,.0f} GB of memory"


def figure(number: float) -> str:
    """A bound, as a rule says it."""
    return f"{number:,.0f}" if number == int(number) else f"{number:g}"


def _day_form(raw: Any) -> str:
    """Which form a point in time has; one form, so that one fault gives one message."""
    if isinstance(raw, str) and not date_meant(raw):
        return "<days>"
    return "<date>" if isinstance(raw, (datetime.date, datetime.time, str)) else "<days>"


PEOPLE_UNIT = "People"
BYTES_PER_PERSON = 150  # a member, its part of a household's record, and about one case record (records.py)
MOST_PEOPLE = 20_000_000
_FAR_MORE = 10**15  # people: a whole number of hundreds of digits is no float
MOST_USD = 10_000_000_000
MOST_DAYS = 20_000
MOST_OFTEN = 1e12  # of a rate or a weight

People = Annotated[Quantity, AfterValidator(Bound(PEOPLE_UNIT, 0, MOST_PEOPLE, whole=True))]
Count = Annotated[Quantity, AfterValidator(Bound("A whole number", 0, 1_000_000, whole=True))]
PositiveCount = Annotated[Quantity, AfterValidator(Bound("A whole number", 1, 1_000_000, whole=True))]
Share = Annotated[Quantity, AfterValidator(Bound("A share", 0, 1))]
PositiveShare = Annotated[Quantity, AfterValidator(Bound("A share", 0, 1, positive=True))]
Ratio = Annotated[Quantity, AfterValidator(Bound("A ratio", 0, 1000))]
Rate = Annotated[Quantity, AfterValidator(Bound("A rate", 0, MOST_OFTEN))]  # for a run: see check_size
MonthlyRate = Annotated[Quantity, AfterValidator(Bound("A share a month", -1000, 10))]  # -1 and less: see check_laws
Change = Annotated[Quantity, AfterValidator(Bound("A share of those displaced before", -1000, 1000))]
Factor = Annotated[Quantity, AfterValidator(Bound("A factor", 0, 1000, positive=True))]
Usd = Annotated[Quantity, AfterValidator(Bound("US dollars and cents", 0, MOST_USD, cents=True))]
DAYS = Bound("Days", 0, MOST_DAYS, positive=True)
Days = Annotated[Quantity, AfterValidator(DAYS)]
DaysOrNone = Annotated[Quantity, AfterValidator(Bound("Days", 0, MOST_DAYS))]
Hours = Annotated[Quantity, AfterValidator(Bound("Hours", 0, 24, positive=True))]
Cv = Annotated[Quantity, AfterValidator(Bound("A coefficient of variation", 0, 20))]
Mean = Annotated[Quantity, AfterValidator(Bound("People a household", 1, 1000))]
SinceStart = Annotated[Quantity, AfterValidator(Bound("Days since start_date", -MOST_DAYS, MOST_DAYS))]
# Plain numbers in lists, within the same bounds.
ListedPeople = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
ListedUsd = Annotated[float, Field(ge=0, le=MOST_USD)]
ListedDay = Annotated[float, Field(ge=0, le=MOST_DAYS)]
ListedDays = Annotated[float, Field(gt=0, le=MOST_DAYS)]
ListedWeight = Annotated[float, Field(ge=0, le=MOST_OFTEN)]
# A point in time: days since start_date (a plain or ranged number, fractions allowed), or a date (its midnight).
Day = Annotated[
    Annotated[SinceStart, Tag("<days>")] | Annotated[Date, Tag("<date>")],
    Discriminator(_day_form),
]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = f"^({'|'.join(WEEKDAYS)})(-({'|'.join(WEEKDAYS)}))?$"


def _fit_span(text: str) -> str:
    if not re.fullmatch(_SPAN, text):
        raise fault("week", "is no span of weekdays", 'Two weekdays as in "mon-fri" or "sun-thu", or a list of weekdays')
    return text


def working_days(works: str | tuple[str, ...] | None) -> frozenset[int]:
    """The weekdays that are worked, 0 Monday: a span, which may go over the end of the week, or a list; none: all."""
    if works is None:
        return frozenset(range(7))
    if not isinstance(works, str):
        return frozenset(WEEKDAYS.index(day) for day in works)
    first, last = (WEEKDAYS.index(day) for day in (works.split("-") * 2)[:2])
    return frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))


# The days of the week that are worked: a span, or a list of weekdays.
Works = Annotated[
    Annotated[str, AfterValidator(_fit_span), Field(json_schema_extra={"pattern": _SPAN}), Tag("<span>")]
    | Annotated[tuple[Literal[*WEEKDAYS], ...], NOT_EMPTY, Tag("<days>")],  # type: ignore[valid-type]
    Discriminator(lambda raw: "<span>" if isinstance(raw, str) else "<days>"),
]
PlanDay = Annotated[
    Annotated[float, Field(ge=0, le=MOST_DAYS), Tag("<days>")] | Annotated[Date, Tag("<date>")],
    Discriminator(_day_form),
]
