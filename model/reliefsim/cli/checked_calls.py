"""A call is checked: every fault of it is one line, and what a command refuses is one line too."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..screen import say, spelled
from .typed import BadCall

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.running.backends import Stop
    from ..study.running.runner import Goal
    from ..study.statistics.points import Points
    from ..verify import Verdict

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
    names: Sequence[str],
    settings: Sequence[str],
    rules: Sequence[str],
    backend: str | None = None,
    *,
    many_rules: bool = True,
    resumes_nowhere: bool = False,
) -> tuple[Reading, ...]:
    """Read every scenario; the faults of all of them, and of what is said beside them, at once.

    ``resumes_nowhere``: whether --resume was given, and no folder.
    """
    readings: tuple[Reading, ...] = ()
    faults: list[str] = []

    def read() -> None:
        nonlocal readings
        readings = read_all(names, settings)

    for check in (read, lambda: check_rules(rules, many_rules), lambda: check_backend(backend)):
        try:
            check()
        except BadCall as error:
            faults.append(error.message)
    if resumes_nowhere:
        faults.append("--resume: needs --out. Name the folder to go on with")
    if faults:
        raise BadCall("\n".join(faults))
    return readings


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


def wanted_replications(
    readings: Sequence[Reading], replications: int | None, precision: str | None, most: int | None, reference: int
) -> int | Goal:
    """How many replications: so many, or until intervals are as narrow as wanted."""
    faults = []
    if precision is None:
        if most is not None:
            faults.append("--max-replications: only with --precision")
    elif replications is not None:
        faults.append("--replications: not with --precision. Name --max-replications")
    if faults:
        raise BadCall("\n".join(faults))
    if precision is None:
        return replications or DEFAULT_REPLICATIONS
    from ..study.statistics.precision import precision_of

    try:
        return precision_of([one.scenario for one in readings], precision, most, reference)
    except ValueError as error:
        raise BadCall("\n".join(f"--precision: {line}" for line in str(error).split("\n"))) from None


def reference_place(name: str | None, arms: Sequence[tuple[str, str]]) -> int:
    """The place of the arm that the others are compared with."""
    if name is None:
        return 0
    from ..scenario.faults import nearest, shown_text

    names: dict[str, int] = {}
    for place, (scenario, rule) in enumerate(arms):
        for one in (scenario, f"{scenario}/{rule}"):
            names.setdefault(one, place)
    if len({scenario for scenario, _ in arms}) == 1:
        names |= {rule: place for place, (_, rule) in enumerate(arms)}
    if name in names:
        return names[name]
    near = nearest(name, names)
    meant = f" Did you mean {near}?" if near else ""
    raise BadCall(f"--reference: not in this study (got {shown_text(name)}). One of {', '.join(names)}.{meant}")


def points_of(
    readings: Sequence[Reading], count: int | None, seed: int, over: Sequence[str], has_precision: bool, is_each: bool
) -> Points | None:
    """The points of what is not known, if there are to be any."""
    if count is None:
        if over:
            raise BadCall("--over: only with --uncertain N")
        return None
    from ..study.statistics.points import points

    if is_each:
        raise BadCall("--uncertain: once, with a number or without")
    if has_precision:
        raise BadCall("--precision: not with --uncertain N, whose intervals narrow with the points")
    try:
        return points([one.scenario for one in readings], count, seed, over or None)
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


def checking(work: Callable[[Stop], Verdict]) -> Verdict:
    """Judge a study folder; what makes that impossible is one line."""
    from ..store import FolderError
    from ..study.running.backends import BackendError
    from ..study.running.runner import StudyStoppedError
    from ..study.running.stopping import asked_to_stop

    with asked_to_stop() as stop:
        try:
            return work(lambda: bool(stop()))
        except (FolderError, BackendError) as error:
            raise BadCall(f"FOLDER: {error}") from None
        except StudyStoppedError as error:
            say(f"Stopped: {error}. Nothing is judged.", err=True)
            raise SystemExit(128 + stop()) from None
        except OSError as error:
            raise BadCall(f"FOLDER: {refused(error)}") from None
