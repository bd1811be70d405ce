"""The golden study is run; with ``python -m tests.golden.renew`` its tables replace those beside the test.

Renew them only when numbers are meant to change, and read the difference before it is kept.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from reliefsim.report.publish import carry_out
from reliefsim.scenario import read
from reliefsim.study.request import StudyRequest

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
TABLES = ("indicators.csv", "monthly.csv", "allocation.csv")
REPLICATIONS = 5
SEED = 2012


def run_golden_study(folder: Path) -> Path:
    """The two scenarios, five replications each, in a new folder."""
    readings = (read(HERE / "quiet.toml"), read(HERE / "sudden.toml"))
    carry_out(
        StudyRequest(
            readings, replications=REPLICATIONS, seed=SEED, folder=folder, figures=False, command=("golden",)
        )
    )
    return folder


def renew() -> None:
    """Run the study and keep its tables."""
    with tempfile.TemporaryDirectory() as folder:
        study = run_golden_study(Path(folder) / "study")
        EXPECTED.mkdir(exist_ok=True)
        for name in TABLES:
            shutil.copyfile(study / name, EXPECTED / name)


if __name__ == "__main__":
    renew()
