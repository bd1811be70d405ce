"""A study is cut into operations, which are told apart: no number of one is held against another's, or on its time axis."""

from __future__ import annotations

import datetime
from dataclasses import replace

from ...results.estimate_rows import NO_DIFFERENCES, ArmName
from ...results.study_folder import StudyFolder
from ..text.said import Date, Listed, Said, Text, say
from .content import Naming


def operations(study: StudyFolder) -> tuple[StudyFolder, ...]:
    """Scenarios of one country that have a service in common; the reference's operation first, and in it the reference."""
    rest = [study.reference, *(arm for arm in study.arms if arm != study.reference)]
    found = []
    while rest:
        own = tuple(arm for arm in rest if arm == rest[0] or _are_one(study, rest[0], arm))
        rest = [arm for arm in rest if arm not in own]
        found.append(_cut(study, own))
    return tuple(found)


def _are_one(study: StudyFolder, one: ArmName, other: ArmName) -> bool:
    services, countries = zip(*(_place(study, arm) for arm in (one, other)), strict=True)
    return countries[0] == countries[1] and bool(services[0] & services[1])


def _place(study: StudyFolder, arm: ArmName) -> tuple[set[str], str]:
    return set(study.indicators.along(arm, "need_covered", "service")), str(study.stated(arm).get("country", ""))


def _cut(study: StudyFolder, arms: tuple[ArmName, ...]) -> StudyFolder:
    apart = study.differences
    if apart.reference not in arms:
        return replace(study, arms=arms, differences=NO_DIFFERENCES)
    rows = {(arm, name): one for (arm, name), one in apart.rows.items() if arm in arms}
    return replace(study, arms=arms, differences=replace(apart, rows=rows))


def period(study: StudyFolder, arm: ArmName) -> Said:
    """From the first to the last day of a scenario's runs."""
    first, last = (Date(day.isoformat()) for day in _days(study, arm))
    return say("{low} to {high}", low=first, high=last)


def own_period(study: StudyFolder, arm: ArmName) -> Text:
    """The same, of a scenario that does not run over the same days as the reference; else nothing."""
    return "" if _days(study, arm) == _days(study, study.reference) else period(study, arm)


def _days(study: StudyFolder, arm: ArmName) -> tuple[datetime.date, datetime.date]:
    return study.first_day(arm.scenario), study.last_day(arm.scenario)


def periods(study: StudyFolder, named: Naming) -> Said | None:
    """Which scenarios run over other days than the reference; None: none does."""
    others = [arm for arm in study.arms if own_period(study, arm)]
    if not others:
        return None
    told = [say("{scenario} ({what})", scenario=named(arm), what=period(study, arm)) for arm in others]
    return say(
        "Not all run over the same days: {scenarios}; all else is of {period}.", scenarios=Listed(told),
        period=period(study, study.reference),
    )  # fmt: skip
