"""A certainty is over all that is not known, unless the point values are wanted."""

from __future__ import annotations

import json
from pathlib import Path

from study.calling import call

from reliefsim.store import read_table

from .test_asking_calls import FEW


def test_a_certainty_is_over_what_is_not_known_too_unless_the_point_values_are_wanted(tmp_path: Path) -> None:
    """The same call with and without: what is drawn moves the least amounts apart, and the file says which it is."""
    made = {}
    for words in ((), ("--point-values",)):
        folder = tmp_path / f"ask{len(words)}"
        arguments = ("--target", "need_covered=0.4", "--group", "hosts", "--earmark", "livelihoods", "--certainty", "0.5")
        assert call("ask", "baseline", *arguments, *FEW, *words, "--no-by-when", "--no-figures", "--out", str(folder)) == (0, "")
        (ask,) = (row for row in read_table(folder / "ask.csv") if row["part"] == "ask")
        made[words] = json.loads((folder / "run.json").read_text(encoding="utf-8"))["uncertain"]
        made[*words, "usd"] = float(ask["additional_usd"]) - float(ask["quantile_low_usd"])
    assert made[()] is True
    assert made["--point-values",] is False
    assert made["usd",] >= 2 * made["--point-values", "usd"]
    text = (tmp_path / "ask0" / "ask.md").read_text(encoding="utf-8")
    assert "each run draws every value that is not known" in text
