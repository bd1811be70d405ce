"""The fundraiser's tables become what fits a terminal: what is missing, until when money lasts, what it bought."""

from __future__ import annotations

import math
import textwrap

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...results.estimate_rows import Estimate, RunOut
from ...results.study_folder import RUNNING, ArmName, StudyFolder
from ..text.spread import NONE, Spread, grouped
from ..views.gap_view import TOLD_PARTS
from .columns import WIDTH, table
from .levels_told import levels_told

MOST_SHOWN = 3  # arms


def funding_summary(study: StudyFolder) -> str:
    """What the terminal shows, in lines of at most 80 characters."""
    lines: list[str] = []
    for arm in study.arms[:MOST_SHOWN]:
        lines += [*textwrap.wrap(headline(study, arm), WIDTH), ""]
        lines += _gap(study, arm)
        lines += _closable(study, arm)
        lines += _run_outs(study, arm)
        lines += _without(study, arm)
        lines += _grants(study, arm)
        lines += levels_told(study.levels(arm), study.arm_label(arm)) if study.levels(arm) else []
    hidden = len(study.arms) - MOST_SHOWN
    lines += [f"{hidden} more in the tables.", ""] if hidden > 0 else []
    return "\n".join(line.rstrip() for line in lines)


def headline(study: StudyFolder, arm: ArmName) -> str:
    """The gap in one sentence."""
    gap, without = study.funded.get(arm, "gap_usd"), study.funded.get(arm, "people_without_for_money")
    if math.isnan(gap.p50):
        return f"{study.arm_label(arm)}: nothing is needed."
    if gap.none == 1:
        return f"{study.arm_label(arm)}: no gap in any of {study.replications:,} runs."
    people = (
        f" For want of money first, {_from_to(without.p10, without.p90)} people go without a service they need."
        if without.p90 > 0
        else ""
    )
    closed, left = study.funded.get(arm, CLOSED), study.funded.get(arm, NOT_CLOSED)
    alone = (
        f" Money alone would close USD {_from_to(closed.p10, closed.p90)} of it, and leave {_from_to(left.p10, left.p90)}."
    )
    return (
        f"{study.arm_label(arm)}: the gap (without hosts) is USD {grouped(gap.p10)} to {grouped(gap.p90)} in eight of ten "
        f"runs (half lie above {grouped(gap.p50)}); no gap in {_percent(gap.none)} of runs.{alone}{people}"
    )


def _percent(share: float) -> str:
    """Never 0 or 100 of what is not none or all."""
    if math.isnan(share):
        return NONE
    rounded = f"{100 * share:.0f} %"
    if rounded == "0 %" and share > 0:
        return "under 1 %"
    return "over 99 %" if rounded == "100 %" and share < 1 else rounded


def _range(one: Estimate, scale: float = 1.0) -> list[str]:
    """Half, and eight of ten."""
    if math.isnan(one.p50):
        return [NONE, NONE]
    return [grouped(one.p50 * scale), _from_to(one.p10 * scale, one.p90 * scale)]


def _from_to(low: float, high: float) -> str:
    return grouped(low) if grouped(low) == grouped(high) else f"{grouped(low)} to {grouped(high)}"


def _gap(study: StudyFolder, arm: ArmName) -> list[str]:
    rows = []
    for label, indicator in TOLD_PARTS:
        one = study.funded.get(arm, indicator)
        if indicator == "gap_usd" or one.none < 1:
            rows.append([label, *_range(one), _percent(one.none)])
    title = "What is missing (USD), without hosts: the parts add up in every run, not in these columns"
    found = table(title, ["", "Half of runs", "Eight of ten", "None in"], rows)
    of_services = [
        [_service(study, arm, name), *_range(one), _percent(one.none)]
        for name, one in study.funded.along(arm, "gap_usd", "service").items()
        if one.none < 1
    ]
    title = "The same by service (what hosts lack is in no other total)"
    return found + (table(title, ["", "Half of runs", "Eight of ten", "None in"], of_services) if of_services else [])


def _closable(study: StudyFolder, arm: ArmName) -> list[str]:
    """What of the gap money alone would close, in total, by service and by class."""
    spread, found = Spread(study.is_band), study.funded
    if found.get(arm, "gap_usd").mean == 0:
        return []
    lines: list[tuple[str, dict[str, str]]] = [("All of it", {})]
    lines += [(_service(study, arm, name), {"service": name}) for name in found.along(arm, CLOSED, "service")]
    classes = found.along(arm, CLOSED, "group")
    lines += [(study.label(arm.scenario, "classes", name), {"group": name}) for name in classes]
    rows = [
        [label, *(spread.plain(found.get(arm, name, **where)) for name in ("gap_usd", CLOSED, NOT_CLOSED))]
        for label, where in lines
        if found.get(arm, "gap_usd", **where).mean > 0
    ]
    title = (
        "What money alone would close of it (USD): the same runs with money without limit, and teams and dates as planned. "
        f"{'Eight of ten runs' if spread.as_band else 'Means, which add up'}"
    )
    return table(title, ["", "The gap", "Closed by money", "Not closed by money"], rows)


def _service(study: StudyFolder, arm: ArmName, name: str) -> str:
    """What a service is called, and whether it is for hosts."""
    stated = study.scenarios.get(arm.scenario, {}).get("services", {})
    label = study.label(arm.scenario, "services", name)
    of_it = [one for key, one in stated.items() if one.get("counts_as", key) == name]
    is_for_hosts = bool(of_it) and all(one.get("population") == "hosts" for one in of_it)
    return f"{label} (hosts)" if is_for_hosts else label


def _run_outs(study: StudyFolder, arm: ArmName) -> list[str]:
    """When each service stands still for want of money: for the first time, and for good."""
    rows = []
    for service in study.names("run_out_day", "service"):
        first, last = (study.run_out(arm, name, service) for name in ("break_day", "run_out_day"))
        days = study.run_out(arm, "break_days", service)
        if service == RUNNING or first is None or last is None or days is None or first.chance == 0:
            continue
        label = study.label(arm.scenario, "services", service)
        rows.append([label, _percent(first.chance), grouped(days.days), _percent(last.chance), dates(last)])
    title = "Who stands still for want of money while people wait: ever, days in all (half of runs), and until the end"
    heads = ["", "Ever, in", "Days", "To the end, in", "From (eight of ten runs)"]
    return table(title, heads, rows) if rows else []


def dates(one: RunOut) -> str:
    """From when to when, in eight of ten runs; never is later than any day."""
    if not one.p10:
        return "never"
    return one.p10 if one.p10 == one.p90 else f"{one.p10} to {one.p90 or 'never'}"


def _without(study: StudyFolder, arm: ArmName) -> list[str]:
    """Who goes without for want of money."""
    rows = []
    for group, one in study.funded.along(arm, "people_without_for_money", "group").items():
        waited = study.funded.get(arm, "days_waited_for_money", group=group)
        if one.none < 1:
            label = study.label(arm.scenario, "classes", group)
            rows.append([label, *_range(one), _range(waited)[0]])
    title = "Who goes without a service for want of money, and the days they wait for it in vain (half of runs)"
    return table(title, ["", "People", "Eight of ten", "Days"], rows) if rows else []


def _grants(study: StudyFolder, arm: ArmName) -> list[str]:
    """What each donor's money did, and what is left to do when it ends."""
    names = [
        grant
        for grant in study.funded.along(arm, "received_usd", "grant")
        if study.funded.get(arm, "received_usd", grant=grant).none < 1
    ]
    if not names:
        return []

    def half(grant: str, indicator: str, scale: float = 1.0) -> str:
        return _range(study.funded.get(arm, indicator, grant=grant), scale)[0]

    labels = {grant: study.label(arm.scenario, "grants", grant) for grant in names}
    did = ("received_usd", "burn_rate_usd_per_30_days", "lapsed_usd", "people_reached_through")
    rows = [[labels[grant], *(half(grant, name) for name in did)] for grant in names]
    heads = ["", "Received, USD", "Spent in 30 days", "Given back", "People reached"]
    title = "What each donor's money did (half of runs lie below; who is reached through two counts twice)"
    found = table(title, heads, rows)
    running = ("management_usd", "delivery_staff_usd", "registration_usd")
    rows = [
        [labels[grant], *(half(grant, name) for name in running), f"{half(grant, 'support_cost_share', 100)} %"]
        for grant in names
    ]
    heads = ["", "Management, USD", "Delivery staff, USD", "Registration, USD", "Management and indirect"]
    found += table("What its running costs paid, and the share of management and indirect cost (half of runs)", heads, rows)
    at_end = (
        "open_cases_at_end",
        "open_cases_at_end_usd",
        "closing_teams_usd",
        "closing_cost_usd",
        "open_orders_at_end_usd",
    )
    rows = [[labels[grant], *(half(grant, name) for name in at_end)] for grant in names]
    heads = ["", "Cases open", "Committed to them, USD", "Their teams, USD", "To close them", "Orders open, USD"]
    title = "When each window ends: who is in mid-service, and what closing these cases would cost (half of runs)"
    return found + table(title, heads, rows)
