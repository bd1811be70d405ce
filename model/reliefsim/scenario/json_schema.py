"""The format becomes a JSON Schema of a scenario file as it is written, for editors.

It says which keys there are, what may stand at each, and the bounds of numbers. What needs more than one value (shares
that add up, names that must be known, a parent that must exist) is checked when a file is read.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from .dump import document
from .quantities import DAYS, Bound
from .schema import FORMAT_VERSION, Scenario
from .schema_decisions import KEYS
from .schema_services import Duration
from .stated_texts import FILE_NAME_PATTERN, NAME_PATTERN

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_YEARS = "^(19[0-9]{2}|2[01][0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$"  # as stated_texts has them
# Tables that a child does not fill in but replaces whole, as resolve lays files over each other, and elements of
# lists, which are replaced whole too: what they require is required in every file.
_WHOLE = frozenset({"Duration", "PriceList", "Law", "Closure", "Tranche", "Amendment", "Round", "CountFrom"})
_NUMBER = "number"  # marks a number until it is moved to $defs
_PART = "InPart"  # ends the name of a table that may leave to its parent what it does not change


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a scenario file; one that extends another need not repeat what that one says."""
    whole = Scenario.model_json_schema(schema_generator=_Generator, mode="validation")
    tables: dict[str, Any] = whole.pop("$defs")
    properties = whole["properties"] | {
        "extends": {"type": "string", "pattern": FILE_NAME_PATTERN, "description": "The scenario that this one changes: in the "
                    "same folder, or shipped."},
        "remove": {"type": "array", "items": {"type": "string"}, "description": "Dotted keys of inherited parts to take "
                   "away."},
    }  # fmt: skip
    required = [key for key in whole["required"] if key != "name"]  # without a name it has that of its file
    # In a table of a file that extends another nothing is required, nor in the tables in it.
    parts = {
        f"{name}{_PART}": {key: value for key, value in _renamed(table).items() if key != "required"}
        for name, table in tables.items()
        if name not in _WHOLE
    }
    alone = {"required": required, "properties": {**whole["properties"], "remove": False}}
    found = {
        "$schema": DIALECT,
        "title": f"A scenario of reliefsim, format {FORMAT_VERSION}",
        "description": "A scenario file. Dates stand without quotes; the unit ends the name of a number.",
        "type": "object",
        "properties": _renamed(properties),  # what any file may say, for editors that look no further
        "additionalProperties": False,
        "if": {"not": {"required": ["extends"]}},
        "then": alone,
        "$defs": tables | parts,
    }
    return _with_numbers_apart(found)


def _renamed(raw: Any) -> Any:
    """The same with references to tables that may be stated in part; of several kinds, any that fits."""
    if isinstance(raw, list):
        return [_renamed(one) for one in raw]
    if not isinstance(raw, dict):
        return raw
    found = {key: _renamed(value) for key, value in raw.items()}
    name = str(found.get("$ref", "")).removeprefix("#/$defs/")
    if name and name not in _WHOLE:
        found["$ref"] = f"#/$defs/{name}{_PART}"
    if "discriminator" in found:
        found["anyOf"] = found.pop("oneOf")  # the kind may be the parent's
    return found


class _Generator(GenerateJsonSchema):
    """What pydantic says of the format, and what our own checks add to it."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """A key says enough by itself."""
        return False

    def nullable_schema(self, schema: Any) -> JsonSchemaValue:
        """TOML has no null: what is not stated is left out."""
        return self.generate_inner(schema["schema"])

    def encode_default(self, dft: Any) -> Any:
        """A default as a file would say it."""
        return document(dft)

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        """A key with a default; that of what is left out is nothing."""
        found = super().default_schema(schema)
        if found.get("default", 0) is None:
            found.pop("default")
        return found

    def date_schema(self, schema: Any) -> JsonSchemaValue:
        """A date of TOML, which tools hand to a schema as text."""
        return {"type": "string", "format": "date", "pattern": _YEARS}

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """A table; a number with its range and source may be a plain number, a duration may be a number of days."""
        found = super().model_schema(schema)
        if schema["cls"] is Duration:
            description = found.pop("description", "")
            return {"anyOf": [_number(DAYS), found], "description": description}
        return found

    def function_after_schema(self, schema: Any) -> JsonSchemaValue:
        """A value that one of our own checks goes over."""
        check = schema["function"]["function"]
        return _number(check) if isinstance(check, Bound) else super().function_after_schema(schema)

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        """A table of things under names of the author's choice."""
        found = super().dict_schema(schema)
        found.pop("patternProperties", None)
        found["additionalProperties"] = self.generate_inner(schema["values_schema"])
        if "pattern" in self.generate_inner(schema["keys_schema"]):
            found["propertyNames"] = {"pattern": NAME_PATTERN}
        else:  # keys with dots, which may also be written part by part, as tables in tables
            found["additionalProperties"]["oneOf"].append({"type": "object", "not": {"anyOf": [
                {"required": [key]} for key in sorted(KEYS)
            ]}})
        return found


def _number(bound: Bound) -> dict[str, Any]:
    """A number within its bounds, plain or with its range, source and note."""
    number: dict[str, Any] = {"type": "integer" if bound.whole else "number"}
    number |= {"exclusiveMinimum" if bound.positive else "minimum": bound.low, "maximum": bound.high}
    text = {"type": "string", "maxLength": 4000}
    entry = {
        "type": "object",
        "properties": {"value": number, "low": number, "high": number, "source": text, "note": text},
        "required": ["value"],
        "additionalProperties": False,
    }
    return {_NUMBER: bound.rule, "anyOf": [number, entry]}


def _with_numbers_apart(found: dict[str, Any]) -> dict[str, Any]:
    """Each kind of number stands in $defs once, under a name made of its rule."""
    kinds: dict[str, Any] = {}

    def moved(raw: Any) -> Any:
        if isinstance(raw, list):
            return [moved(one) for one in raw]
        if not isinstance(raw, dict):
            return raw
        if _NUMBER not in raw:
            return {key: moved(value) for key, value in raw.items() if key != "discriminator"}  # a word of OpenAPI
        rule = raw[_NUMBER]
        name = re.sub(r"[^a-z0-9]+", "-", rule.lower().replace(",", "").replace("-", "minus ")).strip("-")
        kinds[name] = {"description": rule, "anyOf": raw["anyOf"]}
        others = {key: value for key, value in raw.items() if key not in (_NUMBER, "anyOf")}
        return {"$ref": f"#/$defs/{name}", **others}

    apart: dict[str, Any] = moved(found)
    apart["$defs"] |= dict(sorted(kinds.items()))
    return apart
