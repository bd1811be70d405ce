"""When services run out of money, in words and dates."""

from __future__ import annotations

from ...results.estimate_rows import ArmName, Estimate
from ...results.study_folder import RUNNING, date_of
from ..text.said import Capital, Date, Number, Text, say
from ..text.tongue import NONE, mark
from .content import Content
from .view_table import Cell, Column, Head, Table

NEVER = mark("does not run out")


def _words(content: Content, arm: ArmName, service: str) -> Text:
    """When a service runs out of money, in a few words."""
    study = content.study
    if study.get(arm, "allocated_usd", service=service).mean == 0:
        return mark("has no money at any time")
    if not study.is_funded:
        one = study.indicators.get(arm, "run_out_day", service=service)
        if not one.share_defined > 0:
            return NEVER
        if one.share_defined < 1:
            return say("runs out to the end in {chance} of the runs", chance=Number(one.share_defined, "chance"))
        day = date_of(one.mean, study.stated(arm)["start_date"]).isoformat()
        return say("runs out on {date} on average", date=Date(day))
    found = study.run_out(arm, "run_out_day", service)
    if found is None or not found.chance > 0:
        return NEVER
    return say("runs out to the end in {chance} of the runs", chance=Number(found.chance, "chance"))


def run_out(content: Content, arm: ArmName, service: str) -> Cell:
    """When a service runs out of money: a date and its range where there is one, or else in words."""
    study = content.study
    if service not in content.services(arm):
        return NONE
    found = study.run_out(arm, "run_out_day", service) if study.is_funded else None
    if found is None or not found.p50 or study.get(arm, "allocated_usd", service=service).mean == 0:
        return Capital(_words(content, arm, service))
    if found.p10 == found.p90:
        return Head(Date(found.p50))
    low, high = Date(found.p10), Date(found.p90)
    ends = say("{low} to {high}", low=low, high=high) if found.p90 else say("{low}, later or never", low=low)
    return Head(Date(found.p50), ends)


def run_outs(content: Content) -> Table:
    """One row a service, one column a scenario."""
    return Table(
        caption=mark("When each service runs out of money"),
        columns=[Column(""), *content.heads()],
        rows=[
            [content.label("services", name), *(run_out(content, arm, name) for arm in content.arms)]
            for name in content.services()
            if name != RUNNING
        ],
        notes=[
            mark(
                "A date: half of the runs have run out by then; beneath it what eight of ten runs lie between. From that day "
                "until the end nothing but money keeps the service from starting one more case. Teams, goods or a closed place "
                "may have stopped it before."
            )
        ],
    )


def first_run_out(content: Content, arm: ArmName) -> Cell:
    """The service that had money and runs out first, and when, for half of the runs."""
    found: list[tuple[str, str]] = []
    for name in content.services():
        one = content.study.run_out(arm, "run_out_day", name)
        if one is not None and one.p50 and content.study.get(arm, "allocated_usd", service=name).mean > 0:
            found.append((one.p50, name))
    if not found:
        return mark("none in half of the runs")
    date, name = min(found)
    return Head(Date(date), content.label("services", name))


def standing_still(content: Content) -> Table | None:
    """For how long each service stands still for want of money; only with the fundraiser's tables."""
    if not content.study.is_funded:
        return None
    rows: list[list[Cell]] = []
    for service in content.services():
        found = [content.study.run_out(arm, "break_days", service) for arm in content.arms]
        days = [one and Estimate(one.days, one.least_days, one.most_days) for one in found]
        rows.append([content.label("services", service), *(one or "" for one in days)])
    return Table(
        caption=mark("Days for which each service stands still for want of money"),
        columns=[Column(""), *(head._replace(kind="people") for head in content.heads())],
        rows=rows,
        notes=[mark("The middle run, and beneath it from the 10th to the 90th percentile of all runs.")],
    )
