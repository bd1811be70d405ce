"""When a grant's window ends, told beforehand: its day, an extension that its donor grants, a donor who stops work."""

from __future__ import annotations

from reliefsim.engine.compile.compiled_scenario import Blueprint
from reliefsim.engine.world.streams import uniforms
from reliefsim.units import moment, seconds


def ends_of_windows(plan: Blueprint, seed: int, replication: int) -> list[int]:
    """By grant, the second from which it pays for nothing new."""
    if plan.scenario.money == "unlimited":
        return [int(end) for end in plan.grants["ends"]]
    return [_end(plan, name, (seed, replication)) for name in plan.names.grants]


def _happens(draws: tuple[int, int], purpose: str, probability: float) -> bool:
    return float(uniforms(*draws, purpose, 1)[0]) < probability


def _end(plan: Blueprint, name: str, draws: tuple[int, int]) -> int:
    end = moment(plan.grant(name).until_day, plan.scenario.start_date, plan.horizon)
    pledge = plan.scenario.pledges.get(name)
    if pledge is not None and not _happens(draws, f"pledge:{name}", float(pledge.probability.value)):
        return end
    for second, is_stop, later in sorted(_extensions(plan, name, draws) + _stops(plan, name, draws)):
        if second < min(end, plan.horizon):
            end = second if is_stop else max(end, later)
    return end


def _extensions(plan: Blueprint, name: str, draws: tuple[int, int]) -> list[tuple[int, bool, int]]:
    """The second of an answer that grants what was asked, and the later end. It comes before a shock of its second."""
    start, asked = plan.scenario.start_date, plan.grant(name).no_cost_extension
    if asked is None or not _happens(draws, f"extension:{name}", float(asked.probability.value)):
        return []
    answer = moment(asked.asked_day, start, 0) + seconds(asked.answer_days)
    return [(answer, False, moment(asked.until_day, start, 0))] if answer >= 0 else []


def _stops(plan: Blueprint, name: str, draws: tuple[int, int]) -> list[tuple[int, bool, int]]:
    """The seconds at which a donor would stop work."""
    start, opens = plan.scenario.start_date, moment(plan.grant(name).from_day, plan.scenario.start_date, 0)
    return [
        (max(0, moment(shock.day, start, opens)), True, 0)
        for shock_name, shock in plan.scenario.shocks.items()
        if shock.kind == "stop-work"
        and name in shock.grants
        and _happens(draws, f"shock:{shock_name}", float(shock.probability.value))
    ]
