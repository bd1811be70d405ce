"""What a planner knows at a decision point, from the plan's own figures and, once there is one, a round's count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ..blueprint import PPM, Blueprint
from ..capacity import PAID_PERIOD, cents, mean_price
from ..delivery.tables import NEVER
from ..records import DAY
from ..world.demand import Demand, full_extra_cents, is_by_rate
from ..world.needs import YEAR
from .rules import Known, largest_remainder

if TYPE_CHECKING:
    from ..capacity import TeamLine
    from ..delivery.delivery import Delivery


@dataclass(frozen=True)
class Planning:
    """The figures a plan is made with."""

    plan: Blueprint
    wanted: Demand

    @cached_property
    def period(self) -> float:
        """Seconds the plan is made for: to the end of the last grant. Never more than is known when it is made."""
        plan = self.plan
        ends = [
            int(end) for end, funded in zip(plan.grants["ends"], plan.funded, strict=True) if funded and end < NEVER
        ]
        return float(max(ends, default=self.plan.horizon))

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

    def known(self, delivery: Delivery, counted: int | None, cash: list[int]) -> Known:
        """What is known now; ``counted``: people at the last round; ``cash``: each grant's, free for services."""
        plan = self.plan
        people = self.people if counted is None else float(counted)
        units = (self.host_households if of_hosts else people for of_hosts in self.of_hosts)
        done = [
            before + now
            for before, now in zip(self.wanted.served_before, delivery.services["begun"].tolist(), strict=True)
        ]
        need = [
            max(0, round(level * of) - one) for level, of, one in zip(self.cases_a_person, units, done, strict=True)
        ]
        payers = [[may and bool(money) for may, money in zip(row, cash, strict=True)] for row in self.may_pay]
        rates = [max((rate for rate, pays in zip(self.rates, row, strict=True) if pays), default=0) for row in payers]
        return Known(
            time=delivery.now,
            services=plan.names.services,
            grants=plan.names.grants,
            need=tuple(need),
            price_cents=tuple(round(p * (1 + rate / PPM)) for p, rate in zip(self.prices, rates, strict=True)),
            cash=tuple(cash),
            may_pay=self.may_pay,
            pay_order=plan.pay_order,
            life_saving_rank=self.life_saving_rank,
            value=self.value,
            shares=self.shares,
            shares_by_grant=self.shares_by_grant,
        )

    @cached_property
    def may_pay(self) -> tuple[tuple[bool, ...], ...]:
        """Which grant may pay for which service."""
        return tuple(tuple(bool(cell) for cell in row) for row in self.plan.may_pay[:-1])

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
    def most_running(self) -> tuple[int, ...]:
        """The most cents of each grant that may pay running costs."""
        grants = [self.plan.grant(name) for name in self.plan.names.grants]
        return tuple(int(cents(grant.amount_usd) * float(grant.running_share.value)) for grant in grants)

    @cached_property
    def shares(self) -> dict[str, float]:
        """The plan's fixed shares."""
        return {name: float(share.value) for name, share in (self.plan.scenario.plan.shares or {}).items()}

    @cached_property
    def shares_by_grant(self) -> dict[str, dict[str, float]]:
        """The plan's fixed shares of single grants."""
        stated = self.plan.scenario.plan.shares_by_grant or {}
        return {grant: {name: float(s.value) for name, s in shares.items()} for grant, shares in stated.items()}

    def running_need(self, now: int, until: int, paid_until: dict[str, int], rounds: int) -> int:
        """Direct cents of time costs and ``rounds`` DTM rounds that fall due in [now, until)."""
        need = 0
        for team in self.plan.teams:
            begins = max(now, team.begins, paid_until.get(team.name, 0))
            need += _payments_due(team, begins, until)
        dtm = self.plan.scenario.dtm
        if dtm is not None and rounds:
            households = self.people / self.wanted.people_a_household * self.wanted.find_probability
            each = cents(dtm.round_cost_usd) + round(cents(dtm.household_cost_usd) * households)
            need += rounds * each
        return need

    def running_envelopes(self, needs: list[int], cash: list[int], caps: list[int], rates: list[int]) -> list[int]:
        """What each grant sets aside for running costs, which are filled before services.

        ``needs``: direct cents that fall due while each grant may pay (0 if it never may). ``caps``: the most cents of
        each that may still go to running costs. Grants that end first fill what falls due while they last; with pay
        order ``shares``, in proportion to their cash. What that leaves unfilled, the others fill in order.
        """
        whole = max(needs, default=0)
        filled = [0] * len(cash)  # direct cents
        room = [min(cash[g], caps[g]) * PPM // (PPM + rates[g]) if needs[g] else 0 for g in range(len(cash))]
        first = [whole] * len(cash)
        if self.plan.scenario.plan.pay_order == "shares":
            first = largest_remainder(whole, [money if need else 0 for money, need in zip(cash, needs, strict=True)])
        for most in (first, [whole] * len(cash)):
            for g in self.plan.pay_order:
                more = max(0, min(needs[g], most[g], room[g]) - filled[g])
                more = min(more, whole - sum(filled))
                filled[g] += more
        # One cent more, because indirect cost is rounded down over all direct cost and not payment by payment.
        return [
            min(cash[g], caps[g], direct + direct * rates[g] // PPM + 1) if direct else 0
            for g, direct in enumerate(filled)
        ]


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


def _parts(cumulative: object) -> list[float]:
    """The single shares of cumulative ones."""
    import numpy as np

    return [float(part) for part in np.diff(np.asarray(cumulative), prepend=0.0)]
