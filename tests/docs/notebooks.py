"""A notebook's cells of code, run in order, become the text that each prints: `python tests/docs/notebooks.py` renews them."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "model" / "reliefsim" / "docs" / "notebooks"


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells of code of a notebook."""
    return [one for one in json.loads(path.read_text(encoding="utf-8"))["cells"] if one["cell_type"] == "code"]


def kept(cell: dict[str, Any]) -> str:
    """What a cell is stored to have printed."""
    return "".join(line for output in cell["outputs"] for line in output["text"])


def printed(path: Path) -> list[str]:
    """What each cell of code prints when all are run in order, as one program."""
    names: dict[str, Any] = {"__name__": "notebook"}
    found = []
    for cell in cells(path):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile("".join(cell["source"]), str(path), "exec"), names)
        found.append(said.getvalue())
    return found


def renew(path: Path) -> None:
    """Run a notebook and keep what it prints in it."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    code = [one for one in whole["cells"] if one["cell_type"] == "code"]
    for number, (cell, text) in enumerate(zip(code, printed(path), strict=True), 1):
        lines = text.splitlines(keepends=True)
        cell["execution_count"] = number
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.ipynb")):
        renew(one)
