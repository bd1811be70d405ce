"""What a shock must not change, and that the laws notice a grant that pays although its donor has stopped."""

from __future__ import annotations

from typing import Any

import pytest

from reliefsim.engine.delivery.services import Delivery, InvariantError
from reliefsim.engine.simulate import simulate
from reliefsim.layout import Account
from reliefsim.records import Run
from reliefsim.units import DAY

from .accounts import named, same_bytes
from .running import load, one_run

KINDS: dict[str, dict[str, Any]] = {
    "stop": {"kind": "stop-work"},
    "stop-all": {"kind": "stop-work", "commitments": "stopped"},
    "pause": {"kind": "suspension", "days": 20},
    "pause-all": {"kind": "suspension", "days": 20, "commitments": "stopped"},
    "late": {"kind": "late", "days": 15},
    "cut": {"kind": "cut", "share": 0.4},
}
GRANTS = ("first", "second")


def struck(seed: int = 1, rule: str = "by-need", **shock: Any) -> Run:
    """The small operation of everything, with one shock called ``blow``."""
    return one_run(load("relations-operation", plan__rule=rule, shocks__blow={"grants": GRANTS, **shock}), seed)


def quiet(seed: int = 1, rule: str = "by-need") -> Run:
    """The same without."""
    return one_run(load("relations-operation", plan__rule=rule), seed)


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_shock_changes_something(kind: str) -> None:
    assert same_bytes(struck(day=40, **KINDS[kind])) != same_bytes(quiet())


@pytest.mark.parametrize("rule", ["by-need", "life-saving-first"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_shock_that_never_comes_changes_nothing(kind: str, rule: str) -> None:
    assert same_bytes(struck(rule=rule, day=40, probability=0, **KINDS[kind])) == same_bytes(quiet(rule=rule))


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_shock_after_the_end_of_the_window_changes_nothing(kind: str) -> None:
    """The first grant's window ends on day 60; the file's checks do not allow it, but a drawn day may fall there."""
    for day in (60, 75):
        assert same_bytes(struck(grants=("first",), day=day, **KINDS[kind])) == same_bytes(quiet())


@pytest.mark.parametrize("kind", ["late", "cut"])
@pytest.mark.parametrize("rule", ["by-need", "fixed-shares"])
def test_a_shock_that_finds_nothing_to_take_changes_nothing_but_the_log(kind: str, rule: str) -> None:
    """A grant without any money: its donor may be late, or give less of it."""
    poor = {"grants__poor": {"amount_usd": 0}, "plan__rule": rule, "plan__shares": {"kits": 0.5, "medical": 0.5}}
    before = named(one_run(load("relations-operation", **poor)))
    shock = {"grants": ("poor",), "day": 40, **KINDS[kind]}
    after = named(one_run(load("relations-operation", shocks__blow=shock, **poor)))
    assert [row for row in after["decisions"] if "blow" not in row] == before["decisions"]
    assert len(after["decisions"]) == len(before["decisions"]) + 1
    for table in before:
        if table != "decisions":
            assert after[table] == before[table], table


@pytest.mark.parametrize("day", [40, 66])
@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("rule", ["by-need", "life-saving-first"])
def test_nothing_before_a_shock_is_changed_by_it(kind: str, day: int, rule: str) -> None:
    before, after = (
        named(run, day * DAY) for run in (quiet(rule=rule), struck(rule=rule, day=day, **KINDS[kind]))
    )
    cases = [_so_far(table.pop("cases"), kind.endswith("all")) for table in (before, after)]
    assert cases[0] == cases[1]
    for table, rows in before.items():
        assert after[table] == rows, table


def _so_far(cases: list[Any], taken: bool) -> list[Any]:
    """Cases without the end that is planned for them, and, where commitments are taken away, without their start."""
    return sorted((service, who, opened, taken or started) for service, who, _, opened, started, *_ in cases)


@pytest.mark.parametrize("kind", ["stop", "pause", "late", "cut"])
def test_a_case_that_began_before_a_shock_ends_as_it_would_have_if_commitments_are_honoured(kind: str) -> None:
    """Livelihoods have permanent workers: no team of theirs stands still."""
    runs = (quiet(), struck(day=25, **KINDS[kind]))
    begun = [
        {
            (int(case["household"]), int(case["started"])): (int(case["ended"]), int(case["cents"]))
            for case in run.cases[run.cases["service"] == run.names.services.index("livelihoods")]
            if 0 <= case["started"] < 25 * DAY
        }
        for run in runs
    ]
    assert begun[0] == begun[1]
    assert begun[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cut_takes_its_share_to_the_cent(seed: int) -> None:
    """A third of what each donor's postings leave as cash on day 40, and of the 12,000.00 that is due on day 66."""
    run = struck(seed, day=40, kind="cut", share=1 / 3)
    for g, name in enumerate(run.names.grants):
        postings = run.postings[(run.postings["grant"] == g) & (run.postings["time"] < 40 * DAY)]
        into, out = (postings["cents"][postings[side] == Account.CASH].sum() for side in ("debit", "credit"))
        later = 1_200_000 * (name == "second")
        (cut,) = [row for row in run.decisions if row.action.startswith("cuts") and row.grant == name]
        assert (cut.quantity, cut.cents) == (later > 0, round(int(into - out) / 3) + later // 3)
        gone = run.postings[(run.postings["grant"] == g) & (run.postings["debit"] == Account.LAPSED)]
        assert gone["cents"][gone["time"] == 40 * DAY].tolist() == [cut.cents - later // 3]
    assert sum(row.cents for row in run.decisions if row.action == "money comes") == 2_200_000 + 900_000 + 800_000


class _Deaf(Delivery):
    """A delivery that does not hear of shocks."""

    def suspends(self, g: int, frees: bool) -> int:
        """Nothing happens."""
        return 0

    def stops_work(self, g: int, frees: bool) -> int:
        """Only the date is noted."""
        self.grants["ends"][g] = self.now
        return 0


@pytest.mark.parametrize(
    ("kind", "law"),
    [("stop", "holds cash after its end"), ("pause", "outside its grant's window or earmark, or while it was suspended")],
)
def test_a_law_notices_a_grant_that_goes_on_paying(kind: str, law: str) -> None:
    shock = {"grants": GRANTS, "day": 40, **KINDS[kind]}
    scenario = load("relations-operation", shocks__blow=shock)
    with pytest.raises(InvariantError, match=law):
        simulate(scenario, delivery=_Deaf)
