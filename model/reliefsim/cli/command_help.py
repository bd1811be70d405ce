"""The command that shows the documentation, offline."""

from __future__ import annotations

import os
import shutil

import click

from ..screen import say
from . import options
from .typed import BadCall

_WIDEST = 100  # columns: longer lines are hard to read


@click.command("help", short_help="The documentation, topic by topic.", epilog=options.example("help scenario"))
@click.argument("topic", required=False)
@click.option("--language", metavar="en|fr", help="English or French.  [default: what LC_ALL, LC_MESSAGES or LANG says]")
def show_help(topic: str | None, language: str | None) -> None:
    """The documentation: how to plan, ask for money and do research with it, every key of a scenario file, every indicator.

    TOPIC is one of those that are listed without one.
    """
    from ..docs.plain_text import plain
    from ..docs.topics import LANGUAGES, TOPICS, listed, written
    from ..scenario.faults import nearest, shown_text

    faults = []
    if topic is not None and topic not in TOPICS:
        near = nearest(topic, TOPICS)
        meant = f" Did you mean {near}?" if near else ""
        faults.append(f"TOPIC: no such topic (got {shown_text(topic)}). One of {', '.join(TOPICS)}.{meant}")
    if language is not None and language not in LANGUAGES:
        faults.append(f"--language: no such language (got {shown_text(language)}). One of {', '.join(LANGUAGES)}")
    if faults:
        raise BadCall("\n".join(faults))
    spoken = language or _of_the_machine(LANGUAGES)
    text = listed(spoken) if topic is None else written(topic, spoken)
    say(plain(text, min(shutil.get_terminal_size().columns, _WIDEST)), nl=False)


def _of_the_machine(known: tuple[str, ...]) -> str:
    """The language that the environment names; the first where it names none that is known."""
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return next((one for one in known if named.lower().startswith(one)), known[0])
