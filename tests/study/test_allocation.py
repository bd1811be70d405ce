"""A story of three plans: what each set aside, and what had become of it in the end."""

from __future__ import annotations

import numpy as np

from reliefsim.indicators.allocated import gather, joined, settled
from reliefsim.records import Envelope
from reliefsim.units import DAY


def plan(day: int, reason: str, kits: tuple[int, int, int], rent: tuple[int, int, int]) -> list[Envelope]:
    """Two envelopes of one grant: cents set aside, committed and spent."""
    return [Envelope(day * DAY, reason, "kits", "g", *kits), Envelope(day * DAY, reason, "running", "g", *rent)]


def test_the_end_is_held_against_the_last_plan_that_had_money() -> None:
    # Day 90: the grant's window has ended, 25 cents of kits and 5 of rent have lapsed; nothing is left to divide.
    run = [
        *plan(0, "start", (60, 0, 0), (40, 0, 0)),
        *plan(60, "dtm round", (65, 10, 20), (35, 0, 20)),
        *plan(120, "dtm round", (40, 10, 30), (30, 0, 30)),
        *plan(365, "end", (40, 0, 40), (30, 0, 30)),
    ]
    ends = [(one.service, one.envelope, one.spent) for one in settled(run) if one.reason == "end"]
    assert ends == [("kits", 65, 40), ("running", 35, 30)]
    entries = joined([gather([(0, run)])], 1)
    last = {entry.line.service: entry.usd["left_usd"][0] for entry in entries if entry.line.reason == "end"}
    assert last == {"kits": 0.25, "running": 0.05}


def test_a_decision_that_does_not_come_in_a_run_is_missing_there() -> None:
    first = plan(0, "start", (60, 0, 0), (40, 0, 0)) + plan(50, "pledge", (70, 0, 0), (40, 0, 0))
    second = plan(0, "start", (60, 0, 0), (40, 0, 0))
    entries = joined([gather([(0, first)]), gather([(1, second)])], 2)
    pledged = [entry for entry in entries if entry.line.reason == "pledge"]
    assert [entry.line.service for entry in pledged] == ["kits", "running"]
    assert pledged[0].usd["envelope_usd"][0] == 0.7
    assert np.isnan(pledged[0].usd["envelope_usd"][1])


def test_the_second_decision_for_a_reason_is_another_one() -> None:
    run = plan(30, "dtm round", (1, 0, 0), (2, 0, 0)) + plan(60, "dtm round", (3, 0, 0), (4, 0, 0))
    entries = joined([gather([(0, run)])], 1)
    assert [(one.line.occurrence, one.seconds[0] / DAY) for one in entries] == [(0, 30), (0, 30), (1, 60), (1, 60)]


def test_how_replications_are_cut_into_parts_changes_nothing() -> None:
    runs = [(number, plan(0, "start", (number, 0, 0), (7, 0, 0))) for number in range(5)]
    whole = joined([gather(runs)], 5)
    cut = joined([gather(runs[:2]), gather(runs[2:])], 5)
    for one, other in zip(whole, cut, strict=True):
        assert one.line == other.line
        assert all((one.usd[name] == other.usd[name]).all() for name in one.usd)
