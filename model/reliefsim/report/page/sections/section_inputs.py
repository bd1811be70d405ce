"""The inputs: every value of a scenario with its range and its source."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ....results.estimate_rows import ArmName
from ....scenario.shipped import shipped_folder
from ...text.tongue import NONE, Tongue, mark
from ...views.content import Content
from ..page_table import Cell, Table

_ASSUMPTION = mark("assumption, no source found")
_WORDLESS = ("label", "name", "title", "question", "format", "source", "note", "extends", "pcode")


@dataclass(frozen=True)
class Value:
    """One value as it stands in the file."""

    path: str
    value: str
    low: str
    high: str
    source: str
    note: str


@dataclass(frozen=True)
class Source:
    """Where a number comes from."""

    key: str
    title: str
    url: str
    date: str
    grade: str


def inputs(content: Content, tongue: Tongue) -> list[Table]:
    """All values of the reference; of every other scenario those that differ."""
    base = {one.path: one for one in values(content.study.stated(content.study.reference), tongue)}
    tables = [_table(content, tongue, content.study.reference, list(base.values()), every=True)]
    shown = {content.study.reference.scenario}
    for arm in content.arms:
        if arm.scenario in shown:
            continue
        shown.add(arm.scenario)
        own = {one.path: one for one in values(content.study.stated(arm), tongue)}
        found = [one for path, one in own.items() if base.get(path) != one]
        found += [Value(path, NONE, "", "", "", "") for path in base if path not in own]
        if found:
            tables.append(_table(content, tongue, arm, found, every=False))
    return tables


def _table(content: Content, tongue: Tongue, arm: ArmName, found: list[Value], every: bool) -> Table:
    name = tongue.told(content.name(arm))
    caption = (
        tongue.say("All values of {scenario}", scenario=name)
        if every
        else tongue.say("What differs in {scenario}", scenario=name)
    )
    return Table(
        caption=caption,
        heads=["", tongue.say("Value"), tongue.say("Low"), tongue.say("High"), tongue.say("Source, and a note")],
        rows=[
            [Cell(_called(content, tongue, arm, one.path), one.path), one.value, one.low, one.high,
             Cell(tongue.say(one.source) if one.source == _ASSUMPTION else one.source, one.note)]
            for one in found
        ],
        mood="inputs",
    )  # fmt: skip


def _called(content: Content, tongue: Tongue, arm: ArmName, path: str) -> str:
    """Whose value it is and which: the owner's label, and the key in words."""
    parts = path.split(".")
    owner = content.study.stated(arm).get(parts[0], {})
    one = owner.get(parts[1]) if isinstance(owner, dict) and len(parts) > 2 else None
    named = isinstance(one, dict)
    head = parts[0]
    if isinstance(one, dict):
        is_grant = parts[0] in ("grants", "pledges")
        head = content.study.label(arm.scenario, "grants", parts[1]) if is_grant else str(one.get("label") or parts[1])
    rest = parts[2:] if named else parts[1:]
    words = ", ".join(_key(tongue, key) for key in rest)
    first = tongue.say(head) if named else _key(tongue, head)
    colon = tongue.say("{owner}: {value}", owner=first, value=words) if words else first
    return colon[:1].upper() + colon[1:]


def _key(tongue: Tongue, key: str) -> str:
    return str(int(key) + 1) if key.isdigit() else tongue.say(key.replace("_", " ").replace("usd", "USD"))


def values(stated: dict[str, Any], tongue: Tongue) -> list[Value]:
    """The values of a scenario's file, in its order."""
    return list(_walk(stated, (), "", tongue))


def _walk(part: Any, path: tuple[str, ...], source: str, tongue: Tongue) -> Iterator[Value]:
    if isinstance(part, dict) and "value" in part:
        low, high = (_text(part[end], tongue) if end in part else "" for end in ("low", "high"))
        own = str(part.get("source", source))
        yield Value(".".join(path), _text(part["value"], tongue), low, high, own, str(part.get("note", "")))
    elif isinstance(part, dict):
        inner = str(part.get("source", source))
        for key, one in part.items():
            if key not in _WORDLESS:
                yield from _walk(one, (*path, key), inner, tongue)
    elif isinstance(part, list) and any(isinstance(one, dict) for one in part):
        for number, one in enumerate(part):
            yield from _walk(one, (*path, str(number)), source, tongue)
    else:
        yield Value(".".join(path), _text(part, tongue), "", "", source, "")


def _text(value: Any, tongue: Tongue) -> str:
    if isinstance(value, bool):
        return tongue.say("yes") if value else tongue.say("no")
    if isinstance(value, int | float):
        decimals = len(repr(value).partition(".")[2]) if isinstance(value, float) and value != int(value) else 0
        return tongue.number(value, min(decimals, 7))
    if isinstance(value, datetime.date):
        return tongue.date(value)
    if isinstance(value, list):
        return ", ".join(_text(one, tongue) for one in value)
    return str(value)


def sources(contents: Sequence[Content]) -> list[Source]:
    """The sources that the scenarios of the page name, as far as the program's list has them."""
    stated = [content.study.stated(arm) for content in contents for arm in content.arms]
    named = {value.source for one in stated for value in values(one, Tongue("en"))}
    return [Source(key, *(str(one.get(name, "")) for name in ("title", "url", "date", "grade")))
            for key, one in _list().items() if key in named]  # fmt: skip


@cache
def _list() -> dict[str, Any]:
    path = shipped_folder() / "sources.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
