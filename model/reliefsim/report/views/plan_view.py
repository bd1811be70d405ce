"""A plan that was found becomes sentences for a meeting: what it reaches, how sure that is, who pays for it, what changes."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from ...indicators.registry import INDICATORS
from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import number
from ...store import Row
from ...study.statistics.verdicts import BETTER, SAME, TRIFLE, UNTOLD, WORSE
from ..text.said import Date, Ends, Listed, Number, Said, Text, say
from ..text.tongue import mark
from .first_view import rounded

HALF = 0.5  # of a gain: the part of one service that the first sentence names
MOST_NAMED = 4  # losers, changes: the largest first
_BREAKDOWNS = (("service", "services"), ("group", "classes"), ("location", "locations"))
_WHAT = {  # what stands at the end of a decision's key
    "count": mark("workers"),
    "from_day": mark("first day"),
    "until_day": mark("last day"),
    "day": mark("day"),
    "reorder_point": mark("order when so many are left"),
    "order_quantity": mark("order so many"),
    "handout_days": mark("days needed to hand out"),
    "fill_share": mark("leave when so full"),
    "longest_wait_days": mark("longest wait, days"),
    "group_size": mark("people in a group"),
    "sessions": mark("sessions of a group"),
    "workers": mark("workers"),
    "rule": mark("rule"),
    "shares": mark("lines"),
}


def finding(answer: AnswerFolder) -> Said:
    """What the plan reaches more than the present one, with its interval, and whether one service makes most of it."""
    goals = answer.part("goal")
    first = goals[0]
    if not answer.part("change"):
        return say("No plan was found that is better than the present one: {goal}.", goal=_level(answer, first))
    gains: list[Text] = [_gain(answer, row) for row in goals]
    count = len(answer.part("change"))
    told = say("With the same money and {count} changes to the plan: {gains}", count=str(count), gains=Listed(gains))
    if count == 1:
        told = say("With the same money and one change to the plan: {gains}", gains=Listed(gains))
    service, share = _largest(answer)
    if share > HALF and number(first["difference"]):
        return say("{told}; {share} of the gain is in one service, {service}.", told=told, share=Number(share, "chance"),
                   service=service)  # fmt: skip
    return say("{told}.", told=told)


def sentences(answer: AnswerFolder) -> list[Said]:
    """The finding, how sure it is, who loses and who gains most, what changes, what fairness costs, what binds."""
    found = [finding(answer), _sure(answer), _who(answer), _equity(answer), *_floors(answer), *_prices(answer), _changes(answer)]
    return [one for one in found if one is not None]


def kind_of(row: Row) -> str:
    """The kind of number that a row tells."""
    return {"share": "share", "USD": "usd", "people": "people", "cases": "people"}.get(row["unit"], "number")


def goal_words(answer: AnswerFolder, row: Row) -> Text:
    """What a goal is called, and of whom it is."""
    label = INDICATORS[row["indicator"]].label or row["indicator"]
    of = next((of_whom(answer, row) for kind, _ in _BREAKDOWNS if row[kind]), "")
    over = row["name"].rpartition("@")[2]
    words: Text = say("{what}, {of}", what=label, of=of) if of else label
    if over.startswith("p") and over[1:].isdecimal():
        return say("{what}, in the worst {share} of worlds at most", what=words, share=Number(int(over[1:]) / 100, "chance"))
    return say("{what}, largest regret", what=words) if over == "regret" else words


def of_whom(answer: AnswerFolder, row: Row) -> Text:
    """The service, class or place that a row is of."""
    for kind, section in _BREAKDOWNS:
        if row[kind] and kind != "location":
            return answer.label(section, row[kind])
        if row[kind]:
            places = answer.stated.get("locations", {})
            labels = {code: one.get("label") for name, one in places.items() for code in (name, one.get("pcode"))}
            return str(labels.get(row[kind]) or row[kind])
    return ""


def _gain(answer: AnswerFolder, row: Row) -> Said:
    low, high = rounded(number(row["ci_low"]), number(row["ci_high"]))
    kind = "points" if row["unit"] == "share" else kind_of(row)
    return say(
        "{what} {gain} ({interval}), {after} instead of {before}", what=goal_words(answer, row),
        gain=Number(number(row["difference"]), kind, True), interval=Ends(low, high, kind),
        after=Number(number(row["after"]), kind_of(row)), before=Number(number(row["before"]), kind_of(row)),
    )  # fmt: skip


def _level(answer: AnswerFolder, row: Row) -> Said:
    return say("{what}: {value}", what=goal_words(answer, row), value=Number(number(row["before"]), kind_of(row)))


def _largest(answer: AnswerFolder) -> tuple[Text, float]:
    """The service that makes the largest part of the gain, of what is gained in people reached by services."""
    rows = [row for row in answer.part("service") if row["indicator"] == "people_reached"]
    gained = sum(max(0.0, number(row["difference"])) for row in rows)
    if not rows or gained <= 0:
        return "", 0.0
    best = max(rows, key=lambda row: number(row["difference"]))
    return of_whom(answer, best), number(best["difference"]) / gained


def _sure(answer: AnswerFolder) -> Said | None:
    rows = {row["name"]: row for row in answer.part("chance")}
    if "better" not in rows or not answer.part("change"):
        return None
    worlds = Number(float(rows["better"]["worlds"]), "people")
    share = Number(number(rows["better"]["after"]), "chance")
    told = say(
        "This is of {worlds} worlds that no search had seen, with what is not known drawn in each: the plan is better in "
        "{share} of them.", worlds=worlds, share=share,
    )  # fmt: skip
    if "best" not in rows or math.isnan(number(rows["best"]["after"])):
        return told
    best = Number(number(rows["best"]["after"]), "chance")
    return say("{told} Of the plans compared it is the best, or as good, with a chance of {best}.", told=told, best=best)


def _who(answer: AnswerFolder) -> Said | None:
    if not answer.part("change"):
        return None
    rows = [row for part in ("service", "group", "location") for row in answer.part(part)]
    losers = sorted((row for row in rows if row["verdict"] == WORSE), key=lambda row: _relative(row))
    everybody, gainers = ({(row["part"], row["name"]) for row in some} for some in (rows, _better(rows)))
    if not losers:
        return say(
            "Of {rows} services, classes and places none is shown to lose; {gainers} gain.",
            rows=Number(len(everybody), "people"), gainers=Number(len(gainers), "people"),
        )  # fmt: skip
    return say("Who pays for it: {losses}.", losses=Listed([_loss(answer, row) for row in losers[:MOST_NAMED]]))


def _better(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["verdict"] == BETTER]


def _relative(row: Row) -> float:
    before = number(row["before"])
    return number(row["difference"]) / before if before else 0.0


def _loss(answer: AnswerFolder, row: Row) -> Said:
    low, high = rounded(-number(row["ci_high"]), -number(row["ci_low"]))
    what: dict[str, Text] = {
        "of": of_whom(answer, row), "number": Number(-number(row["difference"]), "people"),
        "interval": Ends(low, high, "people"),
    }  # fmt: skip
    if row["indicator"] == "people_reached":
        return say("{of}, {number} people fewer reached ({interval})", **what)
    return say("{of}, {number} cases fewer served ({interval})", **what)


def _equity(answer: AnswerFolder) -> Said | None:
    rows = [row for row in answer.part("fairness by group") if row["unit"] != "ratio"]
    if not rows or not answer.part("change"):
        return None
    then = rows[0]["name"].rpartition(" ")[2]
    return say(
        "Of the class that is worst off ({group}), {after} of the need is covered, instead of {before} of the worst off today.",
        group=answer.label("classes", then), after=Number(number(rows[0]["after"]), "share"),
        before=Number(number(rows[0]["before"]), "share"),
    )  # fmt: skip


def _floors(answer: AnswerFolder) -> list[Said]:
    found = []
    for row in answer.part("floor"):
        told: dict[str, Text] = {"floor": row["name"], "after": Number(number(row["after"]), kind_of(row))}
        if row["verdict"] == "kept":
            found.append(say("The floor {floor} is kept: {after}.", **told))
        else:
            found.append(say("No plan was found that keeps the floor {floor}: {after}, {missed}.", missed=row["verdict"], **told))
    return found


def _prices(answer: AnswerFolder) -> list[Said]:
    """What floors cost in the first goal."""
    found = []
    for part in ("without floor", "with floor"):
        for row in answer.part(part):
            kind = "points" if row["unit"] == "share" else kind_of(row)
            less = number(row["difference"]) * INDICATORS[row["indicator"]].sense
            what: dict[str, Text] = {
                "goal": goal_words(answer, answer.part("goal")[0]), "floor": row["name"],
                "price": Number(abs(number(row["difference"])), kind),
            }  # fmt: skip
            if row["verdict"] in (SAME, "", UNTOLD, TRIFLE):
                found.append(say("Whether the floor {floor} is kept makes no difference that can be told ({goal}).", **what))
            elif (part == "without floor") == (less > 0):
                found.append(say("Keeping the floor {floor} costs {price} ({goal}).", **what))
    return found


def _changes(answer: AnswerFolder) -> Said | None:
    rows = answer.part("change")
    if not rows:
        return None
    ordered = sorted(rows, key=lambda row: -abs(number(row["difference"])))
    told = say("What changes, what gains most first: {changes}", changes=_change(answer, ordered[0]))
    for row in ordered[1:]:
        told = say("{told}; {more}", told=told, more=_change(answer, row))
    return say("{told}.", told=told)


def _change(answer: AnswerFolder, row: Row) -> Said:
    return say(
        "{decision}: {after} instead of {before}", decision=decision_words(answer, row["name"]),
        after=told_value(answer, row, "after"), before=told_value(answer, row, "before"),
    )  # fmt: skip


def decision_words(answer: AnswerFolder, key: str) -> Text:
    """What a decision is called: whose it is, and what is decided."""
    parts = key.split(".")
    what = _WHAT.get(parts[-1], parts[-1].replace("_", " "))
    if parts[:2] == ["dtm", "rounds"]:
        return say("DTM round {number}, {what}", number=str(int(parts[2]) + 1), what=what)
    if "shares_by_grant" in parts or parts[-1] == "lines":
        grant = parts[-1] if parts[-1] != "lines" else parts[1]
        donor = answer.stated.get("grants", {}).get(grant, {}).get("donor", grant)
        return say("{whose}, lines", whose=str(donor))
    if len(parts) < 3:
        return what
    whose = answer.stated.get(parts[0], {}).get(parts[1], {}).get("label") or parts[1]
    return say("{whose}, {what}", whose=str(whose), what=what)


def told_value(answer: AnswerFolder, row: Row, side: str) -> Text:
    """What stands at a decision ``before`` or ``after``: a day as a date; of what is shared out, the parts that change."""
    key, value = row["name"], row[side]
    if ";" in value or (" " in value and not value[0].isdigit()):
        mine, its = (_parts(row[one]) for one in (side, "after" if side == "before" else "before"))
        kind = "chance" if math.isclose(sum(mine.values()), 1, abs_tol=0.02) else "usd"
        changed = [name for name in mine if mine[name] != its.get(name)]
        labels = [(answer.label("services", name), Number(mine[name], kind)) for name in changed]
        return Listed([say("{service} {amount}", service=label, amount=amount) for label, amount in labels])
    if key.rpartition(".")[2].endswith("day") and value.replace(".", "").isdigit():
        start = answer.stated.get("start_date")
        if isinstance(start, datetime.date):
            return Date((start + datetime.timedelta(days=float(value))).isoformat())
    return value


def _parts(value: str) -> dict[str, float]:
    """What stands at a decision that shares something out, by name."""
    cut = (one.strip().rpartition(" ") for one in value.split(";"))
    return {name: float(share) for name, _, share in cut}
