"""A Scenario becomes a plain table again, as a file would say it; what is not stated is left out."""

from __future__ import annotations

import datetime
import numbers
from typing import Any

from .quantities import Quantity
from .schema_services import Duration
from .stated_texts import Frozen


def document(value: Any) -> Any:
    """Tables, lists and plain values for a scenario or a part of it, without what has its default."""
    if isinstance(value, Quantity):
        stated = _stated(value)
        return stated["value"] if set(stated) == {"value"} else stated
    if isinstance(value, Frozen):
        return _stated(value)
    if isinstance(value, dict):
        return {str(key): document(inner) for key, inner in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [document(inner) for inner in value]
    return _plain(value)


def _stated(value: Frozen) -> dict[str, Any]:
    """The fields that differ from their default, in the order of the format."""
    found: dict[str, Any] = {}
    for name, field in type(value).model_fields.items():
        inner = getattr(value, name)
        if inner is None or (not field.is_required() and inner == field.get_default()):
            continue
        found[name] = document(inner)
    if isinstance(value, Duration) and set(found) == {"law", "mean_days"} and value.law == "constant":
        mean = found["mean_days"]
        return mean if isinstance(mean, dict) else {"value": mean}
    return found


def _plain(value: Any) -> Any:
    """A number of any library as Python's own."""
    if isinstance(value, (bool, int, float, str, datetime.date, datetime.time)) or value is None:
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value
