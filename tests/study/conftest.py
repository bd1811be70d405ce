"""A small study, made once, and copies of it that may be spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .calling import clinics, clinics_sensitivity


@pytest.fixture(scope="session")
def clinics_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clinics, three replications of each."""
    return clinics(tmp_path_factory.mktemp("clinics"))


@pytest.fixture(scope="session")
def uncertain_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same at two points."""
    return clinics(tmp_path_factory.mktemp("uncertain"), "--uncertain", "2")


@pytest.fixture(scope="session")
def sensitivity_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sensitivity of one clinic."""
    return clinics_sensitivity(tmp_path_factory.mktemp("sensitivity"))


@pytest.fixture
def study(clinics_study: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(clinics_study, tmp_path / "study"))
