"""What a search for a plan found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...scenario.decisions import AS_IT_IS, Space
from ..goals import Floor, Goal
from ..request import FindPlan, StudyRequest
from ..statistics.estimates import Floats
from ..statistics.ranking import Chosen

if TYPE_CHECKING:
    from ...indicators.measure import Key


@dataclass(frozen=True)
class Found:
    """What was found. Arrays of worlds have shape (scenarios, worlds, keys); all but ``tried`` are of confirmed worlds.

    ``number``: of the plan; ``before``, ``after``: under the present plan and under it. ``alone``: by the key of each
    change, worlds with that change taken back. ``on_frontier``: plans of which none is better in every goal, with their
    worlds. ``prices``: floors that were taken away (``kept`` False) or added, and the worlds of the best plan then.
    ``best``: of each goal, what the best plan searched gives in each scenario, where regret is asked for. ``steps``:
    neighbours of the plan. ``ceiling``: worlds under it with PLENTY of the money and every team at its largest.
    ``tried``: every plan looked at, with how many worlds of each scenario it had, and its goals there.
    """

    request: StudyRequest
    space: Space
    wanted: tuple[Key, ...]
    number: int
    before: Floats
    after: Floats
    alone: dict[str, Floats]
    on_frontier: tuple[tuple[int, Floats], ...]
    prices: tuple[Price, ...]
    compared: tuple[int, ...]
    chosen: Chosen
    chance: float
    tried: tuple[tuple[int, int, tuple[float, ...]], ...]
    rounds: tuple[int, ...]
    runs: int
    levels: tuple[Level, ...] = ()
    best: Mapping[Goal, Floats | None] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    ceiling: Floats | None = None

    @property
    def question(self) -> FindPlan:
        """What was asked."""
        assert isinstance(self.request.question, FindPlan)
        return self.request.question

    @property
    def changes(self) -> dict[str, Any]:
        """What the plan changes: by the key of each decision, what stands there then; nothing, if none better was found."""
        return {} if self.number == AS_IT_IS else self.space.changes(self.space.plan(self.number))

    @property
    def weights(self) -> Floats:
        """Of the scenarios; they add up to one."""
        return weights_of(self.request)


@dataclass(frozen=True)
class Price:
    """The best plan with a floor added (``kept``), or with one of those asked for taken away."""

    floor: Floor
    kept: bool
    number: int
    worlds: Floats


@dataclass(frozen=True)
class Step:
    """A plan with one decision a step further: what stood at its key and what stands there then."""

    key: str
    before: object
    after: object
    worlds: Floats


@dataclass(frozen=True)
class Level:
    """At a share of the money: worlds under the present plan, under the one found for all the money, and under the one of
    ``number``, made anew."""

    share: float
    number: int
    present: Floats
    scaled: Floats
    anew: Floats


def weights_of(request: StudyRequest) -> Floats:
    """How much each scenario counts; they add up to one."""
    question = request.question
    assert isinstance(question, FindPlan)
    stated = np.array(question.weights or [1.0] * len(request.readings))
    return np.asarray(stated / stated.sum())
