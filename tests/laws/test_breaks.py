"""Breaks are what a service's cases and its money say: nothing starts while people wait for want of money or goods.

Seen red, each fault planted in the model by itself and taken away again: what starts does not end a break; a break ends a
second too late; a queue that skips does not stand still while the cheapest case there might be could be paid for; the end
of a window goes unnoticed until something else happens.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given

from reliefsim import load_scenario, simulate
from reliefsim.layout import Account, Outcome, Reason
from reliefsim.records import Run
from reliefsim.units import MISSING

from .busy import busy_run
from .facts import FOR_EVER, Row, closures, grant_of, in_cents, rows, service_of, teams_at, was_stopped, window
from .making import scenarios
from .shortfall import may_pay
from .test_laws import run_of, tried
from .writing import Table, toml

PPM = 1_000_000
Break = tuple[int, int, int]  # begins, ends, reason


def of_service(run: Run, s: int) -> list[Break]:
    found = [(row.begins, row.ends, row.reason) for row in rows(run.breaks) if row.service == s]
    assert found == sorted(found)
    return found


def _stops(case: Row) -> int:
    """The second from which a case waits no longer."""
    return int(case.started if case.started != MISSING else case.ended if case.ended != MISSING else FOR_EVER)


def check_breaks(run: Run) -> int:
    """What holds of every break in every run; how many there are."""
    for s in range(len(run.names.services)):
        waiting = [case for case in rows(run.cases) if case.service == s and case.opened != MISSING]
        before = 0
        for begins, ends, reason in of_service(run, s):
            until = run.horizon if ends == MISSING else ends
            assert before <= begins < until <= run.horizon, "breaks follow one another inside the run"
            assert not any(begins < case.started < until for case in waiting), "nothing starts in a break"
            at = begins
            for case in sorted(waiting, key=lambda case: case.opened):
                if case.opened <= at:
                    at = max(at, _stops(case))
            assert at >= until, "somebody waits throughout a break"
            assert reason == Reason.MONEY or (reason == Reason.GOODS and service_of(run, s).kind == "goods")
            if reason == Reason.GOODS and not was_stopped(run):
                assert _is_empty(run, s, begins, until), "the store is empty while goods are short"
            before = until
        _check_horizon(run, s, waiting)
        _check_short(run, s, waiting)
    return len(run.breaks)


def _check_short(run: Run, s: int, waiting: list[Row]) -> None:
    """A service that stands still for want of money to the end has done so since one of its breaks for money began."""
    since, found = int(run.short_since[s]), of_service(run, s)
    if since == MISSING:
        assert not found or found[-1][1:] != (MISSING, Reason.MONEY)
        return
    assert since in {begins for begins, _, reason in found if reason == Reason.MONEY}
    assert all(reason == Reason.MONEY for begins, _, reason in found if begins >= since)
    assert all(case.started <= since for case in waiting), "what stands still starts nothing"


def _is_empty(run: Run, s: int, begins: int, until: int) -> bool:
    changes = [
        (one.arrived, one.quantity - one.lost) for one in rows(run.orders) if one.service == s and one.arrived >= 0
    ]
    changes += [(case.started, -1) for case in rows(run.cases) if case.service == s and case.started != MISSING]
    initial = int(service_of(run, s).stock.initial.value)
    seconds = [begins, *(time for time, _ in changes if begins < time < until)]
    return all(initial + sum(change for time, change in changes if time <= second) == 0 for second in seconds)


def _check_horizon(run: Run, s: int, waiting: list[Row]) -> None:
    """The last break lasts on exactly if the one who stands first at the horizon lacks money or goods."""
    if run.scenario.money != "unlimited" and any(
        grant_of(run, g).end_rule == "spent-and-done" for g in range(len(run.names.grants))
    ):
        return  # what may be paid then depends on the second
    skips = (service_of(run, s).unpaid or run.scenario.plan.unpaid) == "skip"
    stated = run.scenario.classes
    there = sorted(
        (stated[run.names.classes[case.priority_class]].priority if stated else 1, case.opened, number, case.reason)
        for number, case in enumerate(waiting)
        if case.outcome == Outcome.WAITING and case.reason != Reason.ACCESS
    )
    lasting = [reason for _, ends, reason in of_service(run, s) if ends == MISSING]
    alone = service_of(run, s).kind in ("casework", "goods")
    is_short = bool(there) and there[0][3] in (Reason.MONEY, Reason.GOODS)
    at_work, unpaid = teams_at(run, s, run.horizon)
    if unpaid and at_work:
        return  # money holds back each case, but another team works on
    if unpaid:
        assert is_short == bool(there)
    elif is_short and there[0][3] == Reason.MONEY and skips and alone:  # somebody behind them may be served
        is_short = all(reason == Reason.MONEY for *_, reason in there)
    assert lasting == ([there[0][3]] if is_short else [])


def recomputed(run: Run, s: int) -> tuple[list[Break], int]:
    """Breaks for want of money of casework with one price, from who waits, postings, plans and windows; and since when
    it has stood still to the end."""
    price, name = in_cents(service_of(run, s).unit_cost_usd), run.names.services[s]
    cases = [case for case in rows(run.cases) if case.service == s and case.opened != MISSING]
    closed, postings = closures(run), rows(run.postings)
    plans = [line for line in run.envelopes if line.service == name and line.reason != "end"]
    grants = [g for g in range(len(run.names.grants)) if may_pay(run, s, g)]
    ends = {g: window(run, g)[1] for g in grants}
    seconds = {time for case in cases for time in (case.opened, _stops(case))} | {row.time for row in postings}
    seconds |= (
        {line.time for line in plans}
        | set(ends.values())
        | {time for spans in closed for span in spans for time in span}
    )
    seconds |= {row.time for row in run.decisions if row.actor == "team"}
    found: list[Break] = []
    since = short = MISSING
    for now in sorted(second for second in seconds if 0 <= second < run.horizon):
        stands = any(
            case.opened <= now < _stops(case) and not any(begin <= now < end for begin, end in closed[case.location])
            for case in cases
        )
        is_payable = any(_can_pay(run, s, g, price, now, ends[g], plans, postings) for g in grants)
        is_payable &= teams_at(run, s, now) != (False, True)
        stands = stands and not is_payable
        moved = any(case.started == now for case in cases)
        if since != MISSING and (moved or not stands):
            found += [(since, now, int(Reason.MONEY))] if now > since else []
            since = MISSING
        if stands and since == MISSING:
            since = now
        short = MISSING if is_payable or moved else short
        short = now if stands and short == MISSING else short
    return found + ([(since, MISSING, int(Reason.MONEY))] if since != MISSING else []), short


def _can_pay(run: Run, s: int, g: int, price: int, now: int, ends: int, plans: list[Row], postings: list[Row]) -> bool:
    """Whether a grant's envelope covers the price and what indirect cost it brings, at the end of a second."""
    mine = [row for row in postings if row.grant == g and row.time <= now]
    if now >= ends or not any(row.credit == Account.DONOR for row in mine):
        return False
    made = [line for line in plans if line.grant == run.names.grants[g] and line.time <= now]
    left = made[-1].envelope - made[-1].committed - made[-1].spent if made else 0
    used = [row for row in mine if (row.debit, row.credit) == (Account.COMMITTED, Account.CASH)]
    left -= sum(row.cents for row in used if row.service == s and made and row.time >= made[-1].time)
    direct, indirect = sum(row.cents - row.indirect_cents for row in used), sum(row.indirect_cents for row in used)
    rate = round(float(grant_of(run, g).indirect_rate.value) * PPM)
    return left >= price + max(0, rate * (direct + price) // PPM - indirect)


def can_recompute(run: Run, s: int) -> bool:
    """Casework at one price that no window, stop or place changes."""
    stated = service_of(run, s)
    if stated.kind != "casework" or hasattr(stated.unit_cost_usd, "values_usd") or run.scenario.money == "unlimited":
        return False
    one_price = all(float(place.price_factor.value) == 1 for place in run.scenario.locations.values())
    lasting = all(grant_of(run, g).end_rule == "committed-by-end" for g in range(len(run.names.grants)))
    return in_cents(stated.unit_cost_usd) > 0 and one_price and lasting and not was_stopped(run)


def test_breaks_of_random_runs_are_what_cases_and_money_say() -> None:
    seen = [0, 0]

    @tried(200)
    @given(scenarios())
    def look(tree: Table) -> None:
        tree.get("locations", {}).get("north", {}).pop("price_factor", None)
        run = run_of(tree)
        try:
            seen[0] += check_breaks(run)
            for s in range(len(run.names.services)):
                if can_recompute(run, s):
                    again, short = recomputed(run, s)
                    assert of_service(run, s) == again
                    assert run.short_since[s] == short
                    seen[1] += len(again)
        except AssertionError as wrong:
            wrong.add_note(toml(tree))
            raise

    look()
    assert min(seen) > 0, f"breaks, of them recomputed: {seen}"


TRICKLE = """
format = 1
name = "trickle"
start_date = 2012-07-01
horizon_days = 60
arrivals = { rate_per_day = 3 }
services.aid = { kind = "casework", duration = 2, workers = 6, unit_cost_usd = 10, patience = 9 }
services.b = { kind = "casework", duration = 1, need_share = 0.3, unit_cost_usd = 7.77 }
[grants.a]
amount_usd = 1500
until_day = 44
indirect_rate = 0.07
tranches = [
    { day = 0, amount_usd = 100 }, { day = 9, amount_usd = 100 }, { day = 10, amount_usd = 50 },
    { day = 15.5, amount_usd = 25 }, { day = 18, amount_usd = 325 }, { day = 40, amount_usd = 900 },
]
[grants.b]
amount_usd = 110
from_day = 30
pays_for = ["aid"]
[plan]
rule = "by-need"
"""


def test_breaks_while_money_trickles_in_are_recomputed_to_the_second(tmp_path: Path) -> None:
    (tmp_path / "trickle.toml").write_text(TRICKLE, encoding="utf-8")
    scenario, one_after_another = load_scenario(tmp_path / "trickle.toml"), 0
    for replication in range(10):
        run = simulate(scenario, seed=2, replication=replication)
        check_breaks(run)
        for s in range(2):
            again, short = recomputed(run, s)
            assert of_service(run, s) == again
            assert run.short_since[s] == short
            one_after_another += sum(one[1] == two[0] for one, two in itertools.pairwise(again))
    assert one_after_another > 10


@pytest.mark.parametrize("replication", range(6))
def test_breaks_of_a_busy_run_hold_what_holds_of_all(tmp_path: Path, replication: int) -> None:
    run = busy_run(tmp_path, replication)
    assert check_breaks(run) > 0
    assert {Reason.MONEY, Reason.GOODS} <= {Reason(row.reason) for row in rows(run.breaks)}


SKIPS = """
format = 1
name = "skips"
start_date = 2012-07-01
horizon_days = 40
arrivals = { rate_per_day = 0.5 }
services.aid = { kind = "casework", duration = 1, unit_cost_usd = { values_usd = [30, 4], shares = [0.7, 0.3] } }
[grants.a]
amount_usd = 75
[plan]
rule = "by-need"
unpaid = "skip"
"""


def test_who_skips_those_who_cannot_be_paid_for_stands_still_while_all_who_wait_are_such(tmp_path: Path) -> None:
    """75.00, cases of 30.00 and 4.00: what is left after two of 30.00 pays for some of 4.00, and for nobody who waits."""
    (tmp_path / "skips.toml").write_text(SKIPS, encoding="utf-8")
    scenario = load_scenario(tmp_path / "skips.toml")
    short_breaks = 0
    for replication in range(10):
        run = simulate(scenario, seed=4, replication=replication)
        check_breaks(run)
        refused = [case for case in rows(run.cases) if case.outcome == Outcome.WAITING]
        cheap = sorted(case.started for case in rows(run.cases) if case.cents == 400)
        first = min((case.opened for case in refused), default=FOR_EVER)
        between = [second for second in cheap if second > first]
        bounds = [first, *between]
        wanted = list(zip(bounds, [*bounds[1:], MISSING], [int(Reason.MONEY)] * len(bounds), strict=True))
        assert of_service(run, 0) == (wanted if refused else [])
        short_breaks += len(between)
    assert short_breaks > 3
