"""A study, or a search for a plan, from Python: scenarios in, arrays and, if wanted, a folder of files out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..scenario import Reading, Scenario, read
from ..study.request import StudyRequest, from_no_file

if TYPE_CHECKING:
    from ..rules import Rule
    from ..study.queries.plan_answer import Found
    from ..study.running.runner import Study

Scenarios = str | Path | Scenario | Reading


def run_study(
    scenarios: Scenarios | Sequence[Scenarios],
    rules: str | Rule | Sequence[str | Rule | None] = (None,),
    replications: int = 100,
    *,
    precision: str | None = None,
    max_replications: int | None = None,
    reference: int = 0,
    matters: str = "",
    uncertain: bool | int = False,
    over: Sequence[str] | None = None,
    seed: int = 2012,
    backend: str | None = None,
    workers: int | None = None,
    insecure_cluster: bool = False,
    out: str | Path | None = None,
    resume: bool = False,
    figures: bool = True,
) -> Study:
    """Run every replication of every scenario under every rule; ``study.arms`` holds the numbers, run by run.

    ``scenarios``: shipped names, paths, or scenarios as loaded or replaced. ``rules``: names or functions of ``Known``;
    None: each scenario's own. ``precision``: ``"people_reached=250,gap_usd=5%"`` instead of ``replications``.
    ``matters``: least differences that matter, likewise; of others a hundredth of the reference, or a point of a share.
    ``uncertain``: True draws every ranged value anew in each replication, a number makes so many points of them, or of
    those at the dotted paths ``over``, each with all replications. ``backend``: ``serial``, ``processes`` or
    ``dask:ADDRESS``. ``out``: a folder, where results are kept as they come and the tables and figures are written.
    An arm's ``values`` have shape (points × replications, len(arm.keys)), its ``monthly`` likewise; NaN is undefined.

    Raises ScenarioError, ValueError for what is not a legal argument, FolderError, StudyStoppedError,
    ReplicationsFailedError, OSError where the disk refuses. With processes, the calling script must be importable
    (``if __name__ == "__main__"``).
    """
    from ..study.running.backends import processors
    from ..study.statistics.points import Points, points
    from .publish import carry_out

    readings = _readings(scenarios)
    places: Points | None = None
    if uncertain is not True and uncertain is not False:
        places = points([one.scenario for one in readings], uncertain, seed, over)
    study: Study = carry_out(StudyRequest(
        readings=readings,
        rules=(rules,) if isinstance(rules, str) or callable(rules) else tuple(rules),
        replications=replications,
        seed=seed,
        uncertain=uncertain is True,
        workers=workers or processors(),
        folder=Path(out) if out is not None else None,
        figures=figures,
        command=("reliefsim.run_study",),
        points=places,
        reference=reference,
        matters=matters,
        backend=backend,
        insecure=insecure_cluster,
        resume=resume,
        precision=precision,
        max_replications=max_replications,
        over=over,
    ))  # fmt: skip
    return study


def find_plan(
    scenarios: Scenarios | Sequence[Scenarios],
    maximise: str | Sequence[str] = "people_reached",
    floors: Sequence[str] = (),
    seed: int = 2012,
    workers: int | None = None,
    out: str | Path | None = None,
    **asked: Any,
) -> Found:
    """Find the plan of the first scenario's decisions that reaches most over all scenarios; as ``reliefsim plan`` does.

    ``maximise``: goals, as ``people_reached`` or ``need_covered@disability@p10``; ``floors``: as ``cases_served@ftr=plan``,
    kept in the mean, or in a share ``certainty`` of worlds. ``out``: a folder for the files. What else is ``asked`` is as in
    ``FindPlan``: worlds, effort, confirm, weights, most_loss, money, prices, within. What is told is of worlds that no search
    has seen: ``found.before`` and ``found.after`` have shape (scenarios, worlds, keys), by ``found.wanted``;
    ``found.changes`` is what the plan changes.

    Raises ScenarioError, ValueError for what is no goal or floor, TypeError for what cannot be asked, and as ``run_study``.
    """
    from ..study.goals import read_floor, read_goal
    from ..study.request import FindPlan
    from ..study.running.backends import processors
    from .publish import carry_out

    readings = _readings(scenarios)
    scenario, certainty = readings[0].scenario, asked.pop("certainty", None)
    if not scenario.decisions:
        raise ValueError(f"{scenario.name} states no decisions: there is nothing to choose")
    goals = tuple(read_goal(one, scenario) for one in ([maximise] if isinstance(maximise, str) else maximise))
    kept = tuple(read_floor(one, scenario, certainty) for one in floors)
    question = FindPlan(goals, kept, **asked)
    if question.weights and len(question.weights) != len(readings):
        raise ValueError(f"a weight is of each scenario (got {len(question.weights)} for {len(readings)})")
    found: Found = carry_out(StudyRequest(
        readings, replications=question.worlds, seed=seed, uncertain=True, question=question,
        workers=workers or processors(), folder=Path(out) if out is not None else None, command=("reliefsim.find_plan",),
    ))  # fmt: skip
    return found


def _readings(scenarios: Scenarios | Sequence[Scenarios]) -> tuple[Reading, ...]:
    some = [scenarios] if isinstance(scenarios, str | Path | Scenario | Reading) else list(scenarios)
    return tuple(_reading(one) for one in some)


def _reading(one: Scenarios) -> Reading:
    """A scenario as read; one made in Python comes from no file."""
    if isinstance(one, Reading):
        return one
    return from_no_file(one) if isinstance(one, Scenario) else read(one)
