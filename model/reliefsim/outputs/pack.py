"""A study's folder becomes its evidence pack: a page and a workbook, from its files alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..study.store import LAST, FolderError

PAGE, WORKBOOK = "report.html", "workbook.xlsx"
FILES = (PAGE, WORKBOOK)
STUDY, ANSWERS = "indicators.csv", ("ask.csv", "next_dollar.csv")


def write_pack(folder: Path, others: Sequence[Path] = ()) -> tuple[Path, Path]:
    """Write the page and the workbook of a finished study into its folder, each whole or not at all; nothing is run.

    ``others``: folders of `ask` and `next-dollar`, whose answers are shown, too. Raises FolderError, naming all that is
    wrong, and DamagedError where a run.json is of no use.
    """
    from .page import write_page
    from .verify.made import read_made
    from .workbook import write_workbook

    faults = [fault for fault in (_study_fault(folder), *(_answer_fault(one) for one in others)) if fault]
    if faults:
        raise FolderError("\n".join(faults))
    for one in (folder, *others):
        read_made(one)
    made = json.loads((folder / LAST).read_text(encoding="utf-8"))
    made.pop("digest", None)  # it is not there yet when a study writes its pack
    return write_page(folder, made, others), write_workbook(folder, made, others)


def _study_fault(folder: Path) -> str:
    if not (folder / LAST).is_file():
        return f"{folder} holds no finished study"
    if not (folder / STUDY).is_file():
        kinds = (
            "an answer of ask or next-dollar" if any((folder / name).is_file() for name in ANSWERS) else "no indicators"
        )
        return f"{folder} holds {kinds}. Name a folder of run or gap first, and folders of answers behind it"
    return ""


def _answer_fault(folder: Path) -> str:
    if (folder / LAST).is_file() and any((folder / name).is_file() for name in ANSWERS):
        return ""
    return f"{folder} holds no answer of ask or next-dollar"
