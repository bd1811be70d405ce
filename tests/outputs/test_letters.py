"""Labels in letters that no font has: one warning at the end, and none of matplotlib's."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.report.figures import figure_saving as saving

from .conftest import reliefsim

LINEAR_A = "\U00010600\U00010601\U00010602"  # of the Bronze Age, not yet read: in no font that is looked for
CLINIC = """
title = "Réfugiés à Ménaka"
start_date = 2030-01-01
horizon_days = 20
caseload = {{ people = 30 }}
[services.clinic]
label = "{label}"
kind = "casework"
workers = 1
duration = 0.25
unit_cost_usd = 3
[grants.one]
donor = "Coopération"
amount_usd = 50
"""


def test_labels_that_no_font_can_draw_are_told_once_and_stand_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text(CLINIC.format(label=LINEAR_A), encoding="utf-8")
    made = reliefsim("gap", "clinic.toml", "--replications", "3", "--workers", "1", "--out", "one", folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    text = " ".join(made.stdout.split())
    assert text.count("warning: ") == 1
    assert f"figures: warning: no font of this machine has the letters (Linear) of “{LINEAR_A}”: boxes" in text
    assert text.index("figures: warning: ") < text.index("Files in one/")
    assert max(map(len, made.stdout.splitlines())) <= 80
    for name in ("report.html", "scenario-clinic.toml"):
        assert LINEAR_A in (tmp_path / "one" / name).read_text(encoding="utf-8")


def test_fallbacks_change_no_picture_whose_letters_the_first_font_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.figure import Figure

    def draw() -> Figure:
        made = Figure(figsize=(2, 1))
        made.text(0.1, 0.5, "Coopération à Ménaka", weight="bold")
        return made

    assert saving.draw_and_save(draw, tmp_path, "with") == set()
    monkeypatch.setattr(saving, "FALLBACKS", ("DejaVu Serif", "STIXGeneral"))
    assert saving.draw_and_save(draw, tmp_path, "others") == set()
    for kind in ("png", "svg"):
        assert (tmp_path / f"with.{kind}").read_bytes() == (tmp_path / f"others.{kind}").read_bytes()
