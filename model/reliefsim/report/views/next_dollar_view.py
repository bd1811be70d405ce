"""What a little more money buys in each line of the budget becomes a table."""

from __future__ import annotations

from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import MISSING, Estimate, number
from ...store import Row
from ...study.queries.marginal import NEW
from ..text.marginal_words import saturated
from ..text.said import Capital, Number, Text, say
from ..text.tongue import mark
from .ask_words import scope
from .view_table import Apart, Cell, Column, Head, Table

NOT_YET = mark("nothing yet")
MEASURES = (
    ("people_reached", "people", mark("More people reached")),
    ("cases_served", "cases", mark("More cases served")),
    ("cases_served_in_this_service", "cases", mark("Of them in this service")),
    ("waiting_days", "person-days", mark("Waiting, person-days")),
    ("gap_usd", "amount", mark("The gap")),
    ("spent_usd", "amount", mark("Spent of it")),
)


def next_dollar(answer: AnswerFolder) -> Table:
    """A row a service and the grant that the sum is given to; what buys most comes first."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in answer.rows:
        found.setdefault((row["service"], row["grant"]), {})[row["indicator"]] = row
    heads = [Column(say("{what}, USD", what=words) if kind == "amount" else words, kind) for _, kind, words in MEASURES]
    return Table(
        caption=say(
            "What {usd} more buys ({scenario})", usd=Number(float(answer.rows[0]["additional_usd"]), "usd"),
            scenario=answer.title,
        ),
        columns=[Column(mark("Service, and the grant it is added to")), *heads, Column(mark("What then holds it back"))],
        rows=[_row(one) for one in sorted(found.values(), key=lambda one: -number(one["cases_served"]["mean_difference"]))],
        notes=[
            scope(answer),
            mark("With each difference: its interval. A difference whose interval holds 0 is not shown to be real."),
            mark(
                "Money in one line frees other money, which the plan divides again: cases of other services are among "
                "those served. A line is held back where the mean run serves no case more of its service and waits no "
                "less, as far as can be told, or by under 1% of what could be."
            ),
        ],
    )  # fmt: skip


def _row(found: dict[str, Row]) -> list[Cell]:
    first = next(iter(found.values()))
    payer: Text = say("a new grant") if first["grant"] == NEW else first["grant_label"]
    apart = [_apart(found[name]) if name in found else Apart(MISSING, "") for name, _, _ in MEASURES]
    return [Head(first["service_label"], payer), *apart, Capital(saturated(first) or NOT_YET)]


def _apart(row: Row) -> Apart:
    mean, low, high = (number(row[name]) for name in ("mean_difference", "ci_low", "ci_high"))
    return Apart(Estimate(mean, low, high), row["real"])
