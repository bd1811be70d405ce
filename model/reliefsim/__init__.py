"""How far does the money reach? A funding and beneficiary simulation of relief operations.

``load_scenario`` reads a scenario, ``replace`` changes one, ``simulate`` runs it once and leaves a ``Run`` of facts,
``measure`` and ``keys`` read indicators off a run, ``run_study`` runs many and compares them, ``find_plan`` finds a plan.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine.simulate import simulate
    from .indicators.measure import keys, measure
    from .records import Run
    from .report.python_study import find_plan, run_study
    from .rules import Known
    from .scenario import Scenario, ScenarioError, load_scenario, replace

__version__ = "0.1.0"

# Read when first asked for, so that ``reliefsim --help`` need not wait for the model.
_HOMES = {
    "load_scenario": ".scenario",
    "replace": ".scenario",
    "Scenario": ".scenario",
    "ScenarioError": ".scenario",
    "simulate": ".engine.simulate",
    "find_plan": ".report.python_study",
    "run_study": ".report.python_study",
    "Run": ".records",
    "Known": ".rules",
    "keys": ".indicators.measure",
    "measure": ".indicators.measure",
}

__all__ = [
    "Known", "Run", "Scenario", "ScenarioError", "__version__", "find_plan", "keys", "load_scenario", "measure", "replace",
    "run_study", "simulate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
