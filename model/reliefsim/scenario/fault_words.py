"""What the format's own checks find wrong becomes findings in plain words, each once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError

from .faults import MOST_FAULTS, Finding, KeyPath, listed, nearest, shown
from .misreadings import DIGITS
from .quantities import Quantity, figure
from .schema import FORMAT_VERSION, Scenario
from .schema_paths import at, bound, fields_at, form_at, holds, is_names, is_quantity, legal_keys, likely_kind
from .schema_services import KINDS, Duration
from .schema_shocks import SHOCKS
from .stated_texts import MOST_NAMES

_ROUNDS = 12
_MOST_TOLD = 4 * MOST_FAULTS  # put into words, of a round
_NESTED = (dict, list, tuple)
# What stands in for a required key that is missing or could not be read, where its form does not say it.
_STAND_INS: dict[str, Any] = {
    "name": "scenario", "start_date": datetime.date(2000, 1, 1), "horizon_days": 365,
    "services": {"unread": {"kind": "casework", "duration": 1}},
}  # fmt: skip
_MISSING: dict[str | int, tuple[str, str]] = {
    "stock": ("is missing: goods that no stock has", "A service of goods has a [….stock]"),
    "services": ("is missing", "A scenario has at least one [services.NAME]"),
}
# What pydantic finds wrong: problem, and rule.
_WORDS = {
    "greater_than_equal": ("is too small", "At least {limit}"),
    "less_than_equal": ("is too large", "At most {limit}"),
    "greater_than": ("is too small", "Above {limit}"),
    "finite_number": ("must be a finite number", "Neither nan nor inf"),
    "float_type": ("must be a number", "Digits, as in 25000"),
    "int_type": ("must be a whole number", "Digits, as in 25000"),
    "bool_type": ("must be true or false", "Without quotes"),
    "int_parsing_size": ("is too large", DIGITS),
    "string_type": ("must be text", "Text stands in quotes"),
    "string_too_long": ("is too long", "At most {most} characters"),
    "too_short": ("is empty", "At least one"),
    "too_long": ("holds {size:,}", "At most {most:,}"),
    "tuple_type": ("must be a list", "Values in [ ], with commas between"),
    "dict_type": ("must be a table", "[table] with one key = value a line"),
    "model_attributes_type": ("must be a table", "[table] with one key = value a line"),
    "model_type": ("must be a table", "[table] with one key = value a line, or {{ key = value }}"),
}


def tuples(raw: Any) -> Any:
    """The same with every list a tuple, as frozen values want them."""
    if isinstance(raw, dict):
        return {key: tuples(value) if isinstance(value, _NESTED) else value for key, value in raw.items()}
    return tuple([tuples(value) for value in raw]) if isinstance(raw, (list, tuple)) else raw


def legible(table: dict[str, Any], unread: list[KeyPath]) -> tuple[Scenario | None, list[Finding], int]:
    """The scenario as far as it can be read, what cannot, and how many more faults there are at least.

    Adds to ``unread`` the keys that stand-ins took. Changes ``table``: what is at fault is taken out. Ends without a
    scenario once there is enough to tell.
    """
    findings = list(_crowded(table, unread))
    for _ in range(_ROUNDS):
        try:
            return Scenario.model_validate(tuples(table)), findings, 0
        except ValidationError as error:
            mended: list[KeyPath] = []
            for one in error.errors(include_url=False, include_input=False)[:_MOST_TOLD]:
                path = key_path(table, one["loc"], str(one["type"]))
                finding = _finding(table, path, one)
                if not any(path[: len(known)] == known for known in unread):
                    findings.append(finding)
                mended.append(_taken(table, path, str(one["type"])))
            for path in mended:
                _mend(table, path)
            unread += mended
            if len(findings) >= MOST_FAULTS:
                return None, findings, max(0, error.error_count() - _MOST_TOLD)
    return None, findings, 0


def _crowded(table: dict[str, Any], unread: list[KeyPath]) -> Iterator[Finding]:
    """Leave the first thousand things of a section, and say so: the others are not looked at."""
    for key, section in table.items():
        if isinstance(section, dict) and len(section) > MOST_NAMES and is_names(table, (key,)):
            yield Finding((key,), f"holds {len(section):,}", f"At most {MOST_NAMES:,}, and no more were looked at")
            unread.append((key, next(islice(section, MOST_NAMES, None))))
            table[key] = dict(islice(section.items(), MOST_NAMES))


def key_path(table: Any, loc: tuple[int | str, ...], kind: str) -> KeyPath:
    """The keys in pydantic's location, without its marks for the form it took."""
    if is_of_key(loc, kind):
        loc = loc[:-1]
    path: list[str | int] = []
    raw: Any = table
    for number, part in enumerate(loc):
        is_last = number == len(loc) - 1
        is_form = isinstance(part, str) and part.startswith("<") and not (is_last and kind == "extra_forbidden")
        is_kind = loc[0] == "services" and number == 2 and part in KINDS
        if is_kind or (is_form and not is_names(table, tuple(path))):
            continue
        if holds(raw, part):
            path.append(part)
            raw = raw[part]
        elif kind == "missing" and is_last:
            path.append(part)
    return (*path, "kind") if kind.startswith("union_tag") else tuple(path)


def is_of_key(loc: tuple[int | str, ...], kind: str) -> bool:
    """Whether pydantic's location ends with its mark for a key: a key may itself be "[key]"."""
    return loc[-1:] == ("[key]",) and kind == "name"


def _finding(table: dict[str, Any], path: KeyPath, error: Any) -> Finding:
    kind, context = str(error["type"]), error.get("ctx") or {}
    raw = at(table, path)
    got = "" if kind in ("missing", "too_long") else shown(path[-1]) if is_of_key(error["loc"], kind) else shown(raw)
    if "problem" in context:
        if context["got"] is not None:
            got = context["got"]
        elif isinstance(raw, dict) and context["part"]:
            got = shown(raw.get(context["part"]))
        part = context["part"] if isinstance(raw, dict) else ""
        if path[-1:] in (("value",), ("low",), ("high",)) and is_quantity(table, path[:-1]):
            path, part = path[:-1], str(path[-1])
        return Finding(path, context["problem"], context["rule"], got, context["meant"], part=part)
    if kind == "extra_forbidden":
        legal = legal_keys(table, path[:-1])
        near = nearest(path[-1], legal)
        return Finding(path, "unknown key", "" if near else f"Legal here: {listed(legal)}", "", near)
    if path == ("format",) and isinstance(raw, int) and not isinstance(raw, bool) and raw > FORMAT_VERSION:
        rule = f"This program reads format {FORMAT_VERSION}; a newer one may read this file"
        return Finding(path, "is a format from the future", rule, got)
    if kind in ("missing", "union_tag_not_found"):
        kinds = f"One of: {listed(SHOCKS if path[0] == 'shocks' else KINDS)}"
        usual = ("is missing", kinds if path[-1] == "kind" else f"{path[-1]} must be stated here")
        return Finding(path, *_MISSING.get(path[-1], usual))
    problem, rule, meant = _standard(kind, context, raw)
    return Finding(path, problem, rule, got, meant)


def _standard(kind: str, context: dict[str, Any], raw: Any) -> tuple[str, str, str]:
    """Problem, rule and meaning for the checks that pydantic itself makes."""
    if kind in ("literal_error", "union_tag_invalid"):
        text = str(context.get("expected") or context.get("expected_tags") or "")
        legal = [word.strip(" '\"") for word in text.replace(" or ", ", ").split(",")]
        near = nearest(raw, legal) if isinstance(raw, str) else ""
        return ("is not one of the choices", f"One of: {', '.join(legal)}", f'"{near}"' if near else "")
    problem, rule = _WORDS.get(kind, (f"cannot be read: {kind.replace('_', ' ')}", ""))
    limit = next((figure(context[key]) for key in ("ge", "le", "gt") if key in context), "")
    size, most = len(raw) if isinstance(raw, _NESTED) else 0, context.get("max_length", 0)
    return problem.format(size=size), rule.format(limit=limit, most=most), ""


def _taken(table: dict[str, Any], path: KeyPath, kind: str) -> KeyPath:
    """The key to take out for a fault at ``path``: the whole number entry, the whole list of plain values."""
    if kind != "extra_forbidden":
        while len(path) > 1 and is_quantity(table, path[:-1]) and form_at(table, path[:-1]) is Quantity:
            path = path[:-1]
        if isinstance(path[-1] if path else "", int) and not isinstance(at(table, path), dict):
            path = path[:-1]
    return path


def _mend(table: dict[str, Any], path: KeyPath) -> None:
    """Take a faulty value out; put a stand-in where the format requires one, so that the rest can be checked as well."""
    if not path:
        return
    inner, key = at(table, path[:-1]), path[-1]
    if isinstance(inner, list) and isinstance(key, int) and key < len(inner):
        inner[key] = {}
    elif isinstance(inner, dict):
        raw, field = inner.pop(key, None), fields_at(table, path[:-1]).get(str(key))
        if key == "kind" and len(path) == 3 and path[0] == "services":
            inner["kind"] = nearest(raw, KINDS) or likely_kind(inner)
        elif field is not None and field.is_required():
            inner[str(key)] = deepcopy(_STAND_INS[key]) if key in _STAND_INS else _stand_in(table, path)


def _stand_in(table: dict[str, Any], path: KeyPath) -> Any:
    """The plainest value that a key may have: the first choice, nothing in a table or a list, the smallest number."""
    form = form_at(table, path)
    if get_origin(form) is Literal:
        return get_args(form)[0]
    if form is Quantity and (limits := bound(form_at(table, path[:-1]), str(path[-1]))):
        return max(0, limits.low)
    is_table = get_origin(form) is dict or (fields_at(table, path) and form not in (Quantity, Duration))
    return {} if is_table else [] if get_origin(form) is tuple else 1 if form is Duration else 0
