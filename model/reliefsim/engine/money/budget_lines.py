"""A plan's figures and what grants state become the lines of each grant, as they stand in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...units import MISSING, largest_remainder
from ..compile.compiled_scenario import RUNNING
from .agreed_lines import Lines, moved, stated_lines

if TYPE_CHECKING:
    from .planning import Planning


@dataclass
class Budget:
    """The lines of each grant as they stand in one run, and what may still be moved between them.

    ``lines[grant]``: none before the grant has a budget. ``movable[grant]``: cents.
    """

    lines: list[Lines | None]
    movable: list[int]

    def column(self, row: int) -> tuple[int, ...]:
        """A row's line in each grant, MISSING where there is none."""
        return tuple(MISSING if lines is None else lines[row] for lines in self.lines)

    def move(self, g: int, spare: Sequence[int], short: Sequence[int]) -> int:
        """Move what a grant's manager may move; the cents."""
        lines = self.lines[g]
        if lines is None:
            return 0
        after = moved(lines, spare, short, self.movable[g])
        amount = sum(max(0, new - old) for new, old in zip(after, lines, strict=True))
        self.lines[g] = after
        self.movable[g] -= amount
        return amount

    def copy(self) -> Budget:
        """The same, for a run to change."""
        return Budget([lines and list(lines) for lines in self.lines], list(self.movable))


def first_budget(planning: Planning) -> Budget:
    """The lines that grants state, and those that the plan's shares give the awards; of pledges, none before they come."""
    plan = planning.plan
    paid = {line.name: line.paid_until for line in plan.teams if line.begins < line.paid_until}
    cash = [award * (name in plan.scenario.grants) for award, name in zip(planning.awards, plan.names.grants, strict=True)]
    windows = [(max(0, int(grant["opens"])), max(0, int(grant["ends"]))) for grant in plan.grants]
    may_pay = plan.may_pay[-1].tolist()
    room = [min(money, most) * may for money, most, may in zip(cash, planning.most_running, may_pay, strict=True)]
    running, _ = planning.running.envelopes(0, windows, cash, room, plan.pay_order, paid, 0)
    lines: list[Lines | None] = []
    for g, name in enumerate(plan.names.grants):
        stated = plan.grant(name).lines
        if stated:
            lines.append(stated_lines(stated, (*plan.names.services, RUNNING), planning.awards[g]))
        else:
            lines.append(by_shares(planning, g, running[g]) if name in plan.scenario.grants else None)
    shares = [float(plan.grant(name).flexibility_share.value) for name in plan.names.grants]
    return Budget(lines, [int(share * award) for share, award in zip(shares, planning.awards, strict=True)])


def by_shares(planning: Planning, g: int, running: int) -> Lines | None:
    """A grant's award, less ``running`` costs, by the plan's shares; equally, where none is for what it may pay for.

    None, where nobody speaks of lines: the plan has no shares, and no grant states lines.
    """
    names = planning.plan.names
    if not planning.shares and not planning.shares_by_grant and not planning.has_lines:
        return None
    shares = planning.shares_by_grant.get(names.grants[g], planning.shares)
    payable = [float(row[g]) for row in planning.may_pay]
    weights = [shares.get(name, 0.0) * may for name, may in zip(names.services, payable, strict=True)]
    parts = largest_remainder(planning.awards[g] - running, weights if any(weights) else payable)
    return [*parts, planning.awards[g] - sum(parts)]
