"""What is typed is checked: every fault of a call is one line, and what a command refuses is one line too."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from .outputs.verify import Verdict
    from .scenario import Reading
    from .study.backends import Stop
    from .study.points import Points
    from .study.runner import Goal

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_REPLICATIONS = 100
BAD_CALL, FAILED = 2, 3


class BadCall(click.ClickException):
    """A call that cannot be carried out: one line for each fault, exit code 2."""

    exit_code = BAD_CALL

    def show(self, file: Any = None) -> None:
        """Print the lines as they are."""
        click.echo(self.message, err=True)


def whole(name: str, low: int, high: int, **words: Any) -> Callable[[Command], Command]:
    """An option that takes a whole number between two bounds; anything else is one line that says so."""

    def convert(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
        if text is None:
            return None
        bare = text.strip()
        digits = bare[1:] if bare[:1] in ("-", "+") else bare
        if digits.isdecimal() and len(digits) < 40 and low <= int(bare) <= high:
            return int(bare)
        raise BadCall(f"{name}: must be {low} to {high} (got {bare[:60]})")

    return click.option(name, metavar="N", callback=convert, **words)


class OneForm(click.Group):
    """Commands whose errors have one form: what click finds wrong with a call is one line, as all else is."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the words before the command's name."""
        with _one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the command's own words, and carry it out."""
        with _one_line():
            return super().invoke(ctx)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, BadCall):
        raise
    except click.UsageError as error:
        raise BadCall(_plain(error)) from None


def _plain(error: click.UsageError) -> str:
    """What click says of a call, as the option or the place, what is wrong with it, and what may have been meant."""
    from .scenario.faults import nearest, shown_text

    if isinstance(error, click.NoSuchOption):
        params = error.ctx.command.get_params(error.ctx) if error.ctx else []
        known = [name for one in params if not getattr(one, "hidden", False) for name in one.opts]
        near = nearest(error.option_name, [name for name in known if name.startswith("--")])
        return f"{shown_text(error.option_name)}: no such option." + (
            f" Did you mean {near}?" if near else " See --help"
        )
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"{_name(error.param)}: is missing. See --help"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name}: {error.message.split(chr(39))[-1].strip().rstrip('.') or error.message}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name(error.param)}: {error.message.rstrip('.')}"
    if (
        error.ctx is not None
        and isinstance(error.ctx.command, click.Group)
        and error.message.startswith("No such command")
    ):
        word = error.message.split("'")[1]
        near = nearest(word, error.ctx.command.commands)
        meant = f" Did you mean {near}?" if near else ""
        return (
            f"COMMAND: no such command (got {shown_text(word)}). One of {', '.join(error.ctx.command.commands)}.{meant}"
        )
    return f"CALL: {error.message[:1].lower()}{error.message[1:].rstrip('.')}. See --help"


def _name(param: click.Parameter) -> str:
    """An option's long name, or what an argument is called in help."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(click.get_current_context(silent=True) or click.Context(click.Command(None))).strip("[].")


class MayHaveNumber(click.Command):
    """A command whose flag ``--uncertain`` may be followed by a number, which a scenario's name never is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``--uncertain 64`` and ``--uncertain=64`` mean ``--points 64``; ``--uncertain`` alone stays what it is."""
        meant: list[str] = []
        for word in args:
            if word.startswith("--uncertain="):
                meant += ["--points", word.partition("=")[2]]
            elif meant and meant[-1] == "--uncertain" and word.isdecimal():
                meant[-1:] = ["--points", word]
            else:
                meant.append(word)
        return super().parse_args(ctx, meant)


def read_all(names: Sequence[str], settings: Sequence[str]) -> tuple[Reading, ...]:
    """Read every scenario; the faults of all of them at once."""
    from .scenario import ScenarioError, read, shipped_names

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


def check_rules(rules: Sequence[str]) -> None:
    """Rules that there are, each once."""
    from .money.rules import RULES
    from .scenario.faults import nearest, shown_text

    faults = []
    for rule in rules:
        if rule not in RULES:
            near = nearest(rule, RULES)
            meant = f" Did you mean {near}?" if near else ""
            faults.append(f"--rule: no such rule (got {shown_text(rule)}). One of {', '.join(RULES)}.{meant}")
    if len(set(rules)) < len(rules):
        faults.append("--rule: a rule is given twice. Each once")
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
    from .study.precision import precision_of

    try:
        return precision_of([one.scenario for one in readings], precision, most, reference)
    except ValueError as error:
        raise BadCall(f"--precision: {error}") from None


def reference_place(name: str | None, arms: Sequence[tuple[str, str]]) -> int:
    """The place of the arm that the others are compared with."""
    if name is None:
        return 0
    from .scenario.faults import nearest, shown_text

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
    from .study.points import points

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
    from .scenario.faults import shown_text

    if name is not None and name not in ("serial", "processes") and not name.startswith("dask:"):
        raise BadCall(f"--backend: no such backend (got {shown_text(name)}). One of serial, processes, dask:ADDRESS")


def guarded(work: Callable[[], object], folder: Path) -> None:
    """Do the work; what the disk, the folder or the cluster refuses is one line, and what was done is kept."""
    from .outputs.memory import TooLargeError
    from .study.backends import BackendError
    from .study.runner import ReplicationsFailedError, StudyStoppedError
    from .study.store import KEPT, FolderError

    def kept() -> str:
        is_kept = False
        with suppress(OSError):  # a name the disk refuses
            is_kept = (folder / KEPT).is_dir()
        if is_kept:
            return (
                f"What was done is kept: give the same command with --out {shlex.quote(str(folder))} --resume to go on"
            )
        return "Nothing was written"

    try:
        work()
    except TooLargeError as error:
        raise BadCall(f"--replications: {error}") from None
    except FolderError as error:
        raise BadCall(f"--out: {error}") from None
    except BackendError as error:
        raise BadCall(f"--backend: {error}. {kept()}") from None
    except ReplicationsFailedError as error:
        click.echo(f"{error}\nThe tables are not written: they would not be complete. {kept()}.", err=True)
        raise SystemExit(FAILED) from None
    except StudyStoppedError as error:
        click.echo(f"Stopped: {error}. {kept()}.", err=True)
        raise SystemExit(128 + error.signal) from None
    except BrokenPipeError:
        raise  # the reader of what is printed has gone; click ends quietly
    except OSError as error:
        place = error.filename or "the output folder"
        raise BadCall(f"--out: {error.strerror or error} ({place}). {kept()}") from None
    except KeyboardInterrupt:
        click.echo(f"Stopped. {kept()}.", err=True)
        raise SystemExit(130) from None


def checking(work: Callable[[Stop], Verdict]) -> Verdict:
    """Judge a study folder; what makes that impossible is one line."""
    from .study.backends import BackendError
    from .study.runner import StudyStoppedError
    from .study.store import FolderError, asked_to_stop

    with asked_to_stop() as stop:
        try:
            return work(lambda: bool(stop()))
        except (FolderError, BackendError) as error:
            raise BadCall(f"FOLDER: {error}") from None
        except StudyStoppedError as error:
            click.echo(f"Stopped: {error}. Nothing is judged.", err=True)
            raise SystemExit(128 + stop()) from None
        except OSError as error:
            raise BadCall(f"FOLDER: {error.strerror or error} ({error.filename})") from None
