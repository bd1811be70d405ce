"""The four kinds of service a scenario may have, as its file states them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .codes import Sector
from .quantities import (
    Count,
    Cv,
    Day,
    Days,
    DaysOrNone,
    Factor,
    Hours,
    ListedDays,
    ListedUsd,
    ListedWeight,
    PositiveCount,
    Quantity,
    Rate,
    Share,
    Usd,
    Works,
)
from .stated_texts import MANY, MOST_NAMES, SOME, Date, Frozen, Name, Names, Text


class Duration(Frozen):
    """How long something takes, in days. A plain number in a file is a constant.

    ``constant``: mean_days. ``exponential``: mean_days. ``gamma``, ``lognormal``: mean_days and cv (the mean and the
    coefficient of variation of the duration itself). ``triangular``: low_days, mode_days, high_days. ``empirical``:
    values_days, each as likely as its weight (equal if not given).
    """

    law: Literal["constant", "exponential", "gamma", "lognormal", "triangular", "empirical"]
    mean_days: Days | None = None
    cv: Cv | None = None
    low_days: DaysOrNone | None = None
    mode_days: DaysOrNone | None = None
    high_days: Days | None = None
    values_days: Annotated[tuple[ListedDays, ...], MANY] | None = None
    weights: Annotated[tuple[ListedWeight, ...], MANY] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_plain_number(cls, raw: Any) -> Any:
        if isinstance(raw, Duration) or (isinstance(raw, dict) and "value" not in raw):
            return raw
        return {"law": "constant", "mean_days": raw}


class PriceList(Frozen):
    """A price drawn for each case: values_usd[i] with probability shares[i]."""

    values_usd: Annotated[tuple[ListedUsd, ...], MANY]
    shares: Annotated[tuple[Annotated[float, Field(ge=0, le=1)], ...], MANY]


def _price_form(raw: Any) -> str:
    is_list = isinstance(raw, PriceList) or (isinstance(raw, dict) and ("values_usd" in raw or "shares" in raw))
    return "<prices>" if is_list else "<usd>"


Price = Annotated[
    Annotated[Usd, Tag("<usd>")] | Annotated[PriceList, Tag("<prices>")],
    Discriminator(_price_form),
]


def _workers_form(raw: Any) -> str:
    return "<word>" if isinstance(raw, str) and not any(c.isdigit() for c in raw) else "<count>"


# Absent with no team naming the service, or "unlimited": as many as there are cases. Absent with teams: theirs alone.
Workers = Annotated[
    Annotated[Count, Tag("<count>")] | Annotated[Literal["unlimited"], Tag("<word>")],
    Discriminator(_workers_form),
]


class Stock(Frozen):
    """Goods on hand, and how more are ordered.

    ``rQ``: order order_quantity when on hand + on order − waiting ≤ reorder_point. ``sS``: then order up to
    order_up_to. An order is priced item_cost_usd an item, committed when placed and spent when it comes. With
    order_partly, an order that money cannot cover whole is cut to what it covers.
    """

    initial: Count = Quantity(value=0)
    item_cost_usd: Usd = Quantity(value=0)
    policy: Literal["rQ", "sS"] = "rQ"
    reorder_point: Count = Quantity(value=0)
    order_quantity: PositiveCount | None = None
    order_up_to: PositiveCount | None = None
    lead_time: Duration | None = None  # none: nothing is ever ordered
    unmet: Literal["wait", "lost"] = "wait"
    loss_share: Share = Quantity(value=0)  # of a delivery, never handed out
    handout_days: DaysOrNone = Quantity(value=0)  # planned days from delivery to the last item handed out
    order_partly: bool = True


class ServiceBase(Frozen):
    """What every service states: who needs it, how they are found, what a case costs."""

    label: Text | None = None
    unit: Literal["household", "member"] = "household"
    population: Literal["caseload", "hosts"] = "caseload"
    places: Names | None = None  # locations served; none given: all
    counts_as: Name | None = None  # reported under this name
    # Need, per unit, before what others meet: a share that arises on arrival, or cases a unit a year while present.
    need_share: Share | None = None
    need_share_by_class: Annotated[dict[Name, Share], Field(max_length=MOST_NAMES)] | None = None
    need_rate_year: Rate | None = None
    need_rate_year_by_class: Annotated[dict[Name, Rate], Field(max_length=MOST_NAMES)] | None = None
    met_by_others_share: Share = Quantity(value=0)
    served_at_start: Count = Quantity(value=0)  # cases of those there at the start, served before: needed no more
    intake: Literal["on-arrival", "dtm", "outreach"] = "on-arrival"
    outreach_share: Share = Quantity(value=1)  # of cases that outreach can find; the others wait for a DTM round
    outreach_delay: Duration | None = None
    after: Name | None = None  # the same household's (or member's) case of that service must be served first
    patience: Duration | None = None  # from opening; then the case gives up
    waiting_limit: Count | None = None  # how many may wait; one more is turned away
    unit_cost_usd: Price = Quantity(value=0)
    life_saving_rank: Annotated[int, Field(ge=1, le=1000)] = 1000
    value_per_case: Factor | None = None
    sector: Sector | None = None  # OCHA's code, for hapi.csv: it changes no number
    unpaid: Literal["stop", "skip"] | None = None  # none: the plan's
    works: Works | None = None  # the week of its workers, and of teams that state none; none: every day
    holidays: Annotated[tuple[Date, ...], SOME] | None = None  # days on which they start nothing


class Casework(ServiceBase):
    """Workers with several open cases each."""

    kind: Literal["casework"]
    workers: Workers | None = None  # permanent and free of charge; [teams] adds paid ones
    cases_per_worker: PositiveCount = Quantity(value=1)
    duration: Duration
    wished_outcome_share: Share = Quantity(value=1)


class Goods(ServiceBase):
    """Teams that hand out items from a stock."""

    kind: Literal["goods"]
    workers: Workers | None = None
    duration: Duration = Duration(law="constant", mean_days=Quantity(value=1 / 86400))
    stock: Stock


class Convoy(ServiceBase):
    """Departures that fill, are due by schedule, or are due by the first waiter's limit.

    unit_cost_usd is per seat taken, departure_cost_usd per departure. A seat's planned price is its part of a departure
    with fill_share of the seats taken, also where that sends no convoy: only_on_schedule.
    """

    kind: Literal["convoy"]
    workers: Workers | None = None  # convoys that can be under way at once
    duration: Duration = Duration(law="constant", mean_days=Quantity(value=1 / 86400))
    seats: PositiveCount | None = None  # none: no limit
    fill_share: Share = Quantity(value=1)  # of the seats, at which it leaves without waiting longer
    every_days: Days | None = None  # first departure at first_day, then each every_days
    first_day: Day | None = None  # none: every_days
    only_on_schedule: bool = False  # then a full one waits for its day, and who is left behind for the next
    longest_wait_days: Days | None = None
    departure_cost_usd: Usd = Quantity(value=0)


class Sessions(ServiceBase):
    """Closed groups that meet several times."""

    kind: Literal["sessions"]
    workers: Workers | None = None  # counsellors
    group_size: PositiveCount
    longest_wait_days: Days | None = None  # then a smaller group starts
    sessions: PositiveCount = Quantity(value=1)
    every_days: Days = Quantity(value=7)
    session_hours: Hours = Quantity(value=2)
    counsellors_per_session: PositiveCount = Quantity(value=1)
    groups_per_counsellor: PositiveCount | None = None  # open groups, a counsellor
    wished_outcome_share: Share = Quantity(value=1)


Service = Annotated[Casework | Goods | Convoy | Sessions, Field(discriminator="kind")]

__all__ = [
    "Casework", "Convoy", "Duration", "Goods", "PriceList", "Service", "ServiceBase", "Sessions", "Stock",
]
