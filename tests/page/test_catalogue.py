"""No text of the page is missing in French, and what is there is set as French is."""

from __future__ import annotations

import re

import pytest
from page import texts

from reliefsim.report.text.tongue import Tongue, catalogue

FRENCH = catalogue("fr")
_BRACES = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("where", [texts.of_code, texts.of_templates, texts.of_scenarios])
def test_no_text_is_missing_in_french(where: object) -> None:
    assert callable(where)
    wanted = where()
    assert len(wanted) > 50  # so that texts are found at all
    assert sorted(wanted - set(FRENCH)) == []


def test_no_text_of_the_catalogue_is_unused() -> None:
    assert sorted(set(FRENCH) - texts.of_code() - texts.of_templates() - texts.of_scenarios()) == []


def test_both_languages_put_the_same_values_into_a_text() -> None:
    apart = [text for text, other in FRENCH.items() if set(_BRACES.findall(text)) != set(_BRACES.findall(other))]
    assert apart == []


def test_french_has_its_spaces_before_signs_and_within_quotes() -> None:
    wrong = re.compile(r" [:;!?%»]|« |\w[;!?%]|'")
    assert [other for other in FRENCH.values() if wrong.search(other)] == []


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["14,171", "75.9%", "USD\u00a0844,000", "1 Jul 2012", "\u22124,130", "<\u00a01%", "2 and 3"]),
        ("fr", ["14\u202f171", "75,9\u202f%", "844\u202f000\u00a0USD", "1er juil. 2012", "\u22124\u202f130",
                "<\u00a01\u202f%", "2 et 3"]),
    ],
)  # fmt: skip
def test_numbers_and_dates_have_the_form_of_the_language(language: str, written: list[str]) -> None:
    one = Tongue(language)
    found = [one.number(14171), one.percent(0.759), one.usd(844000), one.date("2012-07-01"), one.signed(-4130, "people"),
             one.chance(0.004), one.listed(["2", "3"])]  # fmt: skip
    assert [text.replace("\u00a0%", "\u202f%") for text in found] == written


def test_every_kind_of_value_has_its_scale() -> None:
    one = Tongue("en")
    kinds = ("people", "amount", "days", "person-days", "usd", "share", "points")
    assert [one.value(0.759 if kind in ("share", "points") else 41.24, kind) for kind in kinds] == [
        "41", "41", "41.2", "41", "USD\u00a041", "75.9%", "75.9",
    ]  # fmt: skip
    assert one.signed(-0.2697, "points") == "\u221227.0"


def test_nothing_that_rounds_to_nought_has_a_sign() -> None:
    one = Tongue("en")
    assert [one.signed(-0.0, "people"), one.signed(0.0, "usd"), one.number(-0.4)] == ["0", "USD\u00a00", "0"]


def test_a_difference_is_written_as_nought_only_if_it_is() -> None:
    found = [(-0.2, "people"), (0.04, "amount"), (0.00049, "amount"), (-2e-7, "points"), (3e-4, "share"), (0.4, "usd")]
    english, french = Tongue("en"), Tongue("fr")
    assert [english.signed(*one) for one in found] == [
        "\u22120.2", "+0.04", "+<0.001", "\u2212<0.001", "+0.03%", "+USD\u00a00.4",
    ]  # fmt: skip
    assert french.signed(*found[2]) == "+<0,001"
    assert english.between(0.3, 41.2, "people", signed=True) == "+0.3 to +41"
