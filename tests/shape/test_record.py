"""What a scenario derives from the record is worked out anew from the record's own figures, and happens when it did."""

from __future__ import annotations

import datetime
from math import exp, log

import numpy as np
import pytest

from reliefsim import load_scenario, simulate
from reliefsim.scenario import ranged_quantities
from reliefsim.scenario.quantities import Quantity
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY

COUNTS = {  # people displaced: OCHA, UNHCR, CMP, IOM
    "2012-05-14": 146_900, "2012-05-22": 150_460, "2012-05-24": 144_934, "2012-06-19": 154_754, "2012-06-28": 155_042,
    "2013-06-20": 353_455, "2013-07-25": 342_033, "2013-09-30": 311_300, "2013-10-31": 283_726, "2014-01-31": 217_811,
    "2014-02-18": 199_575, "2014-03-31": 186_884, "2014-04-30": 137_096, "2014-06-30": 128_866,
}  # fmt: skip
MONTHS = {  # when each region was registered: IOM, DTM of July 2013
    "bamako": {(2012, 9), (2013, 2), (2013, 6)}, "segou": {(2013, 2)}, "koulikoro": {(2013, 2)}, "sikasso": {(2013, 5)},
    "kayes": {(2013, 5)}, "mopti": {(2013, 6)}, "tombouctou": {(2013, 6)}, "gao": {(2013, 6)}, "kidal": {(2013, 6)},
}  # fmt: skip
SOUTH = {"may": 45_000, "june": 47_754, "august": 174_000 - 105_000, "november": 198_558 - 76_386, "2013": 154_282}
REGISTERED, VULNERABLE = 204_300, 0.475


def months(first: str, last: str) -> float:
    days = datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first)
    return days.days / (365 / 12)


def growth(first: str, last: str, people: float = 0) -> float:
    return float(((COUNTS[last]) / (people or COUNTS[first])) ** (1 / months(first, last)) - 1)


def fitted() -> float:
    """The slope of logarithms from the peak on, as a share a month."""
    of_decline = [day for day in COUNTS if day >= "2013-06-20"]
    slope = np.polyfit([months("2013-06-20", day) for day in of_decline], [log(COUNTS[day]) for day in of_decline], 1)[0]
    return exp(slope) - 1


DERIVED: dict[tuple[str, str], tuple[float | None, float, float | None]] = {  # low, value, high
    ("moderate-growth", "displacement.trend.growth_month"): (
        growth("2012-05-22", "2012-06-28"), growth("2012-05-24", "2012-06-28"),
        growth("2012-05-14", "2012-06-28", COUNTS["2012-05-14"] - 9_825),
    ),
    ("rapid-growth", "displacement.trend.growth_month"): (None, growth("2012-06-19", "2013-06-20"), None),
    ("returns", "displacement.trend.growth_month"): (
        None, fitted(), (24_120 / 47_064) ** (1 / months("2013-07-25", "2014-06-30")) - 1,
    ),
    ("baseline", "locations.bamako.share"): (
        0.95 * 12_000 / SOUTH["june"], 0.95 * 46_000 / SOUTH["november"], 0.95 * 20_175 / SOUTH["may"],
    ),
    ("baseline", "locations.mopti.share"): (
        0.95 * 29_722 / SOUTH["2013"], 0.95 * 32_500 / SOUTH["november"], 0.95 * 32_500 / SOUTH["august"],
    ),
    ("baseline", "classes.separated-child.share"): (
        11_295 / REGISTERED, 11_295 / REGISTERED * (1 + 1 / VULNERABLE) / 2, 11_295 / REGISTERED / VULNERABLE,
    ),
    ("baseline", "dtm.find_probability"): (12_000 / 46_000, 6_469 / 9_660, 334_550 / 342_033),
}  # fmt: skip


def of(scenario: Scenario, path: str) -> Quantity:
    found = dict(ranged_quantities(scenario))
    assert path in found
    return found[path]


@pytest.mark.parametrize(("name", "path"), DERIVED, ids=[f"{name}-{path}" for name, path in DERIVED])
def test_what_is_derived_from_the_record_follows_from_it(name: str, path: str) -> None:
    stated = of(load_scenario(name), path)
    for mine, theirs in zip(DERIVED[name, path], (stated.low, stated.value, stated.high), strict=True):
        assert mine is None or theirs == pytest.approx(mine, abs=0.0006 if "growth" in path else 0.006)


def test_nobody_is_registered_before_the_region_was() -> None:
    """Months as the record has them; who is found at all is found in them, and each region has some."""
    baseline = load_scenario("baseline")
    run = simulate(baseline, seed=2012)
    found = {name: set[tuple[int, int]]() for name in run.names.locations}
    for home in run.households[run.households["registered"] >= 0]:
        day = baseline.start_date + datetime.timedelta(days=int(home["registered"]) // DAY)
        found[run.names.locations[home["location"]]].add((day.year, day.month))
    assert found == MONTHS


def test_grants_are_those_of_the_record() -> None:
    """The press note's two; CERF's three, each for six months from 13 days after its signature."""
    stated = load_scenario("as-funded")
    amounts = {name: grant.amount_usd.value for name, grant in stated.grants.items()}
    assert amounts == {"usaid": 774_000, "cerf": 70_000, "cerf-shelter": 277_333, "cerf-protection": 137_698}
    assert amounts["usaid"] + amounts["cerf"] == 844_000
    signed = {"cerf": "2012-06-22", "cerf-shelter": "2013-03-18", "cerf-protection": "2013-03-18"}
    ends = {"cerf": "2013-01-05", "cerf-shelter": "2013-09-30", "cerf-protection": "2013-09-30"}
    for name, date in signed.items():
        grant = stated.grants[name]
        begins = datetime.date.fromisoformat(date) + datetime.timedelta(days=13)
        assert isinstance(grant.from_day, Quantity)
        assert isinstance(grant.until_day, Quantity)
        assert stated.start_date + datetime.timedelta(days=int(grant.from_day.value)) == begins
        assert stated.start_date + datetime.timedelta(days=int(grant.until_day.value)) == datetime.date.fromisoformat(ends[name])


def test_no_ride_goes_into_a_region_that_is_closed() -> None:
    baseline = load_scenario("baseline")
    closed = {name for name, place in baseline.locations.items() if place.closures}
    assert closed == {"tombouctou", "gao", "kidal"}
    assert closed.isdisjoint(baseline.services["transport"].places or closed)
