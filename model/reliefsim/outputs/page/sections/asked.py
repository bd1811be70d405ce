"""How much more is needed, and what the next dollars buy: the answers of `ask` and `next-dollar`."""

from __future__ import annotations

from dataclasses import dataclass

from ....study.next_dollar import NEW
from ....study.store import Row
from ...estimates import Estimate
from ..content import Answer, Content
from ..table import Cell, Table, in_usd
from ..tongue import NONE, Tongue, mark

# An indicator in words, and its kind.
WORDS = {
    "need_covered": (mark("the share of cases needed that are served"), "share"),
    "reached_of_need": (mark("the share of people in need who are reached"), "share"),
    "fully_served_share": (mark("the share of people in need who get all they need"), "share"),
    "people_reached": (mark("people reached"), "people"),
    "cases_served": (mark("cases served"), "cases"),
    "gap_usd": (mark("the gap in USD"), "usd"),
    "waiting_days": (mark("person-days of waiting"), "person-days"),
    "cases_unserved": (mark("cases unserved"), "cases"),
}
_FEWER = ("gap_usd", "waiting_days", "cases_unserved")
_BOUGHT = (
    ("people_reached", "people", mark("More people reached")),
    ("cases_served", "cases", mark("More cases served")),
    ("cases_served_in_this_service", "cases", mark("Of them in this service")),
    ("waiting_days", "person-days", mark("Waiting, person-days")),
    ("gap_usd", "amount", mark("The gap")),
    ("spent_usd", "amount", mark("Spent of it")),
)
_BINDS = {
    "money": mark("no money"),
    "team": mark("no free team"),
    "not-found": mark("never found"),
    "access": mark("place closed"),
    "goods": mark("no goods"),
    "prerequisite": mark("what must come first was not served"),
    "turned-away": mark("turned away"),
}


@dataclass(frozen=True)
class Asked:
    """One answer of `ask`: what was wanted, the answer, and its curve for a chart."""

    title: str
    target: str
    answer: str
    method: str
    arrivals: Table
    bought: Table
    curve: list[list[float]]  # USD, chance, and the ends of its interval


def asks(content: Content, tongue: Tongue) -> list[Asked]:
    """Every answer of `ask`."""
    return [_asked(answer, tongue) for answer in content.asks if _part(answer, "ask")]


def _part(answer: Answer, name: str) -> list[Row]:
    return [row for row in answer.rows if row["part"] == name]


def _asked(answer: Answer, tongue: Tongue) -> Asked:
    row = _part(answer, "ask")[0]
    words, kind = WORDS.get(row["target"], (row["target"].replace("_", " "), "number"))
    wanted = tongue.value(float(row["wanted"]), kind)
    bound = mark("{what}: at most {wanted}") if row["target"] in _FEWER else mark("{what}: at least {wanted}")
    return Asked(
        title=tongue.say(answer.titles.get(row["scenario"], row["scenario"])),
        target=_capital(tongue.say(bound, what=tongue.say(words), wanted=wanted)),
        answer=_answer(row, _part(answer, "arrival"), tongue),
        method=tongue.say(
            "{runs} runs, seed {seed}; each was given more money in steps in the same world.",
            runs=tongue.number(float(row["replications"])), seed=answer.made.get("seed", NONE),
        ),
        arrivals=_arrivals(answer, tongue),
        bought=_curve(answer, tongue),
        curve=[
            [round(float(one[name]), 4) for name in ("additional_usd", "chance", "chance_low", "chance_high")]
            for one in _part(answer, "chance")
            if one["chance"]
        ],
    )  # fmt: skip


def _answer(row: Row, later: list[Row], tongue: Tongue) -> str:
    certainty = tongue.percent(float(row["certainty"]), 0)
    usd = float(row["additional_usd"] or "nan")
    if usd != usd or usd == float("inf"):
        return tongue.say(
            "That an amount meets the target with a certainty of {certainty} cannot be said: none that was tried does, or the "
            "runs are too few.",
            certainty=certainty,
        )
    if usd == 0:
        return tongue.say("The target is met with a certainty of {certainty} as things are.", certainty=certainty)
    return tongue.say(
        "{usd} more by {date} meets the target with a certainty of {certainty}: if it comes on {first}, it is met in "
        "{chance} of the runs (95% interval {low} to {high}).",
        usd=tongue.usd(usd), date=tongue.date(_deadline(row, later)), first=tongue.date(row["arrives"]),
        certainty=certainty, chance=tongue.chance(float(row["chance"] or "nan")),
        low=tongue.chance(float(row["chance_low"] or "nan")), high=tongue.chance(float(row["chance_high"] or "nan")),
    )  # fmt: skip


def _deadline(row: Row, later: list[Row]) -> str:
    """The last arrival up to which no more would be asked for; only what was tried can be it."""
    last, usd = row["arrives"], float(row["additional_usd"])
    for one in later:
        if not one["additional_usd"] or float(one["additional_usd"]) > usd:
            break
        last = one["arrives"]
    return last


def _arrivals(answer: Answer, tongue: Tongue) -> Table:
    rows = [
        [tongue.date(row["arrives"]), _amount(row["additional_usd"], tongue), tongue.chance(_number(row["chance"]))]
        for row in _part(answer, "arrival")
    ]
    return Table(
        tongue.say("How much is needed if the money comes later"),
        [tongue.say("Arrives on"), tongue.say("More is needed"), tongue.say("Target met in")],
        rows,
    )


def _amount(text: str, tongue: Tongue) -> str:
    usd = _number(text)
    return tongue.say("no amount tried") if usd != usd or usd == float("inf") else tongue.usd(usd)


def _curve(answer: Answer, tongue: Tongue) -> Table:
    """What more money changes on the way."""
    rows: dict[str, dict[str, Row]] = {}
    for row in _part(answer, "curve"):
        rows.setdefault(row["additional_usd"], {})[row["indicator"]] = row
    names = list(dict.fromkeys(name for one in rows.values() for name in one))
    return Table(
        tongue.say("What more money changes"),
        [tongue.say("More money"), tongue.say("Target met in"), *(_capital(_words(name, tongue)) for name in names)],
        [
            [
                tongue.usd(float(usd)),
                tongue.chance(_number(next(iter(one.values()))["chance"])),
                *(_estimate(one.get(name), name, tongue) for name in names),
            ]
            for usd, one in rows.items()
        ],
    )


def _words(name: str, tongue: Tongue) -> str:
    return tongue.say(WORDS[name][0]) if name in WORDS else name.replace("_", " ")


def _estimate(row: Row | None, name: str, tongue: Tongue) -> Cell:
    if row is None:
        return Cell(NONE)
    mean, low, high = (_number(row[column]) for column in ("mean", "ci_low", "ci_high"))
    one = Estimate(mean, low, high)
    kind = WORDS.get(name, ("", "number"))[1]
    return Cell(tongue.value(one.mean, kind), tongue.spread(one, kind, False))


def next_dollars(content: Content, tongue: Tongue) -> list[Table]:
    """What one more sum buys, by the service and the grant it is given to; what buys most comes first."""
    return [_bought(answer, tongue) for answer in content.nexts if answer.rows]


def _bought(answer: Answer, tongue: Tongue) -> Table:
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in answer.rows:
        found.setdefault((row["service"], row["grant"]), {})[row["indicator"]] = row
    ordered = sorted(found.values(), key=lambda one: -_number(one["cases_served"]["mean_difference"]))
    first = answer.rows[0]
    return Table(
        caption=tongue.say(
            "What {usd} more buys: {scenario}",
            usd=tongue.usd(float(first["additional_usd"])),
            scenario=tongue.say(answer.titles.get(first["scenario"], first["scenario"])),
        ),
        heads=[
            tongue.say("Service, and the grant it is added to"),
            *(
                in_usd(tongue, tongue.say(words)) if kind == "amount" else tongue.say(words)
                for _, kind, words in _BOUGHT
            ),
            tongue.say("What then holds it back"),
        ],
        rows=[_row(one, tongue) for one in ordered],
        note=tongue.say(
            "Beneath each difference: its interval. A difference whose interval holds 0 is not shown to be real."
        ),
    )


def _row(found: dict[str, Row], tongue: Tongue) -> list[str | Cell]:
    first = next(iter(found.values()))
    service, grant = first["service_label"], first["grant_label"]
    payer = tongue.say("a new grant") if first["grant"] == NEW else tongue.say(grant)
    cells: list[str | Cell] = [Cell(tongue.say(service), payer)]
    for name, kind, _ in _BOUGHT:
        row = found.get(name)
        if row is None:
            cells.append(NONE)
            continue
        mean, low, high = (_number(row[column]) for column in ("mean_difference", "ci_low", "ci_high"))
        spread = tongue.between(low, high, kind, signed=True)
        text = tongue.signed(mean, kind)
        cells.append(Cell(text, "" if spread == text else spread, "" if row["real"] == "yes" else "unsure"))
    binds = [tongue.say(_BINDS.get(one, one)) for one in first["binds"].split(", ") if one]
    saturated = [tongue.say("more money changes little")] if first["saturated"] == "yes" else []
    return [*cells, Cell(_capital(", ".join([*saturated, *binds]) or tongue.say("nothing yet")), mood="text")]


def _number(text: str) -> float:
    return float(text) if text else float("nan")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
