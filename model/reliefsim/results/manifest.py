"""run.json becomes what a study was made with, and its digests what is not as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..store import KEPT, LAST, FolderError, is_sealed, sha256
from ..study.running.identity import PACKAGES
from .dictionary import TABLES

PAGE, WORKBOOK = "report.html", "workbook.xlsx"
PACK = (PAGE, WORKBOOK)
SHOWN = (".csv", ".json", ".toml")  # the files that they are made from


class DamagedError(Exception):
    """A run.json that does not tell what was run, in one line."""


class _Stated(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class MadeArm(_Stated):
    """One scenario under one rule."""

    scenario: str
    rule: str

    @property
    def name(self) -> str:
        """Both, as in the folder of its kept parts."""
        return f"{self.scenario}/{self.rule}"


class Made(_Stated):
    """What run.json says; ``rules`` as asked for (None: each scenario's own), ``outputs`` the SHA-256 of each file."""

    version: str
    seed: int = Field(ge=0)
    replications: int = Field(ge=1)
    uncertain: bool
    rules: tuple[str | None, ...] = Field(min_length=1)
    function_rules: tuple[str, ...] = ()
    points: int | None = Field(ge=1)
    reference: int = Field(default=0, ge=0)
    scenarios: tuple[MadeArm, ...] = Field(min_length=1)
    outputs: dict[str, str]
    packages: dict[str, str] = {}
    machine: dict[str, Any] = {}
    funding: bool = False
    question: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_all_arms(self) -> Made:
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
        return {"python": python, **{name: self.packages.get(name) for name in PACKAGES}}

    @property
    def runs(self) -> int:
        """How many runs that is."""
        return len(self.scenarios) * (self.points or 1) * self.replications


def read_made(folder: Path) -> Made:
    """What a folder's run.json says. Raises FolderError where there is none, DamagedError where it is of no use."""
    if not (folder / LAST).is_file():
        raise FolderError(f"{folder} holds no finished study")
    try:
        return Made.model_validate_json((folder / LAST).read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise DamagedError(f"{LAST}: damaged: {place + ': ' if place else ''}{said}") from None


def is_as_written(folder: Path) -> bool:
    """Whether run.json is, to the byte, what was written."""
    return is_sealed((folder / LAST).read_bytes())


def edited(folder: Path, made: Made) -> dict[str, str]:
    """By its name, each file that is not as it was written, and a line that says so."""
    found = {} if is_as_written(folder) else {LAST: f"{LAST}: edited or damaged since it was written"}
    for name, digest in made.outputs.items():
        path = folder / name
        if not path.is_file():
            found[name] = f"{name}: missing"
        elif sha256(path) != digest:
            found[name] = f"{name}: edited or damaged since it was written"
    return found


def unfit_to_show(folder: Path, made: Made) -> list[str]:
    """Of the files that a page and a workbook are made from, a line for each that is not as the study left it."""
    wrong = [line for name, line in edited(folder, made).items() if PurePath(name).suffix in SHOWN]
    more = (path.name for path in sorted(folder.glob("*.csv")) if path.stem in TABLES and path.name not in made.outputs)
    return [*wrong, *(f"{name}: not of this study, which would show it" for name in more)]


def strangers(folder: Path, made: Made) -> Iterator[str]:
    """What lies in the folder and is not of the study."""
    own = {LAST, KEPT, *PACK, *made.outputs}
    for path in sorted(folder.iterdir()):
        if path.name not in own:
            yield f"{path.name}{'/' if path.is_dir() else ''}: not of this study"
