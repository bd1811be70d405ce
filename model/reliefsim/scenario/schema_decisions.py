"""What a scenario file may say of decisions: the values that are ours to choose, and which of them are legal."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, create_model, model_validator

from .quantities import MOST_OFTEN
from .stated_texts import MOST_NAMES, NOT_EMPTY, Date, Frozen, Text, date_meant, fault

MOST_LEGAL = 10_000  # values of one decision
SHARES = "shares"


def _form(raw: Any) -> str:
    """Which form a legal value has; one form, so that one fault gives one message."""
    if isinstance(raw, bool):
        return "<switch>"
    is_date = isinstance(raw, (datetime.date, datetime.time)) or (isinstance(raw, str) and date_meant(raw))
    return "<date>" if is_date else "<text>" if isinstance(raw, str) else "<number>"


Number = Annotated[int | float, Field(ge=-MOST_OFTEN, le=MOST_OFTEN)]
Legal = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Date, Tag("<date>")] | Annotated[Text, Tag("<text>")]
    | Annotated[bool, Tag("<switch>")],
    Discriminator(_form),
]  # fmt: skip
End = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Date, Tag("<date>")],
    Discriminator(lambda raw: "<date>" if _form(raw) == "<date>" else "<number>"),
]
# "from" is a word of Python: no class body may say it.
_From: type[Frozen] = create_model("_From", __base__=Frozen, **{"from": (End | None, None)})  # type: ignore[call-overload]


class Choice(_From):
    """Legal values of a decision: from one to another (both legal) in steps, or a list of ``values``."""

    to: End | None = None
    step: Annotated[float, Field(gt=0, le=MOST_OFTEN)] | None = None  # of dates, days; none: 1
    values: Annotated[tuple[Legal, ...], NOT_EMPTY, Field(max_length=MOST_LEGAL)] | None = None
    source: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Choice:
        begin, end = getattr(self, "from"), self.to
        if self.values is not None:
            if begin is not None or end is not None or self.step is not None:
                raise fault("choice", "states values and a way from one to another", "values, or from and to")
            if len(set(self.values)) < len(self.values):
                raise fault("choice", "states a value twice", "Each once", part="values")
            return self
        if begin is None or end is None:
            return self  # see check_decisions: what is misspelt here is told already
        if isinstance(begin, datetime.date) != isinstance(end, datetime.date):
            raise fault("choice", "goes from a date to a number", "Two dates, or two numbers")
        if begin > end:
            raise fault("choice", "from lies above to", "from ≤ to", part="from")
        if self.most / (self.step or 1) >= MOST_LEGAL:
            raise fault("choice", "has too many values", f"At most {MOST_LEGAL:,}: a larger step")
        return self

    @property
    def most(self) -> float:
        """How far the last lies from the first (of dates, days); of a list, 0."""
        begin, end = getattr(self, "from"), self.to
        if begin is None or end is None:
            return 0.0
        return float((end - begin).days if isinstance(end, datetime.date) else end - begin)

    @cached_property
    def legal(self) -> tuple[Any, ...]:
        """All legal values, in order; none where none are stated."""
        if self.values is not None:
            return self.values
        begin, step = getattr(self, "from"), self.step or 1
        if begin is None or self.to is None:
            return ()
        count = int(self.most / step + 1e-9) + 1
        if isinstance(begin, datetime.date):
            return tuple(begin + datetime.timedelta(days=round(step * one)) for one in range(count))
        whole = float(begin).is_integer() and float(step).is_integer()
        return tuple(int(begin + step * one) if whole else round(begin + step * one, 9) for one in range(count))


Decision = Annotated[
    Annotated[Literal["shares"], Tag("<shares>")] | Annotated[Choice, Tag("<choice>")],
    Discriminator(lambda raw: "<shares>" if isinstance(raw, str) else "<choice>"),
]
Decisions = Annotated[dict[Text, Decision], Field(max_length=MOST_NAMES)]
KEYS = frozenset(Choice.model_fields)


def flat(table: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Decisions as a file says them, each by its whole key: in quotes, `"teams.x.count" = {…}`, or without."""
    found: dict[tuple[str, ...], Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and value and not KEYS & value.keys():
            found |= flat(value, (*path, key))
        else:
            found[(*path, key)] = value
    return found
