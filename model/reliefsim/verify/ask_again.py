"""A fundraiser's question, as run.json tells it, is asked again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..report.ask_report import write_ask
from ..results.next_dollar_table import write_next
from ..study.queries.ask_answers import Question, answer, with_curve
from ..study.queries.ask_search import Money, Target
from ..study.queries.marginal import next_dollar

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.running.backends import Backend, Stop


def ask_again(
    told: dict[str, Any], reading: Reading, rule: str | None, replications: int, seed: int, uncertain: bool,
    backend: Backend, stop: Stop,
) -> Callable[[Path], None]:  # fmt: skip
    """What writes the tables of the answer into a folder. Raises what asking does."""

    def quiet(done: int) -> None:
        """Nobody looks."""

    scenario = reading.scenario
    if "next_usd" in told:
        usd = int(told["next_usd"])
        bought = next_dollar(scenario, rule, usd, replications, seed, uncertain, backend, quiet, stop)
        return lambda place: write_next(reading, rule or str(scenario.plan.rule), usd, bought, place)
    money = Money(**{**told["money"], "pays_for": tuple(told["money"]["pays_for"])})
    question = Question(
        scenario, rule, Target(**told["target"]), told["certainty"], money, tuple(told["days"]), replications, seed,
        uncertain, told["most_usd"],
    )  # fmt: skip
    found = with_curve(answer(question, backend, quiet, stop), backend, quiet, stop)

    def write(place: Path) -> None:
        write_ask(found, place)

    return write
