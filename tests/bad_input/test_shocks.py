"""Shocks that say too little, too much or what cannot be: told once, in the line to look at, all of them at once."""

from __future__ import annotations

import pytest

from reliefsim.scenario import read

from .broken_text import GOOD, FaultsOf, line_of

SHOCKED = (
    GOOD
    + """
[shocks.halt]
kind = "stop-work"
grants = ["beta"]
day = 2013-01-10

[shocks.pause]
kind = "suspension"
grants = ["alpha", "beta"]
day = { value = 70, low = 65, high = 90 }
days = 25
commitments = "stopped"
probability = 0.4

[shocks.less]
kind = "cut"
grants = ["later"]
day = 61
share = { value = 0.25, low = 0.1, high = 0.3 }

[shocks.tardy]
kind = "late"
grants = ["alpha"]
days = 12
"""
)

SHARE = "share = { value = 0.25, low = 0.1, high = 0.3 }"
AGAIN = '\n[shocks.again]\nkind = "suspension"\ngrants = ["{}"]\nday = {}\ndays = 5'

# (what is written, what is written instead, the line at fault if not the first new one, the key path, words)
ALONE = [
    ("days = 12", "days = 0", None, "shocks.tardy.days", "must be above 0 (got 0)"),
    ("days = 12", "days = -3", None, "shocks.tardy.days", "is negative (got -3)"),
    ("days = 12", 'days = "12 days"', None, "shocks.tardy.days", "Write 12."),
    ("days = 25", "days = 30000", None, "shocks.pause.days", "is above 20,000 (got 30000)"),
    (SHARE, "share = 0", None, "shocks.less.share", "must be above 0 (got 0)"),
    (SHARE, "share = 25", None, "shocks.less.share", "Did you mean 0.25?"),
    (SHARE, "share = { value = 0.2, low = 0, high = 0.3 }", None, "shocks.less.share", "must be above 0 (got 0)"),
    ("probability = 0.4", "probability = -0.4", None, "shocks.pause.probability", "is negative (got -0.4)"),
    ("day = 2013-01-10", 'day = "2013-01-10"', None, "shocks.halt.day", "must be a date, not text"),
    ('kind = "stop-work"', 'kind = "stop_work"', None, "shocks.halt.kind", 'Did you mean "stop-work"?'),
    ('kind = "stop-work"', 'kind = "strike"', None, "shocks.halt.kind", "One of: stop-work, suspension, late, cut"),
    ('commitments = "stopped"', 'commitments = "honored"', None, "shocks.pause.commitments", 'mean "honoured"?'),
    ('grants = ["later"]', 'grants = "later"', None, "shocks.less.grants", "must be a list"),
    ('grants = ["later"]', "grants = [1]", None, "shocks.less.grants.0", "must be text"),
    ('grants = ["later"]', "#", "[shocks.less]", "shocks.less.grants", "is missing"),
    ('kind = "late"', "#", "[shocks.tardy]", "shocks.tardy.kind",
     "is missing. One of: cut, late, stop-work, suspension"),
    ("days = 12", "days = 12\nfrom_day = 3", "from_day = 3", "shocks.tardy.from_day", "unknown key. Did you mean day?"),
    ("[shocks.tardy]", '[shocks."a/b"]', None, 'shocks."a/b"', "is not a legal name"),
]  # fmt: skip

TOGETHER = [
    ('grants = ["later"]', 'grants = ["latter"]', None, "shocks.less.grants.0",
     'names an unknown grant (got "latter"). Did you mean "later"?'),
    ('grants = ["later"]', 'grants = ["kits"]', None, "shocks.less.grants.0", "There are: alpha, beta, later"),
    ('grants = ["later"]', "grants = []", None, "shocks.less.grants", "names no grant"),
    ('grants = ["later"]', 'grants = ["later", "later"]', None, "shocks.less.grants.1", "is named twice"),
    ("[shocks.tardy]", "[shocks.LESS]", "[shocks.less]", "shocks", "in case only"),
    ("day = 2013-01-10", "#", "[shocks.halt]", "shocks.halt.day", "is missing. A shock of kind stop-work needs day"),
    ("days = 25", "#", "[shocks.pause]", "shocks.pause.days", "A shock of kind suspension needs day and days"),
    ("days = 12", "#", "[shocks.tardy]", "shocks.tardy.days", "is missing. A shock of kind late needs days"),
    (SHARE, "#", "[shocks.less]", "shocks.less.share", "A shock of kind cut needs day and share"),
    ("days = 12", "days = 12\nshare = 0.5", "share = 0.5", "shocks.tardy.share",
     "is not used by the kind late. It has days, day"),
    ("days = 12", 'days = 12\ncommitments = "honoured"', 'commitments = "honoured"', "shocks.tardy.commitments",
     "is not used by the kind late"),
    ("day = 2013-01-10", "day = 2013-01-10\ndays = 5", "days = 5", "shocks.halt.days",
     "is not used by the kind stop-work. It has day, commitments"),
    ("day = 61", "day = 59.5", None, "shocks.less.day",
     "lies outside the window (got 59.5). later pays from day 60 until before day 200"),
    ("day = { value = 70, low = 65, high = 90 }", "day = 2012-12-31", None, "shocks.pause.day",
     "lies outside the window (got 2012-12-31). alpha pays from day 0 until before day 183"),
    ("day = 2013-01-10", "day = 2013-01-17", None, "shocks.halt.day",
     "lies beyond the horizon: it never comes (got 2013-01-17). The run ends on day 200"),
    ("days = 12", "days = 12" + AGAIN.format("beta", 94.5), "day = 94.5", "shocks.again.day",
     "begins while pause suspends beta still (got 94.5). Suspensions of one grant do not overlap; pause ends on day 95"),
]  # fmt: skip


def shocked(*changes: tuple[str, str]) -> str:
    """The text with each old line replaced by new ones."""
    text = SHOCKED
    for old, new in changes:
        assert text.count(f"\n{old}\n") == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(f"\n{old}\n", f"\n{new}\n")
    return text


@pytest.mark.parametrize(("old", "new", "mark", "path", "words"), [*ALONE, *TOGETHER])
def test_a_broken_shock_is_told_once_with_its_line(
    old: str, new: str, mark: str | None, path: str, words: str, faults_of: FaultsOf
) -> None:
    text = shocked((old, new))
    faults = faults_of(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    said = str(faults[0])
    assert said.startswith(f"broken.toml:{line_of(text, mark or new.splitlines()[0])}: {path}"), said
    assert words in said, said


def test_shocks_that_are_whole_have_no_fault_and_no_warning(faults_of: FaultsOf) -> None:
    assert faults_of(SHOCKED) == []
    assert read("broken.toml").warnings == ()


def test_faults_of_several_shocks_are_told_together(faults_of: FaultsOf) -> None:
    changes = [
        ("days = 12", "days = 0"),
        ("day = 61", "day = 250"),
        ('kind = "stop-work"', 'kind = "stop"'),
        ('grants = ["alpha", "beta"]', 'grants = ["alhpa", "beta"]'),
    ]
    told = {fault.path for fault in faults_of(shocked(*changes))}
    assert told == {"shocks.tardy.days", "shocks.less.day", "shocks.halt.kind", "shocks.pause.grants.0"}


def test_a_suspension_may_begin_when_another_ends_or_strike_another_grant(faults_of: FaultsOf) -> None:
    for grant, day in (("beta", 95), ("alpha", 64), ("later", 80)):
        assert faults_of(shocked(("days = 12", "days = 12" + AGAIN.format(grant, day)))) == []


def test_each_suspension_that_overlaps_another_is_told_once(faults_of: FaultsOf) -> None:
    """Two short ones within a long one, both of whose grants they strike."""
    more = '\n[shocks.{}]\nkind = "suspension"\ngrants = ["alpha", "beta"]\nday = {}\ndays = 2'
    text = shocked(("days = 12", "days = 12" + more.format("one", 75) + more.format("two", 85)))
    assert [fault.path for fault in faults_of(text)] == ["shocks.one.day", "shocks.two.day"]


def test_a_window_that_is_set_to_end_before_a_shock_is_told_at_the_shock(faults_of: FaultsOf) -> None:
    [fault] = faults_of(SHOCKED, ["grants.beta.until_day=150"])
    assert (fault.path, fault.line) == ("shocks.halt.day", line_of(SHOCKED, "day = 2013-01-10"))


def test_shocks_where_money_is_unlimited_are_a_warning(faults_of: FaultsOf) -> None:
    assert faults_of(shocked(("horizon_days = 200", 'horizon_days = 200\nmoney = "unlimited"'))) == []
    said = [str(one) for one in read("broken.toml").warnings]
    assert sum("changes nothing: money is unlimited" in one for one in said) == 4
