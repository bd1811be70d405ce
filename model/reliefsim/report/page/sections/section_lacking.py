"""Who goes without: if no more money comes, and whatever money comes, as the answer of `ask` has it."""

from __future__ import annotations

from ....indicators.shortfall import people
from ....indicators.unserved_reasons import REASON_WORDS
from ....layout import REASON_NAMES, Reason
from ....results.answer_folder import AnswerFolder
from ....store import Row
from ...text.tongue import Tongue, mark
from ...views.ask_shortfall import MOST_LISTED, Found, causes, found_at, still_from
from ...views.ask_words import own_number
from ..page_table import Cell, Table

BINDS = {**REASON_WORDS, REASON_NAMES[Reason.MONEY]: mark("no money that may pay for it (windows, earmarks, shares)")}


def without(answer: AnswerFolder, tongue: Tongue) -> Table:
    """Which services stand still if no more money comes, from when on, and who goes without for want of it."""
    found = found_at(answer, "without")
    rows: list[list[str | Cell]] = []
    for service in dict.fromkeys(service for _, service, _ in found if service):
        still, lacking = _stands_still(found, service, tongue), found.get((people(Reason.MONEY), service, ""))
        if still or _half(lacking) >= 1:
            rows.append([tongue.say(answer.label("services", service)), *(still or _NO_CELLS), _people(lacking, tongue)])
    whole = found.get((people(Reason.MONEY), "", ""))
    if whole is not None and len(rows) != 1:
        rows.append([tongue.say("All, each person once"), *_NO_CELLS, _people(whole, tongue)])
    return Table(
        caption=tongue.say("If no more money comes"),
        heads=[
            "", tongue.say("Stands still for want of money"), tongue.say("Share of runs"),
            tongue.say("People without a service for want of money"),
        ],
        rows=rows,
        texts=1,
        note=" ".join([tongue.say(_MIDDLE), _by_class(answer, found, tongue)]).strip(),
        totals=frozenset([len(rows) - 1] if whole is not None and len(rows) > 1 else []),
    )  # fmt: skip


_MIDDLE = mark(
    "People and dates: the middle run, and beneath it what eight of ten runs lie between. Beneath a share of runs: its 95% "
    "interval."
)
_NO_CELLS = ("", "")
def _half(row: Row | None) -> float:
    return float(row["p50"]) if row is not None else 0.0


def _people(row: Row | None, tongue: Tongue) -> Cell:
    """The middle run, and beneath it eight of ten; what is not in the table is nothing in every run."""
    if row is None:
        return Cell("0")
    ends = tongue.between(float(row["p10"]), float(row["p90"]), "people")
    text = tongue.number(float(row["p50"]))
    return Cell(text, "" if ends == text else ends)


def _stands_still(found: Found, service: str, tongue: Tongue) -> list[str | Cell]:
    """To the end or at times, where half of the runs or more see it; empty otherwise."""
    if (still := still_from(found, service)) is None:
        return []
    lasting, row = still
    words = mark("from {date} to the end") if lasting else mark("at times, first on {date}")
    low, middle, high = (tongue.date(row[f"date_{one}"]) for one in ("p10", "p50", "p90"))
    ends = tongue.say("{low} to {high}", low=low, high=high) if high else tongue.say("{low}, later or never", low=low)
    chances = [tongue.chance(float(row[one])) for one in ("chance_low", "chance_high")]
    return [
        Cell(tongue.say(words, date=middle), "" if low == high else ends),
        Cell(tongue.chance(float(row["chance"])), tongue.say("{low} to {high}", low=chances[0], high=chances[1])),
    ]


def _by_class(answer: AnswerFolder, found: Found, tongue: Tongue) -> str:
    """Of which classes those are who go without, by priority."""
    classes = answer.stated.get("classes", {})
    some = [name for (_, service, name), row in found.items() if name and not service and float(row["p50"]) >= 1]
    order = sorted(some, key=lambda name: (float(classes.get(name, {}).get("priority", 1)), name))
    told = [
        f"{tongue.say(answer.label('classes', name))}\u00a0{tongue.number(float(found[people(Reason.MONEY), '', name]['p50']))}"
        for name in order
    ]
    return tongue.say("By class, in the middle run: {classes}.", classes=", ".join(told)) if len(told) > 1 else ""


def binds(answer: AnswerFolder, tongue: Tongue) -> Table:
    """What money alone cannot change: who is left with the most of it, and why, the most people first."""
    rows: list[list[str | Cell]] = []
    for reason, service, row, lacking in causes(answer):
        label = tongue.say(answer.label("services", service)) if service else tongue.say("Never found")
        head = Cell(label, tongue.say(BINDS[REASON_NAMES[reason]]) if service else "")
        workers = _people(lacking, tongue) if lacking is not None and _half(lacking) >= 1 else Cell("")
        rows.append([head, _people(row, tongue), workers])
    most = float(own_number(answer, "binds")["additional_usd"])
    return Table(
        caption=tongue.say("What more money does not change: with {usd} more", usd=tongue.usd(most)),
        heads=["", tongue.say("People without"), tongue.say("Workers lacking")],
        rows=rows,
        note=tongue.say(
            "The middle run, and beneath it what eight of ten runs lie between; the {number} largest causes at most. Workers "
            "lacking would have served, over the whole time, those left without a free team.",
            number=tongue.number(MOST_LISTED),
        ),
    )
