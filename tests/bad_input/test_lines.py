"""Budget lines that say too little, too much or what cannot be: told once, in the line to look at."""

from __future__ import annotations

import pytest

from reliefsim.scenario import read

from .broken_text import FaultsOf, broken, line_of

LINES = broken(
    ("amount_usd = 8000", """amount_usd = 8000
flexibility_share = 0.1
until_day = 150
[grants.beta.lines]
kits = { share = 0.5 }
bus = { share = 0.2 }
trace = { share = { value = 0.1, low = 0.05, high = 0.2, source = "agreement" } }
talk = { share = 0.05 }
running = { share = 0.15 }
[grants.beta.no_cost_extension]
asked_day = 100
answer_days = 30
probability = 0.6
until_day = 180
[[grants.beta.amendments]]
asked_day = 20
lines = { kits = { share = 0.6 }, bus = { share = 0.1 } }"""),
)  # fmt: skip
FIRST = "lines = { kits = { share = 0.6 }, bus = { share = 0.1 } }"

# (what is written, what is written instead, the line at fault if not the first new one, the key path, words)
FAULTS = [
    ("kits = { share = 0.5 }", "kitz = { share = 0.5 }", None, "grants.beta.lines.kitz", 'Did you mean "kits"?'),
    ("kits = { share = 0.5 }", "kits = { share = 0.51 }", "[grants.beta.lines]", "grants.beta.lines",
     "lines add up to 1.01, more than 1. At most 1 together"),
    ("kits = { share = 0.5 }", "kits = { share = 50 }", None, "grants.beta.lines.kits.share", "Did you mean 0.5?"),
    ("kits = { share = 0.5 }", "kits = 0.50", None, "grants.beta.lines.kits", "must be a table"),
    ("kits = { share = 0.5 }", "kits = { amount_usd = 500 }", "[grants.beta.lines]", "grants.beta.lines",
     "lines state both amounts and shares, or neither"),
    ("kits = { share = 0.5 }", "kits = { }", "[grants.beta.lines]", "grants.beta.lines", "lines state both amounts and"),
    ("kits = { share = 0.5 }", "kits = { share = 0.5, percent = 3 }", None, "grants.beta.lines.kits.percent", "unknown key"),
    ("flexibility_share = 0.1", "flexibility_share = 1.1", None, "grants.beta.flexibility_share", "is above 1"),
    ("flexibility_share = 0.1", 'flexibility_share = 0.1\npays_for = ["kits", "bus", "trace", "talk"]',
     "running = { share = 0.15 }", "grants.beta.lines.running", "is a line for what the grant may not pay"),
    ("asked_day = 20", "#", "[[grants.beta.amendments]]", "grants.beta.amendments.0.asked_day", "is missing"),
    ("asked_day = 20", "asked_day = 20\nanswer_days = 130", "asked_day = 20", "grants.beta.amendments.0.asked_day",
     "is answered on day 150, too late. The grant ends on day 150"),
    (FIRST, "lines = { nobody = { share = 0.6 } }", None, "grants.beta.amendments.0.lines.nobody", "names an unknown service"),
    (FIRST, "lines = { kits = { share = 0.6 }, bus = { share = 0.6 } }", None, "grants.beta.amendments.0.lines",
     "lines add up to 1.5, more than 1"),  # with the three lines that stay
    ("asked_day = 20", "asked_day = -1", None, "grants.beta.amendments.0.asked_day", "is answered on day -1, before the run"),
    (FIRST, "lines = { kits = { share = 0.7 } }", None, "grants.beta.amendments.0.lines", "lines add up to 1.2, more than 1"),
    ("until_day = 180", "until_day = 149.5", None, "grants.beta.no_cost_extension.until_day", "extends nothing (got 149.5)"),
    ("until_day = 180", "#", "[grants.beta.no_cost_extension]", "grants.beta.no_cost_extension.until_day", "is missing"),
    ("probability = 0.6", "probability = 1.6", None, "grants.beta.no_cost_extension.probability", "is above 1"),
]  # fmt: skip


def changed(*changes: tuple[str, str]) -> str:
    """The text with each old line replaced by new ones."""
    text = LINES
    for old, new in changes:
        place = text.rindex(f"\n{old}\n")
        text = text[:place] + f"\n{new}\n" + text[place + len(old) + 2 :]
    return text


@pytest.mark.parametrize(("old", "new", "mark", "path", "words"), FAULTS)
def test_a_broken_line_is_told_once_with_its_place(
    old: str, new: str, mark: str | None, path: str, words: str, faults_of: FaultsOf
) -> None:
    text = changed((old, new))
    faults = faults_of(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    said = str(faults[0])
    assert said.startswith(f"broken.toml:{line_of(text, mark or new.splitlines()[0])}: {path}"), said
    assert words in said, said


def test_lines_that_are_whole_have_no_fault_and_no_warning(faults_of: FaultsOf) -> None:
    assert faults_of(LINES) == []
    assert [str(one) for one in read("broken.toml").warnings if "lines" in one.path] == []


def test_faults_of_several_lines_are_told_together(faults_of: FaultsOf) -> None:
    text = changed(("asked_day = 20", "asked_day = -1\nanswer_days = -3"), ("kits = { share = 0.5 }", "kitz = { share = 0.5 }"))
    told = {fault.path for fault in faults_of(text)}
    assert told == {"grants.beta.lines.kitz", "grants.beta.amendments.0.answer_days"}


NOTICES = [
    (("talk = { share = 0.05 }", "#"), "grants.beta.lines", "400.00 of direct cost is in no line: nobody may spend it"),
    (('rule = "fixed-shares"', 'rule = "equal"'), "grants.beta.lines", "its lines are not kept under the rule equal"),
    (('need_share = 0.5', "#"), "services.kits", "says nothing of need: everybody needs it"),
    (("amount_usd = 9000", 'amount_usd = 9000\npays_for = []'), "pledges.later", "nothing that it pays for costs anything"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "words"), NOTICES)
def test_what_is_odd_of_money_is_a_notice(
    change: tuple[str, str], path: str, words: str, faults_of: FaultsOf
) -> None:
    assert faults_of(changed(change)) == []
    assert any(one.path == path and words in str(one) and one.level == "notice" for one in read("broken.toml").warnings)


def test_a_service_without_a_line_in_any_grant_is_a_notice(faults_of: FaultsOf) -> None:
    assert faults_of(changed(("talk = { share = 0.05 }", "#"), ("talk = 0.1", "#"))) == []
    said = [str(one) for one in read("broken.toml").warnings]
    assert any("services.talk: no grant has a line or a share for it under fixed-shares" in one for one in said)
