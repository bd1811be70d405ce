"""What a scenario file may say of money: awards, their windows, tranches, budget lines, and pledges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..units import cents, direct_within, ppm
from .quantities import Day, DaysOrNone, Quantity, Share, Usd
from .stated_texts import FEW, MOST_NAMES, Frozen, Name, Names, Text


class Tranche(Frozen):
    """A part of a grant, and the day it comes: an amount, or a share of the grant."""

    day: Day
    amount_usd: Usd | None = None
    share: Share | None = None


class BudgetLine(Frozen):
    """What a grant's budget has for one service, or for running costs: an amount, or a share, of direct cost."""

    amount_usd: Usd | None = None
    share: Share | None = None


Lines = Annotated[dict[Name, BudgetLine], Field(max_length=MOST_NAMES)]


class Amendment(Frozen):
    """Other lines, asked for on a day and granted so many days later with a probability; lines not named stay."""

    asked_day: Day
    answer_days: DaysOrNone = Quantity(value=0)
    probability: Share = Quantity(value=1)
    lines: Lines


class Extension(Frozen):
    """A later end at no cost, asked for on a day and granted so many days later with a probability."""

    asked_day: Day
    answer_days: DaysOrNone = Quantity(value=0)
    probability: Share = Quantity(value=1)
    until_day: Day


def grant_label(donors: Mapping[str, str | None], name: str) -> str:
    """What a grant is called, of the donors of all grants and pledges: by its donor, and by its name where that donor has
    several."""
    called = {one: donor or one for one, donor in donors.items()}
    label = called.get(name, name)
    return f"{label} ({name})" if label != name and list(called.values()).count(label) > 1 else label


class Grant(Frozen):
    """A donor's award. It pays only in [from_day, until_day) and only for what it is earmarked for."""

    donor: Text | None = None
    amount_usd: Usd
    from_day: Day = Quantity(value=0)
    until_day: Day | None = None  # none: the horizon
    pays_for: Names | None = None  # services and "running"; none: everything
    lines: Lines | None = None  # services and "running": what the rule fixed-shares keeps; none: by the plan's shares
    flexibility_share: Share = Quantity(value=0)  # of direct cost, that may move between lines without an amendment
    amendments: Annotated[tuple[Amendment, ...], FEW] = ()
    no_cost_extension: Extension | None = None
    running_share: Share = Quantity(value=1)  # at most this share of the award pays running costs
    indirect_rate: Share = Quantity(value=0)  # of direct cost
    end_rule: Literal["committed-by-end", "spent-and-done"] = "committed-by-end"
    liquidation_days: DaysOrNone | None = None  # how long after the end open commitments stay payable; none: no limit
    tranches: Annotated[tuple[Tranche, ...], FEW] | None = None  # none: all at from_day
    source: Text | None = None

    def may_pay(self, service: str) -> bool:
        """Whether it is for a service, or for running costs."""
        return self.pays_for is None or service in self.pays_for

    @property
    def direct_cents(self) -> int:
        """The direct cost that the award covers."""
        return direct_within(cents(self.amount_usd), ppm(self.indirect_rate))


class Pledge(Grant):
    """Money that may come, with a probability; if it does, at from_day.

    Ranges of its amount_usd and from_day are drawn in every replication: nobody knows a pledge before it comes.
    """

    probability: Share
