"""Random choices become small scenarios of all kinds, as the text of a file.

Times are multiples of half a day, so that much happens in one second.
"""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from .writing import Row, Table

Draw = Any  # Hypothesis' function that makes one choice

PEOPLE_IN_A_HOUSEHOLD = 8  # at most


@st.composite
def scenarios(draw: Draw) -> Table:
    """A scenario of some dozens of people, with one to four services of any kind and one to three grants."""
    horizon = draw(st.integers(20, 90))
    tree: Table = {
        "format": 1, "name": "law", "start_date": datetime.date(2012, 7, 1), "horizon_days": horizon,
        "caseload": _caseload(draw),
    }  # fmt: skip
    _world(draw, tree, horizon)
    if draw(st.booleans()) or tree["caseload"]["registered_at_start_share"] == 0:
        tree["dtm"] = _dtm(draw, horizon, list(tree.get("locations", {})))
    _services(draw, tree, horizon)
    _teams(draw, tree, horizon)
    if draw(st.integers(0, 9)) == 0:
        tree["money"] = "unlimited"
    else:
        _money(draw, tree, horizon)
    return tree


def _some(draw: Draw, table: Table, *choices: tuple[str, st.SearchStrategy[Any]]) -> None:
    """Put each key into the table or leave it out."""
    for key, values in choices:
        if draw(st.booleans()):
            table[key] = draw(values)


def _day(first: float, last: float) -> st.SearchStrategy[float]:
    return st.integers(int(2 * first), max(int(2 * first), int(2 * last))).map(lambda half: half / 2)


def _caseload(draw: Draw) -> Table:
    mean = draw(st.sampled_from([1, 3, 4.5]))
    caseload: Table = {
        "people": draw(st.integers(0, 70)),
        "household_size_mean": mean,
        "registered_at_start_share": draw(st.sampled_from([0, 0.5, 1])),
    }
    if mean > 1:
        caseload |= {"household_size_max": PEOPLE_IN_A_HOUSEHOLD, "household_size_cv": draw(st.sampled_from([0, 0.5]))}
    _some(draw, caseload, ("turnover_month", st.sampled_from([0.2, 0.8])), ("target_people", st.integers(1, 90)))
    return caseload


def _world(draw: Draw, tree: Table, horizon: int) -> None:
    laws: Table = {}
    if draw(st.booleans()):
        laws["trend"] = {"law": "compound", "growth_month": draw(st.sampled_from([-0.2, 0.5]))}
    if draw(st.booleans()):
        laws["sudden"] = {
            "law": "shock", "from_day": draw(_day(0, horizon - 1)), "size_share": draw(st.sampled_from([-0.3, 0.6])),
            "time_constant_days": draw(st.sampled_from([0, 7])),
        }  # fmt: skip
    if laws and tree["caseload"]["people"]:
        tree["displacement"] = laws
    arrivals = draw(st.sampled_from(["none", "rate", "instants"]))
    if arrivals == "rate":
        tree["arrivals"] = {"rate_per_day": draw(st.sampled_from([0.3, 1]))}
    elif arrivals == "instants":
        tree["arrivals"] = {"instants_days": sorted(draw(st.lists(_day(0, horizon - 1), min_size=1, max_size=12)))}
    if draw(st.booleans()):
        tree["classes"] = draw(st.sampled_from([_PLAIN_CLASSES, _ALL_CLASSES]))
    if draw(st.booleans()):
        closures = draw(st.lists(st.tuples(_day(0, horizon - 1), _day(0.5, 30)), max_size=2))
        tree["locations"] = {
            "north": {
                "share": 0.4, "price_factor": 1.25,
                "closures": [Row(from_day=begin, until_day=begin + long) for begin, long in closures],
            },
            "south": {"share": 0.6},
        }  # fmt: skip
    if draw(st.booleans()):
        tree["hosts"] = {"households_per_household": 0.4}


_PLAIN_CLASSES = {"aged": {"share": 0.4, "priority": 1}, "others": {"share": 0.6, "priority": 2}}
_ALL_CLASSES = {
    "alone": {"share": 0.05, "priority": 1, "who": "alone"},
    "heads": {"share": 0.1, "priority": 2, "who": "head"},
    "others": {"share": 0.85, "priority": 2},
}


def _dtm(draw: Draw, horizon: int, places: list[str]) -> Table:
    days = draw(st.lists(_day(0, horizon - 1), unique=True, max_size=4, min_size=1))
    here = {"locations": draw(st.lists(st.sampled_from(places), unique=True, min_size=1))} if places else {}
    stated = {"rounds": [Row(day=day, **(here if number % 2 else {})) for number, day in enumerate(days)]}
    regular = {"first_day": draw(_day(0, horizon / 2)), "every_days": draw(_day(3, 20))}
    return {
        **draw(st.sampled_from([regular, stated])),
        "find_probability": draw(st.sampled_from([0.5, 1])),
        "round_cost_usd": draw(st.sampled_from([0, 30.5])),
        "household_cost_usd": draw(st.sampled_from([0, 0.33])),
    }


def _duration(draw: Draw, most: float) -> Any:
    mean = draw(_day(0.5, most))
    laws = [mean, Row(law="exponential", mean_days=mean), Row(law="lognormal", mean_days=mean, cv=0.8)]
    return draw(st.sampled_from([*laws, mean]))


def _services(draw: Draw, tree: Table, horizon: int) -> None:
    services: Table = {}
    kinds = {"casework": _casework, "goods": _goods, "convoy": _convoy, "sessions": _sessions}
    for name in draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from(list(kinds)))
        service: Table = {"kind": kind, "intake": draw(st.sampled_from(["on-arrival", "dtm", "outreach"]))}
        _need(draw, tree, service)
        kinds[kind](draw, service)
        if service["intake"] == "outreach":
            service |= {"outreach_delay": draw(_day(0.5, 9)), "outreach_share": draw(st.sampled_from([0.5, 1]))}
        before = [other for other, known in services.items() if _same_people(known, service)]
        if before and draw(st.booleans()):
            service["after"] = draw(st.sampled_from(before))
        _some(
            draw, service, ("patience", _day(0.5, 25)), ("waiting_limit", st.integers(0, 12)),
            ("unpaid", st.sampled_from(["stop", "skip"])), ("life_saving_rank", st.integers(1, 3)),
            ("met_by_others_share", st.sampled_from([0.25])), ("works", st.sampled_from(["mon-fri", "fri-wed"])),
        )  # fmt: skip
        services[name] = service
    tree["services"] = services


def _same_people(service: Table, other: Table) -> bool:
    return all(service.get(key) == other.get(key) for key in ("unit", "population", "places"))


def _need(draw: Draw, tree: Table, service: Table) -> None:
    service["unit"] = draw(st.sampled_from(["household", "member"]))
    if "hosts" in tree and draw(st.integers(0, 3)) == 0:
        service["population"] = "hosts"
        service["intake"] = "on-arrival"
    if draw(st.booleans()):
        service["need_share"] = draw(st.sampled_from([0.5, 1]))
    else:
        service["need_rate_year"] = draw(st.sampled_from([1, 4]))
    service["unit_cost_usd"] = draw(st.sampled_from([0, 3.33, 10, 27.51, Row(values_usd=[1, 9.99], shares=[0.5, 0.5])]))


def _casework(draw: Draw, service: Table) -> None:
    service["duration"] = _duration(draw, 20)
    _some(draw, service, ("workers", st.integers(1, 3)), ("cases_per_worker", st.integers(1, 3)))


def _goods(draw: Draw, service: Table) -> None:
    service["duration"] = _duration(draw, 3)
    _some(draw, service, ("workers", st.integers(1, 3)))
    stock: Table = {
        "initial": draw(st.integers(0, 9)), "item_cost_usd": draw(st.sampled_from([0, 5.55])),
        "policy": draw(st.sampled_from(["rQ", "sS"])), "reorder_point": draw(st.integers(0, 4)),
        "lead_time": _duration(draw, 12), "unmet": draw(st.sampled_from(["wait", "lost"])),
        "order_partly": draw(st.booleans()),
    }  # fmt: skip
    stock["order_quantity" if stock["policy"] == "rQ" else "order_up_to"] = draw(st.integers(5, 15))
    _some(draw, stock, ("loss_share", st.sampled_from([0.1, 0.34])), ("handout_days", st.integers(0, 9)))
    service["stock"] = stock


def _convoy(draw: Draw, service: Table) -> None:
    service["duration"] = _duration(draw, 5)
    service["seats"] = draw(st.integers(PEOPLE_IN_A_HOUSEHOLD, 14))
    service["departure_cost_usd"] = draw(st.sampled_from([0, 20.02]))
    _some(
        draw, service, ("workers", st.integers(1, 2)), ("every_days", _day(2, 15)), ("longest_wait_days", _day(1, 9)),
        ("fill_share", st.sampled_from([0.5])),
    )  # fmt: skip
    if "every_days" in service and "longest_wait_days" not in service:
        _some(draw, service, ("only_on_schedule", st.booleans()))


def _sessions(draw: Draw, service: Table) -> None:
    service["unit"] = "member"
    service |= {
        "group_size": draw(st.integers(1, 6)), "sessions": draw(st.integers(1, 4)), "every_days": draw(_day(0.5, 7)),
        "session_hours": draw(st.sampled_from([2, 12])), "workers": draw(st.integers(1, 4)),
    }  # fmt: skip
    _some(draw, service, ("longest_wait_days", _day(1, 9)), ("groups_per_counsellor", st.integers(1, 2)))


def _teams(draw: Draw, tree: Table, horizon: int) -> None:
    teams: Table = {}
    for name in draw(st.lists(st.sampled_from(["t1", "t2", "t3"]), max_size=3, unique=True)):
        team: Table = {
            "count": draw(st.integers(1, 2) | _changing_count(horizon)),
            "cost_usd_per_30_days": draw(st.sampled_from([0, 15, 40.4])),
            "from_day": draw(_day(0, horizon / 2)),
        }
        _some(draw, team, ("service", st.sampled_from(list(tree["services"]))))
        if "service" in team:
            _some(
                draw, team, ("works", st.sampled_from(["mon-fri", "sun-thu"])), ("absence_share", st.sampled_from([0.2, 0.5])),
                ("holidays", st.just([datetime.date(2012, 7, 9), datetime.date(2012, 7, 10)])),
            )  # fmt: skip
        if draw(st.booleans()):
            team["until_day"] = team["from_day"] + draw(_day(0.5, 50))
        teams[name] = team
    if teams:
        tree["teams"] = teams


def _changing_count(horizon: int) -> st.SearchStrategy[list[Row]]:
    days = st.lists(st.tuples(_day(0.5, horizon), st.integers(0, 3)), min_size=1, max_size=3, unique_by=lambda one: one[0])
    return days.map(lambda found: [Row(from_day=day, count=n) for day, n in [(0, 2), *sorted(found)]])


def _money(draw: Draw, tree: Table, horizon: int) -> None:
    names = draw(st.lists(st.sampled_from(["g1", "g2", "g3"]), min_size=1, max_size=3, unique=True))
    tree["grants"] = {name: _grant(draw, tree, horizon) for name in names}
    if draw(st.integers(0, 3)) == 0:
        tree["pledges"] = {"p": _grant(draw, tree, horizon) | {"probability": draw(st.sampled_from([0, 0.5, 1]))}}
        tree["pledges"]["p"].pop("tranches", None)
    plan: Table = {
        "rule": draw(st.sampled_from(["by-need", "equal", "fixed-shares", "reallocate", "life-saving-first"])),
        "pay_order": draw(st.sampled_from(["ends-first", "shares"])),
        "unpaid": draw(st.sampled_from(["stop", "skip"])),
    }
    if draw(st.booleans()):
        plan["cofund"] = True
    if plan["rule"] in ("fixed-shares", "reallocate"):
        plan["shares"] = dict.fromkeys(tree["services"], 0.25)
        for grant in tree["grants"].values():
            _lines(draw, tree, grant)
    _some(draw, plan, ("replan_days", st.lists(_day(0, horizon - 1), min_size=1, max_size=2)))
    tree["plan"] = plan


def _lines(draw: Draw, tree: Table, grant: Table) -> None:
    """Lines for some of what a grant pays for, in shares or in dollars, and what may move between them."""
    payable = grant.get("pays_for", [*tree["services"], "running"])
    if draw(st.booleans()):
        part = draw(st.sampled_from([1.0, 0.9, 0.35])) / len(payable)
        whole = float(grant["amount_usd"]) / (1 + float(grant["indirect_rate"]))
        by_share = draw(st.booleans())
        grant["lines"] = {
            name: Row(share=int(part * 1000) / 1000) if by_share else Row(amount_usd=int(part * whole * 100) / 100)
            for name in payable
        }
    grant["flexibility_share"] = draw(st.sampled_from([0, 0, 0.15]))


def _grant(draw: Draw, tree: Table, horizon: int) -> Table:
    begin = draw(_day(0, horizon / 2))
    cents = draw(st.integers(0, 90_000))
    grant: Table = {
        "amount_usd": cents / 100, "from_day": begin, "indirect_rate": draw(st.sampled_from([0, 0.07, 0.125])),
        "end_rule": draw(st.sampled_from(["committed-by-end", "spent-and-done"])),
    }  # fmt: skip
    if draw(st.booleans()):
        grant["until_day"] = begin + draw(_day(5, horizon))
    if grant["end_rule"] == "committed-by-end":
        _some(draw, grant, ("liquidation_days", _day(0, 20)))
    last = min(grant.get("until_day", horizon), horizon) - 0.5
    if draw(st.booleans()) and last > begin:
        grant["tranches"] = [
            Row(day=begin, amount_usd=(cents // 3) / 100),
            Row(day=draw(_day(begin, last)), amount_usd=(cents - cents // 3) / 100),
        ]
    if draw(st.booleans()):
        choices = [*tree["services"], "running"]
        grant["pays_for"] = draw(st.lists(st.sampled_from(choices), min_size=1, unique=True))
    return grant
