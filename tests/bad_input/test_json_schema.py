"""The JSON Schema of a scenario file: every good file passes, and what an editor should underline does not."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker

from reliefsim.cli.main import main
from reliefsim.scenario import dump, read

ROOT = Path(__file__).parents[2]
FILES = sorted(path for place in ("scenarios", "tests/theory/scenarios", "tests/twin/scenarios", "tests/golden")
               for path in (ROOT / place).glob("*.toml") if path.name != "sources.toml")  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    made = CliRunner().invoke(main, ["schema"])
    assert made.exit_code == 0, made.output
    schema = json.loads(made.output)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def as_editors_see_it(raw: Any) -> Any:
    """A file's table as tools hand it to a schema: dates are text."""
    if isinstance(raw, dict):
        return {key: as_editors_see_it(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [as_editors_see_it(one) for one in raw]
    return raw.isoformat() if isinstance(raw, datetime.date) else raw


def said(validator: Draft202012Validator, text: str) -> str:
    """What the schema says against a text; empty if nothing."""
    found = as_editors_see_it(tomllib.loads(text))
    return "\n".join(f"{error.json_path}: {error.message}" for error in validator.iter_errors(found))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_file_passes_as_written_and_as_resolved(path: Path, validator: Draft202012Validator) -> None:
    assert said(validator, path.read_text(encoding="utf-8")) == ""
    assert said(validator, dump(read(path))) == ""


BASE = (ROOT / "scenarios" / "baseline.toml").read_text(encoding="utf-8")
LATE = (ROOT / "scenarios" / "late-cerf.toml").read_text(encoding="utf-8")
FAULTS = [
    (BASE, 'end_rule = "spent-and-done"', 'end_rul = "spent-and-done"', "end_rul"),
    (BASE, "[teams.caseworkers]", "[teem.caseworkers]", "teem"),
    (BASE, "unit_cost_usd = { value = 6,", "unit_cost_usd = { valeu = 6,", "nfi"),
    (BASE, "people = { value = 25000,", 'people = { value = "25000",', "people"),
    (BASE, "share = { value = 0.55,", "share = { value = 55,", "tombouctou"),
    (BASE, "count = { value = 6,", "count = { value = 6.5,", "count"),
    (BASE, 'kind = "casework"', 'kind = "caswork"', "services"),
    (BASE, "start_date = 2012-07-01", 'start_date = "1 July 2012"', "start_date"),
    (BASE, "horizon_days = {", "# {", "horizon_days"),
    (BASE, "[services.nfi.duration]", "[services.nfi.duraton]", "services"),
    (LATE, 'kind = "late"', 'kind = "latte"', "kind"),
    (LATE, 'grants = ["cerf"]', 'grants = "cerf"', "grants"),
    (LATE, 'extends = "baseline"', "extends = 3", "extends"),
    (LATE, 'extends = "baseline"', "# none", "services"),
    (LATE, "[shocks.cerf-is-late]", "[grants.cerf]\namout_usd = 3\n[shocks.cerf-is-late]", "amout_usd"),
    (LATE, "[shocks.cerf-is-late]", "[services.nfi]\nseats = 3\nneed_shar = 0.2\n[shocks.cerf-is-late]", "services"),
    (LATE, "[shocks.cerf-is-late]", "[services.nfi]\nneed_share = true\n[shocks.cerf-is-late]", "services"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "good", "bad", "where"), FAULTS, ids=[bad[:30] for _, _, bad, _ in FAULTS])
def test_what_is_misspelt_or_of_another_kind_is_refused(
    text: str, good: str, bad: str, where: str, validator: Draft202012Validator
) -> None:
    assert good in text
    assert where in said(validator, text.replace(good, bad, 1))


def test_a_file_that_extends_another_says_only_what_differs(validator: Draft202012Validator) -> None:
    child = (
        'extends = "baseline"\nremove = ["grants.cerf"]\n[services.nfi]\nneed_share = 0.5\n[grants.usaid]\nuntil_day = '
    )
    assert said(validator, f"{child}2013-01-31\n") == ""
    assert said(validator, f"{child}200\n") == ""
    assert "until_day" in said(validator, f"{child}true\n")
    assert "remove" in said(validator, BASE + "\n[remove]\nx = 1\n")
