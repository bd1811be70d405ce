"""The scenarios that come with the program: where they are and what they are called."""

from __future__ import annotations

from pathlib import Path

FIRST = "baseline"
_NOT_SCENARIOS = frozenset(["sources"])


def shipped_folder() -> Path:
    """The folder of the shipped scenarios: within the package when installed, beside its source root in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"


def shipped_names() -> list[str]:
    """Names of the shipped scenarios: the baseline, then the others in order."""
    names = {path.stem for path in shipped_folder().glob("*.toml")} - _NOT_SCENARIOS
    return sorted(names, key=lambda name: (name != FIRST, name))
