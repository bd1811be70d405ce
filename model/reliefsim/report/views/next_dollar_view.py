"""What a little more money buys in each line of the budget becomes a table."""

from __future__ import annotations

from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import MISSING, Estimate, number
from ...store import Row
from ...study.queries.marginal import NEW
from ...study.statistics.verdicts import YES
from ..text.marginal_words import saturated
from ..text.said import Capital, Ends, Listed, Number, Said, Text, say
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


MOST_LINES = 3  # that are told beside the best one


def lead(answer: AnswerFolder) -> list[Said]:
    """The answer in few sentences: where the sum buys most, where it buys something, and what holds the other lines back."""
    found = _lines(answer)
    usd = Number(float(answer.rows[0]["additional_usd"]), "usd")
    buying = [one for one in found if _buys(one["cases_served"])]
    others = [one for one in found if not _buys(one["cases_served"])]
    if not buying:
        runs = Number(number(answer.rows[0]["replications"]), "people")
        none = say("In no line of the budget {usd} more are shown to serve a case more, in {runs} runs.", usd=usd, runs=runs)
        return [none, *_held(others, len(found)), scope(answer)]
    best, *next_ones = buying
    bought: dict[str, Text] = {"usd": usd, "line": _named(best), "cases": _ends(best["cases_served"], "cases")}
    most = say("{usd} more serve most in {line}: {cases} cases more (interval of the mean).", **bought)
    if "people_reached" in best and _buys(best["people_reached"]):
        people = _ends(best["people_reached"], "people")
        most = say(
            "{usd} more serve most in {line}: {cases} cases and {people} people more (intervals of the mean).",
            people=people, **bought,
        )  # fmt: skip
    named = Listed([_named(one) for one in next_ones[:MOST_LINES]])
    too = [say("It is shown to serve more in these lines, too: {lines}.", lines=named)] if next_ones else []
    return [most, *too, *_held(others, len(found)), scope(answer)]


def _held(lines: list[dict[str, Row]], every: int) -> list[Said]:
    """In how many lines it serves no case more, and what holds them back."""
    why = list(dict.fromkeys(saturated(next(iter(one.values()))) or NOT_YET for one in lines))
    counts: dict[str, Text] = {"number": Number(len(lines), "people"), "all": Number(every, "people")}
    if not lines:
        return []
    return [
        say(
            "In {number} of {all} lines no case more is shown to be served. What holds them back: {reasons}.",
            reasons=Listed(why), **counts,
        )
    ]  # fmt: skip


def _named(line: dict[str, Row]) -> Said:
    """A service and who pays for it."""
    first = next(iter(line.values()))
    return say("{service} ({grant})", service=first["service_label"], grant=_payer(first))


def _payer(row: Row) -> Text:
    return say("a new grant") if row["grant"] == NEW else row["grant_label"]


def _buys(row: Row) -> bool:
    return row["real"] == YES and number(row["mean_difference"]) > 0


def _ends(row: Row, kind: str) -> Ends:
    return Ends(number(row["ci_low"]), number(row["ci_high"]), kind)


def _lines(answer: AnswerFolder) -> list[dict[str, Row]]:
    """The rows of each service and grant by indicator; what buys most comes first."""
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in answer.rows:
        found.setdefault((row["service"], row["grant"]), {})[row["indicator"]] = row
    return sorted(found.values(), key=lambda one: -number(one["cases_served"]["mean_difference"]))


def next_dollar(answer: AnswerFolder) -> Table:
    """A row a service and the grant that the sum is given to; what buys most comes first."""
    heads = [Column(say("{what}, USD", what=words) if kind == "amount" else words, kind) for _, kind, words in MEASURES]
    return Table(
        caption=say(
            "What {usd} more buys ({scenario})", usd=Number(float(answer.rows[0]["additional_usd"]), "usd"),
            scenario=answer.title,
        ),
        columns=[Column(mark("Service, and the grant it is added to")), *heads, Column(mark("What then holds it back"))],
        rows=[_row(one) for one in _lines(answer)],
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
    apart = [_apart(found[name]) if name in found else Apart(MISSING, "") for name, _, _ in MEASURES]
    return [Head(first["service_label"], _payer(first)), *apart, Capital(saturated(first) or NOT_YET)]


def _apart(row: Row) -> Apart:
    mean, low, high = (number(row[name]) for name in ("mean_difference", "ci_low", "ci_high"))
    return Apart(Estimate(mean, low, high), row["real"])
