"""The donors: tranches, the ends of windows and shocks, each a story of what it waits for and what it does.

What a donor changes, it changes in the first phase of a second: windows end, then suspensions end, then shocks strike,
in the order of their names. A tranche that is due in that second knows of it: money comes later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...layout import NEVER
from ...scenario.schema_grants import Extension
from ...units import moment, seconds
from ..world.streams import uniforms
from .calendar import MONEY_IN, WINDOW_ENDS

if TYPE_CHECKING:
    from ...scenario.schema_grants import Amendment
    from ...scenario.schema_shocks import Shock
    from ..simulate import Operation
    from .actors import Story


@dataclass
class Due:
    """A tranche of a grant: when it is due, and its cents. A shock may put it off, or make it smaller."""

    grant: int
    time: int
    cents: int


def start(op: Operation) -> None:
    """Start the stories of all money that comes in this replication."""
    plan, process = op.plan, op.calendar.process
    comes = [pledge_comes(op, g) for g in range(len(plan.grants))]
    due = [Due(one.grant, one.time, one.cents) for one in plan.tranches if comes[one.grant]]
    for tranche in due:
        process(donor_pays(op, tranche))
    for g, grant in enumerate(plan.grants):
        if not comes[g] or grant["unlimited"]:
            continue
        if 0 <= grant["ends"] < plan.horizon:
            process(donor_closes(op, g))
        stated = plan.grant(plan.names.grants[g])
        for number, amendment in enumerate(stated.amendments):
            process(donor_answers(op, g, f"amendment:{plan.names.grants[g]}:{number}", amendment))
        if stated.no_cost_extension is not None:
            process(donor_answers(op, g, f"extension:{plan.names.grants[g]}", stated.no_cost_extension))
    turns = turning_points(op, comes)
    if turns:
        process(donors_change(op, turns, due))


def pledge_comes(op: Operation, g: int) -> bool:
    """Whether a pledge becomes money in this replication; its draw is its own, shared by all rules.

    What it brings then, and when, was drawn before (``world.unknown``).
    """
    name = op.plan.names.grants[g]
    pledge = op.plan.scenario.pledges.get(name)
    if pledge is None:
        return True
    return drawn(op, f"pledge:{name}") < float(pledge.probability.value)


def donor_pays(op: Operation, tranche: Due) -> Story:
    """One tranche arrives when it is due by then, and the planner is told; after its grant's end it does not come."""
    time = -1
    while time < tranche.time < op.plan.horizon:
        time = tranche.time
        yield op.calendar.at(time, MONEY_IN)
    if time < tranche.time or not tranche.cents or time >= op.delivery.grants["ends"][tranche.grant]:
        return
    name = op.plan.names.grants[tranche.grant]
    op.delivery.money_comes(tranche.grant, tranche.cents)
    op.note("donor", "money comes", name, grant=name, cents=tranche.cents)
    op.want_plan(f"money from {name}")


def donor_answers(op: Operation, g: int, asked: str, request: Amendment | Extension) -> Story:
    """A request is granted or not on the day of its answer, and nobody knows before; once the grant is over, neither."""
    start, name = op.plan.scenario.start_date, op.plan.names.grants[g]
    answer = moment(request.asked_day, start, 0) + seconds(request.answer_days)
    if not 0 <= answer < op.plan.horizon:
        return
    yield op.calendar.at(answer, WINDOW_ENDS)
    if answer >= op.delivery.grants["ends"][g]:
        return
    what, is_granted = asked.split(":")[0], drawn(op, asked) < float(request.probability.value)
    op.note("donor", f"{'grants' if is_granted else 'refuses'} {what}", name, grant=name)
    if not is_granted:
        return
    if isinstance(request, Extension):
        op.agreed_ends[g] = max(op.agreed_ends[g], moment(request.until_day, start, 0))  # drawn days may be in disorder
        op.delivery.extends(g, op.agreed_ends[g])
    elif op.planner is not None:
        op.planner.amend(g, request.lines)
    op.want_plan(f"{what} of {name}")


def drawn(op: Operation, purpose: str) -> float:
    """A uniform number of this replication, for one purpose, shared by all rules."""
    return float(uniforms(op.seed, op.replication, purpose, 1)[0])


def donor_closes(op: Operation, g: int) -> Story:
    """A grant's window ends, and later its commitments are not payable any more."""
    grant, closes = op.plan.grants[g], -1
    while closes < op.agreed_ends[g]:
        closes = op.agreed_ends[g]
        if closes >= op.plan.horizon:
            return
        yield op.calendar.at(closes, WINDOW_ENDS)
    has_stopped = _has_stopped(op, g)
    window_ends(op, g)
    if not has_stopped and not grant["spent_and_done"]:
        yield from commitments_end(op, g, int(closes + grant["liquidation_seconds"]))


def commitments_end(op: Operation, g: int, last: int) -> Story:
    """What a grant has committed is not payable any more from second ``last`` on."""
    if last < op.plan.horizon:
        yield op.calendar.at(last, WINDOW_ENDS)
        name = op.plan.names.grants[g]
        money_ends(op, g, "liquidation ends; cases stopped", name, lambda: op.delivery.liquidation_ends(g))


def window_ends(op: Operation, g: int) -> int:
    """What the end of a window does to its grant; the cases that stop.

    Of a grant whose donor stopped work before, only commitments are left, and only if they must be spent by now.
    """
    name, delivery = op.plan.names.grants[g], op.delivery
    if not _has_stopped(op, g):
        return money_ends(op, g, "window ends; cases stopped", name, lambda: delivery.window_ends(g))
    if delivery.grants["spent_and_done"][g] and delivery.grants["committed"][g]:
        return money_ends(op, g, "window ends; cases stopped", name, lambda: delivery.liquidation_ends(g))
    return 0


def _has_stopped(op: Operation, g: int) -> bool:
    """Whether a donor stopped work before the end of the grant's window."""
    return bool(op.delivery.grants["ends"][g] < op.agreed_ends[g])


def money_ends(op: Operation, g: int, action: str, subject: str, end: Callable[[], int]) -> int:
    """Money of a grant ends in one way; the log says which cents, and how many cases stopped for it. The cases."""
    begun = int(op.delivery.services["begun"].sum())
    cents = end()
    stopped = begun - int(op.delivery.services["begun"].sum())
    op.note("donor", action, subject, grant=op.plan.names.grants[g], quantity=stopped, cents=cents)
    return stopped


class Turn(NamedTuple):
    """A second at which shocks strike some grants, or a suspension of them ends. In the order in which they come."""

    time: int
    begins: bool
    shock: str
    grants: tuple[int, ...]
    until: int  # of a suspension


def turning_points(op: Operation, comes: list[bool]) -> list[Turn]:
    """When the shocks of this replication strike whom; the draw of a shock is its own, shared by all rules."""
    plan, found = op.plan, []
    for name, shock in plan.scenario.shocks.items():
        struck = [g for g, grant in enumerate(plan.names.grants) if grant in shock.grants and comes[g]]
        if drawn(op, f"shock:{name}") >= float(shock.probability.value):
            continue
        days = {g: moment(shock.day, plan.scenario.start_date, int(plan.grants[g]["opens"])) for g in struck}
        for day in set(days.values()):
            grants = tuple(g for g in struck if days[g] == day)
            until = day + seconds(shock.days, 0) if shock.kind == "suspension" else NEVER
            if until > 0:
                found.append(Turn(max(0, day), True, name, grants, until))
            if 0 < until < NEVER:
                found.append(Turn(until, False, name, grants, until))
    return sorted(turn for turn in found if turn.time < plan.horizon)


def donors_change(op: Operation, turns: list[Turn], due: list[Due]) -> Story:
    """Shock after shock strikes, and the planner is told, if there was anything to strike."""
    changes = Changes(op, due)
    for turn in turns:
        yield op.calendar.at(turn.time, WINDOW_ENDS)
        strike = changes.strike if turn.begins else changes.end_suspension
        struck = [strike(turn, g) for g in turn.grants]
        if any(struck):
            op.want_plan(f"shock {turn.shock}" if turn.begins else f"end of shock {turn.shock}")


@dataclass
class Changes:
    """What shocks do to grants, one at a time; each tells whether there was anything to strike."""

    op: Operation
    due: list[Due]
    suspended: dict[int, int] = field(default_factory=dict)  # grant: until when, at last

    def strike(self, turn: Turn, g: int) -> bool:
        """A shock strikes a grant, unless its money has ended."""
        if turn.time >= self.op.delivery.grants["ends"][g]:
            return False
        shock = self.op.plan.scenario.shocks[turn.shock]
        to_come = [one for one in self.due if one.grant == g and one.time >= turn.time and one.cents]
        if shock.kind == "stop-work":
            return self._stop(turn, g, shock)
        if shock.kind == "suspension":
            return self._suspend(turn, g, shock, to_come)
        return self._late(turn, g, shock, to_come) if shock.kind == "late" else self._cut(turn, g, shock, to_come)

    def _stop(self, turn: Turn, g: int, shock: Shock) -> bool:
        op, frees = self.op, shock.commitments == "stopped"
        money_ends(op, g, "stops work; cases stopped", turn.shock, lambda: op.delivery.stops_work(g, frees))
        if not frees and not op.plan.grants["spent_and_done"][g]:
            last = turn.time + int(op.plan.grants["liquidation_seconds"][g])
            op.calendar.process(commitments_end(op, g, last))
        return True

    def _suspend(self, turn: Turn, g: int, shock: Shock, to_come: list[Due]) -> bool:
        op, frees = self.op, shock.commitments == "stopped"
        for tranche in to_come:
            tranche.time = max(tranche.time, turn.until)
        if self.suspended.get(g, 0) <= turn.time:
            op.delivery.halts.append([g, turn.time, NEVER])
        self.suspended[g] = max(turn.until, self.suspended.get(g, 0))
        money_ends(op, g, "suspends; cases stopped", turn.shock, lambda: op.delivery.suspends(g, frees))
        return True

    def end_suspension(self, turn: Turn, g: int) -> bool:
        """A suspension ends: the grant may pay again, if its window has not ended."""
        op = self.op
        if turn.time >= op.delivery.grants["ends"][g] or self.suspended.get(g) != turn.time:
            return False
        next(halt for halt in reversed(op.delivery.halts) if halt[0] == g)[2] = turn.time
        op.delivery.resumes(g)
        cash = int(op.delivery.grants["cash"][g])
        op.note("donor", "suspension ends", turn.shock, grant=op.plan.names.grants[g], cents=cash)
        return True

    def _late(self, turn: Turn, g: int, shock: Shock, to_come: list[Due]) -> bool:
        for tranche in to_come:
            tranche.time += seconds(shock.days, 0)
        self._note("pays late; tranches", turn, g, len(to_come), sum(one.cents for one in to_come))
        return bool(to_come)

    def _cut(self, turn: Turn, g: int, shock: Shock, to_come: list[Due]) -> bool:
        share = float(shock.share.value) if shock.share else 0.0
        cut = round(int(self.op.delivery.grants["cash"][g]) * share)
        self.op.delivery.cuts(g, cut)
        for tranche in to_come:
            less = round(tranche.cents * share)
            tranche.cents -= less
            cut += less
        self._note("cuts; tranches", turn, g, len(to_come), cut)
        return cut > 0

    def _note(self, action: str, turn: Turn, g: int, quantity: int, cents: int) -> None:
        self.op.note("donor", action, turn.shock, grant=self.op.plan.names.grants[g], quantity=quantity, cents=cents)
