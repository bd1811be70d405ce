"""Plans that were found become a sheet in each language: what is said of them, what changes, who gains and who loses."""

from __future__ import annotations

from ...results.study_folder import StudyFolder
from ..text.tongue import Tongue
from ..views.content import Content
from ..views.plan_tables_view import changes_table, who_table
from ..views.plan_view import sentences
from .sheet_brief import told_table
from .workbook_file import Book

PLANS = {"en": "Plan", "fr": "Plan proposé"}  # names of sheets, by language


def plans(study: StudyFolder, book: Book) -> None:
    """Nothing without a plan."""
    for language, name in PLANS.items() if study.plans else ():
        tongue = Tongue(language)
        sheet = book.sheet(name, tongue.say("A better plan for the same money"))
        least = Content(study).least
        for answer in study.plans:
            for number, one in enumerate(sentences(answer)):
                sheet.note(tongue.told(one), "note" if number else "finding")
            for view in (changes_table(answer), who_table(answer, least=least)) if answer.part("change") else ():
                told_table(view, study, sheet, tongue)
