"""Two tables of a plan that was found: what changes and what each change gains, and who gains and who loses."""

from __future__ import annotations

from ...indicators.registry import INDICATORS
from ...results.answer_folder import AnswerFolder
from ...results.disclosure import is_small
from ...results.disclosure import told as few
from ...results.estimate_rows import number
from ...results.plan_rows import LEVEL
from ...store import Row
from ..text.said import Ends, Number, say
from ..text.tongue import mark
from .first_view import rounded
from .plan_view import decision_words, goal_words, kind_of, of_whom, told_value
from .view_table import Cell, Column, Head, Table


def changes_table(answer: AnswerFolder) -> Table:
    """A row a change: what it was, what it is, and what taking it back alone would cost in the first goal."""
    rows = sorted(answer.part("change"), key=lambda row: -abs(number(row["difference"])))
    goal = answer.part("goal")[0]
    kind = "points" if goal["unit"] == "share" else kind_of(goal)
    return Table(
        say("What changes, and what each change gains ({goal})", goal=goal_words(answer, goal)),
        [Column(""), Column(mark("Today")), Column(mark("Plan")), Column(mark("Gains"), kind), Column(mark("Between"), kind)],
        [
            [
                Head(decision_words(answer, row["name"])), told_value(answer, row, "before"),
                told_value(answer, row, "after"), Number(number(row["difference"]), kind, True),
                Ends(*rounded(number(row["ci_low"]), number(row["ci_high"])), kind),
            ]
            for row in rows
        ],
        [say("Each alone, in {worlds} worlds; changes that help each other gain less than their sum, or more.",
             worlds=rows[0]["worlds"] if rows else "0")],
    )  # fmt: skip


def who_table(answer: AnswerFolder, indicator: str = "people_reached", least: int = 0) -> Table:
    """A row a service, class and place: before, after, and the difference; of a class or place with fewer than ``least``
    people, that it is so few."""
    rows = [row for part in ("service", "group", "location") for row in answer.part(part) if row["indicator"] == indicator]
    heads = (mark("Today"), mark("Plan"), mark("Difference"), mark("Between"))
    return Table(
        say("Who gains and who loses ({what})", what=INDICATORS[indicator].label),
        [Column(""), *(Column(head, "people") for head in heads)],
        [[Head(of_whom(answer, row)), *_apart(row, least if row["part"] != "service" else 0)] for row in rows],
        [say("The intervals hold all together in {level} of such searches.", level=Number(LEVEL, "chance"))],
    )


def _apart(row: Row, least: int) -> list[Cell]:
    before, after = number(row["before"]), number(row["after"])
    if is_small(before, least) or is_small(after, least):
        return [*(few(least) if is_small(one, least) else Number(one, "people") for one in (before, after)), "", ""]
    ends = Ends(*rounded(number(row["ci_low"]), number(row["ci_high"])), "people")
    return [Number(before, "people"), Number(after, "people"), Number(number(row["difference"]), "people", True), ends]
