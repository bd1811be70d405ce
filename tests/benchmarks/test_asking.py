"""What an ask costs: ``pytest tests/benchmarks/test_asking.py --benchmark-only -s -m slow``.

Against one run of as many replications of the same scenario, in the same process; the wanted bound is 15 times.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from reliefsim.scenario import Scenario, load_scenario
from reliefsim.study.queries.ask_answers import answer
from reliefsim.study.queries.ask_search import more_always_helps
from reliefsim.study.request import Ask, Money, StudyRequest, Target, from_no_file
from reliefsim.study.running.jobs import Job, Work

REPLICATIONS = 200
SINGLES = """
extends = "baseline"
format = 1
name = "casework-and-goods"
remove = [
    "services.transport", "services.pss", "services.livelihoods", "plan.shares.transport", "plan.shares.pss",
    "plan.shares_by_grant", "teams.counsellors", "teams.partner-counsellors", "teams.transport-team",
]
grants.cerf.pays_for = ["referral", "running"]
grants.usaid.pays_for = ["nfi", "ftr", "referral", "running"]
grants.usaid.amount_usd = 520_000
"""


def seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def costs(scenario: Scenario, target: Target) -> tuple[float, float, float]:
    """Seconds of a run, of an ask, and the runs of a replication in it on average."""
    work = Work((scenario,), (None,), 5)
    work.do((Job(0, 0, 0, 0, 2),))
    plain = seconds(lambda: work.do((Job(0, 0, 0, 0, REPLICATIONS),)))
    question = Ask(target, 0.8, Money(0.0, None, (), 0.07), (0.0,))
    request = StudyRequest((from_no_file(scenario),), (None,), REPLICATIONS, 5, question=question)
    found = []
    asked = seconds(lambda: found.append(answer(request)))
    return plain, asked, float(found[0].found[0, :, 3].mean())


@pytest.mark.slow
def test_speed_of_an_ask(benchmark: Any, tmp_path: Path) -> None:
    baseline = load_scenario("baseline")
    path = tmp_path / "singles.toml"
    path.write_text(SINGLES, encoding="utf-8")
    for scenario, target in ((load_scenario(path), Target("need_covered", 0.7)), (baseline, Target("need_covered", 0.8))):
        helps = more_always_helps(scenario, str(scenario.plan.rule))
        plain, asked, runs = costs(scenario, target)
        print(
            f"\n{scenario.name} ({'more money always helps' if helps else 'amounts of a grid'}): {REPLICATIONS} replications "
            f"{plain:.1f} s, the ask {asked:.1f} s with {runs:.1f} runs each: {asked / plain:.1f} times"
        )
        benchmark.extra_info[scenario.name] = {"plain": plain, "ask": asked, "ratio": asked / plain}
        assert not helps or asked <= 15 * plain
    benchmark.pedantic(lambda: None)
