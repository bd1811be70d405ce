"""A map of Mali: where people come from, where they are, and who of them is reached."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from ....results.disclosure import told
from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue
from ...views.content import Content
from ...views.people_view import small_cells


@dataclass(frozen=True)
class Region:
    """A region: its outline, where its name stands, its circle, the share of the displaced who come from it, the share
    of those in need there who are not reached, and all that in words."""

    name: str
    path: str
    x: float
    y: float
    need: str = ""
    reached: str = ""
    outer: float = 0.0  # radius; the area is as the people in need
    inner: float = 0.0  # radius; the area is as those reached
    origin: str = ""
    left: float = math.nan
    words: str = ""

    @property
    def step(self) -> int:
        """Its shade: how many of the steps more than that share is above; -1 where nobody is in need."""
        return sum(self.left > edge for edge in _STEPS) if self.left == self.left else -1


@dataclass(frozen=True)
class Map:
    """What is drawn."""

    title: str
    words: str
    width: float
    height: float
    regions: list[Region]


_LARGEST = 46.0  # radius
_STEPS = (0.25, 0.5, 0.75)  # shares of those in need who are not reached; the last step is open


@cache
def shapes() -> dict[str, Any]:
    """The outlines of the regions by their P-codes; the file says where they come from."""
    text = (files("reliefsim.report.page") / "map" / "mali.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def drawn(content: Content, tongue: Tongue, arm: ArmName) -> Map | None:
    """The map of one scenario; none if its places are not regions of Mali, each its own."""
    known = shapes()
    stated = content.study.stated(arm)
    codes = {
        kind: {str(one.get("pcode", "")): name for name, one in stated.get(kind, {}).items()}
        for kind in ("locations", "origins")
    }  # the tables name places by their P-codes, but not those that share one
    if any(len(codes[kind]) < len(stated.get(kind, {})) for kind in codes):
        return None
    if not codes["locations"] or not {*codes["locations"], *codes["origins"]} <= set(known["regions"]):
        return None
    needs = {code: content.study.get(arm, "people_in_need", location=code).mean for code in codes["locations"]}
    most = max([1.0, *(one for one in needs.values() if one == one)])
    from_all = sum(content.study.get(arm, "people_in_need", origin=code).mean for code in codes["origins"]) or 1.0
    small, least = small_cells(content, arm, "location"), told(content.least)
    regions = []
    for code, shape in known["regions"].items():
        need = needs.get(code, math.nan)
        name = codes["locations"].get(code, "")
        reached = content.study.get(arm, "people_reached", location=code).mean if name else math.nan
        coming = content.study.get(arm, "people_in_need", origin=code).mean if code in codes["origins"] else math.nan
        left = 1 - reached / need if need > 0 else math.nan
        regions.append(
            Region(
                name=tongue.say(content.label("locations", code)) if name else str(shape["name"]),
                path=shape["path"],
                x=shape["x"],
                y=shape["y"],
                need=least if ("people_in_need", code) in small else tongue.number(need),
                reached=least if ("people_reached", code) in small else tongue.number(reached),
                outer=round(_LARGEST * math.sqrt(max(0.0, need) / most), 1) if need == need else 0.0,
                inner=round(_LARGEST * math.sqrt(max(0.0, reached) / most), 1) if reached == reached else 0.0,
                origin=tongue.percent(coming / from_all, 0) if coming == coming and coming > 0 else "",
                left=math.nan if small & {("people_in_need", code), ("people_reached", code)} else left,
            )
        )
    return Map(
        title=tongue.say(
            "Where people come from, where they are, and who is reached: {scenario}", scenario=tongue.told(content.name(arm))
        ),
        words=_words(tongue, regions),
        width=known["width"],
        height=known["height"],
        regions=[replace(one, words=_told(tongue, one)) for one in regions],
    )  # fmt: skip


def _told(tongue: Tongue, one: Region) -> str:
    """A region in words."""
    words = one.name
    if one.outer > 0:
        words = tongue.say("{place}: {need} in need, {reached} reached", place=one.name, need=one.need, reached=one.reached)
    if one.step >= 0:
        words += ", " + tongue.say("{share} not reached", share=tongue.percent(one.left, 0))
    return words + "; " + tongue.say("{share} come from here", share=one.origin) if one.origin else words


def _words(tongue: Tongue, regions: list[Region]) -> str:
    """The map in words."""
    here = sorted((one for one in regions if one.outer > 0), key=lambda one: -one.outer)
    told = [
        tongue.say("{place}: {need} in need, {reached} reached", place=one.name, need=one.need, reached=one.reached)
        for one in here
    ]
    came = [tongue.say("{share} from {place}", share=one.origin, place=one.name) for one in regions if one.origin]
    return ". ".join([*told, *came]) + "."


def abroad(content: Content, tongue: Tongue, arm: ArmName) -> str:
    """Refugees at the end, who are counted and not served."""
    found = content.study.indicators.along(arm, "refugees", "location")
    return tongue.listed(
        [
            f"{tongue.say(content.label('refugees', name))} {tongue.number(one.mean)}"
            for name, one in found.items()
            if one.mean == one.mean
        ]
    )
