"""What is asked for becomes one request, from the command line, from Python or read back from a study's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .goals import Floor, Goal
from .statistics.differences import BETTER

if TYPE_CHECKING:
    from ..rules import Rule
    from ..scenario import Reading, Scenario
    from .statistics.points import Points

DEFAULT_REPLICATIONS, DEFAULT_SEED = 100, 2012


@dataclass(frozen=True)
class Target:
    """An indicator, of a service or a class or in total, and what it must reach: at least, or at most if less is better."""

    indicator: str
    wanted: float
    service: str = ""
    group: str = ""

    def place(self, scenario: Scenario) -> int:
        """Its place among a run's numbers. Raises ValueError where a scenario has no such number, or no better way."""
        from ..indicators.measure import keys

        wanted = (self.indicator, self.service, self.group, "", "", "", "")
        for place, key in enumerate(keys(scenario)):
            if key[:7] == wanted:
                return place
        raise ValueError(f"this scenario has no {self}")

    @property
    def way(self) -> int:
        """1: at least; -1: at most; 0: neither is better."""
        return BETTER.get(self.indicator, 0)

    def is_met(self, value: float) -> bool:
        """Whether a run's number meets it; one that is not defined does not."""
        return value >= self.wanted if self.way > 0 else value <= self.wanted

    def __str__(self) -> str:
        of = "".join(f" of {name}" for name in (self.service, self.group) if name)
        return f"{self.indicator}{of}"


@dataclass(frozen=True)
class Money:
    """How additional money comes: when, until when, for what, at what indirect cost. ``pays_for`` empty: everything."""

    from_day: float
    until_day: float | None
    pays_for: tuple[str, ...]
    indirect_rate: float
    end_rule: str = "committed-by-end"

    def grant(self, usd: float) -> dict[str, Any]:
        """As a file would say it."""
        stated: dict[str, Any] = {
            "donor": "Additional funding asked for", "amount_usd": usd, "from_day": self.from_day,
            "indirect_rate": self.indirect_rate, "end_rule": self.end_rule,
        }  # fmt: skip
        if self.until_day is not None:
            stated["until_day"] = self.until_day
        if self.pays_for:
            stated["pays_for"] = list(self.pays_for)
        return stated


@dataclass(frozen=True)
class Ask:
    """How much more money meets a target with a certainty? ``days``: arrivals to try, the first the one that is meant."""

    target: Target
    certainty: float
    money: Money
    days: tuple[float, ...]
    most_usd: int | None = None  # None: found from the gap


@dataclass(frozen=True)
class NextDollar:
    """What do ``next_usd`` more buy in each line of the budget?"""

    next_usd: int


@dataclass(frozen=True)
class Sensitivity:
    """Which values that are not known matter most? The request's points are ``rows`` of evaluations (see queries.sobol)."""

    rows: int


@dataclass(frozen=True)
class FindPlan:
    """Which plan of the first scenario's decisions reaches most over ``worlds`` of every scenario (``weights`` add up to
    one), keeping its floors? ``effort``: runs of a search; ``confirm``: fresh worlds that the answer is told of.

    ``most_loss``: the share of what a class has today that it may lose; None: any. ``money``: shares of it, for each of
    which a plan is looked for. ``within``: minutes; None: until the effort is used up. ``rounds``: of each search in turn,
    no more than so many; what a search that the clock has ended is to be made again by. ``prices``: what one step more of
    each decision would change, and what there is at most.
    """

    goals: tuple[Goal, ...]
    floors: tuple[Floor, ...] = ()
    weights: tuple[float, ...] = ()  # none: all the same
    worlds: int = 50
    effort: int = 6_000
    confirm: int = 200
    most_loss: float | None = 0.1
    money: tuple[float, ...] = ()
    within: float | None = None
    rounds: tuple[int, ...] = ()
    prices: bool = False


@dataclass(frozen=True)
class StudyRequest:
    """Every scenario under every rule, so many replications; what is asked beside their numbers; where it is done and written.

    Raises ValueError for what is no study.
    """

    readings: tuple[Reading, ...]
    rules: tuple[str | Rule | None, ...] = (None,)  # names or functions; None: each scenario's own
    replications: int = DEFAULT_REPLICATIONS  # of each point, where there are points
    seed: int = DEFAULT_SEED
    uncertain: bool = False  # every value that has a range is drawn anew in each replication
    points: Points | None = None  # of these values, each for all its replications
    bands: bool = False  # beside the point values, every replication once more with all that has a range drawn
    over: Sequence[str] | None = None  # names of the values that points are of, as they were given
    precision: str | None = None  # replications until intervals are so narrow
    max_replications: int | None = None  # with a precision
    reference: int = 0  # the arm that others are compared with, by its place
    matters: str = ""  # least differences that matter, where they are not the registry's: people_reached=250,gap_usd=5%
    funding: bool = False  # the fundraiser's numbers and tables, too
    question: Ask | NextDollar | Sensitivity | FindPlan | None = None
    workers: int = 1
    backend: str | None = None  # None: processes where that is faster
    insecure: bool = False  # whether a cluster beyond this machine may do without TLS
    folder: Path | None = None  # None: nothing is written
    resume: bool = False
    figures: bool = True
    quiet: bool = True
    disclosure: int = 5  # fewer people of a class or place are not told in page, workbook and hapi.csv
    full: bool = False  # whether the terminal shows every table, and not the first lines alone
    command: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.readings or not self.rules or self.replications < 1 or self.seed < 0:
            raise ValueError("a study needs a scenario, a rule (or None), a replication, and a seed of 0 or more")
        if not 0 <= self.reference < len(self.arms):
            raise ValueError(f"the reference is an arm's place, 0 to {len(self.arms) - 1} (got {self.reference})")
        if self.points is not None and self.precision is not None:
            raise ValueError("a precision is of replications alone: it does not go with points")
        if self.bands and (self.uncertain or self.points is not None):
            raise ValueError("bands stand beside point values: they do not go with values that are drawn already")
        names = [f"{scenario}/{rule}" for scenario, rule in self.arms]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two have one name: {', '.join(twice)}. A scenario is renamed by replace(scenario, {{'name': …}})")

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """What is run."""
        return tuple(one.scenario for one in self.readings)

    @property
    def scenario(self) -> Scenario:
        """The first scenario; the only one where a question is asked."""
        return self.readings[0].scenario

    @property
    def rule_name(self) -> str:
        """What the first rule is called."""
        return self.arms[0][1]

    @property
    def rule_names(self) -> tuple[str | None, ...]:
        """As asked for; None: each scenario's own."""
        return tuple(None if rule is None else named_rule(self.scenario, rule) for rule in self.rules)

    @property
    def arms(self) -> tuple[tuple[str, str], ...]:
        """Each scenario with each rule, by their names."""
        return tuple((one.name, named_rule(one, rule)) for one in self.scenarios for rule in self.rules)

    @property
    def evaluations(self) -> int:
        """With how many sets of values each scenario is run."""
        return 2 if self.bands else 1 if self.points is None else self.points.evaluations

    @property
    def runs(self) -> int:
        """How many runs that is; with a precision, not known."""
        return len(self.arms) * self.evaluations * self.replications


def named_rule(scenario: Scenario, rule: str | Rule | None) -> str:
    """What a rule is called; None: the scenario's own."""
    one = scenario.plan.rule if rule is None else rule
    return one if isinstance(one, str) else str(getattr(one, "__name__", one))


def from_no_file(scenario: Scenario, name: str | None = None) -> Reading:
    """A scenario that was made in Python, under another name if one is given."""
    from ..scenario import Reading

    return Reading(scenario if name is None else scenario.model_copy(update={"name": name}), (), {}, {})
