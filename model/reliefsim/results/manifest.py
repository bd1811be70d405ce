"""How a study was made becomes run.json, the last of its files; run.json becomes what was asked, and what was edited since.

Without it a folder holds no finished study.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .. import __version__
from ..store import KEPT, LAST, FolderError, is_sealed, sha256
from ..study.request import Ask, FindPlan, NextDollar, Sensitivity, StudyRequest, named_rule
from ..study.running.identity import PACKAGES as DECISIVE
from ..study.statistics.precision import MOST
from .datapackage import describe
from .dictionary import TABLES
from .disclosure import LEAST

GENERATOR = "Philox4x32-10 keyed by numpy SeedSequence"
PACKAGES = ("numpy", "scipy", "simpy", "matplotlib", "numba", "pydantic", "click", "jinja2", "babel", "xlsxwriter")
PAGE, WORKBOOK = "report.html", "workbook.xlsx"
PACK = (PAGE, WORKBOOK)
SHOWN = (".csv", ".json", ".toml")  # the files that they are made from


class DamagedError(Exception):
    """A run.json that does not tell what was run, in one line."""


class _Stated(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class NamedArm(_Stated):
    """One scenario under one rule."""

    scenario: str
    rule: str

    @property
    def name(self) -> str:
        """Both, as in the folder of its kept parts."""
        return f"{self.scenario}/{self.rule}"


class Manifest(_Stated):
    """What run.json says; ``rules`` as asked for (None: each scenario's own), ``outputs`` the SHA-256 of each file."""

    version: str
    seed: int = Field(ge=0)
    replications: int = Field(ge=1)
    uncertain: bool
    rules: tuple[str | None, ...] = Field(min_length=1)
    function_rules: tuple[str, ...] = ()
    points: int | None = Field(ge=1)
    bands: bool = False
    disclosure: int = Field(default=LEAST, ge=1)
    reference: int = Field(default=0, ge=0)
    matters: str = ""
    scenarios: tuple[NamedArm, ...] = Field(min_length=1)
    outputs: dict[str, str]
    packages: dict[str, str] = {}
    machine: dict[str, Any] = {}
    funding: bool = False
    question: Ask | NextDollar | FindPlan | None = None

    @model_validator(mode="after")
    def _has_all_arms(self) -> Manifest:
        if len(self.scenarios) != len(self.names) * len(self.rules):
            raise ValueError("its arms are not each scenario under each rule")
        if self.reference >= len(self.scenarios):
            raise ValueError("the reference is none of its arms")
        if any(PurePath(name).name != name for name in self.outputs):
            raise ValueError("its outputs are not files beside it")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names."""
        return tuple(dict.fromkeys(arm.scenario for arm in self.scenarios))

    @property
    def made_with(self) -> dict[str, str | None]:
        """What of its packages and its machine decides the last bit of a number, as its study.json has it."""
        python = ".".join(str(self.machine.get("python")).split(".")[:2])
        return {"python": python, **{name: self.packages.get(name) for name in DECISIVE}}

    @property
    def evaluations(self) -> int:
        """With how many sets of values each scenario was run."""
        return 2 if self.bands else self.points or 1

    @property
    def runs(self) -> int:
        """How many runs that is."""
        return len(self.scenarios) * self.evaluations * self.replications


def write_manifest(request: StudyRequest, replications: int, folder: Path) -> None:
    """Write datapackage.json, and run.json, last of all files, with the SHA-256 of every other one.

    ``replications``: as many as were run. Neither holds a time of day.
    """
    describe(folder)
    question, points = request.question, request.points
    is_sensitivity = isinstance(question, Sensitivity)
    made = {
        "command": list(request.command),
        "version": __version__,
        "seed": request.seed,
        "replications": replications,
        "precision": request.precision,
        "max_replications": None if request.precision is None else request.max_replications or MOST,
        "generator": GENERATOR,
        "shows": shown(request),
        "uncertain": request.uncertain or is_sensitivity,
        "rules": list(request.rule_names),
        "function_rules": [named_rule(request.scenario, rule) for rule in request.rules if callable(rule)],
        "points": None if points is None or is_sensitivity else len(points.values),  # they stand in points.csv
        "bands": request.bands,
        "disclosure": request.disclosure,
        "over": None if request.over is None else list(request.over),
        "rows": question.rows if isinstance(question, Sensitivity) else None,
        "reference": request.reference,
        "matters": request.matters,
        "figures": request.figures,
        "funding": request.funding,
        "question": None if question is None or is_sensitivity else asdict(question),
        "scenarios": [{"scenario": scenario, "rule": rule} for scenario, rule in request.arms],
        "inputs": {name: digest for one in request.readings for name, digest in sorted(dict(one.files).items())},
        "outputs": {
            path.relative_to(folder).as_posix(): sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
        },
        "packages": packages(),
        "machine": machine(request.workers) | {"backend": request.backend, "insecure_cluster": request.insecure},
    }
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (folder / LAST).write_text(f"{text}\n", encoding="utf-8")


def shown(request: StudyRequest) -> str:
    """What the numbers of a study are at."""
    if request.uncertain or request.points is not None:
        return "band over what is not known"
    return "point values, and bands over what is not known" if request.bands else "point values"


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


def read_manifest(folder: Path) -> Manifest:
    """What a folder's run.json says. Raises FolderError where there is none, DamagedError where it is of no use."""
    if not (folder / LAST).is_file():
        raise FolderError(f"{folder} holds no finished study")
    try:
        return Manifest.model_validate_json((folder / LAST).read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise DamagedError(f"{LAST}: damaged: {place + ': ' if place else ''}{said}") from None


def is_as_written(folder: Path) -> bool:
    """Whether run.json is, to the byte, what was written."""
    return is_sealed((folder / LAST).read_bytes())


def edited(folder: Path, made: Manifest) -> dict[str, str]:
    """By its name, each file that is not as it was written, and a line that says so."""
    found = {} if is_as_written(folder) else {LAST: f"{LAST}: edited or damaged since it was written"}
    for name, digest in made.outputs.items():
        path = folder / name
        if not path.is_file():
            found[name] = f"{name}: missing"
        elif sha256(path) != digest:
            found[name] = f"{name}: edited or damaged since it was written"
    return found


def unfit_to_show(folder: Path, made: Manifest) -> list[str]:
    """Of the files that a page and a workbook are made from, a line for each that is not as the study left it."""
    wrong = [line for name, line in edited(folder, made).items() if PurePath(name).suffix in SHOWN]
    more = (path.name for path in sorted(folder.glob("*.csv")) if path.stem in TABLES and path.name not in made.outputs)
    return [*wrong, *(f"{name}: not of this study, which would show it" for name in more)]


def strangers(folder: Path, made: Manifest) -> Iterator[str]:
    """What lies in the folder and is not of the study."""
    own = {LAST, KEPT, *PACK, *made.outputs}
    for path in sorted(folder.iterdir()):
        if path.name not in own:
            yield f"{path.name}{'/' if path.is_dir() else ''}: not of this study"
