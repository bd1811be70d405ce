"""Faults that have nothing to do with each other are all told, up to fifty."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliefsim.scenario import Fault, ScenarioError, read, shipped_folder, shipped_names
from reliefsim.scenario.locate import locate

from .broken_text import GOOD, FaultsOf, broken, line_of

# Faults in places that have nothing to do with each other: what is written, what instead, the key told.
INDEPENDENT = [
    ("start_date = 2012-07-01", "start_date = 2012-02-30", "start_date"),
    ("title = \"A small operation\"", "titel = 5", "titel"),
    ("target_people = 600", "target_people = -1", "caseload.target_people"),
    ("crossed_border_share = 0.2", "crossed_border_share = 15", "caseload.crossed_border_share"),
    ("size_share = 0.2", "size_share = nan", "displacement.jump.size_share"),
    ("share = 0.9", "share = 0.8", "classes"),
    ("[origins.north]", "[origins.nul]", "origins.nul"),
    ('label = "Town"', 'label = "To\\u202ewn"', "locations.town.label"),
    ("item_cost_usd = 40", "item_cost_usd = 0.001", "services.kits.stock.item_cost_usd"),
    ("order_quantity = 50", "order_quantity = 0", "services.kits.stock.order_quantity"),
    ("departure_cost_usd = 500", 'departure_cost_usd = "$500"', "services.bus.departure_cost_usd"),
    ('after = "kits"', 'after = "bus"', "services.bus.after"),
    ('places = ["town"]', 'places = ["toun"]', "services.talk.places.0"),
    ('patience = { law = "lognormal", mean_days = 30, cv = 0.5 }', 'patience = { law = "gamma", mean_days = 30 }',
     "services.trace.patience.cv"),
    ("until_day = 150", "until_day = 5", "teams.counsellors.until_day"),
    ("find_probability = 0.8", "find_probability = true", "dtm.find_probability"),
    ("every_days = 30", "every_days = = 30", "dtm.every_days"),
    ("amount_usd = 30000", "amount_usd = 29999", "grants.alpha.tranches"),
    ("[pledges.later]", "[pledges.beta]", "pledges.beta"),
    ("indirect_rate = 0.07", "indirect_rate = 110", "grants.alpha.indirect_rate"),
    ("kits = 0.5", "kit = 0.5", "plan.shares.kit"),
    ("amount_usd = 8000", "amount_usd = 8000\namount_usd = 9000", "grants.beta.amount_usd"),
    ("people = [100, 200]", "people = [100]", "refugees.abroad.people"),
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, len(INDEPENDENT) - 1), min_size=5, max_size=5))
def test_any_five_faults_are_all_told_and_nothing_else(chosen: set[int]) -> None:
    planted = [INDEPENDENT[number] for number in sorted(chosen)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.toml"
        path.write_text(broken(*((old, new) for old, new, _ in planted)))
        with pytest.raises(ScenarioError) as error:
            read(path)
    told = sorted(fault.path for fault in error.value.faults)
    assert told == sorted(path for _, _, path in planted), str(error.value)


def test_all_of_them_together_are_told(faults_of: FaultsOf) -> None:
    faults = faults_of(broken(*((old, new) for old, new, _ in INDEPENDENT)))
    told = {fault.path for fault in faults}
    assert {path for _, _, path in INDEPENDENT} == told
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


def test_a_line_that_says_nothing_hides_no_other_fault(faults_of: FaultsOf) -> None:
    nothing = 'label = "Town"\n= 3\n}\n[a..b]\nlabel = "not of the town"'
    text = broken(('label = "Town"', nothing), ("seats = 45", "seats = 0"), ("every_days = 30", "every_days = = 30"))
    told = [(fault.line, fault.path) for fault in faults_of(text)]
    told_of_lines = [(line_of(text, one), "") for one in ("= 3", "}", "[a..b]")]
    assert told == sorted([*told_of_lines, (line_of(text, "seats = 0"), "services.bus.seats"),
                           (line_of(text, "every_days = = 30"), "dtm.every_days")])  # fmt: skip


def test_a_fault_behind_what_was_left_open_is_of_what_was_left_open(faults_of: FaultsOf) -> None:
    text = broken(("seats = 45", "seats = [1,"), ("every_days = 30", "every_days = [\n1,\n2 3,\n4]"))
    [fault] = faults_of(text)
    assert (fault.line, fault.path) == (line_of(text, "seats = [1,") + 1, "services.bus.seats")
    [fault] = faults_of(text.replace("seats = [1,", "seats = 45"))
    assert (fault.line, fault.path) == (line_of(text, "2 3,"), "dtm.every_days")


def test_no_more_than_fifty_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(GOOD + "".join(f"[origins.x{number}]\nshare = -1\n" for number in range(70)))
    with pytest.raises(ScenarioError) as error:
        read(path)
    assert len(error.value.faults) == 50
    assert str(error.value).splitlines()[-1] == "and 20 more"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_is_planted_is_answered_and_never_a_traceback(data: st.DataObject) -> None:
    lines = GOOD.split("\n")
    odd = ["0", "-1", "1e300", "nan", "true", '""', '"x"', "[]", "{}", "[[1]]", "2012-01-01", "{ value = 1 }", "x", ""]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        key = re.match(r"[a-z_]+ = ", lines[at])
        lines[at] = (key[0] if key else "") + data.draw(st.sampled_from(odd)) if key else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.toml"
        path.write_text("\n".join(lines))
        faults: tuple[Fault, ...] = ()
        try:
            read(path)
        except ScenarioError as error:
            faults = error.faults or (Fault("", 0, "", "an error without a fault"),)
    assert all(str(fault).startswith(f"{path}:") and str(fault).isprintable() for fault in faults)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered_and_never_a_traceback(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broken.toml"
        path.write_bytes(raw)
        with pytest.raises(ScenarioError) as error:
            read(path)
    assert error.value.faults


def test_the_line_of_every_key_of_every_shipped_scenario_is_right() -> None:
    for name in shipped_names():
        text = (shipped_folder() / f"{name}.toml").read_text("utf-8")
        lines = text.split("\n")
        places = locate(text)
        told = {places.lines[one.path]: one for one in places.statements}
        assert not any(one.broken for one in places.statements)
        header: str | None = None
        for number, line in enumerate(lines, 1):
            found = re.match(r"\[+([^\]]+)\]+", line)
            key = re.match(r"([A-Za-z0-9_.-]+) *=", line)
            if found:
                header = found[1]
            if found or key:
                path = ".".join(str(part) for part in told[number].path if isinstance(part, str))
                written = header if found else f"{header}.{key[1]}" if header and key else key[1] if key else ""
                assert path == written, f"{name}.toml:{number}"
        assert len(told) == sum(bool(re.match(r"\[|[A-Za-z0-9_.-]+ *=", line)) for line in lines)


def test_lines_are_right_in_every_way_to_write_toml() -> None:
    text = '''a = 1
"b c" = """
x = 3
"""
d.e = { f = 1, g = [1,
  2,
  { h = "]" }] }
[t."u.v"] # [no]
w = \'\'\'
[not]\'\'\'
[[p]]
q = 1
[[p]]
q = 2979-05-27 07:32:00
[p.r]
s = [ # ]
  "#",
]
'''
    lines = locate(text).lines
    assert [lines["a",], lines["b c",], lines["d", "e", "f"]] == [1, 2, 5]
    assert [lines["d", "e", "g", 1], lines["d", "e", "g", 2, "h"]] == [6, 7]
    assert [lines["t", "u.v"], lines["t", "u.v", "w"]] == [8, 9]
    assert [lines["p", 0, "q"], lines["p", 1, "q"], lines["p", 1, "r", "s", 0]] == [12, 14, 17]
    assert ("not",) not in lines
    assert line_of(text, "[p.r]") == lines["p", 1, "r"]
