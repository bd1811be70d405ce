"""A study becomes what it is: everything that the bytes of its results depend on, and in what two of them differ."""

from __future__ import annotations

import hashlib
import json
import sys
from importlib import metadata
from types import CodeType
from typing import Any

from .jobs import Work

MADE_WITH = "made_with"
PACKAGES = ("numpy", "numba", "scipy")  # beside Python, what decides the last bit of a number


def identity(work: Work) -> dict[str, Any]:
    """What a study is: everything that its results depend on, but for the number of replications."""
    from ... import __version__

    points = work.points
    return {
        "version": __version__,
        MADE_WITH: made_with(),
        "seed": work.seed,
        "uncertain": work.uncertain,
        "rules": [_rule_identity(work, place) for place in range(len(work.rules))],
        "points": None if points is None else points.state(),
        "funding": work.funding,
        "bands": work.bands,
        "scenarios": {one.name: json.loads(one.model_dump_json()) for one in work.scenarios},
    }


def made_with() -> dict[str, str]:
    """The versions here of what decides the last bit of a number; of Python, major and minor."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": python, **{name: metadata.version(name) for name in PACKAGES}}


def _rule_identity(work: Work, place: int) -> str | None:
    """A rule's name; of a function, with a digest of what it does, for another may have the same name."""
    rule = work.rules[place]
    if rule is None or isinstance(rule, str):
        return rule
    code = getattr(rule, "__code__", None)
    said = repr((code.co_code, code.co_names, _constants(code))) if code else repr(type(rule))
    said += repr(getattr(rule, "__defaults__", None))
    return f"{work.rule_name(0, place)} (function {hashlib.sha256(said.encode()).hexdigest()[:16]})"


def _constants(code: CodeType) -> list[Any]:
    """The constants of a function, those of functions inside it too."""
    return [
        (one.co_code, one.co_names, _constants(one)) if isinstance(one, CodeType) else one for one in code.co_consts
    ]


def refusal(its: dict[str, Any], mine: dict[str, Any]) -> str:
    """Why a study that was begun may not be gone on with as another, and what to do; empty if both are one."""
    if MADE_WITH not in its:
        return (
            f"does not say with which {', '.join(mine[MADE_WITH])} its results were made, so that the same bytes cannot "
            "be promised. Name a new folder"
        )
    for name, version in mine[MADE_WITH].items():
        was = its[MADE_WITH].get(name) if isinstance(its[MADE_WITH], dict) else None
        if was != version:
            return (
                f"holds results of another {MADE_WITH}.{name}: was {was}, is {version}, so that the same bytes cannot "
                f"be promised. Go on with {name} {was}, or name a new folder"
            )
    field = _difference(its, mine)
    return f"holds another study: {field}. Name a new folder, or ask for what it holds" if field else ""


def _difference(its: Any, mine: Any, path: str = "") -> str:
    """The first place at which two trees differ, and both values; empty if none does."""
    if isinstance(its, dict) and isinstance(mine, dict):
        for key in (*its, *(key for key in mine if key not in its)):
            here = f"{path}.{key}" if path else str(key)
            if key not in its or key not in mine:
                return f"{here} is only in {'what is asked' if key in mine else 'the folder'}"
            found = _difference(its[key], mine[key], here)
            if found:
                return found
        return ""
    return "" if its == mine else f"{path} was {_short(its)}, is {_short(mine)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
