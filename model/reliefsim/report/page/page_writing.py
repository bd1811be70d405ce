"""The sections become one HTML file, written whole or not at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ...results.study_folder import read_folder
from ...store import new_file
from ..text.tongue import LANGUAGES, Tongue
from ..views import compared_view, first_view, gap_view, money_view, people_view, run_out_view
from ..views.content import Content
from ..views.next_dollar_view import next_dollar
from ..views.operations import operations
from ..views.view_table import Table as View
from .page_table import CROWDED, FEW, MOST_PRINTED, Table, shown
from .sections import (
    section_asked,
    section_breaks,
    section_course,
    section_fan,
    section_finding,
    section_gap,
    section_inputs,
    section_made,
    section_money,
    section_people,
    section_place,
    section_plan,
)

FILE = "report.html"
MOST_BYTES = 2_000_000  # so that it can be sent and opened on a phone
OF_ANSWERS, END_OF_ANSWERS = "<!--answers-->", "<!--/answers-->"  # round what the study's own folder does not tell
_STYLES = ("vendor/uPlot.min.css", "style/base.css", "style/parts.css", "style/print.css")
_SCRIPTS = ("vendor/LICENSE", "vendor/uPlot.iife.min.js", "script/page.js", "script/chart.js",
            "script/course.js", "script/offers.js")  # fmt: skip


class PageTooLargeError(ValueError):
    """A page of this study would be larger than it may be."""


def write_page(folder: Path, made: Mapping[str, Any], others: Sequence[Path] = ()) -> Path:
    """Write ``folder``/report.html from the folder's files, and return its path; the same files give the same bytes.

    ``made``: what run.json holds. ``others``: folders of `ask`, `next-dollar` and `plan`, whose answers are shown too. Raises
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
    """The page as HTML: the reference's operation, its scenario first, and then the others."""
    content, *others = [replace(content, study=one) for one in operations(content.study)]
    tongues = [Tongue(language) for language in LANGUAGES]
    style, script = (_joined(names) for names in (_STYLES, _SCRIPTS))
    answers = {one.language: section_asked.asks(content, one) for one in tongues}
    curves = section_course.for_page([one.curve for one in answers["en"]])
    environment = _environment()
    bodies = []
    for tongue in tongues:
        environment.globals.update(_=tongue.say, tongue=tongue, id=tongue.language, most_printed=MOST_PRINTED)
        body = environment.get_template("body.html.jinja").render(
            **_sections(content, tongue), asks=answers[tongue.language], content=content, language=tongue.language,
            elsewhere=[_elsewhere(one, tongue) for one in others],
            inputs=[table for one in (content, *others) for table in section_inputs.inputs(one, tongue)],
            sources=section_inputs.sources([content, *others]),
            few=FEW,
            crowded=CROWDED,
        )
        bodies.append((tongue.language, Markup(body)))  # made by a template that escapes
    return environment.get_template("page.html.jinja").render(
        bodies=bodies,
        answers=len(content.study.answers),
        least=content.least,
        scenarios=len(content.arms),
        few=FEW,
        crowded=CROWDED,
        titles={one.language: f"reliefsim: {content.subject(one)}" for one in tongues},
        style=Markup(style),  # the package's own
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        others=content.study.others,
        series=Markup(section_course.packed(content, tongues)),
        curves=Markup(curves),
    )


def _sections(content: Content, tongue: Tongue) -> dict[str, Any]:
    arms, one, band = content.arms, content.study.reference, content.study.is_band

    def tables(views: Sequence[View | None]) -> list[Table | None]:
        return [None if view is None else shown(view, tongue, band) for view in views]

    single = {
        "by_grant": money_view.by_grant(content),
        "bands": first_view.table(content.study, content.name) if first_view.has_bands(content.study) else None,
        "side_by_side": compared_view.side_by_side(content),
        "differences": compared_view.differences(content),
        "run_outs": run_out_view.run_outs(content),
        "by_reason": gap_view.by_reason(content),
        "by_service": gap_view.by_service(content),
        "gap_by_class": gap_view.by_class(content),
        "by_location": people_view.by_place(content, one, "locations"),
        "by_origin": people_view.by_place(content, one, "origins"),
    }
    several: dict[str, Sequence[View | None]] = {
        "lines": [money_view.lines(content, arm) for arm in arms],
        "by_class": [people_view.by_class(content, arm) for arm in arms],
        "services": people_view.services(content),
        "next_dollars": [next_dollar(answer) for answer in content.study.nexts if answer.rows],
    }
    standing = run_out_view.standing_still(content)
    return {
        **dict(zip(single, tables(list(single.values())), strict=True)),
        **{name: tables(views) for name, views in several.items()},
        "finding": section_finding.finding(content, tongue),
        "divided": [section_money.divided(content, tongue, arm) for arm in arms],
        "rule": tongue.told(money_view.rule_words(content)),
        "calendars": [section_breaks.breaks(content, tongue, arm) for arm in arms],
        "standing_still": standing and shown(standing, tongue),
        "stacked": section_gap.stacked(content, tongue, one),
        "ladders": [section_gap.ladder(content, tongue, arm) for arm in arms],
        "map": section_place.drawn(content, tongue, one),
        "abroad": section_place.abroad(content, tongue, one),
        "fans": section_fan.fans(content, tongue),
        "plans": section_plan.plans(content, tongue),
        "covered": section_people.covered(content, tongue, one),
        "made": section_made.made(content, tongue),
        "names": [tongue.told(content.name(arm)) for arm in arms],
    }


def _elsewhere(content: Content, tongue: Tongue) -> dict[str, Any]:
    """What is told of another operation."""
    one = content.study.reference
    views = {"by_class": people_view.by_class(content, one), "side_by_side": compared_view.side_by_side(content)}
    return {
        "finding": section_finding.finding(content, tongue),
        **{name: shown(view, tongue, content.study.is_band) for name, view in views.items()},
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
