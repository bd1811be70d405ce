"""What is translated has the headings, blocks and tables of the English, and is set as French is."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from reliefsim.docs.topics import TOPICS, listed, written
from reliefsim.docs.wording import Wording, stored

TRANSLATED = [name for name in TOPICS if (files("reliefsim.docs") / "fr" / f"{name}.md").is_file()]
BLOCK = re.compile(r"```\w+\n.*?```", re.DOTALL)
INDENTED = re.compile(r"^    \S.*$", re.MULTILINE)
PLACE = re.compile(r"^\{\{.*\}\}$", re.MULTILINE)
WRONG = re.compile(r" [:;!?%»]|« |\w[;!?%](?!\w)|'|[\w)] ?(?<!\u00a0):(?=\s)")


def prose(text: str) -> str:
    """A text without its code."""
    return re.sub(r"`[^`]*`", "X", INDENTED.sub("", BLOCK.sub("", text)))


def test_a_planner_a_fundraiser_and_a_researcher_have_theirs() -> None:
    assert {"planner", "fundraiser", "researcher"} <= set(TRANSLATED)


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_french_has_the_headings_blocks_and_places_of_the_english(name: str) -> None:
    english, french = stored("en", f"{name}.md"), stored("fr", f"{name}.md")
    for found in (BLOCK, INDENTED, PLACE):
        assert found.findall(french) == found.findall(english)
    levels = [re.findall(r"^#+ ", BLOCK.sub("", text), re.MULTILINE) for text in (english, french)]
    assert levels[0] == levels[1]
    for begin in (r"- ", r"\| ", r"\d+\. "):
        counts = [len(re.findall(f"^{begin}", text, re.MULTILINE)) for text in (english, french)]
        assert counts[0] == counts[1], begin


@pytest.mark.parametrize("name", TRANSLATED)
def test_french_has_its_spaces_before_signs(name: str) -> None:
    assert WRONG.findall(prose(stored("fr", f"{name}.md"))) == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_french_names_the_keys_commands_and_files_of_the_english(name: str) -> None:
    code = [sorted(set(re.findall(r"`[^`\n]+`", BLOCK.sub("", stored(one, f"{name}.md"))))) for one in ("en", "fr")]
    assert code[0] == code[1]


@pytest.mark.parametrize("name", TOPICS)
def test_what_is_not_translated_says_so_and_is_shown_in_english(name: str) -> None:
    text = written(name, "fr")
    if name not in TRANSLATED:
        assert text == f"(Ce thème n’existe qu’en anglais.)\n\n{written(name, 'en')}"


def test_every_topic_is_listed_in_french() -> None:
    assert all(f"`{name}`" in listed("fr") for name in TOPICS)


def test_every_meaning_of_a_key_is_translated_with_the_keys_that_it_names() -> None:
    english, french = (
        {(part, key): text for part, its in Wording(one).meanings.items() for key, text in its.items()}
        for one in ("en", "fr")
    )
    assert set(french) == set(english)
    code = re.compile(r"`[^`]*`")
    apart = [key for key, text in french.items() if sorted(code.findall(text)) != sorted(code.findall(english[key]))]
    assert apart == []
    assert [text for text in french.values() if WRONG.search(prose(text))] == []


def test_the_words_of_tables_are_set_as_french_is() -> None:
    words = tomllib.loads(stored("fr", "words.toml"))
    assert [text for text in words.values() if WRONG.search(prose(text))] == []
    braces = re.compile(r"\{\w+\}")
    assert [text for text, other in words.items() if sorted(braces.findall(text)) != sorted(braces.findall(other))] == []
