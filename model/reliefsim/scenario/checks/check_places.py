"""Places and labels: services open somewhere, and one name for what is reported together."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath, shown
from ..schema import Scenario


def services_are_somewhere(s: Scenario) -> Iterator[Finding]:
    """A list of places has at least one."""
    for name, service in sorted(s.services.items()):
        if service.places is not None and not service.places:
            path: KeyPath = ("services", name, "places")
            yield Finding(path, "is empty: the service is nowhere", "Leave places out to serve all locations")


def what_is_reported_together_is_alike(s: Scenario) -> Iterator[Finding]:
    """Services with one counts_as have one unit and one population, and no name leads on to a third."""
    for name, service in sorted(s.services.items()):
        label = service.counts_as
        path: KeyPath = ("services", name, "counts_as")
        if label is None:
            continue
        head = s.services.get(label)
        if head is not None and head.counts_as not in (None, label):
            rule = f"{label} itself counts as {head.counts_as}"
            uses: tuple[KeyPath, ...] = (path, ("services", label, "counts_as"))
            yield Finding(path, "leads on to a third name", rule, shown(label), uses=uses)
        # The service of that name, if there is one, or the first that counts so.
        of_name = label if head else min(one for one in s.services if s.services[one].counts_as == label)
        first = s.services[of_name]
        if (service.unit, service.population) != (first.unit, first.population):
            theirs = f"{of_name} counts {first.population} by {first.unit}"
            rule = f"{theirs}, {name} {service.population} by {service.unit}"
            uses = tuple(("services", one, key) for one in (of_name, name) for key in ("unit", "population"))
            yield Finding(path, "joins services that count different things", rule, shown(label), uses=uses)


CHECKS = (services_are_somewhere, what_is_reported_together_is_alike)
