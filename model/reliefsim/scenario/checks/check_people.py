"""People: shares that add up, households that can be, a caseload within the displaced."""

from __future__ import annotations

from collections.abc import Iterator

from ..checking import TOLERANCE, check, fault, total, warning
from ..faults import Finding
from ..household_sizes import Sizes, caseload_sizes, host_sizes
from ..schema import Scenario


@check
def shares_add_up_to_one(s: Scenario) -> Iterator[Finding]:
    """Classes, origins and locations each divide all people."""
    for section in ("classes", "origins", "locations"):
        parts = getattr(s, section)
        added = total(part.share for part in parts.values())
        if parts and abs(added - 1) > TOLERANCE:
            problem, rule = f"shares add up to {added:.10g}, not 1", "The shares of all add up to 1"
            yield fault(section, problem, rule, uses=f"{section}.*.share")


@check
def heads_and_the_lone_are_no_more_than_households(s: Scenario) -> Iterator[Finding]:
    """A household has one head, and one who lives alone is a household."""
    mean = float(s.caseload.household_size_mean.value)
    counted = {name: part for name, part in s.classes.items() if part.who != "any"}
    added = total(part.share for part in counted.values())
    if added * mean > 1 + TOLERANCE:
        rule = f"Only one in {mean:g} people heads a household (household_size_mean): at most {1 / mean:.4g} together"
        problem = f"classes of heads and of people alone have {added:.4g} of all people, more than there are households"
        also = "classes.*.share|who caseload.household_size_mean"
        yield fault(f"classes.{min(counted)}.share", problem, rule, also=also)


@check
def households_have_a_size_that_can_be(s: Scenario) -> Iterator[Finding]:
    """Whole people in households no larger than the largest, some of one by class, can have that mean and that cv."""
    yield from _sizes_that_can_be(caseload_sizes(s), "caseload")
    if s.hosts is not None and (s.hosts.household_size_mean or s.hosts.household_size_cv):
        yield from _sizes_that_can_be(host_sizes(s), "hosts")


def _sizes_that_can_be(sizes: Sizes, section: str) -> Iterator[Finding]:
    keys = "household_size_mean|household_size_cv"
    also = f"{section}.{keys} caseload.{keys}|household_size_max classes.*.share|who"
    most = f"household_size_max {sizes.most}"
    lone = f" and {sizes.lone:.4g} of all people living alone" if sizes.lone else ""
    low, high = sizes.cvs if sizes.mean <= sizes.largest_mean else (0.0, 0.0)
    if sizes.lone * sizes.mean > 1:
        return  # said above
    if sizes.mean > sizes.largest_mean + TOLERANCE:
        rule = f"With {most}{lone} it is at most {sizes.largest_mean:.6g}"
        larger = "makes all others larger than" if sizes.mean <= sizes.most else "is above the size of"
        yield fault(f"{section}.household_size_mean", f"{larger} the largest household", rule, sizes.mean, also)
    elif sizes.cv > 0 and not low - TOLERANCE <= sizes.cv <= high + TOLERANCE:
        between = f"{low:.4g}" if high - low < TOLERANCE else f"from {low:.4g} to {high:.4g}"
        between += ", or 0: as little as there can be" if low > TOLERANCE else ""
        rule = f"With household_size_mean {sizes.mean:g}, {most}{lone} it is {between}"
        if sizes.cv > high and sizes.mean > 1:
            rule += f". Or household_size_max is {sizes.most_for_cv()} or more"
        yield fault(f"{section}.household_size_cv", "cannot be kept", rule, sizes.cv, also)


@check
def the_caseload_can_be(s: Scenario) -> Iterator[Finding]:
    """Leavers returned, crossed a border or moved on; the operation is for some of the displaced, and for somebody."""
    load = s.caseload
    added = float(load.returned_share.value) + float(load.crossed_border_share.value)
    if added > 1 + TOLERANCE:
        rule = "returned_share (1 unless stated) and crossed_border_share are at most 1 together"
        problem = f"and returned_share add up to {added:.10g}"
        yield fault("caseload.crossed_border_share", problem, rule, also="caseload.returned_share")
    if load.displaced_people is not None and load.displaced_people.value < load.people.value:
        rule = f"caseload.people is {load.people.value}, and they are among the displaced"
        path, problem = "caseload.displaced_people", "is smaller than the caseload"
        yield warning(path, problem, rule, load.displaced_people, "caseload.people")
    if load.people.value == 0 and s.arrivals is None and not s.displacement:
        yield warning("caseload.people", "is 0 and nobody arrives: nobody is served", also="arrivals displacement")
