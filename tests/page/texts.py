"""Every text of the page that a catalogue must have: of templates, of code, and of the shipped scenarios."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from babel.messages.extract import extract, extract_from_dir
from jinja2.ext import babel_extract

from reliefsim.indicators.registry import ENTRIES
from reliefsim.indicators.unserved_reasons import REASONS, UNMET_PARTS
from reliefsim.layout import Reason
from reliefsim.rules import RULES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "model" / "reliefsim" / "report"
_NAMED = {
    "classes",
    "origins",
    "locations",
    "services",
    "teams",
    "grants",
    "pledges",
    "refugees",
    "shocks",
    "displacement",
}
_LABELS = ("label", "title", "donor")
_WORDLESS = {
    "label",
    "name",
    "title",
    "question",
    "format",
    "source",
    "note",
    "extends",
    "pcode",
    "donor",
    "low",
    "high",
}


def of_code() -> set[str]:
    found = extract_from_dir(
        str(PAGE), method_map=[("**.py", "python")], keywords={"say": None, "mark": None}, strip_comment_tags=False
    )
    parts = {part.words for part in UNMET_PARTS}  # said for tables and pictures, too
    parts |= {rule.words for rule in RULES.values()}
    parts |= {one.clause for one in REASONS.values() if one.clause}
    parts |= {one.lacking for one in REASONS.values() if one.lacking}
    parts |= {one.cases for reason, one in REASONS.items() if reason != Reason.MONEY}
    parts |= {text for one in ENTRIES if one.goal for text in one.goal}
    return parts | {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def of_templates() -> set[str]:
    found: set[str] = set()
    for path in sorted((PAGE / "page" / "templates").glob("*.jinja")):
        with path.open("rb") as file:
            told = extract(babel_extract, file, keywords={"_": None}, options={"trim_blocks": "true"})
            found |= {message if isinstance(message, str) else message[0] for _, message, _, _ in told}
    return found


def of_scenarios() -> set[str]:
    """Labels, titles and the keys that name inputs."""
    found: set[str] = set()
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        if path.stem not in ("sources", "invented-flood"):
            _walk(tomllib.loads(path.read_text(encoding="utf-8")), found, ())
    return found


def _walk(part: Any, found: set[str], path: tuple[str, ...]) -> None:
    for key, one in part.items():
        if key == "decisions":  # keys that stand elsewhere, with numbers that no reader is told
            continue
        if key in _LABELS and isinstance(one, str):
            found.add(one)
        named = len(path) == 1 and path[0] in _NAMED
        if not named and key not in _WORDLESS and key != "value":
            found.add(re.sub("usd", "USD", key.replace("_", " ")))
        for inner in one if isinstance(one, list) else [one]:
            if isinstance(inner, dict) and not _is_value(inner):
                _walk(inner, found, (*path, key))


def _is_value(part: Any) -> bool:
    return isinstance(part, dict) and "value" in part
