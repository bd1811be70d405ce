"""A plan that was found becomes plan.toml: a scenario that extends the one it is for, with what changes and what each gains."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..scenario.dump import document, toml
from ..scenario.faults import KeyPath, dotted
from ..scenario.schema_paths import at, is_quantity
from ..scenario.settings import split_path
from ..study.queries.plan_work import under

if TYPE_CHECKING:
    from ..study.queries.plan_answer import Found

FILE = "plan.toml"
SOURCE = "our decision, found by reliefsim plan"
_LINE = 100  # characters of a comment


def plan_file(found: Found, gains: Mapping[str, str]) -> str:
    """The text of the file; ``gains``: of each change, by its key, what it gains in words."""
    scenario = found.request.scenario
    changes = found.changes
    lines = list(_comment(f"The plan that was found for {scenario.name}. Above each change: what it gains."))
    lines += [f"extends = {toml(scenario.name)}", f"name = {toml(f'{scenario.name[:59]}-plan')}"]
    lines.append(f"title = {toml(f'{scenario.title or scenario.name}, the plan found'[:4000])}")
    if scenario.question:
        lines.append(f"question = {toml(scenario.question)}")
    if not changes:
        lines += _comment("Nothing better than the present plan was found: this is the present plan.")
    planned = document(under(scenario, found.space, found.number))
    tables: dict[KeyPath, dict[KeyPath, list[str]]] = {}
    for key in changes:
        path = _stated_whole(split_path(key))
        tables.setdefault(path[:-1], {}).setdefault(path, []).append(gains.get(key, ""))
    for table, entries in tables.items():
        lines += ["", f"[{dotted(table)}]"] if table else [""]
        for path, told in entries.items():
            lines += [line for one in told for line in _comment(one)]
            value = _entry(planned, path, at(planned, path))
            if isinstance(value, list):
                lines += [f"{dotted(path[-1:])} = [", *(f"    {toml(one)}," for one in value), "]"]
            else:
                lines.append(f"{dotted(path[-1:])} = {toml(value)}")
    return "\n".join(lines) + "\n"


def _stated_whole(path: KeyPath) -> KeyPath:
    """The part of a path that a file which extends another states: a list is replaced whole."""
    place = next((number for number, part in enumerate(path) if str(part).isdecimal()), len(path))
    return path[:place]


def _entry(planned: dict[str, Any], path: KeyPath, value: Any) -> Any:
    """A value as the file says it: a decision's number with its source."""
    if isinstance(value, list):
        return [_entry(planned, (*path, place), one) for place, one in enumerate(value)]
    if isinstance(value, dict) and "value" not in value:
        return {key: _entry(planned, (*path, key), one) for key, one in value.items()}
    if is_quantity(planned, path) and not isinstance(value, dict):
        return {"value": value, "source": SOURCE}
    return value


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in textwrap.wrap(text, _LINE, break_on_hyphens=False, break_long_words=False))
