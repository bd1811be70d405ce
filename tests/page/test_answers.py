"""What the page says of the answers of `ask` and `next-dollar`: what ask.csv holds, and what the terminal tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page.conftest import made_of
from page.test_report import rows, words
from study.calling import call

from reliefsim.layout import REASON_NAMES, Reason
from reliefsim.report.page import write_page
from reliefsim.report.page.page_table import Cell, Table, shown
from reliefsim.report.page.sections import section_asked as asked
from reliefsim.report.page.sections import section_lacking as lacking
from reliefsim.report.text.marginal_words import saturated
from reliefsim.report.text.tongue import Tongue
from reliefsim.report.views.ask_sentences import sentences
from reliefsim.report.views.content import Content
from reliefsim.report.views.next_dollar_view import next_dollar
from reliefsim.results.answer_folder import AnswerFolder
from reliefsim.results.study_folder import read_folder

QUEUE = """
start_date = 2030-01-01
horizon_days = 30
arrivals = { rate_per_day = 20 }
services.aid = { kind = "casework", duration = 0.001, unit_cost_usd = 100 }
grants.first = { amount_usd = 5000 }
"""
CALLS = {
    "an amount": ("--target", "need_covered=0.9"),
    "no amount": ("--target", "need_covered=0.9", "--most", "8000"),
    "as things are": ("--target", "cases_served=1"),
    "too few": ("--target", "need_covered=0.9", "--certainty", "0.95"),
}
BEGINS = {
    "an amount": {"en": "USD {usd} more by ", "fr": "{usd} USD de plus d’ici au "},
    "no amount": {"en": "No amount up to USD 8,000 ", "fr": "Aucun montant jusqu’à 8 000 USD "},
    "as things are": {"en": "Without more money, ", "fr": "Sans argent supplémentaire, "},
    "too few": {"en": "Too few runs ", "fr": "Trop peu de tirages "},
}
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})


@pytest.fixture(scope="module")
def queues(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each kind of answer, of a queue that takes milliseconds."""
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "queue.toml").write_text(QUEUE, encoding="utf-8")
    for name, arguments in CALLS.items():
        more = ("--point-values", "--replications", "20", "--quiet", "--no-figures", "--out", str(folder / name))
        assert call("ask", str(folder / "queue.toml"), *arguments, *more) == (0, "")
    return {name: folder / name for name in CALLS}


def content(study: Path, *folders: Path) -> Content:
    return Content(read_folder(study, made_of(study), folders))


def texts(table: Table | None) -> list[str]:
    """Every text of a table."""
    cells = [cell for row in (*table.rows, table.heads) for cell in row] if table else []
    return [part for cell in cells for part in ([cell.text, cell.note] if isinstance(cell, Cell) else [cell])]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_answer_says_which_kind_it_is(study_folder: Path, queues: dict[str, Path], language: str) -> None:
    """Too few runs is never said of what no amount does, nor the other way."""
    for name, folder in queues.items():
        (one,) = asked.asks(content(study_folder, folder), Tongue(language))
        found = rows(folder / "ask.csv")
        ask = next(row for row in found if row["part"] == "ask")
        usd = Tongue(language).number(float(ask["additional_usd"] or 0)).translate(_PLAIN)
        for other, begins in BEGINS.items():
            begin = begins[language].format(usd=usd)
            assert one.answer.translate(_PLAIN).startswith(begin) == (other == name), (name, other)
        if name == "too few":
            assert Tongue(language).number(float(ask["replications_needed"])) in one.sentences[0].split(":")[-1]
            assert one.arrivals is None
        assert "at least " in one.answer or "au moins " in one.answer
        shown = numbers(" ".join([one.answer, *one.sentences]))
        assert shown - {"30", "2030", "1", "0", "20", "95", "97.5"} <= told(found, Tongue(language))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_told_of_an_answer_stands_in_its_table(study_folder: Path, answers: list[Path], language: str) -> None:
    """The ceiling, the best that money gives, who stands still and goes without, what binds: and no number beside them."""
    tongue, found = Tongue(language), rows(answers[0] / "ask.csv")
    (one,) = asked.asks(content(study_folder, answers[0]), tongue)
    own = {part: next(row for row in found if row["part"] == part) for part in ("without", "binds")}
    facts = " ".join(" ".join(fact) for fact in one.facts)
    assert tongue.usd(float(own["binds"]["additional_usd"])) in facts
    for row in own.values():
        assert tongue.percent(float(row["p50"])) in facts
        assert tongue.between(float(row["p10"]), float(row["p90"]), "share") in facts
    lacks = {(row["part"], row["indicator"], row["service"]): row for row in found if not row["group"]}
    without, binds = texts(one.without), texts(one.binds)
    for (part, indicator, service), row in lacks.items():
        often = row["chance"] and float(row["chance"]) >= 0.5
        if (part, indicator) == ("without", "break_to_end_day") and often:
            assert any(tongue.date(row["date_p50"]) in text for text in without), row
        if (part, indicator) == ("without", "people_unserved_money") and float(row["p50"]) >= 1:
            assert tongue.number(float(row["p50"])) in without, row
        if (part, indicator, service) == ("binds", "people_unserved_not_found", ""):
            assert tongue.number(float(row["p50"])) in binds
        if (part, indicator) == ("binds", "workers_lacking") and float(row["p50"]) >= 1:
            assert tongue.number(float(row["p50"])) in binds, row
    assert len(one.without.rows) > 1
    assert 1 < len(one.binds.rows) <= 6
    shown = " | ".join([*one.sentences, facts, *without, *binds, *texts(one.bought), one.without.note])
    assert numbers(shown) - {"60", "95", "97.5", "6", "0", "8"} <= told(found, tongue)


def numbers(text: str) -> set[str]:
    """Every number of a text, without its groups' signs."""
    whole = re.sub(r"(?<=\d)[,\u202f](?=\d{3})", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", whole.replace(",", ".")))


def told(found: list[dict[str, str]], tongue: Tongue) -> set[str]:
    """Every number that a table tells, in each form that the page may give it."""
    some: set[str] = set()
    for row in found:
        for cell in row.values():
            if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
                some |= numbers(tongue.date(cell))
            elif re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell):
                value = abs(float(cell))
                some |= {f"{value:.0f}", f"{100 * value:.0f}", f"{100 * value:.1f}", f"{100 * value:.2f}".rstrip("0")}
                some |= numbers(tongue.percent(value)) | numbers(tongue.number(value)) | numbers(tongue.chance(value))
    return some


def test_what_holds_a_line_back_is_what_the_terminal_says(study_folder: Path, answers: list[Path]) -> None:
    """Of each reason, and where a line is not held back at all."""
    first = rows(answers[1] / "next_dollar.csv")
    one_line = [row for row in first if (row["service"], row["grant"]) == (first[0]["service"], first[0]["grant"])]
    for reason in [*(REASON_NAMES[one] for one in Reason if one), "nothing", ""]:
        changed = {"saturated": "yes" if reason else "no", "binds": f"{reason}, team" if reason else ""}
        found = [{**row, **changed} for row in one_line]
        table = shown(next_dollar(AnswerFolder(found)), Tongue("en"))
        last = table.rows[0][-1]
        assert isinstance(last, Cell)
        assert last.text.lower() == (saturated(found[0]) or "nothing yet")


def test_what_may_never_come_is_later_or_never(study_folder: Path, tmp_path: Path) -> None:
    for path in study_folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    lines = (tmp_path / "runout.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    place = lines[0].split(",").index("date_p90")
    cells = [line.split(",") for line in lines]
    for row in cells[1:]:
        row[place] = "" if row[2] == "run_out_day" else row[place]
    (tmp_path / "runout.csv").write_text("".join(",".join(row) for row in cells), encoding="utf-8")
    page = write_page(tmp_path, made_of(study_folder))
    assert ", later or never" in words(page, "en")
    assert ", plus tard ou jamais" in words(page, "fr")
    assert " à jamais" not in words(page, "fr")


def test_who_goes_without_and_why_is_told_row_by_row(study_folder: Path, answers: list[Path]) -> None:
    """Rows written by hand: dates, people, causes and workers, each in its place, the most people first."""
    none = dict.fromkeys(rows(answers[0] / "ask.csv")[0], "") | {"scenario": "baseline", "target": "need_covered"}

    def row(
        part: str, indicator: str, service: str, numbers: str, group: str = "", chance: str = "1", dates: str = ""
    ) -> dict[str, str]:
        some = dict(zip(("p10", "p50", "p90"), numbers.split(), strict=True))
        days = dict(zip(("date_p10", "date_p50"), dates.split(), strict=False))
        told = {"part": part, "indicator": indicator, "service": service, "group": group, "additional_usd": "7000"}
        return {**none, **told, **some, **days, "chance": chance, "chance_low": "0.5", "chance_high": "1"}

    written = [
        row("without", "need_covered", "", "0 0 0"),
        row("without", "break_day", "ftr", "1 2 3", dates="2013-01-01 2013-01-02"),
        row("without", "break_to_end_day", "ftr", "1 2 3", chance="0.4", dates="2013-05-01 2013-05-02"),
        row("without", "break_to_end_day", "nfi", "1 2 3", chance="0.6", dates="2013-02-03 2013-03-04"),
        row("without", "break_to_end_day", "pss", "1 2 3", chance="0.4", dates="2013-05-01 2013-05-02"),
        row("without", "people_unserved_money", "nfi", "10 20 30"),
        row("without", "people_unserved_money", "", "15 25 35"),
        row("without", "people_unserved_money", "", "1 3 5", group="aged"),
        row("without", "people_unserved_money", "", "2 4 6", group="unaccompanied-child"),
        row("binds", "need_covered", "", "0 0 0"),
        row("binds", "people_unserved_not_found", "nfi", "8 9 10"),
        row("binds", "people_unserved_team", "pss", "40 50 60"),
        row("binds", "workers_lacking", "pss", "1 2 2"),
        row("binds", "people_unserved_access", "nfi", "0 0 7"),
        row("binds", "people_unserved_money", "nfi", "60 70 80"),
        row("binds", "workers_lacking", "nfi", "5 5 5"),
        row("binds", "people_unserved_not_found", "", "90 91 92"),
        row("binds", "people_unserved_money", "", "60 70 80"),
    ]
    study = read_folder(study_folder, {})
    stated = study.stated(study.reference)
    answer, tongue = AnswerFolder(written, {}, stated), Tongue("en")
    still = lacking.without(answer, tongue)
    ftr, nfi = "Family tracing and reunification", "Essential non-food items"
    assert [[plain(cell) for cell in one] for one in still.rows] == [
        [ftr, "at times, first on 2 Jan 2013 / 1 Jan 2013, later or never", "100% / 50% to 100%", "0"],
        [nfi, "from 4 Mar 2013 to the end / 3 Feb 2013, later or never", "60% / 50% to 100%", "20 / 10 to 30"],
        ["All, each person once", "", "", "25 / 15 to 35"],
    ]  # fmt: skip
    assert "By class, in the middle run: Unaccompanied child 4, Aged 60 and over 3." in still.note.translate(_PLAIN)
    bound = lacking.binds(answer, tongue)
    assert [[plain(cell) for cell in one] for one in bound.rows] == [
        ["Never found", "91 / 90 to 92", ""],
        [f"{nfi} / no money that may pay for it (windows, earmarks, shares)", "70 / 60 to 80", ""],
        ["Psychosocial assistance / no free team", "50 / 40 to 60", "2 / 1 to 2"],
    ]
    assert bound.caption.translate(_PLAIN) == "What more money does not change: with USD 7,000 more"


def dated(answers: list[Path], *amounts: tuple[str, str, str]) -> AnswerFolder:
    """An answer whose ask and later arrivals are these: date, amount, and where its interval begins."""
    found = rows(answers[0] / "ask.csv")
    ask = next(row for row in found if row["part"] == "ask")
    written = [
        {**ask, "part": "arrival" if place else "ask", "arrives": day, "additional_usd": usd, "quantile_low_usd": low}
        for place, (day, usd, low) in enumerate(amounts)
    ]
    return AnswerFolder([*written, *(row for row in found if row["part"] not in ("ask", "arrival"))])


def test_a_deadline_lies_where_the_intervals_let_it_lie_and_less_later_is_explained(answers: list[Path]) -> None:
    first = ("2012-07-01", "100000", "80000")
    later = (("2012-08-01", "100000", "70000"), ("2012-09-01", "120000", "100000"), ("2012-10-01", "140000", "100001"))
    dear = dated(answers, first, *later)
    ask, *_ = sentences(dear)
    assert "there by 1 Aug 2012, perhaps as late as 1 Sept 2012, means" in Tongue("en").told(ask)
    assert "it may be far more, or less." in Tongue("en").told(ask)
    sharp = dated(answers, first, ("2012-08-01", "120000", "100001"))
    assert "there by 1 Jul 2012, means" in Tongue("en").told(sentences(sharp)[0])
    for low, wanted in (("90000", "not shown"), ("79000", "no reason to wait")):
        told = " ".join(Tongue("en").told(one) for one in sentences(dated(answers, first, ("2012-08-01", low, "70000"))))
        assert ("less would do" in told, wanted in told) == (True, True)
    assert "less would do" not in " ".join(Tongue("en").told(one) for one in sentences(sharp))


def plain(cell: str | Cell) -> str:
    """A cell's text, and after a stroke what stands beneath it."""
    parts = [cell.text, cell.note] if isinstance(cell, Cell) else [cell]
    return " / ".join(part for part in parts if part).translate(_PLAIN)
