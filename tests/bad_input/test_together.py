"""Values that are legal alone and wrong together are told once, in the line to look at."""

from __future__ import annotations

import pytest

from reliefsim.scenario import read

from .broken_text import FaultsOf, broken, line_of

# (what is written, instead, the line at fault, the key path, words)
FAULTS = [
    ("share = 0.9", "share = 0.8", "[classes.first]", "classes", "shares add up to 0.9, not 1"),
    ("share = 0.4", "share = 0.5", "[locations.town]", "locations", "shares add up to 1.1, not 1"),
    ("share = 1", "share = 0.9999", "[origins.north]", "origins", "shares add up to 0.9999, not 1"),
    ("household_size_mean = 6", "household_size_mean = 12", "share = 0.1", "classes.first.share",
     "more than there are households"),
    ("kits = 0.5", "kits = 0.8", "[plan.shares]", "plan.shares", "shares add up to 1.2, more than 1"),
    ("household_size_max = 20", "household_size_max = 5", "household_size_mean = 6", "caseload.household_size_mean",
     "is above the size of the largest household"),
    ("crossed_border_share = 0.2", "crossed_border_share = 0.4", None, "caseload.crossed_border_share",
     "add up to 1.1"),
    ("household_size_max = 20", "household_size_max = 60", "seats = 45", "services.bus.seats",
     "a household may be larger than the convoy can carry (got 45)"),
    ("ceiling_people = 2000", "ceiling_people = 1100", None, "displacement.trend.ceiling_people", "is below the start"),
    ("growth_month = 0.1", "#", "[displacement.trend]", "displacement.trend.growth_month", "The law logistic needs"),
    ("growth_month = 0.1", "growth_month = -1", None, "displacement.trend.growth_month",
     "more people going home than are"),
    ("size_share = 0.2", "size_share = -1.2", None, "displacement.jump.size_share",
     "more people going home than are there"),
    ("people = [1200, 1300, 1250]", "people = [1200, 0, 0]\n[displacement.fall]\nlaw = \"shock\"\nsize_share = -0.9",
     "[displacement.fall]", "displacement.fall", "more people going home than are there"),
    ("people = [1200, 1300, 1250]", "people = [1200, 1300]", None, "displacement.record.people",
     "2 counts for 3 dates"),
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", "dates = [2012-07-01, 2013-07-01, 2013-07-01]", None,
     "displacement.record.dates.2", "is not after 2013-07-01"),
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", "dates = [2012-07-02, 2012-08-01, 2013-07-01]", None,
     "displacement.record.dates", "begins after the start"),
    ("from_day = 100", "from_day = 100\nceiling_people = 5000", "ceiling_people = 5000",
     "displacement.jump.ceiling_people",
     "is not used by the law shock"),
    ("rate_per_day = 1", "rate_per_day = 1100000", None, "arrivals.rate_per_day", "means about 199,100,"),
    ("rate_per_day = 1", "#", "[arrivals]", "arrivals", "says nothing"),
    ("warmup_days = 10", "warmup_days = 200", None, "warmup_days", "is not below the horizon (got 200)"),
    ("count = 2", "count = [{ from_day = 6, count = 2 }]", None, "teams.counsellors.count.0.from_day",
     "is after the team begins (got 6)"),
    ("count = 2", "count = [{ from_day = 0, count = 2 }, { from_day = 2012-08-01, count = 3 }, { from_day = 31, count = 1 }]",
     None, "teams.counsellors.count.2.from_day", "is not after the one before (got 31)"),
    ("until_day = 150", "until_day = 4", None, "teams.counsellors.until_day", "ends before it begins (got 4)"),
    ("until_day = 150", "until_day = 5", None, "teams.counsellors.until_day", "ends when it begins (got 5)"),
    ("until_day = 40", "until_day = 2012-07-20", None, "locations.town.closures.1.until_day", "ends before it begins"),
    ("until_day = 2012-12-31", "until_day = 2012-08-01", "day = 60", "grants.alpha.tranches.1.day",
     "outside the window"),
    ('pays_for = ["kits", "bus", "running"]', 'pays_for = ["kits", "buss", "running"]', None, "grants.alpha.pays_for.1",
     'names an unknown service (got "buss"). Did you mean "bus"?'),
    ("[pledges.later]", "[pledges.beta]", None, "pledges.beta", "has the name of grants.beta"),
    ("[grants.beta]", "[grants.ALPHA]", "[grants.alpha]", "grants", "in case only"),
    ("bus = 0.25", "buses = 0.25", None, "plan.shares.buses", "names an unknown service"),
    ('after = "kits"', 'after = "kit"', None, "services.bus.after", 'Did you mean "kits"?'),
    ('after = "kits"', 'after = "bus"', None, "services.bus.after", "circle: bus after bus"),
    ("need_share = 0.5", 'need_share = 0.5\nafter = "bus"', 'after = "kits"', "services.bus.after",
     "circle: bus after kits after bus"),
    ('after = "kits"', 'after = "talk"', None, "services.bus.after", "names a service of another unit"),
    ('places = ["town"]', 'places = ["toun"]', None, "services.talk.places.0", 'Did you mean "town"?'),
    ('places = ["town"]', "places = []", None, "services.talk.places", "the service is nowhere"),
    ("need_share_by_class = { first = 0.2 }", "need_share_by_class = { frist = 0.2 }", None,
     "services.talk.need_share_by_class.frist", 'Did you mean "first"?'),
    ("need_share = 0.5", "need_share = 0.5\nneed_rate_year = 2", "need_rate_year = 2", "services.kits.need_rate_year",
     "stands beside need_share"),
    ('service = "talk"', 'service = "talks"', None, "teams.counsellors.service", 'Did you mean "talk"?'),
    ("initial = 100\nitem_cost_usd = 40\norder_quantity = 50\nlead_time = 30", "initial = 0", "[services.kits.stock]",
     "services.kits.stock", "goods that no stock has"),
    ("[services.kits.stock]\ninitial = 100\nitem_cost_usd = 40\norder_quantity = 50\nlead_time = 30", "#",
     "[services.kits]",
     "services.kits.stock", "goods that no stock has"),
    ("order_quantity = 50", "#", "[services.kits.stock]", "services.kits.stock.order_quantity", "The policy rQ needs"),
    ("order_quantity = 50", 'policy = "sS"\norder_up_to = 9\nreorder_point = 9', "order_up_to = 9",
     "services.kits.stock.order_up_to", "is not above the reorder point"),
    ("seats = 45", "#", "[services.bus]", "services.bus", "the convoy has no reason to leave"),
    ("seats = 45", "seats = 45\nonly_on_schedule = true", "only_on_schedule = true", "services.bus.only_on_schedule",
     "stands without every_days"),
    ("seats = 45", "seats = 45\nevery_days = 7\nlongest_wait_days = 9\nonly_on_schedule = true",
     "only_on_schedule = true", "services.bus.only_on_schedule", "stands beside longest_wait_days"),
    ("seats = 45", "seats = 45\nfill_share = 0", "fill_share = 0", "services.bus.fill_share", "leaves empty"),
    ('duration = { law = "triangular", low_days = 1, mode_days = 2, high_days = 4 }',
     'duration = { law = "triangular", low_days = 3, mode_days = 2, high_days = 4 }', None,
     "services.trace.duration.low_days", "is above mode_days 2 (got 3). low ≤ mode ≤ high"),
    ('patience = { law = "lognormal", mean_days = 30, cv = 0.5 }',
     'patience = { law = "lognormal", mean_days = 30 }', None,
     "services.trace.patience.cv", "is missing"),
    ('patience = { law = "lognormal", mean_days = 30, cv = 0.5 }',
     'patience = { law = "empirical", values_days = [1, 2], weights = [1] }', None, "services.trace.patience.weights",
     "1 weights for 2 values"),
    ("unit_cost_usd = { values_usd = [3, 5.5], shares = [0.25, 0.75] }",
     "unit_cost_usd = { values_usd = [3, 5.5], shares = [0.25, 0.7] }", None, "services.kits.unit_cost_usd.shares",
     "add up to 0.95, not 1"),
    ("[hosts]\nhouseholds_per_household = 0.5",
     '[services.farm]\nkind = "casework"\npopulation = "hosts"\nduration = 1',
     'population = "hosts"', "services.farm.population", "is hosts, and there are none"),
    ("kits = 0.5\nbus = 0.25\ntalk = 0.1\ntrace = 0.05", "#", 'rule = "fixed-shares"', "plan.rule", "fixed-shares has no shares"),
    ("horizon_days = 200\nwarmup_days = 10", "horizon_days = 0.00001", None, "horizon_days",
     "is shorter than a second"),
    ("seats = 45", 'seats = 45\ncounts_as = "talk"', 'counts_as = "talk"', "services.bus.counts_as",
     "joins services that count different things"),
    ("seats = 45", 'seats = 45\ncounts_as = "kits"\n[services.van]\nkind = "convoy"\nseats = 60\ncounts_as = "bus"',
     'counts_as = "bus"', "services.van.counts_as", "leads on to a third name"),
    ("until_day = 50", 'until_day = 50\n[services.running]\nkind = "casework"\nduration = 1', "[services.running]",
     "services.running", "kept for running costs"),
    ("first_day = 5\nevery_days = 30", "count_cv = 0.1", "[dtm]", "dtm.first_day", "is missing"),
    ("every_days = 30", "rounds = [ { day = 9 } ]", "first_day = 5", "dtm.first_day", 'remove = ["dtm.rounds"]'),
    ("first_day = 5\nevery_days = 30", 'rounds = [ { day = 9, locations = ["twon"] }, { day = 8 } ]', None,
     "dtm.rounds.0.locations.0", 'Did you mean "town"?'),
    ("first_day = 5\nevery_days = 30", "rounds = [ { day = 9, locations = [] }, { day = 8 } ]", None,
     "dtm.rounds.0.locations", "the round is nowhere"),
    ("first_day = 5\nevery_days = 30", "rounds = [ { day = 2012-06-30 } ]", None, "dtm.rounds.0.day",
     "lies before the run (got 2012-06-30). It begins on day 0"),
    ("first_day = 5\nevery_days = 30", "rounds = [ { day = { value = 4, low = -1, high = 9 } } ]", None,
     "dtm.rounds.0.day", "lies before the run"),
    ("first_day = 5\nevery_days = 30", 'rounds = [ { day = 2012-07-10, locations = ["camp"] }, { day = 9 } ]', None,
     "dtm.rounds.1.day", "has a second round of camp on its day (got 9). Each place once a day"),
    ("first_day = 5\nevery_days = 30", 'rounds = [ { day = 9, locations = ["camp", "town", "camp"] } ]', None,
     "dtm.rounds.0.day", "has a second round of camp on its day"),
    ("first_day = 5\nevery_days = 30", "rounds = [ { day = 9, find_probability = 0.2 } ]", None,
     "dtm.rounds.0.find_probability", "unknown key"),
]  # fmt: skip

WARNINGS = [
    ("until_day = 2012-12-31", "until_day = 2013-12-31", "warning", "grants.alpha.until_day",
     "ends beyond the horizon"),
    ("from_day = 100", "from_day = 2014-01-01", "warning", "displacement.jump.from_day", "it never comes"),
    ("departure_cost_usd = 500", "departure_cost_usd = 60000", "warning", "services.bus.departure_cost_usd",
     "it can never be paid (got 60000.00). The largest grant for it leaves 46728.98 after"),
    ("unit_cost_usd = 20", "unit_cost_usd = 8001", "notice", "services.trace", ""),
    ("unit_cost_usd = 20", "unit_cost_usd = 0", "notice", "services.trace.unit_cost_usd", "costs nothing"),
    ("count = 2", "count = 0", "warning", "teams.counsellors.count", "the team has nobody"),
    ("workers = 3", "workers = 0", "warning", "services.trace.workers", "it will serve nobody"),
    ("displaced_people = { value = 1200, low = 1000, high = 1500, source = \"count-2012\" }", "displaced_people = 599",
     "warning", "caseload.displaced_people", "is smaller than the caseload"),
    ("[grants.beta]\namount_usd = 8000\n\n[pledges.later]\namount_usd = 9000\nprobability = 0.5\nfrom_day = 60",
     "#", "notice", "services.talk", "no grant may pay for it: it will serve nobody"),
    ("group_size = 12", "group_size = 12\ncounsellors_per_session = 3", "warning",
     "services.talk.counsellors_per_session", "no group can start (got 3)"),
    ("amount_usd = 8000", "amount_usd = 8000\nfrom_day = -20\nuntil_day = -5", "warning", "grants.beta.until_day",
     "ends before the run begins"),
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", "dates = [2012-07-01, 2012-08-01, 2012-09-01]", "notice",
     "displacement.record.dates", "the last count is kept"),
    ("first_day = 5\nevery_days = 30", "rounds = [ { day = 9 }, { day = 900 } ]", "warning", "dtm.rounds.1.day",
     "lies beyond the horizon: the round is never held (got 900)"),
    ("first_day = 5\nevery_days = 30", 'rounds = [ { day = 9, locations = ["town"] } ]', "warning", "locations.camp",
     "no DTM round is held there"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "mark", "path", "words"), FAULTS)
def test_values_wrong_together_are_told_once(
    old: str, new: str, mark: str | None, path: str, words: str, faults_of: FaultsOf
) -> None:
    text = broken((old, new))
    if old == "need_share = 0.5" and "after" in new:
        text = text.replace('unit = "member"\n', "")
    faults = faults_of(text)
    assert len(faults) == 1, "\n".join(map(str, faults))
    said = str(faults[0])
    line = line_of(text, mark or new.splitlines()[0])
    assert said.startswith(f"broken.toml:{line}: {path}"), said
    assert words in said, said


@pytest.mark.parametrize(("old", "new", "level", "path", "words"), WARNINGS)
def test_what_is_odd_but_legal_is_a_warning_or_a_notice(
    old: str, new: str, level: str, path: str, words: str, faults_of: FaultsOf
) -> None:
    text = broken((old, new))
    if path == "services.trace":  # above the two that may pay for it, and below the pledge: nothing is said
        assert faults_of(text) == []
        assert [str(one) for one in read("broken.toml").warnings] == []
        return
    assert faults_of(text) == []
    said = [str(one) for one in read("broken.toml").warnings]
    assert any(f": {level}: {path}: " in one and words in one for one in said), said


def test_an_operation_for_nobody_is_a_warning(faults_of: FaultsOf) -> None:
    text = 'start_date = 2012-07-01\nhorizon_days = 9\nmoney = "unlimited"\n'
    text += '[services.x]\nkind = "casework"\nduration = 1\nneed_share = 1\n'
    assert faults_of(text) == []
    assert [one.path for one in read("broken.toml").warnings] == ["caseload.people"]


def test_tranches_add_up_to_the_cent(faults_of: FaultsOf) -> None:
    text = broken(("amount_usd = 30000", "amount_usd = 30000.01"))
    [fault] = faults_of(text)
    assert (fault.line, fault.path) == (line_of(text, "day = 0") - 1, "grants.alpha.tranches")
    assert "tranches add up to 50000.01. They add up to amount_usd 50000, to the cent." in str(fault)


def test_no_grant_at_all_is_a_fault_unless_money_is_unlimited(faults_of: FaultsOf) -> None:
    text = 'start_date = 2012-07-01\nhorizon_days = 9\n[services.x]\nkind = "casework"\nduration = 1\n'
    text += "[caseload]\npeople = 5\n"
    rule = 'Write at least one [grants.NAME], or money = "unlimited" where money is no limit.'
    assert [str(one) for one in faults_of(text)] == [f"broken.toml:1: grants: no grant. {rule}"]
    assert faults_of('money = "unlimited"\n' + text) == []


def test_intake_by_dtm_needs_rounds_or_people_already_known(faults_of: FaultsOf) -> None:
    rounds = ("[dtm]\nfirst_day = 5\nevery_days = 30\nfind_probability = 0.8", "#")
    assert faults_of(broken(rounds)) == []
    text = broken(rounds, ("registered_at_start_share = 0.5", "#"))
    [fault] = faults_of(text)
    assert (fault.line, fault.path) == (line_of(text, 'intake = "dtm"'), "services.bus.intake")


def test_line_numbers_count_the_second_element_of_a_list_of_tables(faults_of: FaultsOf) -> None:
    text = broken(("amount_usd = 30000", "amount_usd = -1"))
    [fault] = faults_of(text)
    assert (fault.line, fault.path) == (line_of(text, "amount_usd = -1"), "grants.alpha.tranches.1.amount_usd")
