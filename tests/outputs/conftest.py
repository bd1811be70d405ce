"""Small studies, run once for all tests of the outputs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main
from reliefsim.results.study_folder import StudyFolder, read_folder
from reliefsim.store import sealed

SMALL = ("--set", "caseload.people=600", "--seed", "7")
AT_POINTS = (*SMALL, "--point-values")


def reliefsim(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Call the command line in ``folder``, in this process, which has the model loaded."""
    with contextlib.chdir(folder), patch.object(sys, "argv", ["reliefsim", *arguments]):
        made = CliRunner().invoke(main, arguments)
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return subprocess.CompletedProcess(arguments, made.exit_code, made.stdout, made.stderr)


def reliefsim_apart(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "reliefsim", *arguments],
        cwd=folder, capture_output=True, text=True, env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def reseal(folder: Path, **others: object) -> None:
    """Let run.json tell the digests that the files beside it have now, and others of its entries be others."""
    its = json.loads((folder / "run.json").read_bytes()) | others
    del its["digest"]
    for name in its["outputs"]:
        its["outputs"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "run.json").write_bytes(sealed(json.dumps(its, indent=2, ensure_ascii=False).encode() + b"\n"))


@pytest.fixture(scope="session")
def point_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios at the point values, with figures."""
    folder = tmp_path_factory.mktemp("outputs")
    made = reliefsim(
        "run", "baseline", "conflict-shock", *AT_POINTS, "--full", "--replications", "5", "--out", "points", folder=folder
    )
    assert made.returncode == 0, made.stderr
    (folder / "terminal.txt").write_text(made.stdout, encoding="utf-8")
    return folder / "points"


@pytest.fixture(scope="session")
def point_study(point_folder: Path) -> StudyFolder:
    return read_folder(point_folder)


@pytest.fixture(scope="session")
def band_study(tmp_path_factory: pytest.TempPathFactory) -> StudyFolder:
    """One scenario over the ranges of what is not known."""
    folder = tmp_path_factory.mktemp("outputs")
    made = reliefsim(
        "run", "baseline", *SMALL, "--replications", "5", "--uncertain", "--no-figures", "--out", "band", folder=folder
    )
    assert made.returncode == 0, made.stderr
    return read_folder(folder / "band")
