"""A topic's name and a language become its text, with the tables that are read off the program in their places."""

from __future__ import annotations

import re
from collections.abc import Callable

from .wording import Wording, stored

TOPICS = {
    "planner": "who is reached under which plan: a worked hour",
    "fundraiser": "how large the gap is, and what to ask for: a worked hour",
    "researcher": "what if the numbers are others: a worked hour",
    "scenario": "every section and key of a scenario file",
    "outputs": "every file, column and indicator, the rules and the reasons",
    "method": "the meanings that matter, studies, the ask, and how fast it is",
    "verification": "how it is verified, what it does not know, and beside the record",
    "stress-des": "the reporting guideline for discrete-event simulation, item by item",
    "architecture": "the way of a dollar, a household and an indicator; how to add each thing",
    "changes": "what changed, version by version",
}
LANGUAGES = ("en", "fr")
PLACE = re.compile(r"^\{\{ (\w+)(?: ([\w-]+))? \}\}$", re.MULTILINE)


def written(topic: str, language: str) -> str:
    """A topic of TOPICS as Markdown; in English, with a line that says so, where it is not translated."""
    try:
        text, wording = stored(language, f"{topic}.md"), Wording(language)
    except FileNotFoundError:
        return f"{Wording(language).say('(This topic is in English alone.)')}\n\n{written(topic, LANGUAGES[0])}"
    if PLACE.search(text) is None:
        return text
    tables = _tables()
    return PLACE.sub(lambda place: tables[place[1]](place[2] or "", wording), text)


def listed(language: str) -> str:
    """All topics, as a table of Markdown with a sentence before it."""
    wording = Wording(language)
    rows = [(f"`{name}`", wording.say(told)) for name, told in TOPICS.items()]
    return f"{wording.say('`reliefsim help TOPIC` shows one of these:')}\n\n{wording.table(('topic', 'what'), rows)}\n"


def _tables() -> dict[str, Callable[[str, Wording], str]]:
    """What may stand in braces on a line of its own; imported when it is needed, for the registry loads the model."""
    from . import registry_tables, schema_tables

    return {
        "keys": schema_tables.keys_of,
        "needs": schema_tables.needs_of,
        "files": registry_tables.files_of,
        "columns": registry_tables.columns_of,
        "indicators": registry_tables.indicators_of,
        "rows": registry_tables.rows_of,
        "senses": registry_tables.senses_of,
        "rules": registry_tables.rules_of,
        "reasons": registry_tables.reasons_of,
    }
