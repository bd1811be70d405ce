"""Cases that wait for a free team, at the most money, become workers that are lacking."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...blueprint import blueprint
from ...records import DAY
from ...restart import begun
from ...scenario.services import Casework
from ...study.asking import Target

if TYPE_CHECKING:
    from ...study.answers import Answer


def lacking(found: Answer) -> list[tuple[str, float]]:
    """By label of a casework service: workers who would have served, over the whole time, those left without a free team.

    unserved cases × mean duration / (open cases a worker × length of the operation), rounded up; at the largest amount
    whose runs were counted.
    """
    if found.curve is None:
        return []
    arm = found.curve.arms[-1]
    scenario = begun(arm.reading.scenario)
    mean_seconds = blueprint(scenario).services["mean_seconds"]
    lacks = []
    for number, name in enumerate(sorted(scenario.services)):
        service = scenario.services[name]
        shown = service.counts_as or name
        if not isinstance(service, Casework) or found.question.target.service not in ("", shown):
            continue
        place = Target("cases_unserved_team", 0, shown).place(scenario)
        unserved = float(arm.values[:, place].mean())
        room = float(service.cases_per_worker.value) * float(scenario.horizon_days.value) * DAY
        workers = unserved * float(mean_seconds[number]) / room
        if workers >= 0.5:
            lacks.append((service.label or name, float(math.ceil(workers))))
    return lacks
