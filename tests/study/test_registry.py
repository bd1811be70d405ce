"""The registry of indicators says one thing of each, and all that is told of them can be found."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from reliefsim import load_scenario
from reliefsim.indicators.measure import funding_keys, keys, monthly_keys
from reliefsim.indicators.registry import (
    ENTRIES,
    FILES,
    HEADLINES,
    INDICATORS,
    OF_A_RUN,
    TARGETS,
    definitions,
    names_in,
)


def test_a_name_has_one_unit_one_sense_and_one_most() -> None:
    said = defaultdict(set)
    for one in (one for one in ENTRIES if one.told):
        said[one.name].add((one.unit, one.sense, one.most))
    assert [name for name, ones in said.items() if len(ones) > 1] == []
    units = {(one.name, one.unit) for one in ENTRIES}
    assert len(units) == len(INDICATORS)


def test_a_share_is_at_most_one_but_those_of_a_target() -> None:
    beyond = {one.name for one in ENTRIES if one.unit == "share" and one.most != 1}
    assert beyond == {"reached_of_target", "target_of_need"}
    assert {one.unit for one in ENTRIES if one.most == 1} == {"share"}


def test_headlines_are_numbered_without_a_gap_and_have_labels() -> None:
    assert [name for name in HEADLINES if not INDICATORS[name].label] == []
    assert sorted(one.headline for one in OF_A_RUN if one.headline) == list(range(1, len(HEADLINES) + 1))


def test_every_indicator_of_a_run_is_told_in_the_definitions_but_the_one_that_is_a_table() -> None:
    told = {one.name for one in ENTRIES for file in FILES if one.name in names_in(file)}
    assert {one.name for one in OF_A_RUN} - told == {"people_reached_there"}
    listed = Counter((one.file, one.name) for one in definitions())
    assert max(listed.values()) == 1
    said = {(f"{told.file}.csv", told.name or one.name) for one in ENTRIES for told in one.told if told.file in FILES}
    assert said == set(listed)


@pytest.mark.parametrize("name", ["baseline", "invented-flood"])
def test_no_two_numbers_of_a_run_have_one_key(name: str) -> None:
    scenario = load_scenario(name)
    found = [*keys(scenario), *funding_keys(scenario)]
    assert [key for key, times in Counter(found).items() if times > 1] == []
    assert max(Counter(monthly_keys(scenario)).values()) == 1
    assert {key.indicator for key in found} <= set(INDICATORS)


def test_what_has_the_words_of_a_target_may_be_one_and_its_bound_goes_the_better_way() -> None:
    goals = {one.name: one for one in ENTRIES if one.goal}
    assert set(goals) == set(TARGETS) - {"cases_served_as_wished"}
    for one in goals.values():
        assert one.goal is not None
        assert "{bound}" in one.goal.told
        assert one.sense
