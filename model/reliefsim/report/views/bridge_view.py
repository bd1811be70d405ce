"""From the money received, over what it was used for, to the need that is met and that is not: the rows of a bridge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...engine.compile.compiled_scenario import UNLIMITED
from ...indicators.unserved_reasons import MONEY_PARTS, UNMET_PARTS
from ...results.estimate_rows import Estimate
from ...results.study_folder import RUNNING, ArmName, StudyFolder
from ..text.tongue import mark

MONEY, AWAY, JOIN, NEED, NO_MONEY, OTHER = "money", "away", "join", "need", "no money", "other"


@dataclass(frozen=True)
class Bar:
    """One row: a total from 0, or a step from where the row above ended. ``low``, ``high``: eight of ten runs."""

    label: str
    kind: str
    usd: float
    low: float
    high: float
    is_total: bool = False
    open_usd: float = 0.0  # of a total: committed, not yet spent


def bridge(study: StudyFolder, arm: ArmName) -> list[Bar]:
    """The rows of one scenario, from the top."""
    used, met = (study.funded.get(arm, name) for name in ("used_for_services_usd", "need_met_usd"))
    hosts = number(_hosts(study, arm))
    rows = [
        *_money(study, arm, number(used.mean)),
        replace(_bar(mark("Spent or committed for services"), MONEY, used, is_total=True), open_usd=_open(study, arm)),
        _exactly(mark("Met for host households"), JOIN, -hosts),
        _exactly(mark("Goods in store, empty seats, losses"), JOIN, number(met.mean) - number(used.mean) + hosts),
        _bar(mark("Need met"), NEED, met, is_total=True),
    ]
    kinds = {part: NO_MONEY if part in MONEY_PARTS else OTHER for part in UNMET_PARTS}
    unmet = [_bar(part.words, kind, study.funded.get(arm, part.indicator)) for part, kind in kinds.items()]
    needed = study.indicators.get(arm, "requirement_usd")
    return [*rows, *unmet, _bar(mark("All that is needed"), NEED, needed, is_total=True)]


def _money(study: StudyFolder, arm: ArmName, used: float) -> Iterator[Bar]:
    """What came, and what of it was not for services."""
    received = study.received(arm)
    running, lapsed = (study.indicators.get(arm, name) for name in ("running_cost_usd", "lapsed_usd"))
    yield _bar(
        mark("Money paid (unlimited)") if is_unlimited(study, arm) else mark("Money received"), MONEY, received, is_total=True
    )
    yield _bar(mark("Running costs"), AWAY, running, sign=-1)
    yield _bar(mark("Given back"), AWAY, lapsed, sign=-1)
    rest = number(received.mean) - number(running.mean) - number(lapsed.mean) - used
    yield _exactly(mark("Not used by the last day"), AWAY, -rest)


def _open(study: StudyFolder, arm: ArmName) -> float:
    """Commitments for services that are not spent yet."""
    total, running = (
        number(study.indicators.get(arm, "committed_usd", service=name).mean) for name in ("", RUNNING)
    )
    return total - running


def _hosts(study: StudyFolder, arm: ArmName) -> float:
    """What the need of hosts that is met costs."""
    required, gap = (
        study.indicators.get(arm, name, group="hosts").mean for name in ("requirement_usd", "gap_usd")
    )
    return required - gap


def _bar(label: str, kind: str, one: Estimate, is_total: bool = False, sign: int = 1) -> Bar:
    low, high = sorted(sign * number(end) for end in reach(one))
    return Bar(label, kind, sign * number(one.mean), low, high, is_total)


def _exactly(label: str, kind: str, usd: float) -> Bar:
    """A row that the files hold no range of."""
    return Bar(label, kind, usd, usd, usd)


def is_unlimited(study: StudyFolder, arm: ArmName) -> bool:
    """Whether everything is paid, and no grant is there."""
    return bool(study.scenarios.get(arm.scenario, {}).get("money") == UNLIMITED)


def number(value: float) -> float:
    """A value, or 0 where there is none."""
    return 0.0 if math.isnan(value) else value


def reach(one: Estimate) -> tuple[float, float]:
    """The 10th and the 90th percentile; both at the mean where there is none."""
    low, high = one.p10, one.p90
    return (one.mean, one.mean) if math.isnan(low) or math.isnan(high) else (low, high)
