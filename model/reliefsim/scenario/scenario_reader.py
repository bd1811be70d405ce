"""A scenario's name or path becomes a checked, frozen Scenario, with the file and line of every value."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .checks import check
from .checks.check_decisions import wrong_with
from .dump import document
from .fault_words import legible
from .faults import Fault, Notice, ScenarioError, dotted
from .resolve import Resolved, resolve
from .scenario_files import LARGEST_FILE
from .schema import Scenario
from .schema_paths import walk
from .settings import apply, is_left_out, split_path
from .syntax import shorten

CODE = "replace"


@dataclass(frozen=True)
class Reading:
    """A scenario as read.

    ``warnings``: what is odd but legal. ``origins``: `file:line` of every value by its key path, `--set` for settings.
    ``files``: the files read, by name, and their SHA-256.
    """

    scenario: Scenario
    warnings: tuple[Notice, ...]
    origins: Mapping[str, str]
    files: Mapping[str, str]


def load_scenario(name_or_path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a shipped name or a path, with `key.path=VALUE` settings laid over it.

    Raises ScenarioError with all faults at once.
    """
    return read(name_or_path, settings).scenario


def read(name_or_path: str | Path, settings: Sequence[str] = (), largest: int = LARGEST_FILE) -> Reading:
    """The same, with warnings, the origin of every value, and the files read. Raises ScenarioError.

    ``largest``: how many bytes the file may have; its parents may have LARGEST_FILE.
    """
    was_on = gc.isenabled()
    gc.disable()  # a large file becomes a hundred thousand small things, and none of them is garbage yet
    try:
        return _read(name_or_path, settings, largest)
    finally:
        if was_on:
            gc.enable()


def _read(name_or_path: str | Path, settings: Sequence[str], largest: int) -> Reading:
    resolved = resolve(name_or_path, settings, largest)
    if not resolved.documents or not resolved.table:
        raise ScenarioError(tuple(resolved.faults), resolved.more)
    unread = list(resolved.unread)
    scenario, findings, more = legible(resolved.table, unread)
    if not resolved.whole:
        # What is missing may stand in the part that could not be read.
        findings = [one for one in findings if one.problem != "is missing"]
    elif scenario is not None:
        scenario = _still_to_decide(scenario, resolved.decided)
        findings += check(scenario, unread)
    located = [resolved.locate(one) for one in findings]
    faults = resolved.faults + [one for one in located if one.level == "fault"]
    if faults or scenario is None:
        raise ScenarioError(_ordered(faults, resolved), more + resolved.more)
    warnings = _ordered([one for one in located if one.level != "fault"], resolved)
    values = (path for path, raw in walk(resolved.table) if not isinstance(raw, dict) or "value" in raw)
    origins = {dotted(path): resolved.origin(path) for path in values}
    return Reading(scenario, warnings, origins, dict(resolved.hashes))


def _still_to_decide(scenario: Scenario, stated: frozenset[str] = frozenset()) -> Scenario:
    """The scenario without decisions, of a parent's, that a change has made void: of a grant that there is no more.

    ``stated``: those that must hold.
    """
    void = {key for key in scenario.decisions if key not in stated and any(wrong_with(scenario, key))}
    kept = {key: one for key, one in scenario.decisions.items() if key not in void}
    return scenario.model_copy(update={"decisions": kept}) if void else scenario


def _ordered(faults: list[Fault], resolved: Resolved) -> tuple[Fault, ...]:
    """Each once, file by file from the child to its parents, in the order of lines."""
    files = [one.file for one in resolved.documents]
    place = {file: number for number, file in reversed(list(enumerate(files)))}
    unique = list(dict.fromkeys(faults))
    return tuple(sorted(unique, key=lambda one: (place.get(one.file, len(files)), one.file, one.line)))


def replace(scenario: Scenario, changes: Mapping[str, object] | None = None, **top_level: object) -> Scenario:
    """A scenario with some values changed, checked like a file: `replace(s, {"grants.cerf.amount_usd": 100_000})`.

    A number replaces the whole entry, source included. A new part is given whole: `{"pledges.new": {"amount_usd": …}}`.
    None takes a key or a part away. Raises ScenarioError.
    """
    table, faults = document(scenario), list[Fault]()
    for key, value in {**(changes or {}), **top_level}.items():
        path = split_path(str(key))
        if value is None and is_left_out(table, path):
            continue
        applied = apply(table, path, document(value), CODE, None)
        if isinstance(applied, Fault):
            faults.append(applied)
    return _checked(table, faults)


def extended(scenario: Scenario, tables: Mapping[str, object]) -> Scenario:
    """A scenario with tables laid over its own, as a file that extends it says them. Raises ScenarioError."""
    return _checked(_laid_over(document(scenario), tables), [])


def _laid_over(table: Any, over: Mapping[str, object]) -> Any:
    for key, value in over.items():
        inner = table.get(key)
        table[key] = _laid_over(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else document(value)
    return table


def _checked(table: dict[str, Any], faults: list[Fault]) -> Scenario:
    unread: list[Any] = []
    shorten(table)
    changed, findings, more = legible(table, unread)
    if changed is not None:
        changed = _still_to_decide(changed)
        findings += check(changed, unread)
    told = [one for one in findings if one.level == "fault"]
    faults += [Fault(CODE, 0, dotted(one.path), one.problem, one.rule, one.got, one.meant) for one in told]
    if faults or changed is None:
        raise ScenarioError(tuple(dict.fromkeys(faults)), more)
    return changed
