"""What a scenario file may say: the whole format, as frozen values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .as_of import AsOf
from .quantities import (
    Change,
    Count,
    Cv,
    Day,
    Days,
    DaysOrNone,
    Factor,
    Mean,
    MonthlyRate,
    People,
    PlanDay,
    Quantity,
    Rate,
    Ratio,
    Share,
    Usd,
)
from .services import Service
from .shocks import Shock
from .words import FEW, MANY, MOST_NAMES, SOME, Date, Frozen, Name, Names, Text

FORMAT_VERSION = 1

Shares = Annotated[dict[Name, Share], Field(max_length=MOST_NAMES)]
Dates = Annotated[tuple[Date, ...], SOME]
Counts = Annotated[tuple[Annotated[int, Field(ge=0)], ...], SOME]


class Caseload(Frozen):
    """The people the operation is for, and the households they live in."""

    people: People = Quantity(value=0)  # at the start, exact
    target_people: People | None = None  # promised to the donor; none: people
    displaced_people: People | None = None  # reported; none: people
    share: Share | None = None  # of a change in displaced people that joins the caseload; none: people / displaced
    household_size_mean: Mean = Quantity(value=1)
    household_size_cv: Cv = Quantity(value=0)
    household_size_max: Count | None = None  # none: 1 if the mean is 1, else 30
    registered_at_start_share: Share = Quantity(value=0)
    turnover_month: Share = Quantity(value=0)  # arrives and leaves, of those present
    turnover_people: People | None = None  # of whom turnover_month arrives; none: people
    returned_share: Share = Quantity(value=1)  # of leavers; the others moved on or crossed a border
    crossed_border_share: Share = Quantity(value=0)


class Law(Frozen):
    """One part of the change in displaced people; the parts of a scenario are added up.

    A month is 365/12 days. ``stable``: no change. ``compound``: growth_month, from from_day. ``logistic``:
    growth_month and ceiling_people. ``shock``: size_share of the displaced before, at from_day, approached with
    time_constant_days (0: at once). ``series``: people[i] at dates[i], straight lines between, or a CSV file with
    columns date and people beside the scenarios; its changes from from_day on.
    """

    law: Literal["stable", "compound", "logistic", "shock", "series"]
    growth_month: MonthlyRate | None = None
    ceiling_people: People | None = None
    from_day: Day | None = None
    size_share: Change | None = None
    time_constant_days: DaysOrNone | None = None
    dates: Dates | None = None
    people: Counts | None = None
    file: Text | None = None
    source: Text | None = None


class Arrivals(Frozen):
    """Households that come without a law: at a rate, or at stated instants (days since start_date)."""

    rate_per_day: Rate | None = None
    until_day: Day | None = None
    instants_days: Annotated[tuple[Annotated[float, Field(ge=0)], ...], MANY] | None = None


class PriorityClass(Frozen):
    """One class of members. A member has one class; a household has its members' highest.

    ``who``: ``any`` member; ``head``: only a household's first member; ``alone``: a household of one.
    """

    share: Share  # of members
    priority: Annotated[int, Field(ge=1, le=1000)] = 1  # 1 is served first
    who: Literal["any", "head", "alone"] = "any"
    label: Text | None = None


class Origin(Frozen):
    """A region people fled from."""

    share: Share
    pcode: Text | None = None
    label: Text | None = None


class Closure(Frozen):
    """A time in which nobody is served in a place: [from_day, until_day)."""

    from_day: Day
    until_day: Day | None = None  # none: to the horizon
    source: Text | None = None


class Location(Frozen):
    """A region people are in."""

    share: Share
    pcode: Text | None = None
    label: Text | None = None
    price_factor: Factor = Quantity(value=1)
    closures: Annotated[tuple[Closure, ...], FEW] = ()


class Team(Frozen):
    """Paid capacity: ``count`` workers of a service, or management when no service is named."""

    service: Name | None = None
    count: Count = Quantity(value=1)
    cost_usd_per_30_days: Usd = Quantity(value=0)  # for each of count
    from_day: Day = Quantity(value=0)
    until_day: Day | None = None  # none: goes on; each 30 days are paid when they begin
    paid_until_day: Day | None = None  # paid for before the run; none: the first 30 days are paid at from_day
    partner: bool = False  # a note for the reader: it changes no number
    label: Text | None = None


class Dtm(Frozen):
    """Rounds that find households, count people, and cost money."""

    first_day: Day
    every_days: Days | None = None
    until_day: Day | None = None
    find_probability: Share = Quantity(value=1)
    count_cv: Cv = Quantity(value=0)
    round_cost_usd: Usd = Quantity(value=0)
    household_cost_usd: Usd = Quantity(value=0)  # for each household found


class Hosts(Frozen):
    """Host households: a population of their own."""

    households_per_household: Ratio  # for each household of the caseload at the start
    target_households: Count | None = None  # a note for the reader: it is in no indicator
    household_size_mean: Mean | None = None  # none: the caseload's
    household_size_cv: Cv | None = None


class Tranche(Frozen):
    """A part of a grant, and the day it comes: an amount, or a share of the grant."""

    day: Day
    amount_usd: Usd | None = None
    share: Share | None = None


class Grant(Frozen):
    """A donor's award. It pays only in [from_day, until_day) and only for what it is earmarked for."""

    donor: Text | None = None
    amount_usd: Usd
    from_day: Day = Quantity(value=0)
    until_day: Day | None = None  # none: the horizon
    pays_for: Names | None = None  # services and "running"; none: everything
    running_share: Share = Quantity(value=1)  # at most this share of the award pays running costs
    indirect_rate: Share = Quantity(value=0)  # of direct cost
    end_rule: Literal["committed-by-end", "spent-and-done"] = "committed-by-end"
    liquidation_days: DaysOrNone | None = None  # how long after the end open commitments stay payable; none: no limit
    tranches: Annotated[tuple[Tranche, ...], FEW] | None = None  # none: all at from_day
    source: Text | None = None


class Pledge(Grant):
    """Money that may come, with a probability; if it does, at from_day.

    Ranges of its amount_usd and from_day are drawn in every replication: nobody knows a pledge before it comes.
    """

    probability: Share


class Plan(Frozen):
    """How money is divided: our choice.

    ``ends-first``: the grant that ends first pays first; ``shares``: the grant that has used the smallest part of
    its envelope pays. ``stop``: a queue whose head cannot be paid stands still; ``skip``: the first that can is served.
    """

    rule: Name = "by-need"
    shares: Shares | None = None  # fixed-shares: of what each grant has for services
    shares_by_grant: Annotated[dict[Name, Shares], Field(max_length=MOST_NAMES)] | None = None
    pay_order: Literal["ends-first", "shares"] = "ends-first"
    unpaid: Literal["stop", "skip"] = "stop"
    cofund: bool = False  # what no single grant can pay, those that may pay it pay together
    replan_days: Annotated[tuple[PlanDay, ...], FEW] = ()


class Refugees(Frozen):
    """People who crossed into a country: reported, not served."""

    dates: Dates
    people: Counts
    label: Text | None = None
    source: Text | None = None


class Scenario(Frozen):
    """One world and one plan: what a file resolves to."""

    format: Literal[1] = 1
    name: Name
    title: Text | None = None
    question: Text | None = None
    start_date: Date
    horizon_days: Days
    warmup_days: DaysOrNone = Quantity(value=0)
    as_of: AsOf | None = None  # none: the run begins on start_date
    money: Literal["grants", "unlimited"] = "grants"
    caseload: Caseload = Caseload()
    displacement: dict[Name, Law] = Field(default={})
    arrivals: Arrivals | None = None
    classes: dict[Name, PriorityClass] = Field(default={})
    origins: dict[Name, Origin] = Field(default={})
    locations: dict[Name, Location] = Field(default={})
    services: dict[Name, Service] = Field(min_length=1)
    teams: dict[Name, Team] = Field(default={})
    dtm: Dtm | None = None
    hosts: Hosts | None = None
    grants: dict[Name, Grant] = Field(default={})
    pledges: dict[Name, Pledge] = Field(default={})
    shocks: dict[Name, Shock] = Field(default={})
    plan: Plan = Plan()
    refugees: dict[Name, Refugees] = Field(default={})
