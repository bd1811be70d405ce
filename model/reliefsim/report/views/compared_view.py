"""Scenarios become tables: side by side, and what each differs by from the reference, and what that comes to."""

from __future__ import annotations

from ...results.study_folder import StudyFolder
from ..text.compared import compared, judged_in, together
from ..text.said import Number, Text, say
from ..text.tongue import mark
from .content import Content
from .operations import own_period
from .run_out_view import first_run_out
from .view_table import Apart, Cell, Column, Head, Table, measured

COLUMNS = (
    ("people_in_need", "people", mark("People in need")),
    ("people_reached", "people", mark("People reached")),
    ("need_covered", "share", mark("Need covered")),
    ("wait_days", "days", mark("Mean wait, days")),
    ("spent_usd", "amount", mark("Spent")),
    ("lapsed_usd", "amount", mark("Given back")),
    ("gap_usd", "amount", mark("The gap")),
)
_APART = (
    ("people_reached", "people", mark("People reached")),
    ("need_covered", "points", mark("Need covered, percentage points")),
    ("waiting_days", "person-days", mark("Waiting, person-days")),
    ("spent_usd", "amount", mark("Spent")),
    ("gap_usd", "amount", mark("The gap")),
    ("cost_per_person_reached_usd", "amount", mark("Cost of one person reached")),
)
JUDGED = (
    mark("better"), mark("worse"), mark("higher"), mark("lower"), mark("no difference that matters"),
    mark("not distinguishable"), mark("the same"), mark("cannot tell"),
)  # fmt: skip


def side_by_side(content: Content) -> Table:
    """One row a scenario."""
    study, rows = content.study, list[list[Cell]]()
    for number, arm in enumerate(content.arms):
        first: list[Cell] = [first_run_out(content, arm)] if study.is_funded else []
        numbers = [study.indicators.get(arm, name) for name, _, _ in COLUMNS]
        rows.append([Head(content.name(arm), own_period(study, arm), number), *numbers, *first])
    ends = [Column(mark("First service without money"), "narrow")] if study.is_funded else []
    return Table(
        caption=mark("What each scenario gives by its last day"),
        columns=[Column(""), *(measured(kind, words) for _, kind, words in COLUMNS), *ends],
        rows=rows,
        notes=[intervals(study), mark("The mean wait is of cases that were started.")],
    )


def intervals(study: StudyFolder) -> Text:
    """What stands beneath means."""
    if study.replications * max(study.points, 1) < 2:
        return mark("One run has no interval.")
    if study.is_band:
        return mark("Beneath each mean: what eight of ten runs lie between (10th to 90th percentile).")
    if study.covered and study.covered[0] < 95:
        return mark("Beneath each mean: its interval, which covers less than 95% where few runs tell.")
    return mark("Beneath each mean: its 95% interval.")


def differences(content: Content) -> Table | None:
    """One row a scenario but the reference, run by run with the same chance on both sides; none if there is one alone."""
    arms, study = compared(content.study), content.study
    if not arms:
        return None
    rows: list[list[Cell]] = []
    for arm in arms:
        found = [(study.differences.get(arm, name), judged_in(study, arm, name)) for name, _, _ in _APART]
        apart = [Apart(one.apart, one.real, words) for one, words in found]
        rows.append([Head(content.name(arm), own_period(study, arm), content.arms.index(arm)), *apart])
    return Table(
        caption=say("Differences to {scenario}", scenario=content.name(study.reference)),
        columns=[Column(""), *(measured(kind, words) for _, kind, words in _APART)],
        rows=rows,
        notes=[
            say(
                "Beneath each difference: its interval and what it comes to. All {count} intervals of headline numbers hold "
                "together. ▲ Better, ▼ worse: the interval leaves out 0, and the difference is one that matters (1 % of the "
                "reference, 1 point of a share, or as called); ◆ higher or lower, where neither is better or the need differs. "
                "≈ No difference that matters. ○ Not distinguishable: more runs may tell. ＝ The same in every run. Both sides "
                "meet the same chance, run by run.",
                count=Number(together(study), "people"),
            )
        ],
        style="apart",
    )
