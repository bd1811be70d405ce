"""A study becomes its tables, its figures and what the terminal shows of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.funding_tables import write_all_tables
from ..results.hapi import write_hapi
from ..results.pcodes import write_pcodes
from ..results.study_folder import read_folder
from ..study.queries.funding_levels import levels
from ..study.running.backends import Running
from ..study.running.runner import run_study
from .terminal.first_lines import first_lines
from .terminal.funding_terminal import funding_summary
from .terminal.study_terminal import summary

if TYPE_CHECKING:
    from ..results.study_folder import StudyFolder
    from ..study.request import StudyRequest
    from ..study.running.runner import Study


def run_with_levels(request: StudyRequest, running: Running) -> Study:
    """Run a study; for the fundraiser, then every arm at less money. Raises as run_study."""
    study = run_study(request, running)
    if not request.funding:
        return study
    return replace(study, levels=levels(study, replace(running, progress=Running().progress, kept=None)))


def write_study(request: StudyRequest, study: Study, folder: Path) -> None:
    """Write every table."""
    write_all_tables(study, folder)
    write_hapi(study, folder, request.disclosure)
    write_pcodes(study, folder)


def tell_study(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figures, if they are wanted; the terminal's text (nothing, if nobody looks), and notes on figures."""
    if request.quiet and not request.figures:
        return "", []
    found = read_folder(folder, {"uncertain": request.uncertain})
    notes = _draw(found, folder) if request.figures else []
    if found.is_funded:
        return funding_summary(found), notes
    return "\n".join([*first_lines(found), *([summary(found)] if request.full else [])]), notes


def _draw(found: StudyFolder, folder: Path) -> list[str]:
    """Draw every figure; what is to be said of them."""
    from .figures import draw_all
    from .figures.figure_saving import undrawn
    from .figures.funding_figures import draw_funding

    missing = draw_all(found, folder)
    if found.is_funded:
        missing |= draw_funding(found, folder)
    return undrawn(missing, folder)
