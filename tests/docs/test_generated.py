"""What topics say of the format, the registry, the rules and the reasons is all that there is, and nothing else."""

from __future__ import annotations

import re

import pytest

from reliefsim.docs.schema_tables import NEEDS, own_fields, parts
from reliefsim.docs.topics import PLACE, TOPICS, written
from reliefsim.docs.wording import Wording, stored
from reliefsim.indicators.registry import ENTRIES, definitions
from reliefsim.indicators.unserved_reasons import MONEY_PARTS, REASONS
from reliefsim.results.dictionary import COLUMNS, TABLES
from reliefsim.rules import RULES
from reliefsim.scenario.json_schema import json_schema

SCENARIO, OUTPUTS = written("scenario", "en"), written("outputs", "en")


def rows(text: str, head: str) -> list[list[str]]:
    """The rows of every table whose first head is so, cell by cell."""
    found, inside = [], False
    for line in text.splitlines():
        inside = line.startswith("|") and (inside or line.startswith(f"| {head} |"))
        if inside and not line.startswith((f"| {head} |", "|---", "| ---")):
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def test_every_part_of_the_format_has_its_table_once() -> None:
    places = [place[2] for place in PLACE.finditer(stored("en", "scenario.md")) if place[1] == "keys"]
    assert sorted(places) == sorted(parts())
    assert sorted(place[2] for place in PLACE.finditer(stored("en", "scenario.md")) if place[1] == "needs") == sorted(NEEDS)


def test_every_key_has_a_meaning_and_no_meaning_is_of_a_key_that_is_none() -> None:
    there = {(name, key) for name, part in parts().items() for key in own_fields(part)}
    said = {(name, key) for name, its in Wording("en").meanings.items() for key in its}
    assert said == there
    assert len(rows(SCENARIO, "key")) == len(there)


def test_every_key_of_the_json_schema_stands_in_the_topic() -> None:
    told = {row[0].strip("`") for row in rows(SCENARIO, "key")}
    schema = json_schema()
    tables = [schema, *schema["$defs"].values()]
    tables += [one for table in tables for one in table.get("anyOf", ())]
    keys = {key for table in tables for key in table.get("properties", ())}
    assert keys - told == {"extends", "remove"}
    assert all(f"`{key} = " in SCENARIO for key in ("extends", "remove"))


@pytest.mark.parametrize(
    ("key", "values", "default"),
    [
        ("horizon_days", "Days, above 0 to 20,000", "required"),
        ("met_by_others_share", "A share, 0 to 1", "0"),
        ("outreach_share", "A share, 0 to 1", "1"),
        ("cases_per_worker", "A whole number, 1 to 1,000,000", "1"),
        ("life_saving_rank", "a whole number, 1 to 1,000", "1,000"),
        ("end_rule", '`"committed-by-end"`, `"spent-and-done"`', '`"committed-by-end"`'),
        ("order_partly", "`true`, `false`", "`true`"),
        ("amount_usd", "US dollars and cents, 0 to 10,000,000,000", "required"),
        ("registered_share", "A share, 0 to 1", "none"),
        ("patience", "a duration", "none"),
        ("pays_for", "a list: a name", "none"),
        ("spent_usd", "by name: US dollars and cents, 0 to 10,000,000,000", "none"),
    ],
)
def test_what_may_stand_at_a_key_is_as_the_format_has_it(key: str, values: str, default: str) -> None:
    assert [values, default] in [row[1:3] for row in rows(SCENARIO, "key") if row[0] == f"`{key}`"]


def test_every_indicator_with_its_unit_and_meaning_stands_in_the_topic() -> None:
    assert rows(OUTPUTS, "indicator") == [[f"`{one.name}`", one.unit, one.meaning.replace("|", "\\|")] for one in definitions()]


def test_the_rows_of_every_indicator_stand_in_the_topic() -> None:
    of_reasons = {f"{begin}{one.name}{end}": f"{begin}REASON{end}" for one in REASONS.values()
                  for begin, end in (("cases_unserved_", ""), ("gap_", "_usd"))}  # fmt: skip
    found: dict[str, list[str]] = {}
    for one in ENTRIES:
        found.setdefault(one.rows.words, []).append(f"`{of_reasons.get(one.name, one.name)}`")
    assert rows(OUTPUTS, "rows") == [[words, ", ".join(dict.fromkeys(names))] for words, names in found.items()]


def test_better_is_what_the_registry_says() -> None:
    more, less = ({name.strip("`") for name in row[1].split(", ")} for row in rows(OUTPUTS, "better is"))
    assert more == {one.name for one in ENTRIES if one.sense > 0}
    assert less == {one.name for one in ENTRIES if one.sense < 0}


def test_every_file_column_rule_and_reason_stands_in_the_topic() -> None:
    firsts = {head: [row[0] for row in rows(OUTPUTS, head)] for head in ("file", "column", "rule", "reason")}
    assert firsts["file"] == [f"`{name}.csv`" for name in TABLES]
    assert {one for one in firsts["column"] if "(" not in one} == {f"`{name}`" for name in COLUMNS}
    assert firsts["rule"] == [f"`{name}`" for name in RULES]
    assert firsts["reason"] == [f"`{one.name}`" for one in (*REASONS.values(), *MONEY_PARTS)]
    assert {row[0] for row in rows(SCENARIO, "rule")} == set(firsts["rule"])


@pytest.mark.parametrize("topic", TOPICS)
def test_no_place_for_a_table_is_left_open(topic: str) -> None:
    assert "{{" not in written(topic, "en")
