"""What every service may say, whatever its kind: who needs it, how they are found, how long it takes, what a case costs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from . import quantities as q
from .codes import Sector
from .stated_texts import MANY, MOST_NAMES, SOME, Date, Frozen, Name, Names, Needs, Text

DURATIONS = {
    "constant": Needs(("mean_days",)),
    "exponential": Needs(("mean_days",)),
    "gamma": Needs(("mean_days", "cv")),
    "lognormal": Needs(("mean_days", "cv")),
    "triangular": Needs(("low_days", "mode_days", "high_days")),
    "empirical": Needs(("values_days",), ("weights",)),
}


class Duration(Frozen):
    """How long something takes, in days. A plain number in a file is a constant.

    ``constant``: mean_days. ``exponential``: mean_days. ``gamma``, ``lognormal``: mean_days and cv (the mean and the
    coefficient of variation of the duration itself). ``triangular``: low_days, mode_days, high_days. ``empirical``:
    values_days, each as likely as its weight (equal if not given).
    """

    law: Literal[*DURATIONS]  # type: ignore[valid-type]
    mean_days: q.Days | None = None
    cv: q.Cv | None = None
    low_days: q.DaysOrNone | None = None
    mode_days: q.DaysOrNone | None = None
    high_days: q.Days | None = None
    values_days: Annotated[tuple[q.ListedDays, ...], MANY] | None = None
    weights: Annotated[tuple[q.ListedWeight, ...], MANY] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain_number(cls, raw: Any) -> Any:
        if isinstance(raw, Duration) or (isinstance(raw, dict) and "value" not in raw):
            return raw
        return {"law": "constant", "mean_days": raw}


AN_INSTANT = Duration(law="constant", mean_days=q.Quantity(value=1 / 86400))


class PriceList(Frozen):
    """A price drawn for each case: values_usd[i] with probability shares[i]."""

    values_usd: Annotated[tuple[q.ListedUsd, ...], MANY]
    shares: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], MANY]


def _price_form(raw: Any) -> str:
    is_list = isinstance(raw, PriceList) or (isinstance(raw, dict) and ("values_usd" in raw or "shares" in raw))
    return "<prices>" if is_list else "<usd>"


Price = Annotated[
    Annotated[q.Usd, Tag("<usd>")] | Annotated[PriceList, Tag("<prices>")],
    Discriminator(_price_form),
]


def _workers_form(raw: Any) -> str:
    return "<word>" if isinstance(raw, str) and not any(c.isdigit() for c in raw) else "<count>"


# Absent with no team naming the service, or "unlimited": as many as there are cases. Absent with teams: theirs alone.
Workers = Annotated[
    Annotated[q.Count, Tag("<count>")] | Annotated[Literal["unlimited"], Tag("<word>")],
    Discriminator(_workers_form),
]


class ServiceBase(Frozen):
    """What every service states: who needs it, how they are found, what a case costs."""

    label: Text | None = None
    unit: Literal["household", "member"] = "household"
    population: Literal["caseload", "hosts"] = "caseload"
    places: Names | None = None  # locations served; none given: all
    counts_as: Name | None = None  # reported under this name
    # Need, per unit, before what others meet: a share that arises on arrival, or cases a unit a year while present.
    need_share: q.Share | None = None
    need_share_by_class: Annotated[dict[Name, q.Share], Field(max_length=MOST_NAMES)] | None = None
    need_rate_year: q.Rate | None = None
    need_rate_year_by_class: Annotated[dict[Name, q.Rate], Field(max_length=MOST_NAMES)] | None = None
    met_by_others_share: q.Share = q.Quantity(value=0)
    served_at_start: q.Count = q.Quantity(value=0)  # cases of those there at the start, served before: needed no more
    intake: Literal["on-arrival", "dtm", "outreach"] = "on-arrival"
    outreach_share: q.Share = q.Quantity(value=1)  # of cases that outreach can find; the others wait for a DTM round
    outreach_delay: Duration | None = None
    after: Name | None = None  # the same household's (or member's) case of that service must be served first
    patience: Duration | None = None  # from opening; then the case gives up
    waiting_limit: q.Count | None = None  # how many may wait; one more is turned away
    unit_cost_usd: Price = q.Quantity(value=0)
    life_saving_rank: Annotated[int, Field(ge=1, le=1000)] = 1000
    value_per_case: q.Factor | None = None
    sector: Sector | None = None  # OCHA's code, for hapi.csv: it changes no number
    unpaid: Literal["stop", "skip"] | None = None  # none: the plan's
    works: q.Works | None = None  # the week of its workers, and of teams that state none; none: every day
    holidays: Annotated[tuple[Date, ...], SOME] | None = None  # days on which they start nothing

    @property
    def durations(self) -> dict[str, Duration]:
        """Every duration that is stated, by its place."""
        stated = {key: getattr(self, key, None) for key in ("duration", "patience", "outreach_delay")}
        return {key: one for key, one in stated.items() if one is not None}

    @property
    def dearest(self) -> float:
        """The most that a case may cost (USD)."""
        price = self.unit_cost_usd
        return max(price.values_usd, default=0.0) if isinstance(price, PriceList) else q.highest(price)

    def least_prices(self) -> dict[str, float]:
        """The least that must be paid at once (USD), by the key that says it: here a case."""
        price = self.unit_cost_usd
        least = min(price.values_usd, default=0.0) if isinstance(price, PriceList) else float(price.value)
        return {"unit_cost_usd": least}

    def most_paid(self, cases: float, size: float) -> dict[str, float]:
        """The most that so many cases of households of a size may cost (USD), by the key that says it."""
        return {"unit_cost_usd": self.dearest * cases}

    def most_paid_for_stock(self, cases: float) -> dict[str, float]:
        """The most that items for so many cases may cost (USD), by the key that says how many."""
        return {}

    def decisions(self, cases: float, size: float, horizon: float, money: float) -> dict[str, float]:
        """How often its actor decides something for so many cases, in events, by the key that makes it so.

        ``horizon``: days; ``money``: what the grants for it hold (USD).
        """
        return {}
