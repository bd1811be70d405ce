"""The registry of indicators, the dictionary of columns, the rules and the reasons become tables."""

from __future__ import annotations

import inspect

from ..indicators.registry import ENTRIES, INDICATORS, definitions
from ..indicators.unserved_reasons import MONEY_PARTS, REASONS
from ..results.dictionary import COLUMNS, OF_ONE_TABLE, TABLES
from ..rules import RULES, Rule
from .wording import Wording, code


def files_of(_: str, wording: Wording) -> str:
    """Every table that a study may leave."""
    return wording.table(("file", "what"), [(code(f"{name}.csv"), wording.say(told)) for name, told in TABLES.items()])


def columns_of(_: str, wording: Wording) -> str:
    """Every column, and what means something else in one table."""
    columns = [(code(name), one) for name, one in COLUMNS.items()]
    columns += [(f"{code(name)} ({code(f'{file}.csv')})", one) for (file, name), one in OF_ONE_TABLE.items()]
    return wording.table(
        ("column", "type", "unit", "meaning"),
        [
            (name, wording.say(one.type), wording.say(one.unit), wording.say(one.meaning))
            for name, one in columns
        ],
    )  # fmt: skip


def indicators_of(file: str, wording: Wording) -> str:
    """Every indicator of a file."""
    return wording.table(
        ("indicator", "unit", "meaning"),
        [
            (f"`{one.name}`", wording.say(one.unit), wording.say(one.meaning))
            for one in definitions()
            if one.file == f"{file}.csv"
        ],
    )  # fmt: skip


def rows_of(_: str, wording: Wording) -> str:
    """What each indicator is broken down by; those of one reason stand for all reasons."""
    of_reasons = {f"{begin}{one.name}{end}": f"{begin}REASON{end}" for one in REASONS.values()
                  for begin, end in (("cases_unserved_", ""), ("gap_", "_usd"))}  # fmt: skip
    found: dict[str, list[str]] = {}
    for one in ENTRIES:
        found.setdefault(one.rows.words, []).append(of_reasons.get(one.name, one.name))
    return wording.table(
        ("rows", "indicators"), [(wording.say(words), code(*dict.fromkeys(names))) for words, names in found.items()]
    )


def senses_of(_: str, wording: Wording) -> str:
    """Of which indicators more is better, and of which less."""
    return wording.table(
        ("better is", "indicators"),
        [
            (wording.say(words), code(*(name for name, one in INDICATORS.items() if one.sense * sign > 0)))
            for words, sign in (("more", 1), ("less", -1))
        ],
    )  # fmt: skip


def rules_of(_: str, wording: Wording) -> str:
    """Every rule by which money may be divided."""
    return wording.table(
        ("rule", "divides", "in detail"),
        [(code(name), wording.say(one.words), wording.say(_first_sentence(one.divide))) for name, one in RULES.items()],
    )


def _first_sentence(rule: Rule) -> str:
    """What a rule's own docstring says first."""
    return " ".join((inspect.getdoc(rule) or "").partition("\n\n")[0].split())


def reasons_of(_: str, wording: Wording) -> str:
    """Every reason for which a case may be unserved, in the order in which they are looked for, and those of no money."""
    return wording.table(
        ("reason", "meaning"), [(code(one.name), wording.say(one.meaning)) for one in (*REASONS.values(), *MONEY_PARTS)]
    )
