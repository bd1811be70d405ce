"""The numbers of the interactive charts: every series by month with its band, packed once for both languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ....results.disclosure import is_small
from ....results.estimate_rows import ArmName, number
from ....store import Row
from ...text.tongue import Tongue, mark
from ...views.content import Content

# What a series is called and its kind, in the order in which they are offered.
INDICATORS = {
    "people_reached": (mark("People reached so far"), "people"),
    "people_unreached": (mark("People in need, not reached yet"), "people"),
    "people_in_need": (mark("People in need so far"), "people"),
    "caseload_people": (mark("People the operation is for"), "people"),
    "displaced": (mark("Displaced people in the country"), "people"),
    "refugees": (mark("Refugees abroad"), "people"),
    "cases_needed": (mark("Cases needed so far"), "cases"),
    "cases_served": (mark("Cases served so far"), "cases"),
    "cases_waiting": (mark("Cases waiting"), "cases"),
    "queue_length": (mark("Mean queue in the month"), "cases"),
    "people_without_for_money": (mark("People without a service for want of money"), "people"),
    "days_waited_for_money": (mark("Person-days waited for money"), "person-days"),
    "received_usd": (mark("Money received so far"), "usd"),
    "committed_usd": (mark("Committed, not yet spent"), "usd"),
    "spent_usd": (mark("Spent so far"), "usd"),
    "lapsed_usd": (mark("Given back so far"), "usd"),
    "requirement_so_far_usd": (mark("Cost of all needs so far"), "usd"),
    "available_so_far_usd": (mark("Money for services so far"), "usd"),
    "requirement_usd": (mark("Cost of the needs of the month"), "usd"),
    "gap_usd": (mark("The gap, by month of the need"), "usd"),
}
PLACES = (mark("Place"), mark("People in need"), mark("People reached"), mark("Share of all who come from here"))
ASPECTS = ("service", "group", "grant", "location")
_KINDS = {"service": "services", "group": "classes", "grant": "grants", "location": "locations"}
COLOURS = ("#0072B2", "#B84A00", "#00785A", "#A3457A", "#7A5C00", "#444444", "#5B4FA2", "#B2182B", "#1F7F8F", "#3F7D20",
           "#5D4037", "#C2185B")


def packed(content: Content, tongues: Sequence[Tongue]) -> str:
    """JSON: the series with their keys, names in each language, months. Safe to stand in a page."""
    series: dict[str, dict[str, Any]] = {}
    numbers = {arm: number for number, arm in enumerate(content.arms)}
    months: dict[ArmName, list[str]] = {arm: [] for arm in numbers}
    names: dict[str, dict[str, None]] = {aspect: {} for aspect in ASPECTS}
    for row in content.by_month:
        arm = ArmName(row["scenario"], row["rule"])
        if row["indicator"] not in INDICATORS or arm not in numbers or row["origin"]:
            continue
        key = "\t".join([row["indicator"], *(row[aspect] for aspect in ASPECTS)])
        for aspect in ASPECTS:
            if row[aspect]:
                names[aspect][row[aspect]] = None
        if row["period"] not in months[arm]:
            months[arm].append(row["period"])
        one = series.setdefault(key, {}).setdefault(str(numbers[arm]), {"at": [], "m": [], "l": [], "h": []})
        one["at"].append(row["period"])
        if (row["group"] or row["location"]) and INDICATORS[row["indicator"]][1] == "people" and _is_small(row, content):
            row = {**row, "mean": "", "p10": "", "p90": ""}
        for short, column in (("m", "mean"), ("l", "p10"), ("h", "p90")):
            one[short].append(_short(row[column]))
    every = sorted({month for one in months.values() for month in one})
    spans = {str(number): sorted(every.index(month) for month in months[arm]) for arm, number in numbers.items()}
    whole = {
        "colours": COLOURS,
        "months": len(every),
        "begins": {number: places[0] for number, places in spans.items() if places},
        "series": {key: {number: _packed(one[number], every, spans[number]) for number in one} for key, one in series.items()},
        "indicators": [name for name in INDICATORS if any(key.startswith(f"{name}\t") for key in series)],
        "names": {aspect: list(found) for aspect, found in names.items()},
        "kinds": {name: kind for name, (_, kind) in INDICATORS.items()},
        "words": {one.language: _words(content, one, every, names) for one in tongues},
    }
    return for_page(whole)


def _is_small(row: Row, content: Content) -> bool:
    """Whether a count of a class or place is of so few people that it is not told."""
    return is_small(number(row["mean"]), content.least)


def _packed(one: dict[str, Any], every: list[str], span: list[int]) -> list[Any]:
    """The mean by month of its scenario's course, and the band where it is not the mean; null where a month has no
    value. Of nothing but zeros: 0 and how many."""
    places = {month: place for place, month in enumerate(one["at"])}
    course = every[span[0] : span[-1] + 1]
    if one["m"] == [0] * len(course):
        return [0, len(course)]
    spread = [[one[name][places[m]] if m in places else None for m in course] for name in ("m", "l", "h")]
    return spread[:1] if spread[0] == spread[1] == spread[2] else spread


def _short(text: str) -> float | int | None:
    """Whole from 100 on, one decimal from 1 on, else three: what the page shows (`reliefsim.number`)."""
    if not text:
        return None
    value = float(text)
    number = round(value) if abs(value) >= 100 else round(value, 1 if abs(value) >= 1 else 3)
    return int(number) if number == int(number) else number


def _words(content: Content, tongue: Tongue, every: list[str], names: dict[str, dict[str, None]]) -> dict[str, Any]:
    def called(aspect: str, name: str) -> str:
        label = tongue.say(content.label(_KINDS[aspect], name))
        return tongue.say(content.label("refugees", name)) if label == name and aspect == "location" else label

    return {
        "scenarios": [tongue.told(content.name(arm)) for arm in content.arms],
        "indicators": {name: tongue.say(words) for name, (words, _) in INDICATORS.items()},
        "months": [tongue.month(one) for one in every],
        "short": [tongue.month(one, "LLL") for one in every],
        "years": [one[:4] for one in every],
        "units": {"usd": "USD", "people": tongue.say("people"), "cases": tongue.say("cases"),
                  "person-days": tongue.say("person-days")},
        "names": {aspect: {name: called(aspect, name) for name in found} for aspect, found in names.items()},
        "all": {
            "service": tongue.say("All services"), "group": tongue.say("All classes"),
            "grant": tongue.say("All grants"), "location": tongue.say("All places"),
        },
        "month": tongue.say("Month"),
        "mean": tongue.say("mean"),
        "band": tongue.say("10th to 90th percentile"),
        "to": tongue.say("{low} to {high}"),
        "shown": tongue.say("Shown: {what}"),
        "none": tongue.say("There is no such series in this study."),
        "numbers": tongue.say("Save the numbers of this chart (CSV)"),
        "places": [tongue.say(one) for one in PLACES],
        "picture": tongue.say("Picture"),
        "asPicture": tongue.say("Save the picture of this chart"),
        "found": tongue.say("{number} of {all} values shown"),
        "more": tongue.say("More money, USD"),
        "chance": tongue.say("Target met, share of runs"),
    }  # fmt: skip


def for_page(whole: Any) -> str:
    """JSON that can stand in a script element: no sign that could end it."""
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
