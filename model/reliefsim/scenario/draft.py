"""A scenario becomes the text of a file that extends it: the same as it is, with what is changed most as examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from .document import document
from .dump import toml
from .faults import dotted
from .scenario_reader import Reading

_GROWTH_MONTH = 0.03  # in an example, which is no comment on any displacement
_LINE = 100  # characters of a comment


def draft(parent: Reading, stem: str, name: str) -> str:
    """The text of ``name``.toml, extending the scenario in ``stem``.toml.

    It equals its parent but for name and title. Its examples are comments; without their ``#`` they are legal, and but
    for the growth they state the parent's own values.
    """
    scenario = parent.scenario
    table = document(scenario)
    head = (
        f"{name}: like {stem}, until you change it. Take the # away from the lines you need, change the values, and say "
        'where each comes from: source = "a key of sources.toml", or "assumption, no source found". '
        f"What differs: reliefsim diff {stem} ./{name}.toml. Which keys there are: README, How to write a scenario."
    )
    lines = [f"# {line}" for line in textwrap.wrap(head, _LINE, break_on_hyphens=False, break_long_words=False)]
    lines += ["", f"extends = {toml(stem)}", f"name = {toml(name)}"]
    lines.append(f"title = {toml(f'{name} (from {scenario.title or stem})'[:4000])}")
    if scenario.question:
        lines.append(f"question = {toml(scenario.question)}")
    lines += ["", "# How long it runs, in days.", f"# horizon_days = {_entry(table['horizon_days'])}"]
    for part in (_growth(table), _money(table)):
        lines += part
    return "\n".join(lines) + "\n"


def _growth(table: dict[str, Any]) -> Iterator[str]:
    """How displacement grows: the law that there is, made one of growth."""
    yield from ("", "# Growth: here by 3 % a month, in place of the law of that name.")
    yield f"# [displacement.{dotted((next(iter(table.get('displacement', {})), 'trend'),))}]"
    yield from ('# law = "compound"', f"# growth_month = {_GROWTH_MONTH}")


def _money(table: dict[str, Any]) -> Iterator[str]:
    """What each grant brings, and when it may be spent."""
    grants = {} if table.get("money") == "unlimited" else table.get("grants", {})
    if grants:
        yield from ("", "# Money, and its window: days since the start, or dates.")
    for name, grant in grants.items():
        yield f"# [grants.{dotted((name,))}]"
        for key in ("amount_usd", "from_day", "until_day"):
            if key in grant:
                yield f"# {key} = {_entry(grant[key])}"


def _entry(value: Any) -> str:
    """An entry without its note."""
    return toml({key: part for key, part in value.items() if key != "note"} if isinstance(value, dict) else value)
