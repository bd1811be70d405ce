"""Nothing outside scenario, rule, seed and replication moves a byte: here, the order in which Python walks a set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCENARIO = """
format = 1
name = "law"
start_date = 2012-07-01
horizon_days = 90
[caseload]
people = 200
household_size_mean = 4
household_size_cv = 0.5
turnover_month = 0.1
[classes.aged]
share = 0.2
priority = 1
[classes.others]
share = 0.8
priority = 2
[locations.north]
share = 0.5
[locations.south]
share = 0.5
[dtm]
first_day = 3
every_days = 14
round_cost_usd = 20
[services.kits]
kind = "goods"
intake = "dtm"
workers = 2
duration = 0.5
[services.kits.stock]
initial = 5
item_cost_usd = 10
policy = "sS"
reorder_point = 5
order_up_to = 20
lead_time = { law = "gamma", mean_days = 6, cv = 0.5 }
[services.medical]
kind = "casework"
unit = "member"
need_rate_year = 1
duration = { law = "lognormal", mean_days = 5, cv = 0.7 }
workers = 3
unit_cost_usd = 12.5
[services.support]
kind = "sessions"
unit = "member"
need_share = 0.2
group_size = 5
workers = 2
longest_wait_days = 10
[services.transport]
kind = "convoy"
after = "kits"
intake = "dtm"
seats = 40
every_days = 9
departure_cost_usd = 50
[teams.office]
cost_usd_per_30_days = 100
[grants.first]
amount_usd = 900
until_day = 60
indirect_rate = 0.07
[grants.second]
amount_usd = 900
from_day = 20
indirect_rate = 0.05
"""

PROGRAM = """
import hashlib, sys
from reliefsim import load_scenario, measure, simulate
total = hashlib.sha256()
for rule in ("by-need", "equal", "life-saving-first"):
    run = simulate(load_scenario(sys.argv[1]), rule, seed=5, replication=2)
    for table in (run.households, run.cases, run.postings, run.orders, run.departures, run.rounds, run.capacities):
        for column in table.dtype.names:
            total.update(table[column].tobytes())
    total.update(repr((run.decisions, run.envelopes, run.names)).encode())
    total.update(measure(run).values.tobytes())
print(total.hexdigest(), len(run.cases))
"""


def test_the_hash_seed_of_python_moves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    printed = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(path)],
            env=os.environ | {"PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True,
        ).stdout
        for hash_seed in ("0", "1")
    ]  # fmt: skip
    assert printed[0] == printed[1]
    assert int(printed[0].split()[1]) > 100
