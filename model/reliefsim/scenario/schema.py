"""What a scenario file may say: the whole format, as frozen values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from . import quantities as q
from .codes import Country
from .schema_decisions import Decisions
from .schema_grants import Grant, Pledge
from .schema_growth import Counts, Dates, Law
from .schema_services import Service
from .schema_shocks import Shock
from .stated_texts import (
    FEW,
    MANY,
    MOST_NAMES,
    NOT_EMPTY,
    Date,
    FileName,
    Frozen,
    Name,
    Names,
    Text,
)

FORMAT_VERSION = 1

Shares = Annotated[dict[Name, q.Share], Field(max_length=MOST_NAMES)]


class Caseload(Frozen):
    """The people the operation is for, and the households they live in."""

    people: q.People = q.Quantity(value=0)  # at the start, exact
    target_people: q.People | None = None  # promised to the donor; none: people
    displaced_people: q.People | None = None  # reported; none: people
    share: q.Share | None = None  # of a change in displaced people that joins the caseload; none: people / displaced
    household_size_mean: q.Mean = q.Quantity(value=1)
    household_size_cv: q.Cv = q.Quantity(value=0)  # 0: as little as whole people can have
    household_size_max: q.Count | None = None  # of hosts', too; none: 1 if the mean is 1, else 30
    registered_at_start_share: q.Share = q.Quantity(value=0)
    turnover_month: q.Share = q.Quantity(value=0)  # arrives and leaves, of those present
    turnover_people: q.People | None = None  # of whom turnover_month arrives; none: people
    returned_share: q.Share = q.Quantity(value=1)  # of leavers; the others moved on or crossed a border
    crossed_border_share: q.Share = q.Quantity(value=0)


class Arrivals(Frozen):
    """Households that come without a law: at a rate, or at stated instants (days since start_date)."""

    rate_per_day: q.Rate | None = None
    until_day: q.Day | None = None
    instants_days: Annotated[tuple[q.ListedDay, ...], MANY] | None = None


class PriorityClass(Frozen):
    """One class of members. A member has one class; a household has its members' highest.

    ``who``: ``any`` member; ``head``: only a household's first member; ``alone``: a household of one.
    """

    share: q.Share  # of members
    priority: Annotated[int, Field(ge=1, le=1000)] = 1  # 1 is served first
    who: Literal["any", "head", "alone"] = "any"
    label: Text | None = None


class Origin(Frozen):
    """A region people fled from."""

    share: q.Share
    pcode: Text | None = None
    label: Text | None = None


class Closure(Frozen):
    """A time in which nobody in a place starts to be served, but who is in service is to the end: [from_day, until_day)."""

    from_day: q.Day
    until_day: q.Day | None = None  # none: to the horizon
    source: Text | None = None


class Location(Frozen):
    """A region people are in."""

    share: q.Share
    pcode: Text | None = None
    label: Text | None = None
    price_factor: q.Factor = q.Quantity(value=1)
    closures: Annotated[tuple[Closure, ...], FEW] = ()


class CountFrom(Frozen):
    """How many workers a team has from a day on."""

    from_day: q.Day
    count: q.Count


Workforce = Annotated[
    Annotated[q.Count, Tag("<count>")] | Annotated[tuple[CountFrom, ...], NOT_EMPTY, FEW, Tag("<changes>")],
    Discriminator(lambda raw: "<changes>" if isinstance(raw, list | tuple) else "<count>"),
]


class Team(Frozen):
    """Paid capacity: ``count`` workers of a service, or management when no service is named.

    On a day off (a weekday not in ``works``, a holiday) and by whom ``absence_share`` keeps away nothing new is started;
    what is open goes on, and pay is the same.
    """

    service: Name | None = None
    count: Workforce = q.Quantity(value=1)
    cost_usd_per_30_days: q.Usd = q.Quantity(value=0)  # for each of count
    from_day: q.Day = q.Quantity(value=0)
    until_day: q.Day | None = None  # none: the horizon; each 30 days are paid when they begin, the last ones in part
    works: q.Works | None = None  # none: the service's week
    holidays: Dates | None = None  # none: the service's
    absence_share: q.Share = q.Quantity(value=0)  # of count, on each working day: whole workers, exact over the days
    paid_until_day: q.Day | None = None  # paid for before the run; none: the first 30 days are paid at from_day
    partner: bool = False  # a note for the reader: it changes no number
    label: Text | None = None

    @property
    def most_workers(self) -> int:
        """Its workers when it is largest."""
        counts = [self.count] if isinstance(self.count, q.Quantity) else [one.count for one in self.count]
        return max(int(count.value) for count in counts)


class Round(Frozen):
    """One DTM round on a day of its own, of some places."""

    day: q.Day
    locations: Names | None = None  # none: all
    round_cost_usd: q.Usd | None = None  # none: that of [dtm]


class Dtm(Frozen):
    """Rounds that find households, count people, and cost money: stated one by one, or at equal distances."""

    rounds: Annotated[tuple[Round, ...], FEW] = ()
    first_day: q.Day | None = None
    every_days: q.Days | None = None  # none: first_day only
    until_day: q.Day | None = None
    find_probability: q.Share = q.Quantity(value=1)
    count_cv: q.Cv = q.Quantity(value=0)
    round_cost_usd: q.Usd = q.Quantity(value=0)
    household_cost_usd: q.Usd = q.Quantity(value=0)  # for each household found


class Hosts(Frozen):
    """Host households: a population of their own."""

    households_per_household: q.Ratio  # for each household of the caseload at the start
    target_households: q.Count | None = None  # a note for the reader: it is in no indicator
    household_size_mean: q.Mean | None = None  # none: the caseload's
    household_size_cv: q.Cv | None = None


UsdByGrant = Annotated[dict[Name, q.Usd], Field(max_length=MOST_NAMES)]
CountByService = Annotated[dict[Name, q.Count], Field(max_length=MOST_NAMES)]


class AsOf(Frozen):
    """From where we are: the run begins on ``day``, and what lies before is history.

    Money is by grant and includes indirect cost; ``committed_usd`` will be spent and buys nothing more that is counted.
    """

    day: q.PlanDay
    registered_share: q.Share | None = None  # of those there then; none: registered_at_start_share
    people: q.People | None = None  # caseload then; none: what the laws and arrivals give
    spent_usd: UsdByGrant = Field(default={})
    committed_usd: UsdByGrant = Field(default={})
    stock: CountByService = Field(default={})  # items on hand; none: the service's initial
    served: CountByService = Field(default={})  # cases


class Plan(Frozen):
    """How money is divided: our choice.

    ``rule``: fixed-shares where a grant states lines, else by-need, unless stated.
    ``ends-first``: the grant that ends first pays first; ``shares``: the grant that has used the smallest part of
    its envelope pays. ``stop``: a queue whose head cannot be paid stands still; ``skip``: the first that can is served.
    """

    rule: Name = "by-need"
    shares: Shares | None = None  # fixed-shares, reallocate: of what a grant has for services
    shares_by_grant: Annotated[dict[Name, Shares], Field(max_length=MOST_NAMES)] | None = None
    pay_order: Literal["ends-first", "shares"] = "ends-first"
    unpaid: Literal["stop", "skip"] = "stop"
    cofund: bool = False  # what no single grant can pay, those that may pay it pay together
    replan_days: Annotated[tuple[q.PlanDay, ...], FEW] = ()


class Refugees(Frozen):
    """People who crossed into a country: reported, not served."""

    dates: Dates
    people: Counts
    label: Text | None = None
    source: Text | None = None


class Scenario(Frozen):
    """One world and one plan: what a file resolves to."""

    format: Literal[1] = 1
    name: FileName
    title: Text | None = None
    question: Text | None = None
    country: Country | None = None  # for hapi.csv: it changes no number
    start_date: Date
    horizon_days: q.Days
    warmup_days: q.DaysOrNone = q.Quantity(value=0)
    as_of: AsOf | None = None  # none: the run begins on start_date
    money: Literal["grants", "unlimited"] = "grants"
    requirement_indirect_rate: q.Share | None = None  # that need is priced at; none: the awards' mean, by money
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
    decisions: Decisions = Field(default={})  # keys of this format -> the values that are ours to choose from

    @property
    def donors(self) -> dict[str, str | None]:
        """The donor of each grant and pledge."""
        return {name: one.donor for kind in (self.pledges, self.grants) for name, one in kind.items()}

    @model_validator(mode="before")
    @classmethod
    def _lines_are_kept(cls, raw: Any) -> Any:
        """Who states budget lines and no rule means them to be kept."""
        plan = raw.get("plan", {}) if isinstance(raw, dict) else None
        if not isinstance(plan, dict) or "rule" in plan:
            return raw
        money = [raw[key] for key in ("grants", "pledges") if isinstance(raw.get(key), dict)]
        has_lines = any(isinstance(one, dict) and one.get("lines") for grants in money for one in grants.values())
        return {**raw, "plan": {**plan, "rule": "fixed-shares"}} if has_lines else raw
