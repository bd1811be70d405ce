"""One small operation in which all happens that random ones seldom show: orders on the way, cancelled and late money."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reliefsim import load_scenario, simulate
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario

BUSY = """
format = 1
name = "busy"
start_date = 2012-07-10
horizon_days = 75.5
[caseload]
people = 160
household_size_mean = 4
household_size_cv = 0.5
household_size_max = 8
turnover_month = 0.3
[hosts]
households_per_household = 0.3
[classes]
alone = { share = 0.05, priority = 1, who = "alone" }
aged = { share = 0.3, priority = 2 }
others = { share = 0.65, priority = 3 }
[locations.north]
share = 0.4
pcode = "N1"
price_factor = 1.25
closures = [{ from_day = 12, until_day = 20 }]
[locations.south]
share = 0.6
[dtm]
first_day = 1
every_days = 15
find_probability = 0.6
round_cost_usd = 20
[origins]
here = { share = 0.5, pcode = "H1" }
there = { share = 0.5 }
[services.bus]
kind = "convoy"
seats = 12
every_days = 9
duration = 3
unit_cost_usd = 2
departure_cost_usd = 40
need_share = 0.4
[services.care]
kind = "casework"
unit = "member"
need_share = 0.3
need_share_by_class = { aged = 0.6 }
duration = { law = "exponential", mean_days = 15 }
unit_cost_usd = { values_usd = [30, 7.35], shares = [0.6, 0.4] }
patience = { law = "exponential", mean_days = 12 }
workers = 9
waiting_limit = 15
[services.groups]
kind = "sessions"
unit = "member"
need_share = 0.2
unit_cost_usd = 6
group_size = 5
sessions = 4
longest_wait_days = 10
workers = 3
after = "care"
[services.host-aid]
kind = "casework"
population = "hosts"
duration = { law = "empirical", values_days = [30, 45] }
unit_cost_usd = 25
[services.kits-n]
kind = "goods"
counts_as = "kit"
places = ["north"]
duration = { law = "exponential", mean_days = 4 }
need_rate_year = 4
intake = "dtm"
stock = { initial = 3, reorder_point = 6, order_quantity = 7, item_cost_usd = 11, lead_time = 10, loss_share = 0.2 }
[services.kits-s]
kind = "goods"
counts_as = "kit"
places = ["south"]
need_rate_year = 9
unit_cost_usd = 4
[services.kits-s.stock]
reorder_point = 3
order_quantity = 5
item_cost_usd = 9
lead_time = { law = "empirical", values_days = [4, 40] }
[teams.carers]
service = "care"
count = 4
cost_usd_per_30_days = 20
[grants.a]
amount_usd = 1500
until_day = 40.5
indirect_rate = 0.07
end_rule = "spent-and-done"
pays_for = ["bus", "care", "groups", "kits-n", "kits-s", "running"]
[grants.b]
amount_usd = 900
from_day = 10
until_day = 50
indirect_rate = 0.125
liquidation_days = 6
pays_for = ["care", "kits-n", "kits-s", "running"]
[grants.c]
amount_usd = 700.01
from_day = 20
until_day = 100
pays_for = ["bus", "groups", "kits-s", "host-aid"]
tranches = [{ day = 20, share = 0.333 }, { day = 45, share = 0.333 }, { day = 80, share = 0.334 }]
[grants.e]
amount_usd = 260
until_day = 30
liquidation_days = 10
pays_for = ["host-aid"]
[grants.f]
amount_usd = 100
pays_for = ["bus"]
[grants.h]
amount_usd = 158
indirect_rate = 0.05
pays_for = ["kits-n"]
[pledges.d]
amount_usd = 300
from_day = 30
probability = 0.5
[plan]
rule = "by-need"
shares = { bus = 0.5 }
replan_days = [25, 60]
"""


@cache
def busy(folder: Path) -> Scenario:
    """The scenario, through a file."""
    path = folder / "busy.toml"
    path.write_text(BUSY, encoding="utf-8")
    return load_scenario(path)


def busy_run(folder: Path, replication: int = 0) -> Run:
    return simulate(busy(folder), seed=5, replication=replication)
