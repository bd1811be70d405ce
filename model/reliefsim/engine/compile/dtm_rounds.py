"""A scenario's DTM becomes the rounds that are planned; their counts become what is known of all people present."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...layout import NEVER
from ...units import cents, largest_remainder, moment, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenario.schema import Dtm
    from .compiled_scenario import Blueprint


@dataclass(frozen=True)
class PlannedRound:
    """When a round is held (seconds), the cents it costs beside each household found, and which places it covers."""

    time: int
    cents: int
    covers: npt.NDArray[np.bool_]  # (locations,)
    where: str  # its places, for the log; empty: all


def planned_rounds(plan: Blueprint) -> tuple[PlannedRound, ...]:
    """Rounds in the order of time: up to the horizon, and to the last grant's end for the planner."""
    dtm, start = plan.scenario.dtm, plan.scenario.start_date
    if dtm is None:
        return ()
    last = max([plan.horizon, *(int(ends) for ends in plan.grants["ends"] if ends < NEVER)])
    if dtm.first_day is None:
        stated = [_stated(dtm, number, plan) for number in range(len(dtm.rounds))]
        return tuple(sorted((one for one in stated if one.time < last), key=lambda one: one.time))
    last = min(last, moment(dtm.until_day, start, NEVER))
    times = range(moment(dtm.first_day, start, 0), last, seconds(dtm.every_days, NEVER))
    everywhere = np.ones(len(plan.names.locations), np.bool_)
    return tuple(PlannedRound(time, cents(dtm.round_cost_usd), everywhere, "") for time in times)


def _stated(dtm: Dtm, number: int, plan: Blueprint) -> PlannedRound:
    one, names = dtm.rounds[number], plan.names.locations
    covers = np.array([one.locations is None or name in one.locations for name in names], np.bool_)
    price = cents(one.round_cost_usd or dtm.round_cost_usd)
    where = "" if covers.all() else ", ".join(np.array(names)[covers])
    return PlannedRound(moment(one.day, plan.scenario.start_date, 0), price, covers, where)


def known_people(latest: Sequence[int | None], planned: Sequence[float]) -> float:
    """People present as far as is known: place by place the latest count or, where there was none, the plan's figure."""
    return sum(plan if count is None else count for count, plan in zip(latest, planned, strict=True))


def take_count(latest: list[int | None], count: int, covers: npt.NDArray[np.bool_], there: Sequence[int]) -> None:
    """A round's count becomes its places' latest, each with the round's one error: parts of it by who is there."""
    parts = largest_remainder(count, [people if covered else 0 for people, covered in zip(there, covers, strict=True)])
    for place in np.flatnonzero(covers):
        latest[place] = parts[place]
