"""Names: none twice, none that means something else."""

from __future__ import annotations

from collections.abc import Iterator

from ..checking import RUNNING, check, fault
from ..faults import Finding, shown
from ..schema import Scenario

_NAMED = (
    "services", "teams", "classes", "origins", "locations", "grants", "pledges", "shocks", "displacement",
    "refugees",
)  # fmt: skip


@check
def names_are_told_apart(s: Scenario) -> Iterator[Finding]:
    """Two things of one kind, two files on some machines, a grant and a pledge in one ledger would be taken for one."""
    for section in _NAMED:
        first: dict[str, str] = {}
        for name in sorted(getattr(s, section)):
            other = first.setdefault(name.lower(), name)
            if other != name:
                problem, rule = f"differs from {other} in case only", "Names differ by more than case"
                yield fault(f"{section}.{name}", problem, rule, shown(name), uses="")
    grants = {name.lower(): name for name in s.grants}
    for name in sorted(s.pledges):
        if name.lower() in grants:
            problem, rule = f"has the name of grants.{grants[name.lower()]}", "A grant and a pledge have two names"
            yield fault(f"pledges.{name}", problem, rule, shown(name), uses="")
    if RUNNING in s.services:
        rule = "In pays_for, running means management, teams and DTM rounds"
        yield fault("services.running", "is a name kept for running costs", rule, uses="")
