"""`reliefsim help` shows the documentation in a terminal: its width, its language, and what was meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from reliefsim.cli.main import main
from reliefsim.docs.plain_text import plain
from reliefsim.docs.topics import TOPICS, written


def shown(*words: str, **environment: str | None) -> Result:
    clean: dict[str, str | None] = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": None, "COLUMNS": "80"}
    return CliRunner().invoke(main, ["help", *words], env=clean | environment)


def test_without_a_topic_all_are_listed() -> None:
    text = shown().stdout
    assert all(f"`{name}`" in text and told in " ".join(text.split()) for name, told in TOPICS.items())


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("width", [50, 80, 100])
def test_a_topic_keeps_to_the_width_and_loses_no_word(topic: str, width: int) -> None:
    made = shown(topic, COLUMNS=str(width))
    assert made.exit_code == 0
    lines = made.stdout.splitlines()
    code = {line.strip() for line in written(topic, "en").splitlines()}  # code is not broken
    long = [line for line in lines if len(line) > width and " " in line.strip() and line.strip() not in code]
    assert long == []
    marks = str.maketrans(dict.fromkeys("*|-─═`#:;\\ \n"))
    words = written(topic, "en").replace("```toml", "").replace("```python", "").replace("```text", "")
    assert len(made.stdout.translate(marks)) >= 0.97 * len(words.translate(marks))


@pytest.mark.parametrize(
    ("environment", "begins"),
    [
        ({}, "`reliefsim help TOPIC` shows"),
        ({"LANG": "fr_FR.UTF-8"}, "`reliefsim help THÈME` montre"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "`reliefsim help TOPIC` shows"),
        ({"LANG": "de_DE.UTF-8"}, "`reliefsim help TOPIC` shows"),
    ],
)
def test_the_language_is_the_machines(environment: dict[str, str], begins: str) -> None:
    assert shown(**environment).stdout.startswith(begins)


def test_an_option_goes_before_the_machines_language() -> None:
    assert shown("--language", "en", LANG="fr_FR").stdout.startswith("`reliefsim help TOPIC` shows")
    assert shown("--language", "fr").stdout.startswith("`reliefsim help THÈME` montre")


def test_what_is_misspelt_is_one_line_with_what_was_meant() -> None:
    made = shown("scenrio", "--language", "de")
    assert (made.exit_code, made.stdout) == (2, "")
    first, second = made.stderr.splitlines()
    assert first.startswith("TOPIC: no such topic (got scenrio). One of ")
    assert first.endswith("Did you mean scenario?")
    assert second == "--language: no such language (got de). One of en, fr"


def test_markdown_is_laid_out_for_a_terminal() -> None:
    text = """# A head

Some **bold** text with `a*b` and [a link](there.md), 2 × 3.

- one item that is
  long enough
- two

```toml
keep = "**this**   as it is"
```

| a | b |
|---|---|
| `x` | what x is in some words that are many |
"""
    assert plain(text, 44) == """A head
══════

Some bold text with `a*b` and a link
(there.md), 2 × 3.

- one item that is long enough
- two

    keep = "**this**   as it is"

a    b
───  ─────────────────────────────────────
`x`  what x is in some words that are many
"""
