"""How a study was made becomes run.json: what it takes to make it again, and to see that nothing changed since."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..study.store import sha256

if TYPE_CHECKING:
    from ..study.runner import Study

GENERATOR = "Philox4x32-10 keyed by numpy SeedSequence"
PACKAGES = ("numpy", "scipy", "simpy", "matplotlib", "numba", "pydantic", "click")
FILE = "run.json"


def write_provenance(study: Study, folder: Path, command: Sequence[str], workers: int) -> None:
    """Write run.json, last of all files, with the SHA-256 of every other one. It holds no time of day."""
    made = {
        "command": list(command),
        "version": __version__,
        "seed": study.seed,
        "replications": study.replications,
        "generator": GENERATOR,
        "shows": shows(study.uncertain or study.points is not None),
        "uncertain": study.uncertain,
        "rules": list(study.rules),
        "points": None if study.points is None else len(study.points.values),  # they stand in points.csv
        "reference": study.reference,
        "scenarios": [{"scenario": arm.scenario, "rule": arm.rule} for arm in study.arms],
        "inputs": _inputs(study),
        "outputs": {
            path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
        "packages": packages(),
        "machine": machine(workers),
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
