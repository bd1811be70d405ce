"""A study's folder becomes workbook.xlsx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...results.study_folder import read_folder
from ...store import new_file

__all__ = ["NAME", "write_workbook"]

NAME = "workbook.xlsx"


def write_workbook(folder: Path, made: Mapping[str, Any], others: Sequence[Path] = ()) -> Path:
    """Write workbook.xlsx into a study's folder, whole or not at all, and return its path.

    ``made``: what run.json holds; ``others``: folders of ``ask``, ``next-dollar`` and ``plan`` whose answers are added. All
    numbers come from the folders' files. Raises ValueError if one of ``others`` holds no answer or a table cannot be read, and
    OSError if a file is missing or the disk refuses; then the folder is as it was.
    """
    from .sheet_allocation import allocation
    from .sheet_brief import briefs
    from .sheet_budget import budget
    from .sheet_coverage import coverage
    from .sheet_findings import scenarios, summary
    from .sheet_gap import gap_and_ask
    from .sheet_plan import plans
    from .sheet_spending import spending
    from .sheet_words import definitions, inputs, read_me, totals
    from .workbook_file import Book

    study = read_folder(folder, made, others)
    with new_file(folder / NAME) as hidden:
        book = Book(hidden)
        briefs(study, book)
        first = book.sheet("Read me", "Evidence pack: how far does the money reach?")
        read_me(study, first)
        for write in (summary, allocation, scenarios, coverage, spending, gap_and_ask, plans, budget, inputs):
            write(study, book)
        definitions(book)
        totals(book, first)
        book.close()
    return folder / NAME
