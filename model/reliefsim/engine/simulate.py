"""A scenario, a rule, a seed and a replication become one run: the actors on one SimPy clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from ..layout import CAPACITY, CONVOY, DEPARTURE_DUE, GOODS, NOTHING_NEEDED, ROUND
from ..records import Decision, Envelope, Run
from ..rules import RULES, Rule
from ..scenario.memo import once
from ..scenario.schema_services import Convoy
from ..units import MISSING, indirect_due, seconds
from .as_of import begun
from .compile.capacity import TeamLine
from .compile.compiled_scenario import Blueprint, blueprint
from .compile.dtm_rounds import planned_rounds
from .delivery.services import Delivery
from .money.planner import Planner
from .money.planning import Planning
from .processes import actors, donors
from .processes.calendar import PAYING, PLANNING, STARTING, WINDOW_ENDS, Calendar
from .world.caseload_course import course
from .world.demand import Demand, demand
from .world.growth_path import is_random, with_path
from .world.unknown import drawn, with_pledges
from .world.world_draws import Draw, World, draw_world

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

DeliveryMaker = Callable[[Blueprint, World, int, int], Delivery]


def simulate(
    scenario: Scenario,
    rule: str | Rule | None = None,
    seed: int = 1,
    replication: int = 0,
    uncertain: bool = False,
    delivery: DeliveryMaker = Delivery,
    draw: Draw = draw_world,
) -> Run:
    """Run one replication of a scenario and leave its facts.

    ``rule``: a name, or a function of ``rules.Known``; none: the scenario's own. ``uncertain``: draw every
    ranged value anew, and not only what pledges bring and when. Raises ValueError for an unknown rule or a rule that
    breaks cash or earmarks, InvariantError if a law of the model fails.
    """
    scenario = begun((drawn if uncertain else with_pledges)(scenario, seed, replication))
    plan, wanted, planning = prepared(scenario)
    if any(map(is_random, scenario.displacement.values())):
        moving = with_path(scenario, seed, replication)
        wanted = replace(wanted, course=course(moving, plan.horizon, wanted.people_a_household))
    name = scenario.plan.rule if rule is None else rule
    divide = name if callable(name) else _rule(name)
    world = draw(wanted, seed, replication)
    op = Operation(plan, planning, divide, delivery(plan, world, seed, replication), seed, replication)
    op.run()
    facts = op.facts(getattr(name, "__name__", str(name)))
    # Processes that still wait hold the operation until the garbage collector comes: not its tables, which are large.
    del op.delivery
    return facts


def _rule(name: str) -> Rule:
    if name not in RULES:
        raise ValueError(f"unknown rule {name!r}; known rules: {', '.join(RULES)}")
    return RULES[name].divide


@once
def prepared(scenario: Scenario) -> tuple[Blueprint, Demand, Planning]:
    """What all replications of a scenario share."""
    plan = blueprint(scenario)
    wanted = demand(plan)
    return plan, wanted, Planning(plan, wanted, planned_rounds(plan))


class Operation:
    """One run: the calendar, the delivery of services, and what actors share."""

    def __init__(
        self, plan: Blueprint, planning: Planning, rule: Rule, delivery: Delivery, seed: int, replication: int
    ) -> None:
        self.plan, self.planning, self.delivery = plan, planning, delivery
        self.seed, self.replication = seed, replication
        self.calendar = Calendar()
        delivery.join(self.calendar)
        self.counted: float | None = None  # people present as far as rounds have told; None: no round yet
        self.counts: list[int | None] = [None] * len(plan.names.locations)  # the latest, place by place
        self.agreed_ends: list[int] = plan.grants["ends"].tolist()  # of windows, whatever a donor does meanwhile
        self.paid_until = {line.name: line.paid_until for line in plan.teams if line.begins < line.paid_until}
        self.decisions: list[Decision] = []
        self.envelopes: list[Envelope] = []
        self.rounds: list[tuple[int, int, int, int]] = []
        self.capacities: list[tuple[int, int, int, int]] = []
        self.planned_rounds = planning.rounds
        self.rounds_held = 0
        is_limited = plan.scenario.money != "unlimited"
        self.planner = Planner(planning, rule) if is_limited else None
        self.plan_reason = ""
        self.plan_call: simpy.Event = simpy.Event(self.calendar)
        self.new_plan: simpy.Event = simpy.Event(self.calendar)
        services = range(len(plan.services))
        self.departure_call: list[simpy.Event] = [simpy.Event(self.calendar) for _ in services]
        self.order_call: list[simpy.Event] = [simpy.Event(self.calendar) for _ in services]
        self.note_capacity(range(len(plan.pools)))
        self._start_actors()

    def _start_actors(self) -> None:
        plan, process = self.plan, self.calendar.process
        process(actors.planner(self))
        process(actors.planner_dates(self))
        donors.start(self)
        for number, line in enumerate(plan.teams):
            if line.begins < line.ends:
                process(actors.team(self, number, line))
                if line.ends < plan.horizon:
                    process(actors.term(self, line))
        for pool, changes in enumerate(plan.rosters):
            if len(changes) > 1:
                process(actors.roster(self, pool, changes))
        if self.planned_rounds:
            process(actors.dtm(self))
        for s in np.flatnonzero(plan.services["kind"] == CONVOY):
            process(actors.convoys(self, int(s)))
            if self.every_seconds(int(s)) > 0:
                process(actors.convoy_schedule(self, int(s)))
        for s in np.flatnonzero((plan.services["kind"] == GOODS) & (plan.services["policy"] > 0)):
            process(actors.supply(self, int(s)))
        for place, name in enumerate(plan.names.locations):
            stated = plan.scenario.locations.get(name)
            for closure in stated.closures if stated else ():
                process(actors.access(self, place, closure))
        self.want_plan("start")

    def run(self) -> None:
        """Let events decide and the delivery kernel serve between them, up to the horizon."""
        calendar, delivery, horizon = self.calendar, self.delivery, self.plan.horizon
        while True:
            second, phase = calendar.next_key()
            if second >= horizon:
                second, phase = horizon, 0
            elif phase < WINDOW_ENDS:  # SimPy's own: a process begins, ends or fails, and nothing is delivered before
                calendar.step()
                continue
            need = delivery.advance(int(second), phase)
            if need != NOTHING_NEEDED:
                self._call(need)
            elif second >= horizon:
                break
            else:
                calendar.step()
                while phase < STARTING and calendar.next_key() == (second, phase):
                    calendar.step()  # nothing can be delivered between two events of one phase
        self._close()

    def _call(self, need: int) -> None:
        """What the kernel needs decided becomes an event of this second's last phase, and is answered."""
        s, calls = self.delivery.need_service, self.departure_call if need == DEPARTURE_DUE else self.order_call
        self.calendar.call(calls[s], STARTING, self.delivery.now)
        calls[s] = simpy.Event(self.calendar)
        self.calendar.step()

    def _close(self) -> None:
        """The horizon: why cases are unserved, then windows that end with it, the last envelopes, every law."""
        self.delivery.give_reasons()
        ending = [g for g, ends in enumerate(self.agreed_ends) if ends == self.plan.horizon]
        stopped = sum([donors.window_ends(self, g) for g in ending])
        if stopped:
            self.delivery.give_reasons()  # those whom the last second stopped
        self._keep_envelopes("end")
        self.delivery.check_everything()

    def note(self, actor: str, action: str, subject: str, grant: str = "", quantity: int = 0, cents: int = 0) -> None:
        """Write one decision into the log."""
        self.decisions.append(Decision(self.delivery.now, actor, action, subject, grant, quantity, cents))

    def want_plan(self, reason: str) -> None:
        """Call the planner in this second's phase of planning, once, for one reason or more."""
        if self.plan_reason:
            self.plan_reason += f", {reason}"
            return
        self.plan_reason = reason
        self.calendar.call(self.plan_call, PLANNING, int(self.calendar.now))

    def divide_money(self) -> None:
        """Let the planner set money aside for running costs and services, and tell the teams."""
        delivery, plan = self.delivery, self.plan
        reason, self.plan_reason = self.plan_reason, ""
        self.plan_call = simpy.Event(self.calendar)
        if self.planner is None:
            self._tell_teams()
            return
        envelopes, foreseen = self.planner.divide(delivery, self.counted, self.paid_until, self.rounds_held)
        delivery.set_envelopes(envelopes, foreseen)
        for g, cents in self.planner.moves.items():
            self.note("planner", "moves between lines", plan.names.grants[g], grant=plan.names.grants[g], cents=cents)
        open_cash = int(delivery.grants["cash"][delivery.grants["is_open"] == 1].sum())
        self.note("planner", "divides money", reason, cents=open_cash)
        self._keep_envelopes(reason)
        self._tell_teams()

    def _tell_teams(self) -> None:
        """Teams that stand still may be payable now."""
        told, self.new_plan = self.new_plan, simpy.Event(self.calendar)
        self.calendar.call(told, PAYING, int(self.calendar.now))

    def _keep_envelopes(self, reason: str) -> None:
        """Write down what each envelope holds, with its part of the indirect cost that the grant will bear."""
        lines: Any = self.delivery.lines.tolist()
        now, grants = self.delivery.now, self.delivery.grants
        rates, direct, charged = (grants[key].tolist() for key in ("rate_ppm", "direct", "indirect"))
        budget: list[list[int] | None] = self.planner.budget.lines if self.planner else [None]
        for s, g, service, grant in self.plan.payable:
            _, left, committed, spent, _, _ = lines[s][g]
            rate = rates[g]
            direct[g] += left
            indirect = indirect_due(rate, direct[g], charged[g]) if left else 0
            charged[g] += indirect
            line = MISSING if (agreed := budget[g]) is None else agreed[s] + indirect_due(rate, agreed[s])
            envelope = left + indirect + committed + spent
            self.envelopes.append(Envelope(now, reason, service, grant, envelope, committed, spent, line, left))

    def works(self, line: TeamLine) -> None:
        """A team works from now on."""
        if line.pool != MISSING and not self.delivery.pools["active"][line.pool]:
            self.delivery.team_works(line.pool)
            self.note_capacity([line.pool])
            self.note("team", "works", line.name)

    def stand_still(self, line: TeamLine, why: str) -> None:
        """A team stands still from now on."""
        if line.pool != MISSING:
            was_at_work = self.delivery.pools["active"][line.pool]
            self.delivery.team_stands_still(line.pool)
            if was_at_work:
                self.note_capacity([line.pool])
        self.note("team", why, line.name)

    def note_capacity(self, pools: range | list[int]) -> None:
        """Write down what the capacity of some teams is from now on."""
        for number in pools:
            pool = self.delivery.pools[number]
            capacity = int(pool["counted"]) if pool["active"] else 0
            self.capacities.append((int(self.calendar.now), capacity, int(pool["service"]), number))

    def every_seconds(self, s: int) -> int:
        """How often the schedule sends a convoy; 0: no schedule."""
        stated = self.plan.service(self.plan.names.services[s])
        return seconds(stated.every_days, 0) if isinstance(stated, Convoy) else 0

    def facts(self, rule: str) -> Run:
        """The facts of this run."""
        delivery, world = self.delivery, self.delivery.world
        clock = delivery.clock[0]
        return Run(
            scenario=self.plan.scenario,
            rule=rule,
            seed=self.seed,
            replication=self.replication,
            names=self.plan.names,
            horizon=self.plan.horizon,
            households=world.households,
            member_class=world.member_class,
            cases=world.cases,
            postings=delivery.postings[: clock["postings"]],
            orders=delivery.orders[: clock["orders"]],
            departures=delivery.departures[: clock["departures"]],
            breaks=delivery.breaks[: clock["breaks"]],
            short_since=delivery.services["short_since"].copy(),
            grants_end=delivery.grants["ends"].copy(),
            rounds=np.array(self.rounds, ROUND),
            capacities=np.array(self.capacities, CAPACITY),
            handovers=delivery.handovers[: clock["handovers"]],
            cofunded=delivery.cofunded[: clock["cofunded"]],
            decisions=tuple(self.decisions),
            envelopes=tuple(self.envelopes),
        )
