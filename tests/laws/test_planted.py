"""Faults planted in the engine, one at a time, in a copy of the package: the run itself must refuse each."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reliefsim

from .busy import BUSY

# What is wrong then; the file; what stands there; what is planted; what the refusal says.
FAULTS = {
    "cash does not lapse": (
        "delivery/actions.py", "        free_commitments(state, g)\n    return lapse(state, g)\n",
        "        free_commitments(state, g)\n    return 0\n", "holds cash after its end"),
    "liquidation frees nothing": (
        "delivery/actions.py", 'they lapse. The cents."""\n    free_commitments(state, g)\n',
        'they lapse. The cents."""\n', "commitments after its liquidation|outside its grant's window"),
    "a tranche comes twice": (
        "processes/donors.py", "    op.delivery.money_comes(tranche.grant, tranche.cents)\n",
        "    op.delivery.money_comes(tranche.grant, tranche.cents)\n" * 2, "received more than its award"),
    "served after leaving": (
        "delivery/kernel.py", "if outcome in (WAITING, NOT_OPENED):", "if outcome == NOT_OPENED:", "its household had left"),
    "served in a closed place": (
        "delivery/actions.py", "    if state.closed[place] > 1:\n", "    if state.closed[place] > 0:\n",
        "a place that was closed"),
    "opened before what comes first": (
        "delivery/cases.py", " or not comes_after_served(state, c):", ":", "before what must be served first"),
    "free of charge": (
        "delivery/starts.py", "    if work.price > 0:\n", "    if work.price > 2000:\n", "was not charged its price"),
    "a cent more of indirect cost": (
        "money/ledger.py", "    indirect = indirect_on(state, g, direct)\n", "    indirect = indirect_on(state, g, direct) + 1\n",
        "not charged its price|does not cover its envelopes"),
    "goods stay in the store": (
        "delivery/starts.py", "        state.services[s].on_hand -= 1\n        state.services[s].issued += 1\n", "        pass\n",
        "not issued to cases"),
    "a convoy over its seats": (
        "delivery/groups.py", "    most = service.seats if", "    most = service.seats + 3 if", "than there are seats"),
    "over a second after it began": (
        "delivery/starts.py", "start_case(state, c, pool, g, work.duration)", "start_case(state, c, pool, g, 1)",
        "a time that is not its duration"),
    "a convoy arrives at once": (
        "delivery/convoys.py", "entry(clock.now + duration, clock.cases + group)", "entry(clock.now + 1, clock.cases + group)",
        "a time that is not its duration|are not the number|served before it could be"),
    "an envelope is overdrawn": (
        "money/ledger.py", "state.lines[service, g].left < direct:", "state.lines[service, g].left <= 0:",
        "does not cover its envelopes"),
    "a worker too many": (
        "delivery/teams.py", "max(0, pool.room - pool.busy)", "max(0, pool.room + 1 - pool.busy)", "busier than its capacity"),
    "lost goods come": (
        "delivery/actions.py", "service.on_hand += order.quantity - order.lost", "service.on_hand += order.quantity",
        "goods on hand"),
    "opened before it arose": (
        "delivery/cases.py", "    if case.outcome != NOT_OPENED or case.arose > clock.now:\n",
        "    if case.outcome != NOT_OPENED:\n",
        "before it could be|was closed"),
    "who leaves a queue is still counted": (
        "delivery/cases.py", "    service.waiting -= 1\n", "    pass\n", "the number waiting"),
    "a release is not written down": (
        "money/ledger.py", "    post(state, g, service, CASH, COMMITTED, amount, indirect, reference)\n", "",
        "the postings do not add up"),
    "who leaves is not counted": (
        "delivery/kernel.py", "        clock.people_left += home.size\n", "", "are not present"),
    "a suspended grant pays": (
        "delivery/shock_hits.py",
        "    grant.is_open = 0\n    for s in range(state.lines.shape[0]):\n        state.lines[s, g].left = 0\n    if frees",
        "    if frees", "while it was suspended"),
    "a part is charged a cent more": (
        "delivery/groups.py", "        case.cents = direct + case.indirect_cents\n",
        "        case.cents = direct + case.indirect_cents + 1\n",
        "was not charged its price|not the cents posted"),
}  # fmt: skip

RUN = """
import sys
from reliefsim import load_scenario, simulate
scenario = load_scenario(sys.argv[1])
for replication in range(30):
    simulate(scenario, seed=5, replication=replication)
"""


def outcome(package: Path, folder: Path) -> str:
    """What 30 runs of the busy operation, with a suspension, say on the error stream with this package."""
    path = folder / "busy.toml"
    pause = '[shocks.pause]\nkind = "suspension"\nday = 26\ndays = 20\ngrants = ["b"]\ncommitments = "honoured"\n'
    path.write_text(BUSY + pause, encoding="utf-8")
    call = [sys.executable, "-c", RUN, str(path)]
    return subprocess.run(
        call, env={**os.environ, "PYTHONPATH": str(package)}, capture_output=True, text=True, check=False
    ).stderr  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_the_run_itself_refuses_a_planted_fault(name: str, tmp_path: Path) -> None:
    file, stands, planted, says = FAULTS[name]
    source = Path(reliefsim.__file__).parent
    shutil.copytree(source, tmp_path / "reliefsim", ignore=shutil.ignore_patterns("__pycache__"))
    place = tmp_path / "reliefsim" / "engine" / file
    text = place.read_text(encoding="utf-8")
    assert text.count(stands) == 1, "the fault has no place of its own any more"
    place.write_text(text.replace(stands, planted), encoding="utf-8")
    last = outcome(tmp_path, tmp_path).strip().splitlines()[-1:]
    assert last, "nothing refused it"
    assert "InvariantError" in last[0], last
    assert re.search(says, last[0]), last


@pytest.mark.slow
def test_nothing_is_refused_where_nothing_is_planted(tmp_path: Path) -> None:
    assert outcome(Path(reliefsim.__file__).parent.parent, tmp_path) == ""
