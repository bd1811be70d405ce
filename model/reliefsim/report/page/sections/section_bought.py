"""What the next dollars buy: the answers of `next-dollar`."""

from __future__ import annotations

from ....results.answer_folder import AnswerFolder
from ....results.estimate_rows import number
from ....store import Row
from ....study.queries.marginal import NEW
from ...text.marginal_words import ITS_RULES, NOBODY, held_back
from ...text.said import capital
from ...text.tongue import NONE, Tongue, mark
from ..page_content import Content
from ..page_table import Cell, Table, in_usd
from .section_lacking import BINDS

_BOUGHT = (
    ("people_reached", "people", mark("More people reached")),
    ("cases_served", "cases", mark("More cases served")),
    ("cases_served_in_this_service", "cases", mark("Of them in this service")),
    ("waiting_days", "person-days", mark("Waiting, person-days")),
    ("gap_usd", "amount", mark("The gap")),
    ("spent_usd", "amount", mark("Spent of it")),
)
_HELD_BACK = {**BINDS, ITS_RULES: mark("its window, rules or sum"), NOBODY: mark("nothing is unserved"), "": mark("nothing yet")}


def next_dollars(content: Content, tongue: Tongue) -> list[Table]:
    """What one more sum buys, by the service and the grant it is given to; what buys most comes first."""
    return [_bought(answer, tongue) for answer in content.study.nexts if answer.rows]


def _bought(answer: AnswerFolder, tongue: Tongue) -> Table:
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in answer.rows:
        found.setdefault((row["service"], row["grant"]), {})[row["indicator"]] = row
    ordered = sorted(found.values(), key=lambda one: -number(one["cases_served"]["mean_difference"]))
    first = answer.rows[0]
    return Table(
        caption=tongue.say(
            "What {usd} more buys ({scenario})",
            usd=tongue.usd(float(first["additional_usd"])),
            scenario=tongue.say(answer.title),
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
        note=" ".join(
            [
                tongue.say(
                    "Beneath each difference: its interval. A difference whose interval holds 0 is not shown to be real."
                ),
                tongue.say(
                    "Money in one line frees other money, which the plan divides again: cases of other services are among "
                    "those served. A line is held back where the mean run serves no case more of its service and waits no "
                    "less, as far as can be told, or by under 1% of what could be."
                ),
            ]
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
        mean, low, high = (number(row[column]) for column in ("mean_difference", "ci_low", "ci_high"))
        spread = tongue.between(low, high, kind, signed=True)
        text = tongue.signed(mean, kind)
        cells.append(Cell(text, "" if spread == text else spread, "" if row["real"] == "yes" else "unsure"))
    return [*cells, Cell(capital(tongue.say(_HELD_BACK[held_back(first)])), mood="text")]
