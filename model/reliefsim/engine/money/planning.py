"""The figures that a plan is made with: people, needs, prices, running costs; and, once there is one, a round's count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...layout import NEVER, NO_POLICY
from ...units import DAY, cents, direct_within
from ..compile.capacity import PAID_PERIOD, mean_price
from ..compile.compiled_scenario import Blueprint
from ..world.demand import Demand, full_extra_cents, is_by_rate
from ..world.needs import YEAR
from .budget_lines import Budget, first_budget
from .running_costs import Running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..compile.dtm_rounds import PlannedRound


@dataclass(frozen=True)
class Planning:
    """The figures a plan is made with."""

    plan: Blueprint
    wanted: Demand
    rounds: tuple[PlannedRound, ...]

    @cached_property
    def period(self) -> float:
        """Seconds the plan is made for: to the end of the last award that can pay for anything, of pledges only where
        nothing is awarded. Never more than is known when it is made."""
        plan = self.plan
        ends: list[list[int]] = [[], []]  # of awards, of pledges
        for g, name in enumerate(plan.names.grants):
            if plan.grants["ends"][g] < NEVER and self.awards[g] >= self._least_cents(g):
                ends[name in plan.scenario.pledges].append(int(plan.grants["ends"][g]))
        return float(max(ends[0] or ends[1], default=plan.horizon))

    def _least_cents(self, g: int) -> int:
        """The least direct cost of anything that a grant may pay for; 1 where nothing costs anything."""
        plan, dtm = self.plan, self.plan.scenario.dtm
        found = [int(plan.services[key][s]) for s in np.flatnonzero(plan.may_pay[:-1, g]) for key in ("cheapest", "item_price")]
        if plan.may_pay[-1, g]:
            found += [team.most_cents_per_30_days * DAY // PAID_PERIOD for team in plan.teams]
            found += [cents(dtm.round_cost_usd), cents(dtm.household_cost_usd)] if dtm is not None else []
        return min((price for price in found if price > 0), default=1)

    @cached_property
    def people(self) -> float:
        """People the plan counts on before any round: the target, or those at the start; and those who come at a
        stated rate."""
        scenario = self.plan.scenario
        stated = scenario.caseload.target_people or scenario.caseload.people
        rate = scenario.arrivals.rate_per_day if scenario.arrivals else None
        coming = float(rate.value) * self.period / DAY if rate else 0.0
        return float(stated.value) + coming * self.wanted.people_a_household

    @cached_property
    def people_by_place(self) -> list[float]:
        """The same, place by place."""
        return [self.people * share for share in _parts(self.wanted.locations)]

    @cached_property
    def host_households(self) -> float:
        """Host households the plan counts on."""
        people = float(self.plan.scenario.caseload.people.value)
        return self.wanted.hosts_a_household * people / self.wanted.people_a_household

    @cached_property
    def cases_a_person(self) -> tuple[float, ...]:
        """Expected cases of each service over the plan's period, for each person (for hosts: each household)."""
        wanted, found = self.wanted, []
        places = [float(share) for share in _parts(wanted.locations)]
        for number, name in enumerate(self.plan.names.services):
            service = self.plan.service(name)
            level = float(wanted.class_shares @ wanted.level[number])
            level *= sum(share for share, served in zip(places, wanted.served[number], strict=True) if served)
            level *= self.period / YEAR if is_by_rate(service) else 1.0
            if service.population == "caseload" and service.unit == "household":
                level /= wanted.people_a_household
            found.append(level)
        return tuple(found)

    @cached_property
    def price_cents(self) -> tuple[int, ...]:
        """The planned direct price of a case of each service, in whole cents."""
        return tuple(round(price) for price in self.prices)

    @cached_property
    def prices(self) -> tuple[float, ...]:
        """The planned direct price of a case of each service (cents)."""
        wanted, found = self.wanted, []
        factor = float(sum(f * s for f, s in zip(wanted.price_factor, _parts(wanted.locations), strict=False)))
        for number, name in enumerate(self.plan.names.services):
            service = self.plan.service(name)
            direct = mean_price(service) * factor + full_extra_cents(self.plan, number)
            if service.kind == "convoy" and service.unit == "household":
                direct *= wanted.people_a_household
            found.append(direct)
        return tuple(found)

    def need(self, counted: float | None, begun: Sequence[int]) -> list[int]:
        """Known cases of each service not begun yet; ``counted``: people at the last round."""
        done = zip(self.wanted.served_before, begun, strict=True)
        levels = zip(self.cases_a_person, self.units(counted), done, strict=True)
        return [max(0, round(level * of) - before - now) for level, of, (before, now) in levels]

    def units(self, counted: float | None) -> list[float]:
        """People (for hosts: households) that each service's need is of, as far as is known."""
        people = self.people if counted is None else counted
        return [self.host_households if of_hosts else people for of_hosts in self.of_hosts]

    def foreseen(
        self, ends: Sequence[int], opened: Sequence[int], counted: float | None, held: int
    ) -> list[list[int]]:  # fmt: skip
        """Cases of each service of goods that will have opened by each grant's end: those open so far, and those to be
        expected; of other services, NEVER.

        Who is not found yet is, where rounds find them, found with their probability by the rounds after the first
        ``held`` that come before that end. NEVER, too, where a grant has no end, or arrivals are a list, of which no plan
        knows.
        """
        found = [[NEVER] * len(ends) for _ in opened]
        arrivals = self.plan.scenario.arrivals
        if arrivals is not None and arrivals.instants_days:
            return found
        units = self.units(counted)
        for s in self._ordered:
            service = self.plan.service(self.plan.names.services[s])
            for g, end in enumerate(ends):
                share = end / self.period if is_by_rate(service) else 1.0
                more = self.cases_a_person[s] * units[s] * share - self.wanted.served_before[s] - opened[s]
                if service.intake == "dtm":
                    more *= self._found_share(held, end)
                if end < NEVER:
                    found[s][g] = opened[s] + max(0, round(more))
        return found

    @cached_property
    def _ordered(self) -> list[int]:
        """The services whose goods are ordered."""
        return np.flatnonzero(self.plan.services["policy"] != NO_POLICY).tolist()

    def _found_share(self, held: int, end: int) -> float:
        """Of those whom no round has found yet, the share that the rounds after the first ``held`` will, before an end."""
        if (held, end) not in self._found_shares:
            to_come = [one.covers.astype(np.int64) for one in self.rounds[held:] if one.time < end]
            often = sum(to_come, np.zeros(len(self.plan.names.locations), np.int64))
            shares = 1 - (1 - self.wanted.find_probability) ** often
            self._found_shares[held, end] = float(shares @ np.array(_parts(self.wanted.locations)))
        return self._found_shares[held, end]

    @cached_property
    def _found_shares(self) -> dict[tuple[int, int], float]:
        return {}

    @cached_property
    def running(self) -> Running:
        """Running costs."""
        return Running(self)

    @cached_property
    def first_budget(self) -> Budget:
        """The lines that a run begins with."""
        return first_budget(self)

    @cached_property
    def may_pay(self) -> tuple[tuple[bool, ...], ...]:
        """Which grant may pay for which service."""
        return tuple(tuple(bool(cell) for cell in row) for row in self.plan.may_pay[:-1])

    @cached_property
    def has_lines(self) -> bool:
        """Whether any grant states lines."""
        return any(self.plan.grant(name).lines for name in self.plan.names.grants)

    @cached_property
    def only_running(self) -> tuple[int, ...]:
        """The grants that may pay for running costs and for no service."""
        may_pay = self.plan.may_pay
        return tuple(np.flatnonzero((may_pay[-1] == 1) & ~may_pay[:-1].any(axis=0)).tolist())

    @cached_property
    def rates(self) -> tuple[int, ...]:
        """Each grant's indirect cost rate (millionths of direct cost)."""
        return tuple(self.plan.grants["rate_ppm"].tolist())

    @cached_property
    def of_hosts(self) -> tuple[bool, ...]:
        """Which services are for the host households."""
        return tuple(self.plan.service(name).population == "hosts" for name in self.plan.names.services)

    @cached_property
    def life_saving_rank(self) -> tuple[int, ...]:
        """Each service's place in the order of what saves lives, 1 first."""
        return tuple(self.plan.service(name).life_saving_rank for name in self.plan.names.services)

    @cached_property
    def value(self) -> tuple[float, ...]:
        """What a case served of each service is worth; 1 where nothing is said."""
        stated = [self.plan.service(name).value_per_case for name in self.plan.names.services]
        return tuple(float(one.value) if one else 1.0 for one in stated)

    @cached_property
    def awards(self) -> tuple[int, ...]:
        """The direct cost that each grant's award covers (cents)."""
        return tuple(direct_within(amount, rate) for amount, rate in zip(self._amounts, self.rates, strict=True))

    @cached_property
    def most_running(self) -> tuple[int, ...]:
        """The most direct cost of running that each grant may pay (cents)."""
        shares = [float(self.plan.grant(name).running_share.value) for name in self.plan.names.grants]
        most = (int(amount * share) for amount, share in zip(self._amounts, shares, strict=True))
        return tuple(direct_within(amount, rate) for amount, rate in zip(most, self.rates, strict=True))

    @cached_property
    def _amounts(self) -> tuple[int, ...]:
        return tuple(cents(self.plan.grant(name).amount_usd) for name in self.plan.names.grants)

    @cached_property
    def shares(self) -> dict[str, float]:
        """The plan's fixed shares."""
        return {name: float(share.value) for name, share in (self.plan.scenario.plan.shares or {}).items()}

    @cached_property
    def shares_by_grant(self) -> dict[str, dict[str, float]]:
        """The plan's fixed shares of single grants."""
        stated = self.plan.scenario.plan.shares_by_grant or {}
        return {grant: {name: float(s.value) for name, s in shares.items()} for grant, shares in stated.items()}


def _parts(cumulative: object) -> list[float]:
    """The single shares of cumulative ones."""
    return [float(part) for part in np.diff(np.asarray(cumulative), prepend=0.0)]
