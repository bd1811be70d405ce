"""What holds for every test: the same examples each time, and workers side by side that compile nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import settings

# Hypothesis draws its examples from the tests' own names.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

MOST_WORKERS = 8  # the longest file takes about an eighth of all, and each worker takes up to a gigabyte


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One worker for each processor; none for benchmarks, which measure, and for one file, which is not divided."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # the number that stands there
    is_one_file = len(config.args) == 1 and ".py" in config.args[0]
    if config.getoption("benchmark_only") or is_one_file:
        return 0
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, MOST_WORKERS)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before workers start, kernels are compiled: each would take as long for the same, and so would what it starts."""
    if session.config.getoption("dist", "no") != "no" and not session.config.getoption("collectonly"):
        one_run = [sys.executable, "-m", "reliefsim", "trace", "baseline", "--household", "1"]
        subprocess.run(one_run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
