"""How a study was made becomes run.json: what it takes to make it again, and to see that nothing changed since."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..store import sha256
from .datapackage import describe

if TYPE_CHECKING:
    from ..study.running.runner import Study

GENERATOR = "Philox4x32-10 keyed by numpy SeedSequence"
PACKAGES = ("numpy", "scipy", "simpy", "matplotlib", "numba", "pydantic", "click", "jinja2", "babel", "xlsxwriter")
FILE = "run.json"


@dataclass(frozen=True)
class Settings:
    """What was asked for, beside what a study itself tells; None: it was not named."""

    command: Sequence[str]
    workers: int
    backend: str | None = None
    insecure: bool = False
    precision: str | None = None
    most: int | None = None  # replications, with a precision
    over: Sequence[str] | None = None
    rows: int | None = None  # of a sensitivity
    function_rules: Sequence[str] = ()  # rules that are no names of this program, but functions of the caller
    figures: bool = True
    funding: bool = False  # the fundraiser's tables, too
    question: dict[str, Any] | None = None  # of an ask


def write_provenance(study: Study, folder: Path, settings: Settings) -> None:
    """Write datapackage.json, and run.json, last of all files, with the SHA-256 of every other one.

    Neither holds a time of day.
    """
    describe(folder)
    made = {
        "command": list(settings.command),
        "version": __version__,
        "seed": study.seed,
        "replications": study.replications,
        "precision": settings.precision,
        "max_replications": settings.most,
        "generator": GENERATOR,
        "shows": shows(study.uncertain or study.points is not None),
        "uncertain": study.uncertain,
        "rules": list(study.rules),
        "function_rules": list(settings.function_rules),
        "points": None if study.points is None else len(study.points.values),  # they stand in points.csv
        "over": None if settings.over is None else list(settings.over),
        "rows": settings.rows,
        "reference": study.reference,
        "figures": settings.figures,
        "funding": settings.funding,
        "question": settings.question,
        "scenarios": [{"scenario": arm.scenario, "rule": arm.rule} for arm in study.arms],
        "inputs": _inputs(study),
        "outputs": {
            path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
        "packages": packages(),
        "machine": machine(settings.workers) | {"backend": settings.backend, "insecure_cluster": settings.insecure},
    }
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (folder / FILE).write_text(f"{text}\n", encoding="utf-8")


def shows(uncertain: bool) -> str:
    """Which of the two results a study is, in words for titles and pages."""
    return "band over what is not known" if uncertain else "point values"


def _inputs(study: Study) -> dict[str, str]:
    """SHA-256 of every file that was read."""
    return {name: digest for arm in study.arms for name, digest in sorted(dict(arm.reading.files).items())}


def packages() -> dict[str, str]:
    """The versions of the packages that results depend on."""
    return {name: metadata.version(name) for name in PACKAGES}


def machine(workers: int) -> dict[str, Any]:
    """What a study was run on."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "processor": platform.machine(),
        "byte_order": sys.byteorder,
        "workers": workers,
    }
