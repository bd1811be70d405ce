"""Decisions: of keys that the scenario has, and of values that may stand there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ...rules import RULES
from ..checking import check
from ..decisions import is_shared_out, stated_at
from ..dump import document
from ..faults import Finding, KeyPath, listed, shown
from ..quantities import Quantity
from ..schema import Scenario
from ..schema_decisions import Choice
from ..schema_paths import bound
from ..settings import split_path
from ..stated_texts import Frozen

_KEY_RULE = "The dotted key of a value, as in teams.NAME.count"


@check
def decisions_are_of_values_that_there_are(s: Scenario) -> Iterator[Finding]:
    """A key that leads to a value, and at it only what the format allows; to be shared out, parts of a whole."""
    for key in sorted(s.decisions):
        yield from wrong_with(s, key)


def wrong_with(s: Scenario, key: str) -> Iterator[Finding]:
    """What is wrong with one decision; at most one finding."""
    here: KeyPath = ("decisions", key)
    path, choice = split_path(key), s.decisions[key]
    uses: tuple[KeyPath, ...] = (here, path)
    stated, around = stated_at(s, key), stated_at(s, ".".join(map(str, path[:-1])))
    if stated is None or path[0] == "decisions" or (len(path) > 1 and not isinstance(around, (Frozen, dict, tuple))):
        yield Finding(here, "leads to no value of this scenario", _KEY_RULE, uses=uses)
    elif not isinstance(choice, Choice):
        if not is_shared_out(stated):
            rule = "Shares of the plan, or budget lines of a grant, by name"
            yield Finding(here, "leads to nothing that is shared out", rule, uses=uses)
    elif isinstance(stated, (Frozen, dict, tuple)):
        rule = f'{_KEY_RULE}; "shares" for parts of a whole' if is_shared_out(stated) else _KEY_RULE
        yield Finding(here, "leads to more than one value", rule, uses=uses)
    elif not choice.legal:
        rule = '{ from = 0, to = 12 }, { values = […] } or "shares"'
        yield Finding(here, "states no legal values", rule, uses=((*here, "*"), *uses))
    else:
        wrong = ((value, words) for value in choice.legal if (words := _problem(s, path, around, value)))
        for value, words in wrong:
            yield Finding(here, "names a value that may not stand there", words, shown(value), uses=uses)
            break


@check
def what_is_decided_is_not_unknown(s: Scenario) -> Iterator[Finding]:
    """A range says what is not known; what is ours to choose is known."""
    for key in sorted(s.decisions):
        path = split_path(key)
        for name, one in _quantities(s, key):
            if one.is_ranged:
                rule = "Its legal values stand under [decisions]; it is not drawn"
                yield Finding((*path, *name), "has a range and is a decision", rule, level="notice", uses=((*path, *name),))


def _quantities(s: Scenario, key: str) -> Iterator[tuple[KeyPath, Quantity]]:
    """The number at a key, or each that is shared out there."""
    path, around = split_path(key), stated_at(s, ".".join(map(str, split_path(key)[:-1])))
    one = getattr(around, str(path[-1]), None) if isinstance(around, Frozen) else None
    if isinstance(one, Quantity):
        yield (), one
    for name, part in one.items() if isinstance(one, dict) else ():
        for inner in ("", "share", "amount_usd"):
            found = getattr(part, inner, None) if inner else part
            if isinstance(found, Quantity):
                yield (name, *((inner,) if inner else ())), found


def _problem(s: Scenario, path: KeyPath, around: Any, value: Any) -> str:
    """Why a value may not stand at a key, in the words of the format; empty if it may."""
    if path == ("plan", "rule"):
        return "" if value in RULES else f"One of: {listed(RULES)}"
    holder, key = s if len(path) == 1 else around, str(path[-1])
    if not isinstance(holder, Frozen):
        return ""
    limits = bound(type(holder), key)
    if limits is not None and not isinstance(value, (str, bool, datetime.date)):
        return "" if limits.holds(value) else limits.rule
    from ..fault_words import tuples

    try:
        type(holder).model_validate({**tuples(document(holder)), key: value})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        told = first.get("ctx") or {}
        return str(told.get("rule") or (f"One of: {told['expected']}" if "expected" in told else first["msg"]))
    return ""
