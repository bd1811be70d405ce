"""The tables in a folder become datapackage.json: every file, every column, its type, meaning and unit.

A Data Package as Frictionless Data defines it, version 1 (https://specs.frictionlessdata.io/data-package/).
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from ..store import read_table
from .dictionary import TABLES, column
from .pcodes import FILE as PCODES

FILE = "datapackage.json"


def describe(folder: Path) -> None:
    """Write datapackage.json for the CSV files in a folder, in order of their names."""
    resources = [_resource(path) for path in sorted(folder.glob("*.csv"))]
    package = {
        "profile": "tabular-data-package",
        "name": "reliefsim-study",
        "title": "A study of reliefsim",
        "description": "How the study was made: run.json. What the indicators mean: reliefsim help outputs.",
        "resources": resources,
    }
    text = json.dumps(package, indent=1, ensure_ascii=False)
    (folder / FILE).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _resource(path: Path) -> dict[str, Any]:
    """One table."""
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file))
    return _sources(path) | {
        "profile": "tabular-data-resource",
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "description": TABLES.get(path.stem, ""),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": {"fields": [_field(path.stem, name) for name in names], "missingValues": [""]},
    }


def _sources(path: Path) -> dict[str, Any]:
    """Of P-codes: the lists that they stand in, each by its version. What follows a list's address are words of ours."""
    if path.name != PCODES:
        return {}
    lists = {row["source"]: row["pcode_version"] for row in read_table(path) if row["source"]}
    return {"sources": [{"title": title, "path": source.partition(";")[0]} for source, title in lists.items()]} if lists else {}


def _field(table: str, name: str) -> dict[str, str]:
    """One column; ``unit`` is a word of ours, which the standard allows."""
    what = column(table, name)
    return {"name": name, "type": what.type, "description": what.meaning, **({"unit": what.unit} if what.unit else {})}
