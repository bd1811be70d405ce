"""Text becomes a checked, frozen Scenario: load, resolve, check, change, dump."""

from .dump import dump
from .faults import Fault, Notice, ScenarioError
from .ranges import ranged, ranged_quantities, with_values
from .scenario_reader import Reading, extended, load_scenario, read, replace
from .schema import Scenario
from .shipped import shipped_folder, shipped_names

__all__ = [
    "Fault",
    "Notice",
    "Reading",
    "Scenario",
    "ScenarioError",
    "dump",
    "extended",
    "load_scenario",
    "ranged",
    "ranged_quantities",
    "read",
    "replace",
    "shipped_folder",
    "shipped_names",
    "with_values",
]
