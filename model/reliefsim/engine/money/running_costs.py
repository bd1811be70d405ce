"""What running costs fall due when, and which grant sets what aside for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from ...units import cents, largest_remainder
from ..compile.capacity import PAID_PERIOD

if TYPE_CHECKING:
    from ..compile.capacity import TeamLine
    from .planning import Planning

Windows = Sequence[tuple[int, int]]  # of each grant: first second, last + 1


@dataclass(frozen=True)
class Running:
    """The running costs of an operation, by a plan's figures."""

    planning: Planning

    def envelopes(
        self, now: int, windows: Windows, cash: Sequence[int], room: Sequence[int], pay_order: Sequence[int],
        paid_until: dict[str, int], held: int,
    ) -> tuple[list[int], list[int]]:  # fmt: skip
        """What each grant sets aside for the running costs of its window, which are filled before services, and what
        nobody fills of those in its window (cents of direct cost).

        ``room``: the most of each grant's ``cash`` that may go to them; ``held``: rounds so far. What falls due between
        two ends of windows is filled by those who may pay then, the one that ends first before; with pay order
        ``shares``, in proportion to their cash. What that leaves unfilled, the others fill in order.
        """
        filled, unfilled = [0] * len(cash), [0] * len(cash)
        ends = sorted({moment for window in windows for moment in window})
        by_shares = self.planning.plan.scenario.plan.pay_order == "shares"
        due = self._due(now, ends, paid_until, held)
        for (begin, before), (end, after) in pairwise(zip(ends, due, strict=True)):
            need = after - before
            open_then = [g for g in pay_order if windows[g][0] <= begin and end <= windows[g][1]]
            payers = [g for g in open_then if room[g]]
            parts = dict(zip(payers, largest_remainder(need, [cash[g] for g in payers]), strict=True)) if by_shares else {}
            for most in (parts, {}):
                for g in payers:
                    part = min(need, most.get(g, need), room[g] - filled[g])
                    filled[g] += part
                    need -= part
            for g in open_then:
                unfilled[g] += need
        return filled, unfilled

    def _due(self, now: int, ends: Sequence[int], paid_until: dict[str, int], held: int) -> list[int]:
        """Direct cents of teams' pay and rounds that fall due from ``now`` to before each end."""
        begins = tuple(max(now, team.begins, paid_until.get(team.name, 0)) for team in self.planning.plan.teams)
        return [self._due_before(end, begins, held) for end in ends]

    @cached_property
    def _due_before(self) -> Callable[[int, tuple[int, ...], int], int]:
        """Direct cents that fall due before a second, of pay from when each team's begins, and of the rounds to come.

        Remembered, for most replications ask the same.
        """

        @lru_cache(maxsize=1024)
        def due(end: int, begins: tuple[int, ...], held: int) -> int:
            teams = zip(self.planning.plan.teams, begins, strict=True)
            pay = sum(_payments_due(team, first, end) for team, first in teams if first < end)
            return pay + sum(price for time, price in self._rounds[held:] if time < end)

        return due

    @cached_property
    def _rounds(self) -> list[tuple[int, int]]:
        """When each round is held, and its planned cost (cents)."""
        planning, dtm = self.planning, self.planning.plan.scenario.dtm
        a_household = cents(dtm.household_cost_usd) if dtm is not None else 0
        found = []
        for one in planning.rounds:
            people = planning.people if one.covers.all() else float(one.covers @ planning.people_by_place)
            households = people / planning.wanted.people_a_household * planning.wanted.find_probability
            found.append((one.time, one.cents + round(a_household * households)))
        return found


def _payments_due(team: TeamLine, begins: int, until: int) -> int:
    """Cents of a team's payments that fall due in [begins, until), each in advance for 30 days or up to its term's end."""
    due = 0
    for term in team.terms:
        first = max(begins, term.begins)
        if first < min(term.ends, until):
            last = first + (min(term.ends, until) - first - 1) // PAID_PERIOD * PAID_PERIOD  # the last falls due then
            due += (last - first) // PAID_PERIOD * term.cents_per_30_days
            due += term.cents_per_30_days * min(PAID_PERIOD, term.ends - last) // PAID_PERIOD
    return due
