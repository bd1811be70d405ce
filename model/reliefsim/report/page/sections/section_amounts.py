"""The amounts of an answer of `ask`: what each later date takes, and what more money changes on the way."""

from __future__ import annotations

from ....results.answer_folder import AnswerFolder
from ....results.estimate_rows import Estimate, number
from ....store import Row
from ...text.said import capital
from ...text.tongue import NONE, Tongue
from ...views.ask_words import FEW, asked, kind_of, noun, outcome
from ..page_table import Cell, Table


def by_arrival(answer: AnswerFolder, tongue: Tongue) -> Table | None:
    """What it takes on each later date; none where no date has an answer."""
    row, later = asked(answer), answer.part("arrival")
    if outcome(answer) == FEW or not any(one["additional_usd"] for one in later):
        return None
    heads = [tongue.say("Arrives on"), tongue.say("More is needed")]
    if row["additional_usd"]:
        usd = tongue.usd(float(row["additional_usd"]))
        heads.append(tongue.say("With {usd}, target met in", usd=usd))
    rows: list[list[str | Cell]] = []
    for one in later:
        cells: list[str | Cell] = [tongue.date(one["arrives"]), _amount(one, tongue), tongue.chance(number(one["chance"]))]
        rows.append(cells[: len(heads)])
    note = tongue.say("Beneath each amount: its 95% interval, whose upper end it is.")
    return Table(tongue.say("How much is needed if the money comes later"), heads, rows, note=note)


def _amount(row: Row, tongue: Tongue) -> Cell:
    if not row["additional_usd"]:
        return Cell(tongue.say("no amount tried"))
    high, low = float(row["additional_usd"]), number(row["quantile_low_usd"])
    return Cell(tongue.usd(high), "" if low == high else tongue.between(low, high, "usd"))


def along_the_curve(answer: AnswerFolder, tongue: Tongue) -> Table:
    """What more money changes on the way."""
    rows: dict[str, dict[str, Row]] = {}
    for row in answer.part("curve"):
        rows.setdefault(row["additional_usd"], {})[row["indicator"]] = row
    names = list(dict.fromkeys(name for one in rows.values() for name in one))
    return Table(
        tongue.say("What more money changes"),
        [tongue.say("More money"), tongue.say("Target met in"), *(capital(tongue.told(noun(answer, name))) for name in names)],
        [
            [
                tongue.usd(float(usd)),
                tongue.chance(number(next(iter(one.values()))["chance"])),
                *(_estimate(one.get(name), name, tongue) for name in names),
            ]
            for usd, one in rows.items()
        ],
        note=tongue.say("Beneath each mean: its interval."),
    )


def _estimate(row: Row | None, name: str, tongue: Tongue) -> Cell:
    if row is None:
        return Cell(NONE)
    mean, low, high = (number(row[column]) for column in ("mean", "ci_low", "ci_high"))
    one, kind = Estimate(mean, low, high), kind_of(name)
    return Cell(tongue.value(one.mean, kind), tongue.spread(one, kind, False))
