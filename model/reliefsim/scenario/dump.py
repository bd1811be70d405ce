"""A Scenario becomes a table, as a file would say it, or a text: the whole, resolved, or a draft of a file that extends it."""

from __future__ import annotations

import datetime
import json
import numbers
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .faults import KeyPath, dotted
from .quantities import Quantity
from .schema_paths import form_at
from .schema_services import Duration, PriceList
from .stated_texts import Frozen

if TYPE_CHECKING:
    from .scenario_reader import Reading

_INLINE = (Duration, PriceList)  # short tables that stand in one line
_GROWTH_MONTH = 0.03  # in an example, which is no comment on any displacement
_LINE = 100  # characters of a comment


def document(value: Any) -> Any:
    """Tables, lists and plain values for a scenario or a part of it, without what has its default."""
    if isinstance(value, Frozen):
        stated = _stated(value)
        return stated["value"] if isinstance(value, Quantity) and set(stated) == {"value"} else stated
    if isinstance(value, dict):
        return {str(key): document(inner) for key, inner in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [document(inner) for inner in value]
    return _plain(value)


def _stated(value: Frozen) -> dict[str, Any]:
    """The fields that differ from their default, in the order of the format."""
    found: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        inner = getattr(value, name)
        if inner is None or (not field.is_required() and inner == field.get_default()):
            continue
        found[name] = document(inner)
    if isinstance(value, Duration) and set(found) == {"law", "mean_days"} and value.law == "constant":
        mean = found["mean_days"]
        return mean if isinstance(mean, dict) else {"value": mean}
    return found


def _plain(value: Any) -> Any:
    """A number of any library as Python's own."""
    if isinstance(value, (bool, int, float, str, datetime.date, datetime.time)) or value is None:
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value


def dump(reading: Reading) -> str:
    """The resolved scenario as TOML; reading it back gives an equal scenario."""
    table = document(reading.scenario)
    lines = [f"# {reading.scenario.name}, resolved. Behind each value: the file and line it comes from; its source."]
    lines.append(f"format = {reading.scenario.format}")
    lines += _section(reading, table, table, ())
    return "\n".join(lines) + "\n"


def _section(reading: Reading, whole: dict[str, Any], table: dict[str, Any], path: KeyPath) -> Iterator[str]:
    """The lines of one table: its values, then the tables in it."""
    dicts = {key: value for key, value in table.items() if isinstance(value, dict)}
    inner = {key: value for key, value in dicts.items() if not is_entry(whole, (*path, key), value)}
    if path and (len(inner) < len(table) or not table):
        yield from ("", f"[{dotted(path)}]")
    for key, value in table.items():
        if key not in inner:
            yield f"{dotted((key,))} = {toml(value)}{_comment(reading, (*path, key), value)}"
    for key, value in inner.items():
        yield from _section(reading, whole, value, (*path, key))


def is_entry(whole: dict[str, Any], path: KeyPath, value: dict[str, Any]) -> bool:
    """Whether a table of a resolved scenario is one value, with its range and source."""
    return "value" in value or form_at(whole, path) in _INLINE


def _comment(reading: Reading, path: KeyPath, value: Any) -> str:
    """Where a value comes from, and its source."""
    source = value.get("source") if isinstance(value, dict) else None
    words = [word for word in (origin(reading, path), source) if isinstance(word, str)]
    return "  # " + "; ".join(" ".join(word.split()) for word in words) if words else ""


def origin(reading: Reading, path: KeyPath) -> str | None:
    """The file and line a value comes from, or ``--set``; None if nothing states it."""
    for candidate in (path, (*path, "law"), (*path, "values_usd")):
        if dotted(candidate) in reading.origins:
            return reading.origins[dotted(candidate)]
    return None


def toml(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(toml(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{dotted((key,))} = {toml(one)}' for key, one in value.items())} }}" if value else "{}"
    return repr(value)


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
        f"What differs: reliefsim diff {stem} ./{name}.toml. Which keys there are: reliefsim help scenario."
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
