"""What a little more money buys becomes next_dollar.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..indicators.measure import Key
from ..scenario.schema_grants import grant_label
from ..store import write_table
from ..study.queries.marginal import INDICATORS, NEW, Bought
from ..study.request import NextDollar, StudyRequest

FILE = "next_dollar.csv"
# Of what a line buys, how much is of its own service: what other money it frees is divided again.
IN_OWN, OWN = ("cases_served", "waiting_days"), "_in_this_service"
COLUMNS = (
    "scenario", "rule", "service", "service_label", "grant", "grant_label", "additional_usd", "indicator",
    "mean_difference", "ci_low", "ci_high", "interval_method", "real", "chance_better", "saturated", "binds",
    "replications",
)  # fmt: skip


def write_next(request: StudyRequest, found: Sequence[Bought], folder: Path) -> None:
    """Write next_dollar.csv."""
    write_table(folder / FILE, COLUMNS, _rows(request, found))


def _rows(request: StudyRequest, found: Sequence[Bought]) -> Iterator[list[str | float]]:
    assert isinstance(request.question, NextDollar)
    scenario, usd = request.scenario, float(request.question.next_usd)
    for one in found:
        service = scenario.services[one.line.service]
        donor = "a new grant" if one.line.grant == NEW else grant_label(scenario.donors, one.line.grant)
        labels = (one.line.service, service.label or one.line.service, one.line.grant, donor)
        # Hosts are in no total: what serves them is counted by the service.
        shown = service.counts_as or one.line.service
        where = Key("", shown) if service.population == "hosts" else Key("")
        places = {key.indicator: place for place, key in enumerate(one.apart.keys) if key[1:7] == where[1:7]}
        own = {key.indicator: place for place, key in enumerate(one.apart.keys) if key[1:7] == Key("", shown)[1:7]}
        for name, place in (*((name, places[name]) for name in INDICATORS), *((f"{name}{OWN}", own[name]) for name in IN_OWN)):
            apart = one.apart
            numbers = (apart.mean[place], apart.interval.low[place], apart.interval.high[place])
            yield [
                scenario.name, request.rule_name, *labels, usd, name, *map(float, numbers),
                apart.interval.method(place), apart.real[place], float(apart.chance_better[place]),
                "yes" if one.is_saturated else "no", one.binds, apart.replications,
            ]  # fmt: skip
