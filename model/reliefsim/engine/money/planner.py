"""What is known at a decision becomes each grant's lines and envelopes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...layout import LINE
from ...rules import Known, Rule, checked, fixed_shares
from ...units import direct_within, largest_remainder
from ..compile.compiled_scenario import RUNNING
from .agreed_lines import stated_lines
from .budget_lines import Budget, by_shares

if TYPE_CHECKING:
    from ...scenario.schema_grants import BudgetLine
    from ..delivery.services import Delivery
    from .planning import Planning

Table = list[list[int]]
_COLUMNS = tuple((LINE.names or ()).index(name) for name in ("committed", "spent", "direct"))


class Planner:
    """One run's planner: its rule, the budget as it stands, and the cents it has just moved in each grant."""

    def __init__(self, planning: Planning, rule: Rule) -> None:
        self.planning, self.rule = planning, rule
        self.budget: Budget = planning.first_budget.copy()
        self.moves: dict[int, int] = {}

    def divide(
        self, delivery: Delivery, counted: float | None, paid_until: dict[str, int], held: int
    ) -> tuple[Table, Table]:
        """Envelopes[service and, last, running][grant], and how many cases of each service (rows) will have opened by
        each grant's end, as far as can be foreseen. ``counted``: people as rounds tell; ``held``: rounds so far."""
        planning, now, ends = self.planning, delivery.now, delivery.grants["ends"].tolist()
        cash, standing = _direct_cash(delivery), delivery.standing()
        lines: Any = delivery.lines.tolist()
        committed, spent, used = ([[cell[place] for cell in row] for row in lines] for place in _COLUMNS)
        pay_order, windows = tuple(delivery.pay_order.tolist()), [(now, max(now, end)) for end in ends]
        need = planning.need(counted, standing.begun)

        def for_running() -> tuple[list[int], list[int]]:
            room = self._room(cash, used[-1])
            return planning.running.envelopes(now, windows, cash, room, pay_order, paid_until, held)

        running, unpaid = for_running()
        self._agree(delivery, running)
        self.moves = {}
        if self.rule is fixed_shares and any(self.budget.movable):
            self._move(need, standing.waiting, used, pay_order, running, unpaid, [now < end for end in ends])
            if self.moves:
                running, _ = for_running()
        for g in planning.only_running:
            running[g] = self._room(cash, used[-1])[g]  # no service may have it: it is for costs not planned
        known = Known(
            time=now,
            services=planning.plan.names.services,
            grants=planning.plan.names.grants,
            need=tuple(need),
            waiting=tuple(standing.waiting),
            price_cents=planning.price_cents,
            cash=tuple(money - part for money, part in zip(cash, running, strict=True)),
            lines=tuple(self.budget.column(row) for row in range(len(need))),
            used=_rows(used),
            committed=_rows(committed),
            spent=_rows(spent),
            may_pay=planning.may_pay,
            pay_order=pay_order,
            life_saving_rank=planning.life_saving_rank,
            value=planning.value,
            shares=planning.shares,
            shares_by_grant=planning.shares_by_grant,
        )
        return [*checked(known, self.rule(known)), running], planning.foreseen(ends, standing.opened, counted, held)

    def amend(self, g: int, stated: dict[str, BudgetLine]) -> None:
        """A donor grants other lines; those that are not named stay. Running costs without a line have what is left."""
        names, award = self.planning.plan.names, self.planning.awards[g]
        before = self.budget.lines[g]
        if before is None:
            return
        asked = stated_lines(stated, (*names.services, RUNNING), award)
        lines = [new if name in stated else old for name, new, old in zip((*names.services, RUNNING), asked, before, strict=True)]
        if RUNNING not in {**(self.planning.plan.grant(names.grants[g]).lines or {}), **stated}:
            lines[-1] = max(0, award - sum(lines[:-1]))
        self.budget.lines[g] = lines if sum(lines) <= award else largest_remainder(award, lines)

    def _agree(self, delivery: Delivery, running: Sequence[int]) -> None:
        """A pledge that has come has a budget from now on."""
        for g, received in enumerate(delivery.grants["received"].tolist()):
            if received and self.budget.lines[g] is None:
                self.budget.lines[g] = by_shares(self.planning, g, running[g])

    def _room(self, cash: Sequence[int], used: Sequence[int]) -> list[int]:
        """The most that each grant may set aside for running costs now, ``used`` by now."""
        plan, most = self.planning.plan, list(self.planning.most_running)
        for g, name in enumerate(plan.names.grants):
            lines = self.budget.lines[g]
            if self.rule is fixed_shares and lines is not None and plan.grant(name).lines:
                most[g] = min(most[g], lines[-1])
        may_pay = plan.may_pay[-1].tolist()
        return [max(0, min(money, cents - gone)) * may for money, cents, gone, may in zip(cash, most, used, may_pay, strict=True)]

    def _move(
        self, need: Sequence[int], waiting: Sequence[int], used: Table, pay_order: Sequence[int], running: list[int],
        unpaid: list[int], lasts: list[bool],
    ) -> None:  # fmt: skip
        """Let each grant's manager move cents to lines that are short of money for cases open now (or for running costs
        that fall due), from lines that have more than all need that is known or to be expected.

        ``unpaid``: running costs for which nothing is set aside. ``lasts``: grants whose window is not over.
        """
        planning, services = self.planning, range(len(need))
        left = [
            [max(0, line - gone) * on for line, gone, on in zip(self.budget.column(s), used[s], lasts, strict=True)]
            for s in services
        ]
        wanted = [max(need[s], waiting[s]) * planning.price_cents[s] for s in services]
        short = [max(0, waiting[s] * planning.price_cents[s] - sum(left[s])) for s in services]
        borne = 0
        for g in pay_order:
            lines = self.budget.lines[g]
            if lines is None or not lasts[g]:
                continue
            spare = []
            for s in services:
                covers = min(left[s][g], wanted[s])
                wanted[s] -= covers
                spare.append(left[s][g] - covers)
            spare.append(max(0, lines[-1] - used[-1][g] - running[g]))
            lacks = [cents * planning.may_pay[s][g] for s, cents in enumerate(short)]
            lacks.append(max(0, unpaid[g] - borne) * int(planning.plan.may_pay[-1, g]))
            if moved := self.budget.move(g, spare, lacks):
                self.moves[g] = moved
                gained = [max(0, new - old) for new, old in zip(self.budget.lines[g] or [], lines, strict=True)]
                short = [cents - gained[s] for s, cents in enumerate(short)]
                borne += gained[-1]


def _rows(table: Table) -> tuple[tuple[int, ...], ...]:
    """The rows of services, without the running costs."""
    return tuple(tuple(row) for row in table[:-1])


def _direct_cash(delivery: Delivery) -> list[int]:
    """The direct cost that each open grant's cash covers."""
    keys = ("cash", "rate_ppm", "direct", "indirect", "is_open")
    return [
        direct_within(cash, rate, direct, indirect) if is_open else 0
        for cash, rate, direct, indirect, is_open in zip(*(delivery.grants[key].tolist() for key in keys), strict=True)
    ]
