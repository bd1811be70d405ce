"""A whole and legal scenario, and the same with something in it broken."""

from __future__ import annotations

from collections.abc import Callable

from reliefsim.scenario import Fault

GOOD = """\
format = 1
name = "good"
title = "A small operation"
start_date = 2012-07-01
horizon_days = 200
warmup_days = 10

[caseload]
people = 600
target_people = 600
displaced_people = { value = 1200, low = 1000, high = 1500, source = "count-2012" }
household_size_mean = 6
household_size_cv = 0.5
household_size_max = 20
registered_at_start_share = 0.5
returned_share = 0.7
crossed_border_share = 0.2

[displacement.trend]
law = "logistic"
growth_month = 0.1
ceiling_people = 2000

[displacement.jump]
law = "shock"
size_share = 0.2
from_day = 100

[displacement.record]
law = "series"
dates = [2012-07-01, 2012-08-01, 2013-07-01]
people = [1200, 1300, 1250]

[arrivals]
rate_per_day = 1
until_day = 50

[classes.first]
share = 0.1
who = "head"
[classes.second]
share = 0.9

[origins.north]
share = 1

[locations.town]
label = "Town"
share = 0.6
[[locations.town.closures]]
from_day = 10
until_day = 20
[[locations.town.closures]]
from_day = 30
until_day = 40
[locations.camp]
share = 0.4

[services.kits]
kind = "goods"
unit_cost_usd = { values_usd = [3, 5.5], shares = [0.25, 0.75] }
need_share = 0.5
[services.kits.stock]
initial = 100
item_cost_usd = 40
order_quantity = 50
lead_time = 30

[services.bus]
kind = "convoy"
seats = 45
unit_cost_usd = 10
departure_cost_usd = 500
need_share = 1
intake = "dtm"
after = "kits"
workers = 1

[services.talk]
kind = "sessions"
unit = "member"
group_size = 12
unit_cost_usd = 4
places = ["town"]
need_share_by_class = { first = 0.2 }

[services.trace]
kind = "casework"
need_share = 1.0
workers = 3
unit_cost_usd = 20
duration = { law = "triangular", low_days = 1, mode_days = 2, high_days = 4 }
patience = { law = "lognormal", mean_days = 30, cv = 0.5 }

[teams.counsellors]
service = "talk"
count = 2
cost_usd_per_30_days = 300
from_day = 5
until_day = 150

[dtm]
first_day = 5
every_days = 30
find_probability = 0.8

[hosts]
households_per_household = 0.5

[grants.alpha]
amount_usd = 50000
from_day = 0
until_day = 2012-12-31
pays_for = ["kits", "bus", "running"]
indirect_rate = 0.07

[[grants.alpha.tranches]]
day = 0
amount_usd = 20000
[[grants.alpha.tranches]]
day = 60
amount_usd = 30000

[grants.beta]
amount_usd = 8000

[pledges.later]
amount_usd = 9000
probability = 0.5
from_day = 60

[plan]
rule = "fixed-shares"
[plan.shares]
kits = 0.5
bus = 0.25
talk = 0.1
trace = 0.05

[refugees.abroad]
dates = [2012-07-01, 2012-08-01]
people = [100, 200]
"""


def broken(*changes: tuple[str, str]) -> str:
    """The good text with each old part replaced by a new one; every old part must stand there once."""
    text = GOOD
    for old, new in changes:
        text = f"\n{text}"
        assert text.count(f"\n{old}\n") == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(f"\n{old}\n", f"\n{new}\n")[1:]
    return text


def line_of(text: str, mark: str) -> int:
    """The number of the one line that is ``mark``."""
    found = [number for number, line in enumerate(text.split("\n"), 1) if line == mark]
    assert len(found) == 1, f"{mark!r} is in the lines {found}"
    return found[0]


FaultsOf = Callable[..., list[Fault]]
