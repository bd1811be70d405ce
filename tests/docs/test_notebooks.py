"""The notebooks print what they are kept to have printed: their cells of code are run in order."""

from __future__ import annotations

import pytest

from docs.notebooks import FOLDER, cells, kept, printed


@pytest.mark.parametrize("name", ["planner", "researcher"])
def test_a_notebook_prints_what_is_kept_in_it(name: str) -> None:
    path = FOLDER / f"{name}.ipynb"
    stored = [kept(cell) for cell in cells(path)]
    assert sum(bool(text) for text in stored) >= 3
    assert printed(path) == stored
