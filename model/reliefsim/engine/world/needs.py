"""Households become the cases they need: who, which service, from when, how long, at what price."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined
from ...layout import NO_LAW, NOT_SUSPENDED, UP_TO, VALUE, Outcome
from ...units import DAY, MISSING, indirect_due
from .durations import draw_seconds, seconds_of
from .households import NEVER
from .streams import TILE, Words, block, blocks, blocks_of_each, short_uniform, uniform

YEAR = 365 * DAY
Integers = npt.NDArray[np.int64]

# How one service is needed, by service number.
NEED = np.dtype(
    [
        ("by_household", "i8"),
        ("by_seat", "i8"),  # price and extra are for each of the case's people
        ("population", "i8"),
        ("by_rate", "i8"),
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
indirect = inlined(indirect_due)


@compiled
def draw_cases(
    households: Any, member_class: npt.NDArray[np.int16], kinds: Integers, units: Integers, leave: Integers, horizon: int,
    needs: Any, level: npt.NDArray[np.float64], served: npt.NDArray[np.bool_], rank: Integers, cases: Any, work: Any,
) -> int:  # fmt: skip
    """Who needs what, and when, household by household; the number of cases, or -1 if there is no room for all.

    Fills of ``cases`` who, what and when, of ``work`` the rank. ``level[service, class]``: net share needing it, or net
    cases a unit a year. ``served[service, location]``. ``kinds`` and ``units``: households' counter words.
    """
    count = 0
    # Below this no need arises within the horizon, however long the household stays: spares an exponential.
    least = np.exp(-level * (horizon / YEAR))
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    # The word of service s and member m of household i of a tile is words[s * rows + m, i].
    rows = 4 * (1 + (largest - 1) // 4)
    words = np.empty((needs.shape[0] * rows, TILE), np.uint64)
    for first in range(0, households.shape[0], TILE):
        last = min(first + TILE, households.shape[0])
        _ask(households[first:last], kinds[first:last], units[first:last], needs, words, rows)
        for h in range(first, last):
            home = households[h]
            home.first_case = count
            presence = min(leave[h], horizon) - home.arrived
            for s in range(needs.shape[0]):
                need = needs[s]
                if need.population != home.population or not served[s, home.location]:
                    continue
                for m in range(1 if need.by_household else home.size):
                    asker = home.priority_class if need.by_household else member_class[home.first_member + m]
                    u = short_uniform(words[s * rows + m, h - first])
                    arose = 0
                    if not need.by_rate:
                        if u >= level[s, asker]:
                            continue
                    elif u <= least[s, asker] or u <= math.exp(-level[s, asker] * presence / YEAR):
                        continue
                    else:
                        arose = int(-math.log(u) / level[s, asker] * YEAR)
                    times = 0
                    while arose < presence:
                        if count == cases.shape[0]:
                            return -1
                        case = cases[count]
                        case.household = h
                        case.member = MISSING if need.by_household else m
                        case.service = s
                        case.priority_class = asker
                        case.arose = home.arrived + arose
                        work[count].rank = rank[asker]
                        count += 1
                        times += 1
                        if not need.by_rate:
                            break
                        v0, v1, _, _ = block(need.case_key, units[h], m, 8 * times + 6, kinds[h])
                        arose += max(1, int(-math.log(uniform(v0, v1)) / level[s, asker] * YEAR))
            home.cases = count - home.first_case
    return count


@inlined
def _ask(homes: Any, kinds: Integers, units: Integers, needs: Any, words: Words, rows: int) -> None:
    """Draw a word for every service and member of a tile of households."""
    largest = 1
    for i in range(homes.shape[0]):
        largest = max(largest, homes[i].size)
    for s in range(needs.shape[0]):
        for part in range(1 if needs[s].by_household else 1 + (largest - 1) // 4):
            blocks(needs[s].need_key, units, part, 0, kinds, words, s * rows + 4 * part)


@compiled
def draw_details(
    households: Any, kinds: Integers, units: Integers, needs: Any, price_factor: npt.NDArray[np.float64],
    prices: npt.NDArray[np.float64], laws: Any, law_values: npt.NDArray[np.float64], cases: Any, work: Any,
) -> None:  # fmt: skip
    """What else is drawn for each case at birth: price, outcome, outreach, duration, patience.

    The n-th case of one need of one member uses draws 8·n + k, a purpose each: 1 choices, 2 outreach, 3 duration, 4
    patience, 6 the time to the next.
    """
    keys = np.empty(TILE, np.uint64)
    members, draws = np.empty(TILE, np.int64), np.empty(TILE, np.int64)
    unit, kind = np.empty(TILE, np.int64), np.empty(TILE, np.int64)
    choice, time = np.empty((4, TILE), np.uint64), np.empty((4, TILE), np.uint64)
    times = 0
    for first in range(0, cases.shape[0], TILE):
        count = min(TILE, cases.shape[0] - first)
        for i in range(count):
            c = first + i
            case = cases[c]
            again = c > 0 and cases[c - 1].household == case.household and cases[c - 1].service == case.service
            times = times + 1 if again and cases[c - 1].member == case.member else 0
            keys[i] = needs[case.service].case_key
            members[i] = 0 if case.member == MISSING else case.member
            draws[i] = 8 * times + 1
            unit[i] = units[case.household]
            kind[i] = kinds[case.household]
        blocks_of_each(keys, unit, members, draws, kind, count, choice)
        draws += 2
        blocks_of_each(keys, unit, members, draws, kind, count, time)
        for i in range(count):
            case = cases[first + i]
            home = households[case.household]
            need, law, draw = needs[case.service], laws[case.service], draws[i] - 3
            row = work[first + i]
            _choose(case, row, home, need, choice[0, i], choice[1, i], price_factor, prices)
            row.outreach = NEVER
            if need.outreach_share > 0.0 and short_uniform(choice[2, i]) < need.outreach_share:
                row.outreach = case.arose
                if law[2].law != NO_LAW:
                    row.outreach += draw_seconds(law[2], law_values, keys[i], unit[i], members[i], draw + 2, kind[i])
            row.duration = seconds_of(
                law[0], law_values, time[0, i], time[1, i], time[2, i], time[3, i], keys[i], unit[i], members[i],
                draw + 3, kind[i],
            )  # fmt: skip
            row.patience = MISSING
            if law[1].law != NO_LAW:
                row.patience = draw_seconds(law[1], law_values, keys[i], unit[i], members[i], draw + 4, kind[i])


@inlined
def _choose(
    case: Any, work: Any, home: Any, need: Any, w0: np.uint64, w1: np.uint64, price_factor: npt.NDArray[np.float64],
    prices: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """A new case's place, price and outcome if served, and what it is before anything happens to it."""
    case.origin = home.origin
    case.location = home.location
    case.people = home.size if need.by_household else 1
    case.opened = MISSING
    case.started = MISSING
    case.ended = MISSING
    case.outcome = _NOT_OPENED
    case.reason = 0
    case.in_stock = 0
    case.grant = MISSING
    case.team = MISSING
    case.group = MISSING
    case.cents = 0
    case.indirect_cents = 0
    price = need.price
    if need.first_price >= 0:
        at = need.first_price
        while at < need.first_price + need.prices - 1 and short_uniform(w0) >= prices[at, UP_TO]:
            at += 1
        price = int(prices[at, VALUE])
    seats = case.people if need.by_seat else 1
    work.price = seats * int(price * price_factor[home.location] + 0.5)
    full = work.price + seats * need.full_extra
    case.priced_cents = full + indirect(need.full_rate_ppm, full)
    case.wished = 1 if need.wished_share >= 1.0 or short_uniform(w1) < need.wished_share else 0
    work.remaining = 0
    work.pool = MISSING
    work.next = MISSING
    work.suspended = NOT_SUSPENDED
    work.is_to_open = 0
