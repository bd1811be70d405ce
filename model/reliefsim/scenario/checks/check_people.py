"""People: shares that add up, households that can be, a caseload within the displaced."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath, shown
from ..household_sizes import Sizes, caseload_sizes, host_sizes
from ..schema import Scenario
from .check_common import TOLERANCE, total


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
    """Whole people in households no larger than the largest, some of one by class, can have that mean and that cv."""
    yield from _sizes_that_can_be(caseload_sizes(s), "caseload")
    if s.hosts is not None and (s.hosts.household_size_mean or s.hosts.household_size_cv):
        yield from _sizes_that_can_be(host_sizes(s), "hosts")


def _sizes_that_can_be(sizes: Sizes, section: str) -> Iterator[Finding]:
    mean: KeyPath = (section, "household_size_mean")
    cv: KeyPath = (section, "household_size_cv")
    stated = ("household_size_mean", "household_size_cv", "household_size_max")
    of_classes: tuple[KeyPath, ...] = (("classes", "*", "share"), ("classes", "*", "who"))
    uses: tuple[KeyPath, ...] = (mean, cv, *(("caseload", key) for key in stated), *of_classes)
    most = f"household_size_max {sizes.most}"
    lone = f" and {sizes.lone:.4g} of all people living alone" if sizes.lone else ""
    low, high = sizes.cvs if sizes.mean <= sizes.largest_mean else (0.0, 0.0)
    if sizes.lone * sizes.mean > 1:
        return  # said above
    if sizes.mean > sizes.largest_mean + TOLERANCE:
        rule = f"With {most}{lone} it is at most {sizes.largest_mean:.6g}"
        larger = "makes all others larger than" if sizes.mean <= sizes.most else "is above the size of"
        yield Finding(mean, f"{larger} the largest household", rule, shown(sizes.mean), uses=uses)
    elif sizes.cv > 0 and not low - TOLERANCE <= sizes.cv <= high + TOLERANCE:
        between = f"{low:.4g}" if high - low < TOLERANCE else f"from {low:.4g} to {high:.4g}"
        between += ", or 0: as little as there can be" if low > TOLERANCE else ""
        rule = f"With household_size_mean {sizes.mean:g}, {most}{lone} it is {between}"
        if sizes.cv > high and sizes.mean > 1:
            rule += f". Or household_size_max is {sizes.most_for_cv()} or more"
        yield Finding(cv, "cannot be kept", rule, shown(sizes.cv), uses=uses)


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
