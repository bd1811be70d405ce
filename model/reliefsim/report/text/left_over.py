"""Goods that lie unused when a run ends, as far as they are worth telling."""

from __future__ import annotations

from typing import NamedTuple

from ...results.estimate_rows import Estimate
from ...results.study_folder import ArmName, StudyFolder

LEAST = 0.01  # of expenditure: less is not told
UNUSED, UNUSED_USD = "stock_unused", "stock_unused_usd"


class LeftOver(NamedTuple):
    """A service's goods that nobody got: items, and USD."""

    service: str
    items: Estimate
    usd: Estimate


def left_over(study: StudyFolder, arm: ArmName) -> list[LeftOver]:
    """Services of goods whose unused stock is worth ``LEAST`` of all expenditure or more, in the order of the tables."""
    least = LEAST * study.indicators.get(arm, "spent_usd").mean
    found = [
        LeftOver(name, *(study.indicators.get(arm, key, service=name) for key in (UNUSED, UNUSED_USD)))
        for name in study.names(UNUSED_USD, "service")
    ]
    return [one for one in found if one.usd.mean >= max(least, 1.0)]
