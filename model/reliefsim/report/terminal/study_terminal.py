"""A study's files become tables a planner can read on a terminal."""

from __future__ import annotations

import textwrap

from ...indicators.unserved_reasons import REASON_WORDS
from ...results.estimate_rows import FULL
from ...results.study_folder import RUNNING, ArmName, Estimate, StudyFolder
from ..text.compared import least_defined, percent, shown_cover, together
from ..text.left_over import UNUSED, UNUSED_USD, left_over
from ..text.spread import LESS_SURE, SURE, Spread, Write
from .columns import WIDTH, table
from .side_by_side import side_by_side

END = "end"
LABEL = 24  # characters of the widest label of a row
MOST_FULL = 3  # scenarios whose whole allocation is shown; of more, the first one's, and the others side by side

PEOPLE: tuple[tuple[str, str, Write], ...] = (
    ("People in need", "people_in_need", Spread.plain),
    ("People reached", "people_reached", Spread.plain),
    ("  of those in need, %", "reached_of_need", Spread.percent),
    ("  of the target, %", "reached_of_target", Spread.percent),
    ("Got all they need, %", "fully_served_share", Spread.percent),
    ("Cases needed", "cases_needed", Spread.plain),
    ("  served, %", "need_covered", Spread.percent),
    ("  unserved", "cases_unserved", Spread.plain),
    ("Spent, USD thousand", "spent_usd", Spread.thousands),
    ("Given back, USD thousand", "lapsed_usd", Spread.thousands),
    ("Gap, USD thousand", "gap_usd", Spread.thousands),
)


def summary(study: StudyFolder) -> str:
    """Everything the terminal shows of a study, in lines of at most 80 characters."""
    lines = []
    for family in study.families():
        full = family.arms if len(family.arms) <= MOST_FULL else family.arms[:1]
        for arm in full:
            lines += _money(family, arm)
        if len(full) < len(family.arms):
            lines += _money_side_by_side(family)
        lines += _people(family)
        lines += _run_outs(family)
        lines += _unused(family)
        lines += _left_out(family)
        lines += _reasons(family)
    compared = side_by_side(study)
    notes = [_heading(study), _note(study, lines), *_note_on_differences(study, compared)]
    heading = [line for note in notes for line in textwrap.wrap(note, WIDTH)]
    return "\n".join(line.rstrip() for line in [*heading, "", *lines, *compared])


def _heading(study: StudyFolder) -> str:
    scenarios = _counted(len({arm.scenario for arm in study.arms}), "scenario")
    rules = _counted(len(study.arms) // len({arm.scenario for arm in study.arms}), "rule")
    points = f"{_counted(study.points, 'point')} × " if study.points else ""
    return f"{scenarios} × {rules} × {points}{_counted(study.replications, 'replication')}, {study.shows}."


def _note(study: StudyFolder, shown: list[str]) -> str:
    """What stands beside or in place of the means."""
    if not study.is_band:
        return f"{_signs(study, shown)} What is not known may move the numbers far more: see --uncertain."
    drawn = "once for each point" if study.points else "anew in each replication"
    return (
        f"Every ranged value was drawn {drawn}: this is the band over what is not known, 10th to 90th percentile. "
        "The point values are not its middle."
    )


def _signs(study: StudyFolder, shown: list[str]) -> str:
    """What ± and ~ mean, as far as they occur."""
    text = "\n".join(shown)
    if study.replications * max(study.points, 1) < 2:
        return "One run has no interval."
    if not study.covered:
        return "No run differs from another."
    found = [f"{SURE} is the longer side of the {FULL} % interval of the mean."] if SURE in text else []
    where = ", where few runs tell" if found else ""
    least = f"{LESS_SURE} is that of an interval that covers {study.covered[0]} % or more{where}."
    return " ".join([*found, least] if LESS_SURE in text else found)


def _note_on_differences(study: StudyFolder, shown: list[str]) -> list[str]:
    """How differences came about, and what verdicts mean."""
    covered = shown_cover(study)
    if not shown or not covered:
        return []
    sure = f"{FULL} %" if covered[-1] >= FULL else ""
    less = f"{covered[0]} % or more" if any(f"{LESS_SURE} " in line for line in shown) else ""
    covers = f"{sure} ({less} with {LESS_SURE})" if sure and less else sure or less
    note = f"Differences are taken run by run: both sides meet the same chance. Their interval covers {covers}. "
    if together(study) > 1:
        note += f"All {together(study):,} intervals of headline numbers hold together: wider than one alone. "
    note += (
        "Better, worse, higher or lower: the interval leaves out 0, and the difference is one that matters (1 % of the "
        "reference, of a share 1 point, unless --matters says otherwise). No difference that matters: it is less, or "
        "its interval lies nearer to 0. Not distinguishable from one that does not matter: more replications may tell."
    )
    least = least_defined(study)
    if least < 1:
        note += (
            " A number that some runs do not have (nobody reached has no cost) is compared in those where both sides have "
            f"it, {percent(least)} of all at least: of those is the difference, and the share in which it is better."
        )
    return [note]


def _spread(study: StudyFolder) -> Spread:
    return Spread(as_band=study.is_band)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _money(study: StudyFolder, arm: ArmName) -> list[str]:
    """What the last plan set aside of each grant for each service, and what became of it."""
    parts = ("envelope_usd", "spent_usd", "committed_usd", "left_usd")
    rows: list[list[str]] = []
    before = ""
    for (service, grant), measures in study.lines(arm, END).items():
        if measures["envelope_usd"].mean == 0:
            continue
        if service != before:
            rows += _label_rows(study.label(arm.scenario, "services", service), "", [""] * len(parts))
            before = service
        numbers = [_spread(study).thousands(measures[name]) for name in parts]
        rows += _label_rows(study.label(arm.scenario, "grants", grant), "  ", numbers)
    if not rows:
        return [f"Money in {study.arm_label(arm)}: nothing to divide.", ""]
    title = f"How the money was divided in {study.arm_label(arm)} by the rule {arm.rule} (thousand USD)"
    return table(title, ["Service, and its grants", "Last plan", "Spent", "Committed", "Left"], rows)


def _label_rows(label: str, indent: str, numbers: list[str]) -> list[list[str]]:
    """A label, broken between words into rows that keep its indent, and its numbers in the first of them."""
    lines = textwrap.wrap(label, LABEL, initial_indent=indent, subsequent_indent=indent)
    return [[line, *(numbers if number == 0 else [""] * len(numbers))] for number, line in enumerate(lines)]


def _money_side_by_side(study: StudyFolder) -> list[str]:
    services = study.names("spent_usd", "service")
    rows = [
        [
            study.any_label("services", service),
            *(_spread(study).thousands(study.indicators.get(arm, "spent_usd", service=service)) for arm in study.arms),
        ]
        for service in sorted(services, key=lambda one: (one == RUNNING, services.index(one)))
    ]
    if not rows:
        return []
    title = "Spent on each service, indirect costs included (thousand USD)"
    return table(title, ["Service", *map(study.arm_label, study.arms)], rows)


def _people(study: StudyFolder) -> list[str]:
    rows = [
        [label, *(write(_spread(study), study.indicators.get(arm, name)) for arm in study.arms)]
        for label, name, write in PEOPLE
    ]
    return table("Who is reached, and what is left over", ["", *map(study.arm_label, study.arms)], rows)


def _run_outs(study: StudyFolder) -> list[str]:
    """When each service runs out of money."""
    services = [name for name in study.names("run_out_day", "service") if name != RUNNING]
    rows = [
        [study.any_label("services", service), *(_run_out(study, arm, service) for arm in study.arms)]
        for service in services
    ]
    title = "When a service runs out of money (mean day, or the share of runs in which it does)"
    return table(title, ["", *map(study.arm_label, study.arms)], rows) if rows else []


def _run_out(study: StudyFolder, arm: ArmName, service: str) -> str:
    if study.indicators.get(arm, "allocated_usd", service=service).mean == 0:
        return "has none"
    return _spread(study).run_out(study.indicators.get(arm, "run_out_day", service=service))


def _left_out(study: StudyFolder) -> list[str]:
    """People in need who got nothing, by priority class."""
    groups = study.names("reached_of_need", "group")
    rows = []
    for group in groups:
        shares = [study.indicators.get(arm, "reached_of_need", group=group) for arm in study.arms]
        rows.append([study.any_label("classes", group), *(_spread(study).percent(_complement(one)) for one in shares)])
    title = "Who is left out: of those in need in each class, got nothing (per cent)"
    return table(title, ["", *map(study.arm_label, study.arms)], rows) if rows else []


def _unused(study: StudyFolder) -> list[str]:
    """Goods that nobody got by the end, where they are worth telling."""
    services = dict.fromkeys(one.service for arm in study.arms for one in left_over(study, arm))
    rows = []
    for name in services:
        items, usd = ([study.indicators.get(arm, key, service=name) for arm in study.arms] for key in (UNUSED, UNUSED_USD))
        rows += _label_rows(study.any_label("services", name), "", [""] * len(study.arms))
        rows.append(["  items", *map(_spread(study).plain, items)])
        rows.append(["  USD thousand", *map(_spread(study).thousands, usd)])
    title = "Goods that lie unused at the end"
    return table(title, ["", *map(study.arm_label, study.arms)], rows) if rows else []


def _complement(one: Estimate) -> Estimate:
    return one._replace(mean=1 - one.mean, low=1 - one.high, high=1 - one.low, p10=1 - one.p90, p90=1 - one.p10)


def _reasons(study: StudyFolder) -> list[str]:
    """Cases unserved at the end, by the first reason that holds."""
    rows = []
    for reason, words in REASON_WORDS.items():
        found = [unserved_because(study, arm, reason) for arm in study.arms]
        if any(one.mean > 0 for one in found):
            rows.append([words.capitalize(), *map(_spread(study).plain, found)])
    title = "Why cases are unserved (the first reason that holds)"
    return table(title, ["", *map(study.arm_label, study.arms)], rows) if rows else []


def unserved_because(study: StudyFolder, arm: ArmName, reason: str, **aspects: str) -> Estimate:
    """Cases unserved for one reason."""
    return study.indicators.get(arm, f"cases_unserved_{reason.replace('-', '_')}", **aspects)
