"""Each kind of broken value is told once, in its line, in words that name the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.scenario import read

from .broken_text import GOOD, FaultsOf, broken, line_of

# (what is written, what is written instead, the key path, words of the message); the fault is in the first new line.
NUMBERS = [
    ("people = 600", "people = -600", "caseload.people", "is negative (got -600)"),
    ("people = 600", "people = 25000.5", "caseload.people", "must be whole (got 25000.5)"),
    ("people = 600", "people = 1000000000000", "caseload.people",
     "at most 20,000,000 people; this run would need about"),
    ("people = 600", "people = nan", "caseload.people", "must be a finite number (got nan)"),
    ("people = 600", "people = inf", "caseload.people", "must be a finite number (got inf)"),
    ("people = 600", "people = -inf", "caseload.people", "must be a finite number"),
    ("people = 600", "people = true", "caseload.people", "must be a number, not true or false (got true)"),
    ("people = 600", 'people = "25,000"', "caseload.people", 'not text (got "25,000"). Write 25000.'),
    ("people = 600", 'people = "many"', "caseload.people", "must be a number, not text"),
    ("people = 600", "people = [600]", "caseload.people", "must be a number"),
    ("people = 600", "people = 2012-07-01", "caseload.people", "must be a number (got 2012-07-01)"),
    ("people = 600", "people = 25,000", "caseload.people", "is not a number (got 25,000)"),
    ("people = 600", "people = { low = 3, high = 900 }", "caseload.people.value", "is missing"),
    ("people = 600", "people = { value = 600, high = 500 }", "caseload.people", "value lies above high 500 (got 600)"),
    ("people = 600", "people = { value = 600, low = 700 }", "caseload.people", "value lies below low 700 (got 600)"),
    ("people = 600", "people = { value = 600, low = 900, high = 500 }", "caseload.people", "low 900 is above high 500"),
    ("people = 600", "people = { value = 600, low = 0.5, high = 900 }", "caseload.people", "must be whole (got 0.5)"),
    ("people = 600", 'people = { value = 600, low = "few" }', "caseload.people", 'not text (got "few")'),
    ("registered_at_start_share = 0.5", "registered_at_start_share = 15", "caseload.registered_at_start_share",
     "is above 1 (got 15). A share, 0 to 1. Did you mean 0.15?"),
    ("registered_at_start_share = 0.5", "registered_at_start_share = 15 %", "caseload.registered_at_start_share",
     "Did you mean 0.15?"),
    ("probability = 0.5", "probability = 1.0000001", "pledges.later.probability", "is above 1 (got 1.0000001)"),
    ("find_probability = 0.8", "find_probability = -0.1", "dtm.find_probability", "is negative"),
    ("household_size_cv = 0.5", "household_size_cv = -0.5", "caseload.household_size_cv", "is negative (got -0.5)"),
    ("household_size_mean = 6", "household_size_mean = 0.5", "caseload.household_size_mean", "is below 1"),
    ("lead_time = 30", "lead_time = 0", "services.kits.stock.lead_time", "must be above 0 (got 0)"),
    ("lead_time = 30", "lead_time = -3", "services.kits.stock.lead_time", "is negative (got -3)"),
    ("lead_time = 30", 'lead_time = "30 days"', "services.kits.stock.lead_time", "Write 30."),
    ("order_quantity = 50", "order_quantity = 0", "services.kits.stock.order_quantity", "is below 1 (got 0)"),
    ("seats = 45", "seats = 0", "services.bus.seats", "is below 1 (got 0)"),
    ("count = 2", "count = -1", "teams.counsellors.count", "is negative (got -1)"),
    ("count = 2", "count = 2.5", "teams.counsellors.count", "must be whole (got 2.5)"),
    ("count = 2", "count = []", "teams.counsellors.count", "is empty"),
    ("count = 2", "count = [{ from_day = 0, count = 2.5 }]", "teams.counsellors.count.0.count", "must be whole (got 2.5)"),
    ("count = 2", "count = [{ from_day = 0 }]", "teams.counsellors.count.0.count", "is missing"),
    ("count = 2", "absence_share = 20\ncount = 2", "teams.counsellors.absence_share", "Did you mean 0.2?"),
    ("workers = 1", 'workers = "many"', "services.bus.workers", 'is not one of the choices (got "many")'),
    ("workers = 1", "workers = true", "services.bus.workers", "must be a number, not true or false"),
    ("workers = 1", "workers = -1", "services.bus.workers", "is negative"),
]  # fmt: skip

MONEY = [
    ("amount_usd = 8000", "amount_usd = -8000", "grants.beta.amount_usd", "is negative (got -8000)"),
    ("amount_usd = 8000", "amount_usd = 8000.005", "grants.beta.amount_usd", "more than two decimals (got 8000.005)"),
    ("amount_usd = 8000", 'amount_usd = "$844,000"', "grants.beta.amount_usd", "Write 844000."),
    ("amount_usd = 8000", "amount_usd = $844,000", "grants.beta.amount_usd", "Did you mean 844000?"),
    ("amount_usd = 8000", "amount_usd = 1e13", "grants.beta.amount_usd", "is above 10,000,000,000"),
    ("indirect_rate = 0.07", "indirect_rate = 1.1", "grants.alpha.indirect_rate", "is above 1 (got 1.1)"),
    ("indirect_rate = 0.07", "indirect_rate = 110", "grants.alpha.indirect_rate", "is above 1 (got 110)"),
    ("unit_cost_usd = 10", "unit_cost_usd = 10.001", "services.bus.unit_cost_usd", "more than two decimals"),
    ("unit_cost_usd = 10", "unit_cost_usd = { values_usd = [1, -2], shares = [0.5, 0.5] }",
     "services.bus.unit_cost_usd.values_usd.1", "is too small (got -2)"),
]  # fmt: skip

TIME = [
    ("count = 2", 'works = "mon-fry"\ncount = 2', "teams.counsellors.works", 'is no span of weekdays (got "mon-fry")'),
    ("count = 2", 'works = "mon-tue-wed"\ncount = 2', "teams.counsellors.works", "is no span of weekdays"),
    ("count = 2", 'works = ["mon", "tu"]\ncount = 2', "teams.counsellors.works.1", "is not one of the choices"),
    ("count = 2", "works = []\ncount = 2", "teams.counsellors.works", "is empty"),
    ("count = 2", "works = 5\ncount = 2", "teams.counsellors.works", "must be a list"),
    ("count = 2", "holidays = [5]\ncount = 2", "teams.counsellors.holidays.0", "must be a date"),
    ("start_date = 2012-07-01", "start_date = 2012-02-30", "start_date", "is no date (got 2012-02-30)"),
    ("start_date = 2012-07-01", "start_date = 23/11/2012", "start_date", "Did you mean 2012-11-23?"),
    ("start_date = 2012-07-01", 'start_date = "23/11/2012"', "start_date", "Did you mean 2012-11-23?"),
    ("start_date = 2012-07-01", 'start_date = "2012-07-01"', "start_date", "must be a date, not text"),
    ("start_date = 2012-07-01", "start_date = 2012-07-01T12:00:00", "start_date", "without a time of day"),
    ("start_date = 2012-07-01", "start_date = 12:30:00", "start_date", "must be a date"),
    ("start_date = 2012-07-01", "start_date = 9999-12-31", "start_date", "outside the years 1900 to 2200"),
    ("start_date = 2012-07-01", "start_date = 2012-7-1", "start_date", "Did you mean 2012-07-01?"),
    ("horizon_days = 200", "horizon_days = 0", "horizon_days", "must be above 0 (got 0)"),
    ("horizon_days = 200", "horizon_days = -5", "horizon_days", "is negative (got -5)"),
    ("horizon_days = 200", "horizon_days = 1000000", "horizon_days", "is above 20,000 (got 1000000)"),
    ("first_day = 5", "first_day = 2012-07-05T10:00:00Z", "dtm.first_day", "without a time of day"),
    ("first_day = 5", 'first_day = "soon"', "dtm.first_day", "must be a number, not text"),
    ("first_day = 5", 'first_day = "2012-07-05"', "dtm.first_day", "Did you mean 2012-07-05?"),
    ("first_day = 5", "first_day = { value = 5, low = 9, high = 20 }", "dtm.first_day", "below low 9 (got 5)"),
]  # fmt: skip

WORDS = [
    ("horizon_days = 200", "horizon_day = 200\nhorizon_days = 200", "horizon_day", "Did you mean horizon_days?"),
    ("seats = 45", "seat = 45\nseats = 45", "services.bus.seat", "unknown key. Did you mean seats?"),
    ("seats = 45", "hue = 45\nseats = 45", "services.bus.hue", "unknown key. Legal here: after,"),
    ('law = "shock"', 'law = "shok"', "displacement.jump.law", 'Did you mean "shock"?'),
    ('kind = "convoy"', 'kind = "convoi"', "services.bus.kind", 'Did you mean "convoy"?'),
    ('who = "head"', 'who = "chief"', "classes.first.who", "One of: any, head, alone"),
    ('rule = "fixed-shares"', 'rule = "fixed_shares"', "plan.rule", 'Did you mean "fixed-shares"?'),
    ("format = 1", "format = 2", "format", "is a format from the future (got 2)"),
    ("format = 1", 'format = "1"', "format", "is not one of the choices"),
    ("[origins.north]", '[origins."a/b"]', 'origins."a/b"', "Letters, digits, - and _ (1 to 64)"),
    ("[origins.north]", '[origins."../../etc/cron.d/x"]', 'origins."../../etc/cron.d/x"', "is not a legal name"),
    ("[origins.north]", '[origins."/abs"]', 'origins."/abs"', "is not a legal name"),
    ("[origins.north]", "[origins.CON]", "origins.CON", "Windows keeps for itself"),
    ("[origins.north]", "[origins.lpt1]", "origins.lpt1", "Windows keeps for itself"),
    ("[origins.north]", '[origins.""]', 'origins.""', "is an empty name"),
    ("[origins.north]", f"[origins.{'x' * 300}]", "origins.", "is too long a name"),
    ("[origins.north]", '[origins."no\\u202erth"]', 'origins."no\\u202erth"', "bidirectional character U+202E"),
    ("[origins.north]", '[origins."a\\u0007"]', 'origins."a\\u0007"', "control character U+0007"),
    ('label = "Town"', 'label = "To\\u001bwn"', "locations.town.label", "control character U+001B"),
    ('label = "Town"', 'label = "To\\u2066wn"', "locations.town.label", "bidirectional character U+2066"),
    ('label = "Town"', f'label = "{"x" * 5000}"', "locations.town.label", "is too long"),
    ('label = "Town"', "label = 5", "locations.town.label", "must be text (got 5)"),
    ('label = "Town"', "label = Town", "locations.town.label",
     'is text without quotes (got Town). Text stands in quotes.'),
    ('label = "Town"', "label = “Town”", "locations.town.label", "quotes that TOML does not know"),
    ('places = ["town"]', 'places = "town"', "services.talk.places", "must be a list"),
    ('places = ["town"]', "places = [5]", "services.talk.places.0", "must be text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path", "words"), [*NUMBERS, *MONEY, *TIME, *WORDS])
def test_a_broken_value_is_told_once_with_its_line(
    old: str, new: str, path: str, words: str, faults_of: FaultsOf
) -> None:
    text = broken((old, new))
    faults = faults_of(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    said = str(faults[0])
    assert said.startswith(f"broken.toml:{line_of(text, new.splitlines()[0])}: {path}"), said
    assert words in said, said
    assert said.isprintable()


def test_the_good_text_has_no_fault_and_no_warning_but_those_it_should(faults_of: FaultsOf) -> None:
    assert faults_of(GOOD) == []
    assert [str(one) for one in read("broken.toml").warnings] == []


def test_free_text_is_kept_whatever_a_spreadsheet_or_a_browser_would_make_of_it(faults_of: FaultsOf) -> None:
    for text in ("=cmd|'/c calc'!A1", "+1", "@SUM(A1)", "<script>alert(1)</script>", "{{7*7}}"):
        assert faults_of(broken(('label = "Town"', f'label = "{text}"'))) == []
        assert read(Path("broken.toml")).scenario.locations["town"].label == text


def test_a_team_of_which_everybody_is_always_absent_is_a_warning(faults_of: FaultsOf) -> None:
    assert faults_of(broken(("count = 2", "absence_share = 1\ncount = 2"))) == []
    said = [one for one in read("broken.toml").warnings if one.path == "teams.counsellors.absence_share"]
    assert [(one.level, "starts nothing" in str(one)) for one in said] == [("warning", True)]
