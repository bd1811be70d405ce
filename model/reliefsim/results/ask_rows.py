"""An answer becomes the rows of ask.csv, and the ranges that its sentences tell."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..engine.as_of import begun
from ..indicators.closable import CLOSED, NOT_CLOSED
from ..indicators.shortfall import FIRST, LAST
from ..study.queries import ask_search as asking
from ..study.queries.ask_answers import saturated_from
from ..study.request import Target
from ..units import DAY
from .funding_tables import in_order

if TYPE_CHECKING:
    from ..study.queries.ask_answers import Answer
    from ..study.statistics.estimates import Floats

COLUMNS = (
    "scenario", "rule", "target", "wanted", "certainty", "part", "arrives", "additional_usd", "quantile_usd",
    "quantile_low_usd", "chance", "chance_low", "chance_high", "indicator", "service", "group", "p10", "p50", "p90",
    "date_p10", "date_p50", "date_p90", "mean", "ci_low", "ci_high", "interval_method", "difference", "difference_low",
    "difference_high", "real", "replications_needed", "replications",
)  # fmt: skip
PARTS_OF_GAP = {CLOSED: asking.CLOSED, NOT_CLOSED: asking.NOT_CLOSED}
CHANCES = 40  # amounts at which the chance of meeting the target is told, evenly; and as many of the least amounts
Cell = str | float


class Range(NamedTuple):
    """A number over all replications: the least that 10, 50 and 90 % of them do not exceed; what never came is later
    than any day (NaN)."""

    p10: float
    p50: float
    p90: float


def range_of(values: Floats) -> Range:
    """The range of one number over replications."""
    return Range(*(in_order(values, share) for share in (0.1, 0.5, 0.9)))


def rows(found: Answer) -> Iterator[list[Cell]]:
    """The ask, the same for each later arrival, the chance by amount, who goes without and what binds, what is reached, and
    from which amount on more improves nothing."""
    question = found.question
    which: dict[str, Cell] = {
        "scenario": found.scenario.name, "rule": found.request.rule_name, "target": str(question.target),
        "wanted": question.target.wanted, "certainty": question.certainty, "replications": found.request.replications,
        "arrives": date_of(found, question.days[0]),
    }  # fmt: skip
    empty = {name: "" if name in _TEXTS else math.nan for name in COLUMNS}
    of_amounts = (*_amounts_asked(found), *_confirmed(found), *_chances(found))
    for cells in (*of_amounts, *_lacks(found), *_curve(found), *_saturated(found)):
        yield list({**empty, **which, **cells}.values())


_TEXTS = frozenset({
    "part", "indicator", "service", "group", "date_p10", "date_p50", "date_p90", "interval_method", "real",
})  # fmt: skip


def _amounts_asked(found: Answer) -> Iterator[dict[str, Cell]]:
    for place, day in enumerate(found.question.days):
        usd, middle, low = (
            math.nan if math.isinf(one) else one for one in (found.ask(place), found.middle(place), found.low(place))
        )
        chance = {} if math.isinf(found.ask()) else _chance(found, found.ask(), place)
        yield {
            "part": "arrival" if place else "ask", "arrives": date_of(found, day), "additional_usd": usd,
            "quantile_usd": middle, "quantile_low_usd": low, **chance,
            "replications_needed": asking.replications_needed(found.question.certainty),
        }  # fmt: skip


def _confirmed(found: Answer) -> Iterator[dict[str, Cell]]:
    chance = found.confirmed_chance()
    if chance is not None:
        yield {"part": "confirmed", "additional_usd": found.ask(), **_told(chance)}


def _chance(found: Answer, usd: float, place: int = 0) -> dict[str, Cell]:
    return _told(found.chance(usd, place))


def _told(chance: tuple[float, float, float]) -> dict[str, Cell]:
    return dict(zip(("chance", "chance_low", "chance_high"), chance, strict=True))


def _chances(found: Answer) -> Iterator[dict[str, Cell]]:
    """At amounts from nothing to half more than is asked, or to all that is tried; and at those that replications need."""
    from ..study.queries.ask_answers import BEYOND

    step, ask, least = asking.STEP_USD, found.ask(), found.least()
    top = min(found.most, BEYOND * ask) if 0 < ask < math.inf else float(found.most)
    evenly = {float(step * round(top * place / CHANCES / step)) for place in range(CHANCES + 1)}
    needed = np.unique(least[np.isfinite(least) & (least <= top)])
    some = needed[np.unique(np.linspace(0, len(needed) - 1, CHANCES).round().astype(int))] if len(needed) else needed
    for usd in sorted({*evenly, *some.tolist()}):
        yield {"part": "chance", "additional_usd": usd, **_chance(found, usd)}


def _lacks(found: Answer) -> Iterator[dict[str, Cell]]:
    """The target's own number, what money alone closes of the gap, who stands still, who goes without: with no more money,
    and with the most. What nobody goes without in any run is left out."""
    from ..study.queries.ask_answers import share_of

    target = found.question.target
    for part, usd, column in (("without", 0.0, asking.WITHOUT), ("binds", float(found.most), asking.AT_MOST)):
        met: dict[str, Cell] = {"part": part, "additional_usd": usd}
        yield {
            **met, "indicator": target.indicator, "service": target.service, "group": target.group,
            **_range(range_of(found.found[0, :, column])),
        }  # fmt: skip
        for name, place in PARTS_OF_GAP.items() if part == "without" else ():
            values = found.found[0, :, place]
            where: dict[str, Cell] = {"indicator": name, "service": target.service, "group": target.group}
            yield {**met, **where, **_range(range_of(values)), **_told(share_of(values > 0))}
        for key, values in found.lacks(column == asking.AT_MOST).items():
            is_day = key.indicator in (FIRST, LAST)
            came = ~np.isnan(values) if is_day else values > 0
            if came.any():
                one = range_of(values)
                dates = zip(("date_p10", "date_p50", "date_p90"), (day_of(found, day) for day in one), strict=True)
                yield {
                    **met, "indicator": key.indicator, "service": key.service, "group": key.group, **_range(one),
                    **_told(share_of(came)), **(dict(dates) if is_day else {}),
                }  # fmt: skip


def _saturated(found: Answer) -> Iterator[dict[str, Cell]]:
    """From which amount of the curve on no more makes the target's own number better, if there is one."""
    target, usd = found.question.target, saturated_from(found)
    if usd is not None:
        where = {"indicator": target.indicator, "service": target.service, "group": target.group}
        yield {"part": "saturated", "additional_usd": usd, **where}


def _range(one: Range) -> dict[str, Cell]:
    return dict(zip(("p10", "p50", "p90"), one, strict=True))


def _curve(found: Answer) -> Iterator[dict[str, Cell]]:
    """People reached and the target's own number at some amounts, and how much more than with nothing."""
    from ..study.statistics.differences import difference
    from ..study.statistics.estimates import estimate, most_of

    study, target = found.curve, found.question.target
    for arm in study.arms if study else ():
        apart = difference(arm, study.arms[0]) if study else None
        told = estimate(arm.values, most=most_of(arm.keys))
        assert apart is not None
        for name in dict.fromkeys(("people_reached", target.indicator)):
            place = Target(name, 0.0, target.service, target.group).place(arm.reading.scenario)
            yield {
                "part": "curve", "additional_usd": float(arm.scenario), **_chance(found, float(arm.scenario)),
                "indicator": name, "service": target.service, "group": target.group, "mean": float(told.mean[place]),
                "ci_low": float(told.ci_low[place]), "ci_high": float(told.ci_high[place]),
                "interval_method": told.method(place), "difference": float(apart.mean[place]),
                "difference_low": float(apart.interval.low[place]),
                "difference_high": float(apart.interval.high[place]), "real": apart.real[place],
            }  # fmt: skip


def date_of(found: Answer, day: float) -> str:
    """The date of a day of the operation."""
    return (found.scenario.start_date + datetime.timedelta(days=day)).isoformat()


def day_of(found: Answer, day: float) -> str:
    """The date of a day of a run, which begins where the operation stands; empty: it never came."""
    if math.isnan(day):
        return ""
    return (begun(found.scenario).start_date + datetime.timedelta(seconds=round(day * DAY))).isoformat()
