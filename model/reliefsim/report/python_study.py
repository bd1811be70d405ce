"""A study from Python: scenarios in, arrays and, if wanted, a folder of files out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..scenario import Reading, Scenario, read

if TYPE_CHECKING:
    from ..rules import Rule
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
    ``uncertain``: True draws every ranged value anew in each replication, a number makes so many points of them, or of
    those at the dotted paths ``over``, each with all replications. ``backend``: ``serial``, ``processes`` or
    ``dask:ADDRESS``. ``out``: a folder, where results are kept as they come and the tables and figures are written.
    An arm's ``values`` have shape (points × replications, len(arm.keys)), its ``monthly`` likewise; NaN is undefined.

    Raises ScenarioError, ValueError for what is not a legal argument, FolderError, StudyStoppedError,
    ReplicationsFailedError, OSError where the disk refuses. With processes, the calling script must be importable
    (``if __name__ == "__main__"``).
    """
    from ..study.running.backends import processors
    from ..study.statistics.points import Points
    from ..study.statistics.precision import precision_of
    from .publish import Asked, carry_out

    some = [scenarios] if isinstance(scenarios, str | Path | Scenario | Reading) else list(scenarios)
    readings = tuple(_reading(one) for one in some)
    chosen = [one.scenario for one in readings]
    places: Points | None = None
    if uncertain is not True and uncertain is not False:
        from ..study.statistics.points import points

        places = points(chosen, uncertain, seed, over)
    asked = Asked(
        readings=readings,
        rules=(rules,) if isinstance(rules, str) or callable(rules) else tuple(rules),
        replications=replications if precision is None else precision_of(chosen, precision, max_replications, reference),
        seed=seed,
        uncertain=uncertain is True,
        workers=workers or processors(),
        folder=Path(out) if out is not None else None,
        figures=figures,
        quiet=True,
        command=("reliefsim.run_study",),
        points=places,
        reference=reference,
        backend=backend,
        insecure=insecure_cluster,
        resume=resume,
        precision=precision,
        over=over,
    )
    return carry_out(asked)


def _reading(one: Scenarios) -> Reading:
    """A scenario as read; one made in Python comes from no file."""
    if isinstance(one, Reading):
        return one
    return Reading(one, (), {}, {}) if isinstance(one, Scenario) else read(one)
