"""runout.csv becomes a calendar: in which weeks each service stands still, for want of what, and how likely that is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ...results.study_folder import ArmName, StudyFolder
from .bridge_view import is_unlimited

Weeks = dict[datetime.date, float]
MONEY, GOODS = "money", "goods"


@dataclass(frozen=True)
class Calendar:
    """By cause and service the weeks of one scenario, and the share of runs in which it stands still in each."""

    arm: ArmName
    weeks: dict[tuple[str, str], Weeks]

    def often(self, cause: str, service: str) -> float:
        """Weeks for which it stands still, on average."""
        return sum(self.weeks.get((cause, service), {}).values())


def calendar(study: StudyFolder, arm: ArmName) -> Calendar:
    """What runout.csv says of a scenario week by week."""
    weeks: dict[tuple[str, str], Weeks] = {}
    for (whose, indicator, service, _, period), one in study.run_outs.items():
        if whose == arm and period and indicator.startswith("stands_still_for_"):
            cause = GOODS if indicator == f"stands_still_for_{GOODS}_days" else MONEY
            weeks.setdefault((cause, service), {})[datetime.date.fromisoformat(period)] = one.chance
    return Calendar(arm, weeks)


def never_paid(study: StudyFolder, arm: ArmName, service: str) -> bool:
    """Whether no grant of a scenario may pay for a service, or for any that counts as it."""
    if is_unlimited(study, arm):
        return False
    stated = study.scenarios.get(arm.scenario, {})
    grants = {**stated.get("grants", {}), **stated.get("pledges", {})}.values()
    mine = {name for name, one in stated.get("services", {}).items() if one.get("counts_as", name) == service}
    return all(one.get("pays_for") and not mine & set(one["pays_for"]) for one in grants)
