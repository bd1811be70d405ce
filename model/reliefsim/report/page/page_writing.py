"""The sections become one HTML file, written whole or not at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ...results.study_folder import read_folder
from ...store import new_file
from ..text.tongue import LANGUAGES, Tongue
from ..views.next_dollar_view import next_dollar
from .page_content import Content
from .page_table import CROWDED, FEW, MOST_PRINTED, shown
from .sections import (
    section_asked as asked,
)
from .sections import (
    section_breaks as breaks,
)
from .sections import (
    section_compared as compared,
)
from .sections import (
    section_course as course,
)
from .sections import (
    section_finding as finding,
)
from .sections import (
    section_gap as gap,
)
from .sections import (
    section_inputs as inputs,
)
from .sections import (
    section_made as made,
)
from .sections import (
    section_money as money,
)
from .sections import (
    section_people as people,
)
from .sections import (
    section_place as place,
)

FILE = "report.html"
MOST_BYTES = 2_000_000  # so that it can be sent and opened on a phone
OF_ANSWERS, END_OF_ANSWERS = "<!--answers-->", "<!--/answers-->"  # round what the study's own folder does not tell
_STYLES = ("vendor/uPlot.min.css", "style/base.css", "style/parts.css", "style/print.css")
_SCRIPTS = ("vendor/LICENSE", "vendor/uPlot.iife.min.js", "script/page.js", "script/chart.js", "script/course.js")


class PageTooLargeError(ValueError):
    """A page of this study would be larger than it may be."""


def write_page(folder: Path, made: Mapping[str, Any], others: Sequence[Path] = ()) -> Path:
    """Write ``folder``/report.html from the folder's files, and return its path; the same files give the same bytes.

    ``made``: what run.json holds. ``others``: folders of `ask` and `next-dollar`, whose answers are shown too. Raises
    OSError or ValueError if files cannot be read or written; then no page is left, or the one that was there.
    """
    text = page(Content(read_folder(folder, made, others))).encode("utf-8")
    if len(text) > MOST_BYTES:
        raise PageTooLargeError(
            f"The page would have {len(text):,} bytes, more than {MOST_BYTES:,}. Make studies of fewer scenarios"
        )
    path = folder / FILE
    with new_file(path) as hidden:
        hidden.write_bytes(text)
    return path


def page(content: Content) -> str:
    """The page as HTML."""
    tongues = [Tongue(language) for language in LANGUAGES]
    style, script = (_joined(names) for names in (_STYLES, _SCRIPTS))
    answers = {one.language: asked.asks(content, one) for one in tongues}
    curves = course.for_page([one.curve for one in answers["en"]])
    environment = _environment()
    bodies = []
    for tongue in tongues:
        environment.globals.update(_=tongue.say, tongue=tongue, id=tongue.language, most_printed=MOST_PRINTED)
        body = environment.get_template("body.html.jinja").render(
            **_sections(content, tongue), asks=answers[tongue.language], content=content, language=tongue.language,
            few=FEW,
            crowded=CROWDED,
        )
        bodies.append((tongue.language, Markup(body)))  # made by a template that escapes
    return environment.get_template("page.html.jinja").render(
        bodies=bodies,
        answers=len(content.study.asks) + len(content.study.nexts),
        scenarios=len(content.arms),
        few=FEW,
        crowded=CROWDED,
        titles={one.language: f"reliefsim: {content.subject(one)}" for one in tongues},
        style=Markup(style),  # the package's own
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        others=content.study.others,
        series=Markup(course.packed(content, tongues)),
        curves=Markup(curves),
    )


def _sections(content: Content, tongue: Tongue) -> dict[str, Any]:
    arms = content.arms
    one = content.study.reference
    return {
        "finding": finding.finding(content, tongue),
        "divided": [money.divided(content, tongue, arm) for arm in arms],
        "rule": money.rule_words(content, tongue),
        "by_grant": money.by_grant(content, tongue),
        "lines": [money.lines(content, tongue, arm) for arm in arms],
        "side_by_side": compared.side_by_side(content, tongue),
        "differences": compared.differences(content, tongue),
        "run_outs": breaks.run_outs(content, tongue),
        "calendars": [breaks.breaks(content, tongue, arm) for arm in arms],
        "standing_still": breaks.standing_still(content, tongue),
        "by_reason": gap.by_reason(content, tongue),
        "by_service": gap.by_service(content, tongue),
        "gap_by_class": gap.by_class(content, tongue),
        "ladders": [gap.ladder(content, tongue, arm) for arm in arms],
        "next_dollars": [shown(next_dollar(one), tongue) for one in content.study.nexts if one.rows],
        "map": place.drawn(content, tongue, one),
        "by_location": people.by_place(content, tongue, one, "locations"),
        "by_origin": people.by_place(content, tongue, one, "origins"),
        "abroad": place.abroad(content, tongue, one),
        "by_class": [people.by_class(content, tongue, arm) for arm in arms],
        "covered": people.covered(content, tongue, one),
        "services": people.services(content, tongue),
        "inputs": inputs.inputs(content, tongue),
        "sources": inputs.sources(content),
        "made": made.made(content, tongue),
        "names": [content.name(tongue, arm) for arm in arms],
    }


def _environment() -> Environment:
    """Everything that is put into a template is escaped unless it is Markup."""
    environment = Environment(
        loader=PackageLoader("reliefsim.report.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(of_answers=Markup(OF_ANSWERS), end_of_answers=Markup(END_OF_ANSWERS))
    return environment


def _joined(names: Sequence[str]) -> str:
    root = files(__package__)
    parts = [(root / name).read_text(encoding="utf-8") for name in names]
    text = "\n".join(
        f"/*\n{part}*/" if name.endswith("LICENSE") else part for name, part in zip(names, parts, strict=True)
    )
    if "</script" in text.lower() or "</style" in text.lower():
        raise ValueError("a script or style of the page holds the end of its element")
    return text


def _hash(text: str) -> str:
    """A hash source of a Content Security Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
