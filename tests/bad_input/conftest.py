"""What the reader says of a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reliefsim.scenario import Fault, ScenarioError, read

from .broken_text import FaultsOf


@pytest.fixture
def faults_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FaultsOf:
    """Write a text to broken.toml, read it, and return the faults (none: an empty list)."""
    monkeypatch.chdir(tmp_path)

    def faults(text: str | bytes, settings: Sequence[str] = (), name: str = "broken.toml") -> list[Fault]:
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            read(name, settings)
        except ScenarioError as error:
            return list(error.faults)
        return []

    return faults
