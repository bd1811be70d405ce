"""Small operations drawn at random: a few services of any kind, grants of any kind, on whole hours so that ties abound."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from reliefsim.scenario.schema import Scenario

PLACES, CLASSES, SERVICES, GRANTS = ("east", "west"), ("first", "second"), ("a", "b", "c"), ("g", "h", "i")


def days(low: int, high: int, steps: int = 4) -> st.SearchStrategy[float]:
    """Days in steps of a quarter of a day (or so), so that many things happen in one second."""
    return st.integers(max(1, low * steps), high * steps).map(lambda step: step / steps)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or none."""
    return st.none() | strategy


LAWS = st.one_of(
    days(0, 6),
    st.builds(lambda mean: {"law": "exponential", "mean_days": mean}, days(0, 4)),
    st.builds(lambda a, b: {"law": "empirical", "values_days": (a, b)}, days(0, 3), days(1, 8)),
)
PRICES = st.one_of(
    st.sampled_from([0, 0.01, 3, 7.77, 33.4]),
    st.builds(
        lambda a, b: {"values_usd": (float(a), float(b)), "shares": (0.5, 0.5)}, st.integers(0, 5), st.integers(1, 9)
    ),
)


@st.composite
def services(draw: st.DrawFn, others: list[str], by_teams: bool) -> dict[str, Any]:
    """One service; ``by_teams``: with few workers of its own."""
    kind = draw(st.sampled_from(["casework", "goods", "convoy", "sessions"]))
    intake = draw(st.sampled_from(["on-arrival", "dtm", "outreach"]))
    need = draw(st.sampled_from(["need_share", "need_rate_year"]))
    service: dict[str, Any] = {
        "kind": kind,
        "unit": draw(st.sampled_from(["household", "member"])),
        "intake": intake,
        need: draw(st.sampled_from([0.3, 0.9] if need == "need_share" else [4, 15])),
        "places": draw(maybe(st.just(("east",)))),
        "population": draw(st.sampled_from(["caseload"] * 5 + ["hosts"])),
        "after": draw(maybe(st.sampled_from(others))) if others else None,
        "patience": draw(maybe(LAWS)),
        "waiting_limit": draw(maybe(st.integers(0, 6))),
        "unit_cost_usd": draw(PRICES),
        "unpaid": draw(st.sampled_from(["stop", "skip"])),
        "workers": draw(maybe(st.sampled_from([0] if by_teams else [0, 1, 3, "unlimited"]))),
        "works": draw(maybe(WEEKS)),
        "holidays": draw(maybe(HOLIDAYS)),
    }
    if intake == "outreach":
        service |= {"outreach_share": draw(st.sampled_from([0.5, 1])), "outreach_delay": draw(maybe(LAWS))}
    service |= draw({"casework": CASEWORK, "goods": GOODS, "convoy": CONVOYS, "sessions": SESSIONS}[kind])
    return {key: value for key, value in service.items() if value is not None}


WEEKS = st.sampled_from(["mon-fri", "sun-thu", "sat-sat", "tue-mon", ("mon", "wed"), ("fri", "thu", "fri")])
HOLIDAYS = st.lists(st.integers(1, 28).map(lambda day: datetime.date(2020, 1, day)), max_size=4).map(tuple)
_CHANGES = st.lists(st.tuples(st.sampled_from([3, 5, 5.5, 7, 10, 18, 30]), st.integers(0, 4)), max_size=3)
COUNTS = st.one_of(
    st.integers(0, 3),
    st.builds(
        lambda first, changes: tuple({"from_day": day, "count": n} for day, n in [(0, first), *sorted(dict(changes).items())]),
        st.integers(0, 4), _CHANGES,
    ),
)  # fmt: skip
TEAMS = st.fixed_dictionaries(
    {
        "count": COUNTS,
        "cost_usd_per_30_days": st.sampled_from([0, 0, 6, 60]),
        "from_day": st.sampled_from([0, 2, 5, 10, 15.25]),
    },
    optional={
        "until_day": st.sampled_from([16, 18, 20, 30.5]),
        "paid_until_day": st.sampled_from([3, 12]),
        "works": WEEKS,
        "holidays": HOLIDAYS,
        "absence_share": st.sampled_from([0.1, 0.25, 0.5, 0.9]),
    },
)
TERMS = st.fixed_dictionaries({"from_day": st.sampled_from([0, 2, 5, 10]), "until_day": st.sampled_from([16, 18, 20])})


CASEWORK = st.fixed_dictionaries({"duration": LAWS, "cases_per_worker": st.integers(1, 3)})
STOCK = st.fixed_dictionaries(
    {
        "initial": st.integers(0, 6),
        "item_cost_usd": st.sampled_from([0, 2, 5.55]),
        "reorder_point": st.integers(0, 4),
        "order_quantity": st.integers(1, 8),
        "order_up_to": st.integers(4, 12),
        "policy": st.sampled_from(["rQ", "sS"]),
        "lead_time": maybe(LAWS),
        "unmet": st.sampled_from(["wait", "wait", "lost"]),
        "loss_share": st.sampled_from([0, 0.2]),
        "handout_days": st.sampled_from([0, 2]),
        "order_partly": st.booleans(),
    }
)
GOODS = st.fixed_dictionaries({"duration": LAWS, "stock": STOCK})
CONVOYS = st.fixed_dictionaries(
    {
        "duration": LAWS,
        "seats": maybe(st.integers(2, 9)),
        "fill_share": st.sampled_from([0.5, 1]),
        "every_days": maybe(days(1, 5)),
        "only_on_schedule": st.sampled_from([False, False, True]),
        "longest_wait_days": maybe(days(1, 6)),
        "departure_cost_usd": st.sampled_from([0, 4, 11.11, 40]),
    }
).map(lambda convoy: convoy | {"longest_wait_days": None} if convoy["only_on_schedule"] else convoy)
SESSIONS = st.fixed_dictionaries(
    {
        "group_size": st.integers(1, 9),
        "longest_wait_days": maybe(days(1, 6)),
        "sessions": st.integers(1, 4),
        "every_days": days(1, 3),
        "session_hours": st.sampled_from([2, 6, 24]),
        "counsellors_per_session": st.integers(1, 2),
        "groups_per_counsellor": maybe(st.integers(1, 2)),
    }
)


@st.composite
def grants(draw: st.DrawFn, services: list[str], cofund: bool) -> dict[str, Any]:
    """One grant; of those that pay together, small ones that may pay for all, so that prices do not fit."""
    from_day = draw(st.sampled_from([0, 0, 3]))
    amount = draw(st.sampled_from([5, 12.5, 20.25, 40.5] if cofund else [0.5, 2.5, 20, 100, 400.01]))
    grant: dict[str, Any] = {
        "amount_usd": amount,
        "from_day": from_day,
        "until_day": draw(maybe(st.sampled_from([10, 15, 30]))),
        "pays_for": None if cofund else draw(maybe(st.just((services[0], "running")))),
        "indirect_rate": draw(st.sampled_from([0, 0.07, 0.333])),
        "end_rule": draw(st.sampled_from(["committed-by-end", "spent-and-done"])),
        "liquidation_days": draw(st.sampled_from([None, 0, 4])),
        "tranches": draw(
            st.sampled_from([None, ({"day": 5, "amount_usd": 0.25}, {"day": 8, "amount_usd": amount - 0.25})])
        ),
    }
    if grant["end_rule"] == "spent-and-done":
        grant["liquidation_days"] = None
    grant |= draw(requests([name for name in (*services, "running") if name in (grant["pays_for"] or (name,))]))
    if (grant["until_day"] or 40) > 12 and draw(st.booleans()):
        grant["no_cost_extension"] = {"asked_day": 4, "answer_days": 5, "probability": 0.7, "until_day": 35}
        if grant["until_day"] is None:
            grant["no_cost_extension"]["until_day"] = 60
    return {key: value for key, value in grant.items() if value is not None}


@st.composite
def requests(draw: st.DrawFn, payable: list[str]) -> dict[str, Any]:
    """A grant's lines (or none), what may move between them, and other lines that are asked for."""
    found: dict[str, Any] = {"flexibility_share": draw(st.sampled_from([0, 0.15, 1]))}
    if draw(st.booleans()):
        found["lines"] = {name: {"share": round(1 / len(payable), 3)} for name in payable}
        if draw(st.booleans()):
            lines = {payable[-1]: {"share": 0.6}, payable[0]: {"share": 0.3}}
            found["amendments"] = ({"asked_day": 1, "answer_days": 5, "probability": 0.5, "lines": lines},)
    return found


@st.composite
def shocks(draw: st.DrawFn, money: dict[str, Any]) -> dict[str, Any]:
    """Up to three shocks; days are those on which much else happens, and not all lie in a window."""
    found: dict[str, Any] = {}
    for name in ("early", "late", "other")[: draw(st.sampled_from([0, 0, 1, 1, 2, 3]))]:
        kind = draw(st.sampled_from(["stop-work", "suspension", "suspension", "late", "cut"]))
        shock: dict[str, Any] = {
            "kind": kind,
            "grants": tuple(draw(st.sampled_from([list(money), list(money)[:1], list(money)[-1:]]))),
            "probability": draw(st.sampled_from([1, 1, 0.5])),
        }
        if kind != "late" or draw(st.booleans()):
            shock["day"] = draw(st.sampled_from([0, 3, 5, 6, 8, 9.25, 12, 20]))
        if kind in ("suspension", "late"):
            shock["days"] = draw(st.sampled_from([1, 2.25, 5, 12]))
        if kind in ("stop-work", "suspension"):
            shock["commitments"] = draw(st.sampled_from(["honoured", "stopped"]))
        if kind == "cut":
            shock["share"] = draw(st.sampled_from([0.1, 0.333, 1]))
        found[name] = shock
    return found


@st.composite
def rounds(draw: st.DrawFn) -> dict[str, Any]:
    """Up to four rounds of one place or of all, in any order of their days; some cannot be paid."""
    stated: list[dict[str, Any]] = []
    for day in draw(st.lists(st.sampled_from([0, 2, 3, 5, 9.25, 20]), unique=True, max_size=4, min_size=1)):
        where = draw(st.sampled_from([None, ("east",), ("west",), ("west",), ("west", "east")]))
        one = {"day": day, "locations": where, "round_cost_usd": draw(st.sampled_from([None, 0, 11, 500]))}
        stated.append({key: value for key, value in one.items() if value is not None})
    cv = draw(st.sampled_from([0, 0.3]))
    return {"rounds": tuple(stated), "find_probability": 0.6, "round_cost_usd": 3, "household_cost_usd": 0.5, "count_cv": cv}


@st.composite
def operations(draw: st.DrawFn) -> Scenario:
    """A whole small operation; every other is about teams that change and end, with people and money enough to see it."""
    by_teams = draw(st.booleans())
    names = list(SERVICES[: draw(st.integers(1, 3))])
    stated: dict[str, Any] = {}
    for name in names:
        stated[name] = draw(services(list(stated), by_teams))
    unlimited = draw(st.sampled_from([True, by_teams, False, False]))
    cofund = draw(st.booleans())
    most = draw(st.integers(2 if cofund else 1, 3))
    money = {} if unlimited else {name: draw(grants(names, cofund)) for name in GRANTS[:most]}
    closures = draw(
        st.sampled_from([(), ({"from_day": 4, "until_day": 9},), ({"from_day": 2, "until_day": 7}, {"from_day": 5})])
    )
    teams = {
        f"team-{name}-{number}": draw(TEAMS) | (draw(TERMS) if by_teams else {}) | {"service": name}
        for name in names
        for number in range(draw(st.integers(int(by_teams), 3)))
    }
    tree = {
        "name": "drawn",
        "start_date": datetime.date(2020, 1, 1),
        "horizon_days": 40,
        "money": "unlimited" if unlimited else "grants",
        "caseload": {
            "people": draw(st.integers(20 * by_teams, 60)),
            "household_size_mean": draw(st.sampled_from([1, 2.5])),
            "household_size_cv": 0.5,
            "turnover_month": draw(st.sampled_from([0, 0.5])),
            "registered_at_start_share": draw(st.sampled_from([0, 0.5])),
        },
        "arrivals": draw(
            st.sampled_from([None, {"instants_days": tuple(n / 4 for n in range(60))}, {"rate_per_day": 2}])
        ),
        "classes": {"first": {"share": 0.3, "priority": 1}, "second": {"share": 0.7, "priority": 2}},
        "locations": {"east": {"share": 0.6, "closures": closures}, "west": {"share": 0.4, "price_factor": 1.5}},
        "hosts": {"households_per_household": 0.5},
        "services": stated,
        "teams": teams,
        "dtm": draw(
            st.sampled_from([None, {"first_day": 2, "every_days": 5, "find_probability": 0.6, "round_cost_usd": 3}])
            | rounds()
        ),
        "grants": money,
        "shocks": draw(shocks(money)) if money else {},
        "plan": {
            "rule": draw(st.sampled_from(["equal", "by-need", "life-saving-first", "reallocate", *["fixed-shares"] * 4])),
            "shares": {name: {"value": 0.3} for name in names},
            "pay_order": draw(st.sampled_from(["ends-first", "shares"])),
            "replan_days": draw(st.sampled_from([(), (6.0, 12.25)])),
            "cofund": cofund,
        },
    }
    return Scenario.model_validate({key: value for key, value in tree.items() if value is not None})
