"""What a scenario file may say of displacement: laws, stated or learned from counts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ..growth.pools import SHIPPED, shipped
from . import quantities as q
from .stated_texts import SOME, Date, Frozen, Needs, Text, fault

Dates = Annotated[tuple[Date, ...], SOME]
Counts = Annotated[tuple[q.ListedPeople, ...], SOME]

LAWS = {
    "stable": Needs(),
    "compound": Needs(("growth_month",), ("from_day",)),
    "logistic": Needs(("growth_month", "ceiling_people"), ("from_day",)),
    "shock": Needs(("size_share",), ("from_day", "time_constant_days")),
    "series": Needs(("dates", "people"), ("from_day",)),
    "fitted": Needs(
        ("dates", "people"), ("from_day", "as_of", "pool", "without", "count_error", "ceiling_people", "breaks", "central")
    ),
}


class PoolScore(Frozen):
    """How forecasts of one horizon did, each group of crises by parameters that it had no part in (means over groups)."""

    months: Annotated[int, Field(ge=1, le=120)]
    relative_error: Annotated[float, Field(ge=0)]  # of the median
    log_crps: Annotated[float, Field(ge=0)]
    held: Annotated[float, Field(ge=0, le=1)]  # the share of 90 % intervals that held what came
    groups: Annotated[int, Field(ge=1)]
    forecasts: Annotated[int, Field(ge=1)]
    last_value_log_crps: Annotated[float, Field(ge=0)]


class Pool(Frozen):
    """What other crises teach a fitted law: a pool file's parameters (see ``growth.trend_filter``), or a shipped pool's
    name."""

    name: Text
    sha256: Text
    persistence: Annotated[float, Field(gt=0, le=0.999)]
    slope_share: Annotated[float, Field(ge=0, le=10)]
    memory: Annotated[float, Field(gt=0, le=1)]
    typical_noise: Annotated[float, Field(gt=0, le=10)]
    prior_counts: Annotated[float, Field(gt=0, le=10_000)]
    level_weight: Annotated[float, Field(ge=0, le=1)]
    count_error: Annotated[float, Field(gt=0, le=1)]
    left_out: Text | None = None  # the group of crises that had no part in the parameters
    scores: Annotated[tuple[PoolScore, ...], SOME] = ()

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw
        try:
            found = {key: one for key, one in shipped(raw).items() if key in cls.model_fields}
            return {**found, "scores": tuple(found["scores"])}
        except (OSError, ValueError):
            raise fault("pool", "is no pool", f"{SHIPPED}, or a file that reliefsim fit-pool has made") from None


class Law(Frozen):
    """One part of the change in displaced people; the parts of a scenario are added up.

    A month is 365/12 days. ``stable``: no change. ``compound``: growth_month, from from_day. ``logistic``:
    growth_month and ceiling_people. ``shock``: size_share of the displaced before, at from_day, approached with
    time_constant_days (0: at once). ``series``: people[i] at dates[i], straight lines between, or a CSV file with
    columns date and people beside the scenarios; its changes from from_day on. ``fitted``: learned from counts up to as_of,
    another path in each replication.
    """

    law: Literal[*LAWS]  # type: ignore[valid-type]
    growth_month: q.MonthlyRate | None = None
    ceiling_people: q.People | None = None
    from_day: q.Day | None = None
    size_share: q.Change | None = None
    time_constant_days: q.DaysOrNone | None = None
    dates: Dates | None = None
    people: Counts | None = None
    file: Text | None = None
    counts: Text | None = None  # the same, of the law fitted
    as_of: Date | None = None  # none: start_date
    pool: Pool | None = None  # none: the one that is shipped
    without: Text | None = None  # a group of its crises that is to have no part in what it teaches
    count_error: q.Share | None = None  # standard deviation of one count, as a share; none: the pool's
    breaks: Dates | None = None
    central: Literal["random", "median", "p10", "p90"] | None = None  # none: random
    source: Text | None = None
