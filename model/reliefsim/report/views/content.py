"""A study's folder becomes what views are made from: its arms in order, and what things are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...results.disclosure import LEAST
from ...results.study_folder import ArmName, StudyFolder
from ...store import Row
from ..text.said import Text, Title
from ..text.tongue import Tongue
from .view_table import Column, Head

_PLACES = ("locations", "origins")
Naming = Callable[[ArmName], Text]  # what a scenario is called


@dataclass(frozen=True)
class Content:
    """Everything that views show: nothing comes from anywhere but the folders' files."""

    study: StudyFolder

    @property
    def by_month(self) -> list[Row]:
        """The rows with a month, of monthly.csv and gap.csv."""
        return [row for name in ("monthly", "gap") for row in self.study.tables.get(name, ()) if row["period"]]

    @property
    def least(self) -> int:
        """Fewer people than this of a class or place are not told."""
        return int(self.study.made.get("disclosure", LEAST))

    @property
    def arms(self) -> tuple[ArmName, ...]:
        """All scenarios, the reference first."""
        first = self.study.reference
        return (first, *(arm for arm in self.study.arms if arm != first))

    @cached_property
    def _prefix(self) -> str:
        """What the titles of all scenarios begin with: ``Mali 2012: ``; empty if one does not, or there is one alone."""
        head, colon, _ = self.title(self.study.reference).partition(": ")
        alike = all(self.title(arm).startswith((f"{head}: ", f"{head} ")) for arm in self.arms)
        return f"{head}: " if colon and alike and len(self.arms) > 1 else ""

    def title(self, arm: ArmName) -> str:
        """What the scenario's file calls it."""
        return str(self.study.stated(arm).get("title") or arm.scenario)

    def name(self, arm: ArmName) -> Text:
        """A scenario in a few words, with its rule where there are several."""
        title = self.title(arm)
        rules = {one.rule for one in self.arms if one.scenario == arm.scenario}
        is_cut = title.startswith(self._prefix) or self._tails.count(title.partition(": ")[2]) == 1
        return Title(title, bool(self._prefix) and is_cut, arm.rule if len(rules) > 1 else "")

    @cached_property
    def _tails(self) -> list[str]:
        """What stands behind the colon of each title."""
        return [title.partition(": ")[2] for title in dict.fromkeys(self.title(arm) for arm in self.arms)]

    def heads(self) -> list[Column]:
        """The scenarios as heads of columns."""
        return [Column(Head(self.name(arm), mark=number)) for number, arm in enumerate(self.arms)]

    def subject(self, tongue: Tongue) -> str:
        """What all scenarios are about: ``Mali 2012``, or where they share no name, the first one's and how many more."""
        titles = [tongue.say(title) for title in dict.fromkeys(self.title(arm) for arm in self.arms)]
        if self._prefix:
            return titles[0].split(": ")[0].rstrip("\u00a0 ")
        if len(titles) < 3:
            return tongue.listed(titles)
        return tongue.say("{scenario}, and {number} other scenarios", scenario=titles[0], number=len(titles) - 1)

    def label(self, kind: str, name: str) -> str:
        """What the scenarios call a service, class, grant or place."""
        if kind in _PLACES:  # the tables name places by their P-codes where they have one
            entries = [(key, one) for arm in self.arms for key, one in self.study.stated(arm).get(kind, {}).items()]
            name = next((key for key, one in entries if one.get("pcode") == name), name)
        return self.study.any_label(kind, name)

    def services(self, arm: ArmName | None = None) -> list[str]:
        """The services of one or of all scenarios, in the files' order."""
        if arm is not None:
            return list(self.study.indicators.along(arm, "need_covered", "service"))
        return self.study.names("need_covered", "service")

    def grants(self, arms: Sequence[ArmName] | None = None) -> list[str]:
        """The grants and pledges of some or all scenarios."""
        found = [name for arm in arms or self.arms for name in self.study.indicators.along(arm, "spent_usd", "grant")]
        return list(dict.fromkeys(found))
