"""Households become the cases they need: who, which service, from when, how long, at what price."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..records import DAY, MISSING, Outcome
from .durations import NONE, draw_seconds
from .streams import block, short_uniform, uniform

YEAR = 365 * DAY

# How one service is needed, by service number.
NEED = np.dtype(
    [
        ("by_household", "i8"),
        ("by_seat", "i8"),  # price and extra are for each of the case's people
        ("population", "i8"),
        ("by_rate", "i8"),
        ("has_choices", "i8"),  # price, outcome or outreach are a matter of chance
        ("outreach_share", "f8"),  # of cases that outreach can find; 0: not by outreach
        ("need_key", "u8"),
        ("case_key", "u8"),
        ("first_price", "i8"),  # in the price list; MISSING: one price
        ("prices", "i8"),
        ("price", "i8"),  # cents
        ("wished_share", "f8"),
        ("full_extra", "i8"),  # cents beside the price in what serving costs: the item, the seat's part of a departure
        ("full_rate_ppm", "i8"),  # indirect cost that full service carries
    ],
    align=True,
)

_NOT_OPENED = int(Outcome.NOT_OPENED)
NEVER = 1 << 40


@compiled
def draw_cases(
    households: Any, member_class: npt.NDArray[np.int16], kinds: npt.NDArray[np.int64], units: npt.NDArray[np.int64],
    leave: npt.NDArray[np.int64], horizon: int, needs: Any, level: npt.NDArray[np.float64],
    served: npt.NDArray[np.bool_], price_factor: npt.NDArray[np.float64], prices: npt.NDArray[np.float64],
    laws: Any, law_values: npt.NDArray[np.float64], rank: npt.NDArray[np.int64], cases: Any, work: Any,
) -> int:  # fmt: skip
    """Fill ``cases`` and ``work``, household by household; the number of cases, or -1 if there is no room for all.

    ``level[service, class]``: net share needing it, or net cases a unit a year. ``served[service, location]``.
    ``kinds`` and ``units``: each household's counter words in its streams.
    """
    count = 0
    # Below this no need arises within the horizon, however long the household stays: spares an exponential.
    least = np.exp(-level * (horizon / YEAR))
    for h in range(households.shape[0]):
        home = households[h]
        home.first_case = count
        presence = min(leave[h], horizon) - home.arrived
        for s in range(needs.shape[0]):
            need = needs[s]
            if need.population != home.population or not served[s, home.location]:
                continue
            askers = 1 if need.by_household else home.size
            drawn = -1
            for m in range(askers):
                asker = home.priority_class if need.by_household else member_class[home.first_member + m]
                wanted = level[s, asker]
                if wanted <= 0.0:
                    continue
                if drawn != m // 4:
                    drawn = m // 4
                    w0, w1, w2, w3 = block(need.need_key, units[h], drawn, 0, kinds[h])
                u = short_uniform(w0 if m % 4 == 0 else w1 if m % 4 == 1 else w2 if m % 4 == 2 else w3)
                arose = 0
                times = 0
                if not need.by_rate:
                    if u >= wanted:
                        continue
                elif u <= least[s, asker] or u <= math.exp(-wanted * presence / YEAR):
                    continue
                else:
                    arose = int(-math.log(u) / wanted * YEAR)
                while arose < presence:
                    if count == cases.shape[0]:
                        return -1
                    case = cases[count]
                    case.household = h
                    case.member = MISSING if need.by_household else m
                    case.service = s
                    case.priority_class = asker
                    case.people = home.size if need.by_household else 1
                    case.arose = home.arrived + arose
                    _draw_case(
                        case, work[count], home, need, units[h], m, times, kinds[h], price_factor, prices, laws[s],
                        law_values,
                    )  # fmt: skip
                    work[count].rank = rank[asker]
                    count += 1
                    times += 1
                    if not need.by_rate:
                        break
                    v0, v1, _, _ = block(need.case_key, units[h], m, 8 * times + 6, kinds[h])
                    arose += max(1, int(-math.log(uniform(v0, v1)) / wanted * YEAR))
        home.cases = count - home.first_case
    return count


@inlined
def _draw_case(
    case: Any, work: Any, home: Any, need: Any, unit: int, member: int, times: int, kind: int,
    price_factor: npt.NDArray[np.float64], prices: npt.NDArray[np.float64], laws: Any,
    law_values: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """What is drawn for one case at birth. Draw numbers 8·times + k, a purpose each, keep repeated needs apart."""
    case.origin = home.origin
    case.location = home.location
    case.opened = MISSING
    case.started = MISSING
    case.ended = MISSING
    case.outcome = _NOT_OPENED
    case.reason = 0
    case.wished = 0
    case.in_stock = 0
    case.grant = MISSING
    case.team = MISSING
    case.group = MISSING
    case.cents = 0
    case.indirect_cents = 0
    draw = 8 * times
    key = need.case_key
    price = need.price
    if need.has_choices:
        w0, w1, w2, _ = block(key, unit, member, draw + 1, kind)
    else:
        w0, w1, w2 = np.uint64(0), np.uint64(0), np.uint64(0)
    if need.first_price >= 0:
        at = need.first_price
        while at < need.first_price + need.prices - 1 and short_uniform(w0) >= prices[at, 1]:
            at += 1
        price = int(prices[at, 0])
    seats = case.people if need.by_seat else 1
    work.price = seats * int(price * price_factor[home.location] + 0.5)
    full = work.price + seats * need.full_extra
    case.priced_cents = full + full * need.full_rate_ppm // 1_000_000
    case.wished = 1 if need.wished_share >= 1.0 or short_uniform(w1) < need.wished_share else 0
    work.outreach = NEVER
    if need.outreach_share > 0.0 and short_uniform(w2) < need.outreach_share:
        work.outreach = case.arose
        if laws[2].law != NONE:
            work.outreach += draw_seconds(laws[2], law_values, key, unit, member, draw + 2, kind)
    work.duration = draw_seconds(laws[0], law_values, key, unit, member, draw + 3, kind)
    work.patience = MISSING
    if laws[1].law != NONE:
        work.patience = draw_seconds(laws[1], law_values, key, unit, member, draw + 4, kind)
    work.remaining = 0
    work.pool = MISSING
    work.next = MISSING
    work.parked = 0
