"""People: shares that add up, households that can be, a caseload within the displaced."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath, shown
from ..schema import Scenario
from .common import TOLERANCE, household_size_max, total


def shares_add_up_to_one(s: Scenario) -> Iterator[Finding]:
    """Classes, origins and locations each divide all people."""
    for section in ("classes", "origins", "locations"):
        parts = getattr(s, section)
        added = total({name: part.share for name, part in parts.items()})
        if parts and abs(added - 1) > TOLERANCE:
            uses: tuple[KeyPath, ...] = ((section, "*", "share"),)
            rule = "The shares of all add up to 1"
            yield Finding((section,), f"shares add up to {added:.10g}, not 1", rule, uses=uses)


def heads_and_the_lone_are_no_more_than_households(s: Scenario) -> Iterator[Finding]:
    """A household has one head, and one who lives alone is a household."""
    mean = float(s.caseload.household_size_mean.value)
    counted = {name: part for name, part in s.classes.items() if part.who != "any"}
    added = total({name: part.share for name, part in counted.items()})
    if added * mean > 1 + TOLERANCE:
        of_classes: tuple[KeyPath, ...] = (("classes", "*", "share"), ("classes", "*", "who"))
        uses = (*of_classes, ("caseload", "household_size_mean"))
        rule = f"Only one in {mean:g} people heads a household (household_size_mean): at most {1 / mean:.4g} together"
        first = ("classes", sorted(counted)[0], "share")
        problem = f"classes of heads and of people alone have {added:.4g} of all people, more than there are households"
        yield Finding(first, problem, rule, uses=uses)


def households_have_a_size_that_can_be(s: Scenario) -> Iterator[Finding]:
    """The largest household is no smaller than the mean, and sizes that may not differ do not."""
    load, largest = s.caseload, household_size_max(s)
    mean = float(load.household_size_mean.value)
    mean_path: KeyPath = ("caseload", "household_size_mean")
    uses = (mean_path, ("caseload", "household_size_max"), ("caseload", "household_size_cv"))
    if largest < mean:
        rule = f"household_size_max is {largest}"
        yield Finding(mean_path, "is above the size of the largest household", rule, shown(mean), uses=uses)
    elif load.household_size_cv.value > 0 and mean in (1, largest):
        path: KeyPath = ("caseload", "household_size_cv")
        rule = f"With household_size_mean {mean:g} all households have {mean:g} people: cv 0"
        yield Finding(path, "cannot be kept", rule, shown(load.household_size_cv.value), uses=uses)


def leavers_go_to_one_place(s: Scenario) -> Iterator[Finding]:
    """Returned, crossed a border, or moved on."""
    load = s.caseload
    added = float(load.returned_share.value) + float(load.crossed_border_share.value)
    if added > 1 + TOLERANCE:
        uses: tuple[KeyPath, ...] = (("caseload", "returned_share"), ("caseload", "crossed_border_share"))
        rule = "returned_share (1 unless stated) and crossed_border_share are at most 1 together"
        yield Finding(uses[1], f"and returned_share add up to {added:.10g}", rule, uses=uses)


def the_caseload_is_within_the_displaced(s: Scenario) -> Iterator[Finding]:
    """The operation is for some of the displaced."""
    load = s.caseload
    if load.displaced_people is not None and load.displaced_people.value < load.people.value:
        uses: tuple[KeyPath, ...] = (("caseload", "displaced_people"), ("caseload", "people"))
        rule = f"caseload.people is {load.people.value}, and they are among the displaced"
        got = shown(load.displaced_people.value)
        yield Finding(uses[0], "is smaller than the caseload", rule, got, level="warning", uses=uses)


def somebody_is_there_or_comes(s: Scenario) -> Iterator[Finding]:
    """An operation for nobody does nothing."""
    if s.caseload.people.value == 0 and s.arrivals is None and not s.displacement:
        uses: tuple[KeyPath, ...] = (("caseload", "people"), ("arrivals",), ("displacement",))
        yield Finding(uses[0], "is 0 and nobody arrives: nobody is served", level="warning", uses=uses)


def hosts_are_counted_where_they_are_served(s: Scenario) -> Iterator[Finding]:
    """Host households are a population of their own."""
    for name, service in sorted(s.services.items()):
        if service.population == "hosts" and s.hosts is None:
            path: KeyPath = ("services", name, "population")
            rule = "Say how many there are in [hosts]"
            yield Finding(path, "is hosts, and there are none", rule, uses=(path, ("hosts",)))


CHECKS = (
    shares_add_up_to_one,
    heads_and_the_lone_are_no_more_than_households,
    households_have_a_size_that_can_be,
    leavers_go_to_one_place,
    the_caseload_is_within_the_displaced,
    somebody_is_there_or_comes,
    hosts_are_counted_where_they_are_served,
)
