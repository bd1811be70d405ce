"""What is known at a decision becomes each grant's lines and envelopes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..blueprint import RUNNING
from ..units import direct_within, largest_remainder
from .lines import Budget, Lines, stated_lines
from .rules import Known, Rule, checked, fixed_shares

if TYPE_CHECKING:
    from ..delivery.delivery import Delivery
    from ..rounds import PlannedRound
    from ..scenario.grants import BudgetLine
    from .planning import Planning

Table = list[list[int]]


@dataclass
class Planner:
    """One run's planner: its rule, the budget as it stands, and the cents it has just moved in each grant."""

    planning: Planning
    rule: Rule
    first_rounds: Sequence[PlannedRound]  # all that are planned
    budget: Budget = field(init=False)
    moves: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budget = self._first_budget()

    def divide(
        self, delivery: Delivery, counted: float | None, paid_until: dict[str, int], rounds: Sequence[PlannedRound]
    ) -> tuple[Table, Table]:
        """Envelopes[service and, last, running][grant], and how many cases of each service (rows) will have opened by
        each grant's end, as far as can be foreseen. ``counted``: people at the last round; ``rounds``: those to come.
        """
        planning, now, ends = self.planning, delivery.now, delivery.grants["ends"].tolist()
        cash = _direct_cash(delivery)
        used = delivery.lines["direct"].tolist()
        pay_order = tuple(delivery.pay_order.tolist())

        def for_running() -> tuple[list[int], list[int]]:
            room = self._room(cash, used[-1])
            windows = [(now, max(now, end)) for end in ends]
            return planning.running_envelopes(now, windows, cash, room, pay_order, paid_until, rounds)

        running, unpaid = for_running()
        self._agree(delivery, running)
        known = self._known(delivery, counted, cash, used)
        self.moves = {}
        if self.rule is fixed_shares and any(self.budget.movable):
            self._move(known, running, unpaid, used[-1], [now < end for end in ends])
            running, _ = for_running()
        for g in range(len(cash)):
            if planning.plan.may_pay[-1, g] and not planning.plan.may_pay[:-1, g].any():
                running[g] = self._room(cash, used[-1])[g]  # no service may have it: it is for costs not planned
        free = tuple(money - part for money, part in zip(cash, running, strict=True))
        known = replace(known, cash=free, lines=self._lines())
        opened = delivery.standing().opened
        return [*checked(known, self.rule(known)), running], planning.foreseen(ends, now, opened, counted, rounds)

    def amend(self, g: int, stated: dict[str, BudgetLine]) -> None:
        """A donor grants other lines; those that are not named stay."""
        lines = self.budget.lines[g]
        names = (*self.planning.plan.names.services, RUNNING)
        asked = stated_lines(stated, names, self.planning.awards[g])
        if lines is not None:
            self.budget.lines[g] = [new if name in stated else old for name, new, old in zip(names, asked, lines, strict=True)]

    def _first_budget(self) -> Budget:
        """The lines that grants state, and those that the plan's shares give the awards; of pledges, none before they
        come."""
        planning, plan = self.planning, self.planning.plan
        paid = {line.name: line.paid_until for line in plan.teams if line.begins < line.paid_until}
        cash = [award * (name in plan.scenario.grants) for award, name in zip(planning.awards, plan.names.grants, strict=True)]
        windows = [(max(0, int(grant["opens"])), max(0, int(grant["ends"]))) for grant in plan.grants]
        may_pay = plan.may_pay[-1].tolist()
        room = [min(money, most) * may for money, most, may in zip(cash, planning.most_running, may_pay, strict=True)]
        running, _ = planning.running_envelopes(0, windows, cash, room, plan.pay_order, paid, self.first_rounds)
        lines: list[Lines | None] = []
        for g, name in enumerate(plan.names.grants):
            stated = plan.grant(name).lines
            if stated:
                lines.append(stated_lines(stated, (*plan.names.services, RUNNING), planning.awards[g]))
            else:
                lines.append(self._by_shares(g, running[g]) if name in plan.scenario.grants else None)
        shares = [float(plan.grant(name).flexibility_share.value) for name in plan.names.grants]
        return Budget(lines, [int(share * award) for share, award in zip(shares, planning.awards, strict=True)])

    def _by_shares(self, g: int, running: int) -> Lines | None:
        """A grant's award, less ``running`` costs, by the plan's shares; equally, where none is for what it may pay for.

        None, where the plan has no shares.
        """
        planning, names = self.planning, self.planning.plan.names
        if not planning.shares and not planning.shares_by_grant:
            return None
        shares = planning.shares_by_grant.get(names.grants[g], planning.shares)
        payable = [float(row[g]) for row in planning.may_pay]
        weights = [shares.get(name, 0.0) * may for name, may in zip(names.services, payable, strict=True)]
        parts = largest_remainder(planning.awards[g] - running, weights if any(weights) else payable)
        return [*parts, planning.awards[g] - sum(parts)]

    def _agree(self, delivery: Delivery, running: Sequence[int]) -> None:
        """A pledge that has come has a budget from now on."""
        for g, received in enumerate(delivery.grants["received"].tolist()):
            if received and self.budget.lines[g] is None:
                self.budget.lines[g] = self._by_shares(g, running[g])

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
        self, known: Known, running: list[int], unpaid: list[int], used: Sequence[int], lasts: list[bool]
    ) -> None:  # fmt: skip
        """Let each grant's manager move cents to lines that are short of money for cases open now (or for running costs
        that fall due), from lines that have more than all need that is known or to be expected.

        ``unpaid``: running costs for which nothing is set aside. ``lasts``: grants whose window is not over.
        """
        services = range(len(known.services))
        left = [
            [max(0, line - gone) * on for line, gone, on in zip(*row, lasts, strict=True)]
            for row in zip(known.lines, known.used, strict=True)
        ]
        wanted = [max(known.need[s], known.waiting[s]) * known.price_cents[s] for s in services]
        short = [max(0, known.waiting[s] * known.price_cents[s] - sum(left[s])) for s in services]
        borne = 0
        for g in known.pay_order:
            lines = self.budget.lines[g]
            if lines is None or not lasts[g]:
                continue
            spare = []
            for s in services:
                covers = min(left[s][g], wanted[s])
                wanted[s] -= covers
                spare.append(left[s][g] - covers)
            spare.append(max(0, lines[-1] - used[g] - running[g]))
            lacks = [cents * known.may_pay[s][g] for s, cents in enumerate(short)]
            lacks.append(max(0, unpaid[g] - borne) * int(self.planning.plan.may_pay[-1, g]))
            before = list(lines)
            if moved := self.budget.move(g, spare, lacks):
                self.moves[g] = moved
                gained = [max(0, new - old) for new, old in zip(self.budget.lines[g] or [], before, strict=True)]
                short = [cents - gained[s] for s, cents in enumerate(short)]
                borne += gained[-1]

    def _lines(self) -> tuple[tuple[int, ...], ...]:
        return tuple(self.budget.column(row) for row in range(len(self.planning.plan.names.services)))

    def _known(self, delivery: Delivery, counted: float | None, cash: Sequence[int], used: Table) -> Known:
        planning, names, standing = self.planning, self.planning.plan.names, delivery.standing()
        return Known(
            time=delivery.now,
            services=names.services,
            grants=names.grants,
            need=tuple(planning.need(counted, standing.begun)),
            waiting=tuple(standing.waiting),
            price_cents=tuple(round(price) for price in planning.prices),
            cash=tuple(cash),
            lines=self._lines(),
            used=_rows(used),
            committed=_rows(delivery.lines["committed"].tolist()),
            spent=_rows(delivery.lines["spent"].tolist()),
            may_pay=planning.may_pay,
            pay_order=tuple(delivery.pay_order.tolist()),
            life_saving_rank=planning.life_saving_rank,
            value=planning.value,
            shares=planning.shares,
            shares_by_grant=planning.shares_by_grant,
        )


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
