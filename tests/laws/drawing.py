"""A world of 40,000 people, and how its shares and means are held against what is stated.

Tolerance as in the case table: a false alarm once in 10,000; each check states how small an error it must find.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from reliefsim.records import Run

ALARM = 1e-4

PEOPLE = """
format = 1
name = "world"
start_date = 2012-07-01
horizon_days = 400
money = "unlimited"
[caseload]
people = 40000
household_size_mean = 6.69
household_size_cv = 0.5
household_size_max = 40
[classes.aged]
share = 0.12
priority = 2
[classes.child]
share = 0.02
priority = 1
who = "alone"
[classes.head]
share = 0.05
priority = 3
who = "head"
[classes.others]
share = 0.81
priority = 9
[origins.gao]
share = 0.43
[origins.kidal]
share = 0.17
[origins.tombouctou]
share = 0.4
[locations.mopti]
share = 0.7
[locations.segou]
share = 0.3
[services.a-rate]
kind = "casework"
unit = "member"
need_rate_year = 0.3
met_by_others_share = 0.4
duration = 1
wished_outcome_share = 0.6
[services.b-share]
kind = "casework"
unit = "member"
need_share_by_class = { aged = 0.5, child = 1 }
duration = 3
unit_cost_usd = { values_usd = [1, 2, 5], shares = [0.5, 0.3, 0.2] }
[services.c-household]
kind = "casework"
need_share = 0.25
duration = 3
intake = "outreach"
outreach_share = 0.35
outreach_delay = { law = "exponential", mean_days = 20 }
[dtm]
first_day = 399
find_probability = 0
"""


def assert_share(found: int, of: int, share: float, finds: float) -> None:
    """A count is binomial with the stated share; a share ``finds`` off is found with probability 0.99."""
    error = math.sqrt(share * (1 - share) / of)
    assert (3.89 + 2.33) * error <= finds, f"too weak: finds {(3.89 + 2.33) * error:.4f}"
    assert float(stats.binomtest(found, of, share).pvalue) > ALARM, f"{found / of:.4f}, stated {share}"


def assert_mean(values: Any, mean: float, finds: float) -> None:
    """A sample has a mean; one ``finds`` off is found with probability 0.99."""
    sample = np.asarray(values, np.float64)
    error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
    assert (3.89 + 2.33) * error <= finds, f"too weak: finds {(3.89 + 2.33) * error:.4f}"
    assert abs(float(sample.mean()) - mean) <= 3.89 * error, f"{sample.mean():.5g}, stated {mean}"


def cases(run: Run, name: str) -> Any:
    return run.cases[run.cases["service"] == run.names.services.index(name)]
