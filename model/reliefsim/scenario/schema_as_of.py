"""What a scenario file may say of a day in the middle of an operation: where it stands then."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .quantities import Count, People, PlanDay, Share, Usd
from .stated_texts import MOST_NAMES, Frozen, Name

UsdByGrant = Annotated[dict[Name, Usd], Field(max_length=MOST_NAMES)]
CountByService = Annotated[dict[Name, Count], Field(max_length=MOST_NAMES)]


class AsOf(Frozen):
    """From where we are: the run begins on ``day``, and what lies before is history.

    Money is by grant and includes indirect cost; ``committed_usd`` will be spent and buys nothing more that is counted.
    """

    day: PlanDay
    registered_share: Share | None = None  # of those there then; none: registered_at_start_share
    people: People | None = None  # caseload then; none: what the laws and arrivals give
    spent_usd: UsdByGrant = Field(default={})
    committed_usd: UsdByGrant = Field(default={})
    stock: CountByService = Field(default={})  # items on hand; none: the service's initial
    served: CountByService = Field(default={})  # cases
