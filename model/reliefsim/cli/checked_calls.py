"""A call is checked: every fault of it is one line, and what a command refuses is one line too."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..screen import say, spelled
from .typed import BadCall, called

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.statistics.points import Points

DEFAULT_REPLICATIONS = 100
FAILED = 3


def read_all(names: Sequence[str], settings: Sequence[str]) -> tuple[Reading, ...]:
    """Read every scenario; the faults of all of them at once."""
    from ..scenario import ScenarioError, read, shipped_names

    readings: list[Reading] = []
    faults: list[str] = []
    for name in names or shipped_names():
        try:
            readings.append(read(name, settings))
        except ScenarioError as error:
            faults.append(str(error))
    seen: set[str] = set()
    for reading in readings:
        name = reading.scenario.name
        if name.lower() in seen:
            faults.append(f"SCENARIO: two scenarios are named {name}. Names differ in more than case")
        seen.add(name.lower())
    if faults:
        raise BadCall("\n".join(dict.fromkeys(line for fault in faults for line in fault.split("\n"))))
    return tuple(readings)


def read_checked(
    names: Sequence[str], typed: Mapping[str, Any], many_rules: bool = True
) -> tuple[Reading, ...]:  # fmt: skip
    """Read every scenario; the faults of all of them, and of what is said beside them, at once."""
    readings: tuple[Reading, ...] = ()
    faults: list[str] = []

    def read() -> None:
        nonlocal readings
        readings = read_all(names, typed["settings"])

    for check in (read, lambda: check_rules(typed["rules"], many_rules), lambda: check_backend(typed.get("backend"))):
        try:
            check()
        except BadCall as error:
            faults.append(error.message)
    if typed.get("resume") and typed["out"] is None:
        faults.append("--resume: needs --out. Name the folder to go on with")
    if typed.get("point_values") and typed.get("uncertain"):
        faults.append("--point-values: not with --uncertain")
    if faults:
        raise BadCall("\n".join(faults))
    return readings


def carry_out(typed: Mapping[str, Any], readings: tuple[Reading, ...], names: Sequence[str], **asked: Any) -> None:
    """Carry out what is typed of the options that studies have in common, and what else is ``asked``, as one request.

    ``names``: what the folder is called, if none is named.
    """
    from ..report import publish
    from ..study.request import StudyRequest
    from ..study.running.backends import processors

    folder = typed["out"] or publish.default_folder(names)
    request = StudyRequest(
        readings, typed["rules"] or (None,), typed["replications"] or DEFAULT_REPLICATIONS, typed["seed"],
        typed.get("uncertain", False), workers=typed["workers"] or processors(), backend=typed["backend"],
        insecure=typed["insecure"], folder=folder, resume=typed.get("resume", False), figures=not typed["no_figures"],
        quiet=typed["quiet"], command=called(), bands=_has_bands(typed, readings),
        full=typed.get("full", False), disclosure=typed.get("disclosure", 5), **asked,
    )  # fmt: skip
    guarded(lambda: publish.carry_out(request), folder)


def _has_bands(typed: Mapping[str, Any], readings: Sequence[Reading]) -> bool:
    """Whether a study has bands beside its point values: unless it is told otherwise, or nothing in it has a range."""
    from ..scenario import ranged

    if typed.get("point_values", True) or typed["uncertain"] or typed["points"] is not None:
        return False
    return any(ranged(one.scenario) for one in readings)


def check_rules(rules: Sequence[str], many: bool = True) -> None:
    """Rules that there are, each once."""
    from ..rules import RULES
    from ..scenario.faults import nearest, shown_text

    faults = []
    for rule in rules:
        if rule not in RULES:
            near = nearest(rule, RULES)
            meant = f" Did you mean {near}?" if near else ""
            faults.append(f"--rule: no such rule (got {shown_text(rule)}). One of {', '.join(RULES)}.{meant}")
    if len(set(rules)) < len(rules):
        faults.append("--rule: a rule is given twice. Each once")
    elif len(rules) > 1 and not many:
        faults.append(f"--rule: one at most (got {len(rules)})")
    if faults:
        raise BadCall("\n".join(faults))


def points_of(readings: Sequence[Reading], typed: Mapping[str, Any], has_precision: bool = False) -> Points | None:
    """The points of what is not known, if there are to be any."""
    count, over = typed["points"], typed["over"]
    if count is None:
        if over:
            raise BadCall("--over: only with --uncertain N")
        return None
    from ..study.statistics.points import points

    if typed["uncertain"]:
        raise BadCall("--uncertain: once, with a number or without")
    if typed["point_values"]:
        raise BadCall("--point-values: not with --uncertain N")
    if has_precision:
        raise BadCall("--precision: not with --uncertain N, whose intervals narrow with the points")
    try:
        return points([one.scenario for one in readings], count, typed["seed"], over or None)
    except ValueError as error:
        raise BadCall(f"--over: {error}") from None


def check_backend(name: str | None) -> None:
    """A place to run that there is; the cluster's address is tried when it is used."""
    from ..scenario.faults import shown_text

    if name is not None and name not in ("serial", "processes") and not name.startswith("dask:"):
        raise BadCall(f"--backend: no such backend (got {shown_text(name)}). One of serial, processes, dask:ADDRESS")


def guarded(work: Callable[[], object], folder: Path) -> None:
    """Do the work; what the disk, the folder or the cluster refuses is one line, and what was done is kept."""
    from ..store import KEPT, LAST, FolderError
    from ..study.running.backends import BackendError
    from ..study.running.memory import TooLargeError
    from ..study.running.runner import ReplicationsFailedError, StudyStoppedError

    def finished() -> int | None:
        with suppress(OSError):
            return (folder / LAST).stat().st_ino
        return None

    def kept() -> str:
        is_kept = False
        with suppress(OSError):  # a name the disk refuses
            is_kept = (folder / KEPT).is_dir()
        if is_kept:
            return (
                f"What was done is kept: give the same command with --out {spelled(shlex.quote(str(folder)))} --resume to go on"
            )
        return "Nothing was written"

    before = finished()
    try:
        work()
    except TooLargeError as error:
        raise BadCall(f"--replications: {error}") from None
    except FolderError as error:
        raise BadCall(f"--out: {error}") from None
    except BackendError as error:
        raise BadCall(f"--backend: {error}. {kept()}") from None
    except ReplicationsFailedError as error:
        say(f"{error}\nThe tables are not written: they would not be complete. {kept()}.", err=True)
        raise SystemExit(FAILED) from None
    except StudyStoppedError as error:
        say(f"Stopped: {error}. {kept()}.", err=True)
        raise SystemExit(128 + error.signal) from None
    except BrokenPipeError:
        raise  # the reader of what is printed has gone; click ends quietly
    except OSError as error:
        if finished() not in (None, before):
            raise  # the study is written: what it prints is not
        raise BadCall(f"--out: {refused(error, folder)}. {kept()}") from None
    except KeyboardInterrupt:
        say(f"Stopped. {kept()}.", err=True)
        raise SystemExit(130) from None


def refused(error: OSError, folder: Path | None = None) -> str:
    """What the disk refuses, and of which file if it is known."""
    place = error.filename or folder
    return spelled(f"{error.strerror or error} ({place})" if place else f"{error.strerror or error}")
