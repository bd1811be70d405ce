"""How the study was made, and how to see that nothing was changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...text.tongue import NONE, Tongue
from ...views.content import Content
from ..page_table import Table


@dataclass(frozen=True)
class Made:
    """What it takes to make the study again."""

    command: str
    answers: list[str]  # the commands of the answers that are shown too
    facts: list[tuple[str, str]]
    packages: str
    inputs: Table
    outputs: Table
    line: str
    verify: str
    older: str  # that the page is of another version than the results; empty if it is not


def made(content: Content, tongue: Tongue) -> Made:
    """What run.json tells."""
    told = content.study.made
    command = " ".join(str(word) for word in told.get("command", ())) or NONE
    study = content.study
    facts = [
        (tongue.say("Program"), f"reliefsim {told.get('version', NONE)}"),
        (tongue.say("Seed"), str(told.get("seed", NONE))),
        (tongue.say("Runs of each scenario"), tongue.number(study.replications * max(study.points, 1))),
        (tongue.say("Random numbers"), str(told.get("generator", NONE))),
    ]
    verify = "reliefsim verify ."
    line = tongue.say(
        "Made by reliefsim {version}: {command}; seed {seed}. To verify: {verify}",
        version=told.get("version", NONE), command=command, seed=told.get("seed", NONE), verify=verify,
    )  # fmt: skip
    older = tongue.say(
        "reliefsim {version} made the results on this page; reliefsim {now} made the page. Whether it gives the same "
        "results is seen by: {verify}",
        version=told.get("version", NONE), now=told.get("shown_by", NONE), verify=verify,
    )  # fmt: skip
    return Made(
        command=command,
        answers=[" ".join(map(str, one.made.get("command", ()))) for one in content.study.answers if one.made],
        facts=facts,
        packages=", ".join(f"{name} {version}" for name, version in _pairs(told.get("packages"))),
        inputs=_digests(tongue, tongue.say("Files read, and their SHA-256"), told.get("inputs")),
        outputs=_digests(tongue, tongue.say("Files written, and their SHA-256"), told.get("outputs")),
        line=line,
        verify=verify,
        older=older if "shown_by" in told else "",
    )


def _pairs(told: Any) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in told.items()] if isinstance(told, dict) else []


def _digests(tongue: Tongue, caption: str, told: Any) -> Table:
    return Table(
        caption=caption,
        heads=[tongue.say("File"), "SHA-256"],
        rows=[[name, value] for name, value in _pairs(told)],
        texts=1,
        mood="digests",
    )
