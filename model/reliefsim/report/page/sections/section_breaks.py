"""Who runs out when: dates on which money ends, and the calendar of pipeline breaks."""

from __future__ import annotations

from collections.abc import Iterator

from ....results.estimate_rows import ArmName
from ....results.study_folder import RUNNING
from ...figures.break_weeks import GOODS, MONEY, calendar, never_paid
from ...text.tongue import NONE, Tongue, mark
from ..page_content import Content
from ..page_table import Cell, Table

_CAUSES = ((MONEY, mark("for want of money")), (GOODS, mark("for want of goods")))
_STEPS = (0.25, 0.5, 0.75)  # shares of the runs; the last step is open


def run_out_words(content: Content, tongue: Tongue, arm: ArmName, service: str) -> str:
    """When a service runs out of money, in a few words."""
    if content.study.get(arm, "allocated_usd", service=service).mean == 0:
        return tongue.say("has no money at any time")
    if not content.study.is_funded:
        one = content.study.indicators.get(arm, "run_out_day", service=service)
        if not one.share_defined > 0:
            return tongue.say("does not run out")
        if one.share_defined < 1:
            return tongue.say("runs out to the end in {chance} of the runs", chance=tongue.chance(one.share_defined))
        return tongue.say("runs out on day {day} on average", day=tongue.number(one.mean))
    found = content.study.run_out(arm, "run_out_day", service)
    if found is None or not found.chance > 0:
        return tongue.say("does not run out")
    if not found.p50:
        return tongue.say("runs out to the end in {chance} of the runs", chance=tongue.chance(found.chance))
    date = tongue.date(found.p50)
    if found.p10 == found.p50 == found.p90:
        return tongue.say("runs out on {date}", date=date)
    if not found.p90:
        return tongue.say(
            "runs out by {date} in half of the runs, in {chance} of them by the end",
            date=date, chance=tongue.chance(found.chance),
        )  # fmt: skip
    return tongue.say(
        "runs out by {date} in half of the runs ({low} to {high} in eight of ten)",
        date=date, low=tongue.date(found.p10), high=tongue.date(found.p90),
    )  # fmt: skip


def run_outs(content: Content, tongue: Tongue) -> Table:
    """One row a service, one column a scenario."""
    services = [name for name in content.services() if name != RUNNING]
    return Table(
        caption=tongue.say("When each service runs out of money"),
        heads=["", *(Cell(content.name(tongue, arm), mark=number) for number, arm in enumerate(content.arms))],
        rows=[
            [
                content.label(tongue, "services", name),
                *(run_out(content, tongue, arm, name) for arm in content.arms),
            ]
            for name in services
        ],
        texts=len(content.arms),
        note=tongue.say(
            "A date: half of the runs have run out by then; beneath it what eight of ten runs lie between. From that day "
            "until the end nothing but money keeps the service from starting one more case. Teams, goods or a closed place "
            "may have stopped it before."
        ),
    )


def first_run_out(content: Content, tongue: Tongue, arm: ArmName) -> str:
    """The service that had money and runs out first, and when, for half of the runs."""
    if not content.study.is_funded:
        return ""
    found: list[tuple[str, str]] = []
    for name in content.services():
        one = content.study.run_out(arm, "run_out_day", name)
        if one is not None and one.p50 and content.study.get(arm, "allocated_usd", service=name).mean > 0:
            found.append((one.p50, name))
    if not found:
        return tongue.say("none in half of the runs")
    date, name = min(found)
    return f"{tongue.date(date)}\n{content.label(tongue, 'services', name)}"


def breaks(content: Content, tongue: Tongue, arm: ArmName) -> Table | None:
    """A grid of services and months: the share of runs in which a service stands still in the month's worst week."""
    if not content.study.is_funded:
        return None
    weeks = calendar(content.study, arm).weeks
    months = sorted({f"{day:%Y-%m}" for one in weeks.values() for day in one})
    rows: list[list[str | Cell]] = []
    for service in content.services():
        for cause, words in _CAUSES:
            found = weeks.get((cause, service), {})
            worst = [max([0.0, *(found[day] for day in found if f"{day:%Y-%m}" == month)]) for month in months]
            if not any(worst):
                continue
            note = tongue.say(words)
            if cause == MONEY and never_paid(content.study, arm, service):
                note = tongue.say("no grant may pay for it")
            label = Cell(content.label(tongue, "services", service), note)
            rows.append([label, *_shaded(tongue, worst, cause)])
    return Table(
        caption=tongue.say("Calendar of breaks: {scenario}", scenario=content.name(tongue, arm)),
        heads=["", *(Cell(tongue.month(one, "LLL"), one[:4]) for one in months)],
        rows=rows,
        mood="calendar",
        note=tongue.say(
            "In each cell the share of runs in which the service stands still at some time in the month's worst week, in "
            "per cent. An empty cell: in none."
        ),
    )


def _shaded(tongue: Tongue, shares: list[float], cause: str) -> Iterator[Cell]:
    for share in shares:
        step = sum(share > edge for edge in _STEPS)
        text = tongue.number(100 * share) if share >= 0.01 else "<\u00a01"
        yield Cell(text, mood=f"{cause}-{step}") if share > 0 else Cell("")


def standing_still(content: Content, tongue: Tongue) -> Table | None:
    """For how long each service stands still for want of money."""
    if not content.study.is_funded:
        return None
    rows: list[list[str | Cell]] = []
    for service in content.services():
        cells: list[str | Cell] = []
        for arm in content.arms:
            one = content.study.run_out(arm, "break_days", service)
            if one is None:
                cells.append("")
                continue
            note = tongue.between(one.least_days, one.most_days, "people")
            text = tongue.number(one.days)
            cells.append(Cell(text, "" if note == text else note))
        rows.append([content.label(tongue, "services", service), *cells])
    return Table(
        caption=tongue.say("Days for which each service stands still for want of money"),
        heads=["", *(Cell(content.name(tongue, arm), mark=number) for number, arm in enumerate(content.arms))],
        rows=rows,
        note=tongue.say("The middle run, and beneath it from the 10th to the 90th percentile of all runs."),
    )


def run_out(content: Content, tongue: Tongue, arm: ArmName, service: str) -> Cell:
    """When a service runs out of money, shorter: a date and its range where there is one."""
    if service not in content.services(arm):
        return Cell(NONE)
    found = content.study.run_out(arm, "run_out_day", service) if content.study else None
    if found is None or not found.p50 or content.study.get(arm, "allocated_usd", service=service).mean == 0:
        words = run_out_words(content, tongue, arm, service)
        return Cell(words[:1].upper() + words[1:])
    if found.p10 == found.p90:
        return Cell(tongue.date(found.p50))
    low, high = tongue.date(found.p10), tongue.date(found.p90)
    ends = tongue.say("{low} to {high}", low=low, high=high) if high else tongue.say("{low}, later or never", low=low)
    return Cell(tongue.date(found.p50), ends)
