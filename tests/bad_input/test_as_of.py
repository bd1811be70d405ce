"""Where an operation stands is checked against what can have happened by then; all faults are told at once."""

from __future__ import annotations

import pytest

from reliefsim.scenario import dump, read

from .broken_text import GOOD, FaultsOf, line_of

STANDS = """
[as_of]
day = 2012-09-01
registered_share = 0.6
people = 700
spent_usd = { alpha = 30000.00 }
[as_of.committed_usd]
alpha = 20000.00
beta = 8000.00
[as_of.stock]
kits = 12
[as_of.served]
kits = 20
trace = 4
"""

# (what is written, instead, the line at fault, the key path, words)
FAULTS = [
    ("day = 2012-09-01", "day = 2012-06-30", None, "as_of.day",
     "is no day of the operation (got 2012-06-30). From 2012-07-01"),
    ("day = 2012-09-01", "day = 200", None, "as_of.day", "is no day of the operation"),
    ("day = 2012-09-01", "day = 62.5", None, "as_of.day", "is no whole day (got 62.5)"),
    ("day = 2012-09-01", "day = -1", None, "as_of.day", "is too small"),
    ("day = 2012-09-01", 'day = "2012-09-01"', None, "as_of.day", "must be a date, not text"),
    ("day = 2012-09-01", "#", "[as_of]", "as_of.day", "is missing"),
    ("registered_share = 0.6", "registered_share = 60", None, "as_of.registered_share", "Did you mean 0.6?"),
    ("registered_share = 0.6", "registered_share = -0.1", None, "as_of.registered_share", "is negative"),
    ("people = 700", "people = -700", None, "as_of.people", "is negative"),
    ("people = 700", "persons = 700", None, "as_of.persons", "unknown key"),
    ("alpha = 20000.00", "alhpa = 20000", None, "as_of.committed_usd.alhpa",
     'names an unknown grant (got "alhpa"). Did you mean'),
    ("alpha = 20000.00", "later = 20000", None, "as_of.committed_usd.later", "is a pledge"),
    ("alpha = 20000.00", "alpha = -1", None, "as_of.committed_usd.alpha", "is negative"),
    ("alpha = 20000.00", "alpha = 20000.001", None, "as_of.committed_usd.alpha", "more than two decimals"),
    ("alpha = 20000.00", "alpha = 20000.01", "spent_usd = { alpha = 30000.00 }", "as_of.spent_usd.alpha",
     "spent and committed above what has come by then, 50000.00 (got 50000.01)"),
    ("day = 2012-09-01", "day = 60", "spent_usd = { alpha = 30000.00 }", "as_of.spent_usd.alpha",
     "what has come by then, 20000.00"),
    ("beta = 8000.00", "beta = 8000.01", None, "as_of.committed_usd.beta",
     "committed above what has come by then, 8000.00"),
    ("day = 2012-09-01", "day = 0", "beta = 8000.00", "as_of.committed_usd.beta", "by a grant that has not begun"),
    ("day = 2012-09-01", "day = 2012-12-31", "alpha = 20000.00", "as_of.committed_usd.alpha",
     "by a grant that is over"),
    ("kits = 12", "bus = 12", None, "as_of.stock.bus", "is no service of goods (got \"bus\"). Stock is of goods: kits"),
    ("kits = 12", "kit = 12", None, "as_of.stock.kit",
     'names an unknown service of goods (got "kit"). Did you mean "kits"?'),
    ("kits = 12", "kits = -12", None, "as_of.stock.kits", "is negative"),
    ("kits = 12", "kits = 1.5", None, "as_of.stock.kits", "must be whole"),
    ("trace = 4", "tracee = 4", None, "as_of.served.tracee", 'Did you mean "trace"?'),
    ("trace = 4", "trace = -4", None, "as_of.served.trace", "is negative"),
]  # fmt: skip

SAID = [
    ("kits = 20", "kits = 20", "notice", "as_of.served.kits", "is met before: not needed again"),
    ("kits = 20", "kits = 2000", "warning", "as_of.served.kits", "is more than was needed (got 2000)"),
    ("registered_share = 0.6", "#", "warning", "as_of.day", "DTM rounds lie before"),
    ("day = 2012-09-01", "day = 2012-09-02", "warning", "pledges.later.from_day", "It is taken not to have come"),
    ("day = 2012-09-01", "day = 2013-01-02", "notice", "grants.alpha.until_day", "the window is over"),
]


def standing(written: str, instead: str) -> str:
    """The whole scenario as it stands, with something else written."""
    stands = STANDS.replace(written, instead)
    if "2013-01" in instead:
        stands = stands.replace("alpha = 20000.00\n", "")  # the window is over: nothing may be committed
    return GOOD + stands


def test_where_it_stands_is_read_and_shown(faults_of: FaultsOf) -> None:
    assert faults_of(GOOD + STANDS) == []
    shown = dump(read("broken.toml"))
    assert "[as_of]\nday = 2012-09-01" in shown
    assert "[as_of.committed_usd]\nalpha = 20000" in shown
    assert faults_of(shown) == []


@pytest.mark.parametrize(("written", "instead", "line", "path", "words"), FAULTS)
def test_what_cannot_be_is_told_in_its_line(
    faults_of: FaultsOf, written: str, instead: str, line: str | None, path: str, words: str
) -> None:
    text = standing(written, instead)
    mine = [one for one in faults_of(text) if one.path == path]
    assert [one.line for one in mine] == [line_of(text, line or instead)]
    assert words in str(mine[0])


@pytest.mark.parametrize(("written", "instead", "level", "path", "words"), SAID)
def test_what_is_odd_is_said(
    faults_of: FaultsOf, written: str, instead: str, level: str, path: str, words: str
) -> None:
    assert faults_of(standing(written, instead)) == []
    said = [str(one) for one in read("broken.toml").warnings]
    assert any(f": {level}: {path}: " in one and words in one for one in said), said


def test_keys_that_a_restart_uses_are_checked_in_any_scenario(faults_of: FaultsOf) -> None:
    text = GOOD.replace("seats = 45", "seats = 45\nfirst_day = 5")
    text = text.replace('unit = "member"', 'unit = "member"\nserved_at_start = 5')
    text = text.replace("need_share_by_class = { first = 0.2 }", "need_rate_year = 2")
    told = {(one.line, one.path): one.problem for one in faults_of(text)}
    assert told == {
        (line_of(text, "seats = 45") + 1, "services.bus.first_day"): "is stated without every_days",
        (line_of(text, "served_at_start = 5"), "services.talk.served_at_start"): "stands beside a rate",
    }


def test_all_faults_are_told_at_once(faults_of: FaultsOf) -> None:
    text = GOOD + STANDS.replace("0.6", "6").replace("alpha", "alhpa").replace("kits", "kist").replace("700", "-7")
    told = {one.path for one in faults_of(text)}
    assert told == {
        "as_of.registered_share", "as_of.people", "as_of.spent_usd.alhpa", "as_of.committed_usd.alhpa",
        "as_of.stock.kist", "as_of.served.kist",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["late", "cut"])
def test_what_a_donor_cut_or_put_off_before_is_history(faults_of: FaultsOf, kind: str) -> None:
    """From day 10 on; the run begins on 2012-09-01. On a later day it stays legal."""
    stated = "days = 20" if kind == "late" else "share = 0.5"
    shock = f'[shocks.change]\nkind = "{kind}"\ngrants = ["alpha"]\nday = 10\n{stated}\n'
    (told,) = faults_of(GOOD + STANDS + shock)
    assert "shocks.change.day: lies before as_of.day: it is history (got 10)" in str(told)
    assert not faults_of(GOOD + STANDS + shock.replace("day = 10", "day = 80"))
