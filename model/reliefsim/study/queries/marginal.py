"""A little more money in one line of the budget, and nothing else changed: what it buys, line by line."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...engine.as_of import first_second
from ...engine.compile.capacity import rate_kept
from ...indicators.closable import without_limit
from ...indicators.measure import Key
from ...layout import REASON_NAMES, Reason
from ...scenario import Scenario, extended
from ...units import DAY, moment, seconds
from ..request import Money, NextDollar, StudyRequest, from_no_file
from ..running.backend_choice import working
from ..running.runner import Arm, Study, run_study
from ..statistics.differences import Differences, difference
from ..statistics.saturation import LEAST, is_bought, means
from .ask_search import with_money

if TYPE_CHECKING:
    from ..running.backends import Running

NAME = "next-dollar"  # the additional grant
NEW = "new"  # a grant that there is not yet
BESIDE = 2  # arms beside the lines: as it is, and with money without limit
INDICATORS = ("people_reached", "cases_served", "waiting_days", "gap_usd", "spent_usd")


@dataclass(frozen=True)
class BudgetLine:
    """One service paid by one grant, and money that comes as that grant's does; ``grant`` NEW: no grant may pay for it."""

    service: str
    grant: str
    money: Money


@dataclass(frozen=True)
class Bought:
    """What more money in a line buys: the arm with it less the one without. ``binds``: of a saturated line, why cases of
    its service stay unserved, the most frequent reason first; else empty."""

    line: BudgetLine
    apart: Differences
    is_saturated: bool
    binds: str


def lines(scenario: Scenario) -> tuple[BudgetLine, ...]:
    """Every service with every grant that may pay for it, by name; one that none may pay for, with a new grant at the
    rate of the largest, from the first day to the last. Pledges are none: whether their money comes is not known."""
    start, horizon = scenario.start_date, seconds(scenario.horizon_days)
    found = []
    for service in sorted(scenario.services):
        for name, grant in sorted(scenario.grants.items()):
            if grant.pays_for and service not in grant.pays_for:
                continue
            begins, ends = moment(grant.from_day, start, 0), moment(grant.until_day, start, horizon)
            money = Money(
                begins / DAY, None if ends >= horizon else ends / DAY, (service,), float(grant.indirect_rate.value),
                grant.end_rule,
            )  # fmt: skip
            if max(begins, first_second(scenario)) < min(ends, horizon):
                found.append(BudgetLine(service, name, money))
        if not any(not grant.pays_for or service in grant.pays_for for grant in scenario.grants.values()):
            first = first_second(scenario) / DAY
            found.append(BudgetLine(service, NEW, Money(first, None, (service,), largest_rate(scenario))))
    return tuple(found)


def largest_rate(scenario: Scenario) -> float:
    """The indirect cost rate of the largest grant; 0 without any."""
    grants = sorted(scenario.grants.items(), key=lambda one: (-float(one[1].amount_usd.value), one[0]))
    return float(grants[0][1].indirect_rate.value) if grants else 0.0


def with_more(scenario: Scenario, line: BudgetLine, usd: float) -> Scenario:
    """The scenario with so much more in a line; what its donor does to the grant befalls the money, too."""
    struck = {
        name: {"grants": [*shock.grants, NAME]} for name, shock in scenario.shocks.items() if line.grant in shock.grants
    }
    more = with_money(scenario, line.money, NAME, usd)
    return extended(more, {"shocks": struck}) if struck else more


def next_dollar(request: StudyRequest, running: Running) -> list[Bought]:
    """What more money buys in each line, replication by replication in the same world. Raises as run_study."""
    assert isinstance(request.question, NextDollar)
    scenario, usd = request.scenario, request.question.next_usd
    some, base = lines(scenario), scenario.model_copy(update=rate_kept(scenario))
    readings = [from_no_file(base, "as it is"), from_no_file(without_limit(base), "money without limit")]
    readings += [from_no_file(with_more(scenario, line, usd), f"{line.service} by {line.grant}") for line in some]
    with working(request, running, math.inf) as (_, inside):
        study = run_study(replace(request, readings=tuple(readings), question=None), inside)
    return [_bought(study, place, line, usd) for place, line in enumerate(some, start=BESIDE)]


def _bought(study: Study, place: int, line: BudgetLine, usd: int) -> Bought:
    base, rich, more = study.arms[0], study.arms[1], study.arms[place]
    shown = base.reading.scenario.services[line.service].counts_as or line.service
    is_saturated = not _buys(more, base, shown, usd)
    # What money without limit would serve is held back by this line's own money; what it would not, by other things.
    binds = _binds(more if _buys(rich, base, shown, math.inf) else rich, shown) if is_saturated else ""
    return Bought(line, difference(more, base), is_saturated, binds)


def _buys(more: Arm, base: Arm, shown: str, usd: float) -> bool:
    """Whether the mean run serves more cases of a service, whose cost is LEAST of the money or of the service's gap, or
    saves LEAST of the days that its people wait; for certain."""
    cases, waiting, gap, need, needed = (
        Key(name, shown, unit=unit)
        for name, unit in (
            ("cases_served", "cases"), ("waiting_days", "person-days"), ("gap_usd", "USD"), ("requirement_usd", "USD"),
            ("cases_needed", "cases"),
        )
    )  # fmt: skip
    least = LEAST * min(usd, means(base, gap)) * means(base, needed) / (means(base, need) or math.inf)
    return is_bought(more, base, cases, least) or is_bought(more, base, waiting, LEAST * means(base, waiting))


def _binds(arm: Arm, shown: str) -> str:
    """The reasons for which cases of a service are unserved; none are: nothing."""
    names = [REASON_NAMES[reason] for reason in Reason if reason]
    found = [(means(arm, Key(f"cases_unserved_{name.replace('-', '_')}", shown, unit="cases")), name) for name in names]
    return ", ".join(name for mean, name in sorted(found, key=lambda one: -one[0]) if mean > 0) or "nothing"
