"""What is typed becomes a study, a story or a list; the model is imported inside the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import __version__

if TYPE_CHECKING:
    from .scenario import Reading
    from .study.runner import Goal

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_REPLICATIONS = 100
DEFAULT_SEED = 2012
MOST_REPLICATIONS = 1_000_000
MOST_SEED = 2**63 - 1
MOST_WORKERS = 1024
BAD_CALL = 2
FAILED = 3
DIFFERS = 1

MOST_HOUSEHOLDS = 2**31 - 1


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


_settings = click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a value, as in a file.")
_rules = click.option("--rule", "rules", multiple=True, metavar="RULE", help="How to divide.  [default: its own]")
_seed = whole("--seed", 0, MOST_SEED, default=str(DEFAULT_SEED), show_default=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reliefsim")
def main() -> None:
    """How far does the money reach? Simulates a relief operation: who is reached, with what, how late, and who is
    left out."""


@main.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@_rules
@whole("--replications", 1, MOST_REPLICATIONS, help="[default: 100]")
@click.option("--precision", metavar="NAME=WIDTH,...", help="Run until intervals reach no further than this: "
              "people_reached=250,gap_usd=5%.")
@whole("--max-replications", 1, MOST_REPLICATIONS, help="With --precision: never more.  [default: 10000]")
@click.option("--reference", metavar="NAME", help="What others are compared with: a scenario, or scenario/rule.  "
              "[default: the first]")
@_seed
@click.option("--out", type=click.Path(path_type=Path), help="A new folder.  [default: results/<date>-<names>]")
@_settings
@click.option("--uncertain", is_flag=True, help="Draw every ranged value anew in each replication.")
@whole("--workers", 1, MOST_WORKERS, help="Processes.  [default: one for each processor]")
@click.option("--backend", metavar="WHERE", help="serial, processes or dask:ADDRESS.  [default: what is faster]")
@click.option("--insecure-cluster", "insecure", is_flag=True, help="Allow a cluster beyond this machine without TLS.")
@click.option("--resume", is_flag=True, help="Go on with the study in --out; what is done is not done again.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--no-figures", is_flag=True, help="Write no figures.")
def run(
    scenarios: tuple[str, ...],
    rules: tuple[str, ...],
    replications: int | None,
    precision: str | None,
    max_replications: int | None,
    reference: str | None,
    seed: int,
    out: Path | None,
    settings: tuple[str, ...],
    uncertain: bool,
    workers: int | None,
    backend: str | None,
    insecure: bool,
    resume: bool,
    quiet: bool,
    no_figures: bool,
) -> None:
    """Run scenarios (shipped names or paths; all shipped ones if none is given) and leave tables and figures."""
    from .outputs.publish import Asked, carry_out, default_folder
    from .study.backends import processors

    readings = _read_all(scenarios, settings)
    _check_rules(rules)
    _check_backend(backend)
    if resume and out is None:
        raise BadCall("--resume: needs --out. Name the folder of the study to go on with")
    arms = [(one.scenario.name, rule or str(one.scenario.plan.rule)) for one in readings for rule in rules or (None,)]
    place = _reference(reference, arms)
    goal = _goal(readings, replications, precision, max_replications, place)
    folder = out or default_folder([one.scenario.name for one in readings])
    asked = Asked(
        readings=readings,
        rules=rules or (None,),
        replications=goal,
        reference=place,
        seed=seed,
        uncertain=uncertain,
        workers=workers or processors(),
        folder=folder,
        figures=not no_figures,
        quiet=quiet,
        command=("reliefsim", *sys.argv[1:]),
        backend=backend,
        insecure=insecure,
        resume=resume,
    )
    _guarded(lambda: carry_out(asked), folder)


@main.command()
@click.argument("scenario")
@whole("--household", 0, MOST_HOUSEHOLDS, required=True, help="Its number, from 0.")
@_rules
@_seed
@whole("--replication", 0, MOST_REPLICATIONS, default="0", show_default=True)
@_settings
def trace(
    scenario: str, household: int, rules: tuple[str, ...], seed: int, replication: int, settings: tuple[str, ...]
) -> None:
    """Tell one household's story in plain sentences with dates."""
    reading = _read_all((scenario,), settings)[0]
    _check_rules(rules)
    if len(rules) > 1:
        raise BadCall(f"--rule: one at most (got {len(rules)})")
    from .operation import simulate
    from .outputs.publish import say_compiling
    from .story import story

    say_compiling()
    facts = simulate(reading.scenario, rules[0] if rules else None, seed, replication)
    households = len(facts.households)
    if household >= households:
        raise BadCall(f"--household: must be 0 to {households - 1} (got {household})")
    click.echo(story(facts, household))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@whole("--sample", 1, MOST_REPLICATIONS, help="Run only so many replications again.  [default: all]")
@whole("--workers", 1, MOST_WORKERS, help="Processes.  [default: one for each processor]")
def verify(folder: Path, sample: int | None, workers: int | None) -> None:
    """Check a study folder: every file against its digest, every number against the model, run again."""
    from .outputs.publish import say_compiling
    from .outputs.verify import verify as check
    from .study.backends import processors
    from .study.store import FolderError

    say_compiling()
    try:
        verdict = check(folder, sample, workers or processors())
    except FolderError as error:
        raise BadCall(f"FOLDER: {error}") from None
    for line in verdict.checked:
        click.echo(f"Checked: {line}.")
    if verdict.holds:
        click.echo(f"{folder} is what the model gives, to the byte.")
        return
    click.echo("\n".join(verdict.differences), err=True)
    raise SystemExit(DIFFERS)


@main.command("list")
def list_scenarios() -> None:
    """The shipped scenarios: name, title and question."""
    import textwrap

    from .scenario import load_scenario, shipped_names

    for name in shipped_names():
        scenario = load_scenario(name)
        click.echo(f"{name}: {scenario.title or ''}")
        click.echo(textwrap.fill(scenario.question or "", 78, initial_indent="    ", subsequent_indent="    "))


@main.command()
@click.argument("scenario")
@_settings
def show(scenario: str, settings: tuple[str, ...]) -> None:
    """A scenario as resolved: every value, and the file and line it comes from."""
    from .scenario import dump

    click.echo(dump(_read_all((scenario,), settings)[0]), nl=False)


def _read_all(names: Sequence[str], settings: Sequence[str]) -> tuple[Reading, ...]:
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


def _check_rules(rules: Sequence[str]) -> None:
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


def _goal(
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
    from .study.indicators import keys
    from .study.precision import MOST, Precision, parse

    known = dict.fromkeys(key.indicator for one in readings for key in keys(one.scenario) if not any(key[1:7]))
    try:
        return Precision(parse(precision, known), most or MOST, reference)
    except ValueError as error:
        raise BadCall(f"--precision: {error}") from None


def _reference(name: str | None, arms: Sequence[tuple[str, str]]) -> int:
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


def _check_backend(name: str | None) -> None:
    """A place to run that there is; the cluster's address is tried when it is used."""
    from .scenario.faults import shown_text

    if name is not None and name not in ("serial", "processes") and not name.startswith("dask:"):
        raise BadCall(f"--backend: no such backend (got {shown_text(name)}). One of serial, processes, dask:ADDRESS")


def _guarded(work: Callable[[], object], folder: Path) -> None:
    """Do the work; what the disk, the folder or the cluster refuses is one line, and what was done is kept."""
    from .study.runner import ReplicationsFailedError, StudyStoppedError
    from .study.store import KEPT, FolderError

    def kept() -> str:
        if (folder / KEPT).is_dir():
            return f"What was done is kept: give the same command with --out {folder} --resume to go on"
        return "Nothing was written"

    try:
        work()
    except FolderError as error:
        raise BadCall(f"--out: {error}") from None
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
