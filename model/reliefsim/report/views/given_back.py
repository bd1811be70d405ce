"""What goes back to donors in a scenario that does not in the reference: money that came in vain, or took another's place."""

from __future__ import annotations

from ...results.estimate_rows import ArmName
from ...results.study_folder import StudyFolder
from ...study.statistics.verdicts import YES
from ..text.said import Listed, Number, Said, Text, say
from .content import Naming

LEAST = 0.05  # of the money received: less is not told
MOST_TOLD = 3  # scenarios


def returns(study: StudyFolder, named: Naming) -> list[Said]:
    """A sentence for each scenario in which clearly more goes back, the most first, with the grants that return it."""
    apart = {arm: study.differences.get(arm, "lapsed_usd") for arm in study.differences.arms}
    told = [arm for arm, one in apart.items() if one.real == YES and one.apart.mean > LEAST * study.received(arm).mean]
    most = sorted(told, key=lambda arm: -apart[arm].apart.mean)[:MOST_TOLD]
    return [_sentence(study, arm, apart[arm].apart.mean, named) for arm in most]


def _sentence(study: StudyFolder, arm: ArmName, more: float, named: Naming) -> Said:
    return say(
        "{scenario}: at the point values {usd} more goes back to donors than in {reference}; {grants}.", scenario=named(arm),
        usd=_thousands(more), reference=named(study.reference), grants=Listed(_grants(study, arm, more)),
    )  # fmt: skip


def _grants(study: StudyFolder, arm: ArmName, more: float) -> list[Text]:
    """The grants that return more than in the reference, where that is a good part of it."""
    here, there = (study.indicators.along(one, "lapsed_usd", "grant") for one in (arm, study.reference))
    found: list[Text] = []
    for name, one in here.items():
        before = there[name].mean if name in there else 0.0
        if one.mean - before < LEAST * more:
            continue
        values: dict[str, Text] = {"grant": study.label(arm.scenario, "grants", name), "usd": _thousands(one.mean)}
        if name in there:
            found.append(say("{grant} returns {usd} instead of {less}", **values, less=_thousands(before)))
        else:
            found.append(say("{grant}, which is new here, returns {usd}", **values))
    return found


def _thousands(usd: float) -> Number:
    """Whole thousands: what is not known moves these far more."""
    return Number(float(round(usd, -3)), "usd")
