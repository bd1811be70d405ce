"""What a terminal shows of a study first: the finding in sentences, and one table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ...results.study_folder import StudyFolder
from ..text.said import Said
from ..text.tongue import Plain
from ..views.fan_view import fan_said
from ..views.first_view import first, table
from .columns import WIDTH, shown


def first_lines(study: StudyFolder) -> list[str]:
    """The finding, and one line a scenario; ``run --full`` shows the rest."""
    told = sentence_lines(one for one in (*first(study), fan_said(study, study.reference)) if one)
    return [*told, *shown(table(study)), "Every other table: --full", ""]


def sentence_lines(said: Iterable[Said]) -> list[str]:
    """What is said, in lines of a terminal, an empty one after each."""
    plain = Plain()
    told = [textwrap.wrap(plain.told(one), WIDTH, break_on_hyphens=False) for one in said]
    return [line for lines in told for line in [*lines, ""]]
