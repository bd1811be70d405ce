"""Faults planted in money and breaks, one at a time, in a copy of the package: the twin must tell each, the laws being silent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reliefsim

TESTS = Path(__file__).parents[1]
LAW = "    broken = check_balances(state)\n"  # which would refuse some of them before the end
DIRECT = "    line = state.lines[service, g]\n    indirect = indirect_on"

# What is wrong then: the file, what stands there, what is planted; the small operation that shows it, and what differs.
FAULTS = {
    "indirect cost is rounded up": (
        "money/ledger.py", "row.rate_ppm * (row.direct + direct) // PPM", "-(-row.rate_ppm * (row.direct + direct) // PPM)",
        "skips", "cases.cents"),
    "who ends last pays first": (
        "money/ledger.py", "        g = state.pay_order[place]\n", "        g = state.pay_order[-1 - place]\n",
        "freed-teams", "cases.started"),
    "who may pay for most pays first": (
        "compile/compiled_scenario.py", "int(may_pay[:, g].sum())", "-int(may_pay[:, g].sum())", "skips", "envelopes"),
    "who has used most of its envelope pays first": (
        "money/ledger.py", "float(other.direct + other.left) < float", "float(other.direct + other.left) > float",
        "purses", "cases.started"),
    "an envelope is used for another service": (
        "money/ledger.py", DIRECT, DIRECT.replace("service", "0"), "freed-teams", "envelopes"),
    "a spending is posted twice": (
        "money/ledger.py", "    post(state, g, service, SPENT, COMMITTED, amount, indirect, reference)\n",
        "    post(state, g, service, SPENT, COMMITTED, amount, indirect, reference)\n" * 2, "skips", "postings"),
    "what is released is no cash": (
        "money/ledger.py", "    grant.cash += amount\n    grant.committed -= amount\n", "    grant.committed -= amount\n",
        "freed-teams", "postings"),
    "what is released is not in its envelope again": (
        "money/ledger.py", "    if grant.is_open:\n        line.left += direct\n", "", "cofund", "cases.started"),
    "indirect cost stays charged after a release": (
        "money/ledger.py", "    grant.indirect -= indirect\n", "", "cofund", "cases.indirect_cents"),
    "envelopes keep their cents when a window ends": (
        "money/ledger.py",
        "    for s in range(state.lines.shape[0]):\n        state.lines[s, g].left = 0\n    return int(amount)",
        "    return int(amount)", "freed-teams", "envelopes"),
    "a break ends a second late": (
        "delivery/breaks.py", "        row.ends = second\n", "        row.ends = second if second == MISSING else second + 1\n",
        "purses", "breaks.ends"),
    "a break goes on when something starts": (
        "delivery/breaks.py", " or service.moved:\n        end_break", ":\n        end_break", "skips", "breaks"),
    "an empty store is no break where whoever waits could be paid": (
        "delivery/breaks.py", "        return reason_beside_price(state, s)\n", "        return NONE\n", "skips", "breaks"),
    "a service stays short of money": (
        "delivery/breaks.py", "        service.short_since = MISSING\n", "        pass\n", "skips", "short_since"),
    "a window ends a day late": (
        "compile/compiled_scenario.py", 'row["ends"] = moment(grant.until_day, start, horizon)\n',
        'row["ends"] = moment(grant.until_day, start, horizon) + 86_400\n', "skips", "grants_end"),
    "an extension lasts a day longer": (
        "processes/donors.py", "op.agreed_ends[g] = max(op.agreed_ends[g], moment(request.until_day, start, 0))",
        "op.agreed_ends[g] = max(op.agreed_ends[g], moment(request.until_day, start, 0) + 86_400)", "skips", "grants_end"),
    "a window that a donor ended has not ended": (
        "delivery/shock_hits.py", "    grant.ends = now\n", "", "shocks", "grants_end"),
}  # fmt: skip

RUN = """
import sys
from reliefsim.engine.delivery.services import Delivery
from reliefsim.engine.simulate import simulate
from reliefsim.scenario import load_scenario
from twin.compare import differences
from twin.twin import TwinDelivery

class Lawless(Delivery):
    def check_everything(self):
        pass

scenario = load_scenario(sys.argv[1])
for seed in range(1, 6):
    run, twin = (simulate(scenario, seed=seed, delivery=delivery) for delivery in (Lawless, TwinDelivery))
    print(*differences(run, twin), sep="\\n")
"""


def told(package: Path, operation: str) -> str:
    """What differs between five runs of a small operation with this package and those of its twin; or how they fail."""
    scenario = TESTS / "twin" / "scenarios" / f"{operation}.toml"
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(scenario)],
        env={**os.environ, "PYTHONPATH": f"{package}{os.pathsep}{TESTS}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return (run.stdout + run.stderr).strip()


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_the_twin_tells_a_planted_fault(name: str, tmp_path: Path) -> None:
    file, stands, planted, operation, differs = FAULTS[name]
    source = Path(reliefsim.__file__).parent
    shutil.copytree(source, tmp_path / "reliefsim", ignore=shutil.ignore_patterns("__pycache__"))
    place = tmp_path / "reliefsim" / "engine" / file
    text = place.read_text(encoding="utf-8")
    assert text.count(stands) == 1, "the fault has no place of its own any more"
    place.write_text(text.replace(stands, planted), encoding="utf-8")
    kernel = tmp_path / "reliefsim" / "engine" / "delivery" / "kernel.py"
    text = kernel.read_text(encoding="utf-8")
    assert text.count(LAW) == 1
    kernel.write_text(text.replace(LAW, "    broken = 0\n"), encoding="utf-8")
    assert differs in told(tmp_path, operation)


@pytest.mark.slow
@pytest.mark.parametrize("operation", sorted({fault[3] for fault in FAULTS.values()}))
def test_the_twin_tells_nothing_where_nothing_is_planted(operation: str) -> None:
    assert told(Path(reliefsim.__file__).parent.parent, operation) == ""
