"""Rates and prices become exact values by textbook formulas, written without looking at the model.

Days and people throughout. Sources: Erlang (1917), Pollaczek (1930) and Khinchine (1932); Asmussen, Applied
Probability and Queues (2003), for renewal rewards; Zipkin, Foundations of Inventory Management (2000), chapter 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import special, stats
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import expm_multiply


def erlang_c(load: float, teams: int) -> float:
    """The probability that one who comes must wait, at ``load`` teams' worth of work."""
    terms = [load**n / math.factorial(n) for n in range(teams)]
    last = load**teams / math.factorial(teams) * teams / (teams - load)
    return last / (sum(terms) + last)


def mean_wait(rate: float, mean: float, teams: int) -> float:
    """Mean wait in the long run with exponential times."""
    return erlang_c(rate * mean, teams) / (teams / mean - rate)


def pollaczek_khinchine(rate: float, mean: float, cv2: float) -> float:
    """Mean wait in the long run for one team, any service time with that squared coefficient of variation."""
    busy = rate * mean
    return busy * mean * (1 + cv2) / (2 * (1 - busy))


@dataclass(frozen=True)
class Queue:
    """What is expected of a queue that is watched over a window."""

    in_system_at_end: float
    served_in_window: float
    mean_waiting: float


def birth_and_death(rate: float, mean: float, teams: int, begin: float, end: float, most: int) -> Queue:
    """The exact course of a queue that starts empty, up to ``most`` people in it: Kolmogorov's forward equations.

    Two more states gather people served and days waited from ``begin`` to ``end``.
    """
    people = np.arange(most + 1)
    deaths = np.minimum(people, teams) / mean
    flow = np.zeros((most + 3, most + 3))  # columns lose, rows gain
    flow[people[1:], people[:-1]] = rate
    flow[people[:-1], people[1:]] = deaths[1:]
    flow[people, people] = -flow.sum(axis=0)[: most + 1]
    flow[-2, : most + 1], flow[-1, : most + 1] = deaths, np.maximum(people - teams, 0)
    state = np.zeros(most + 3)
    state[0] = 1.0
    if begin > 0:
        state = expm_multiply(csr_matrix(flow * begin), state)
        state[-2:] = 0.0
    state = expm_multiply(csr_matrix(flow * (end - begin)), state)
    assert state[most] < 1e-9, "the chain must be longer"
    return Queue(float(people @ state[:-2]), float(state[-2]), float(state[-1]) / (end - begin))


@dataclass(frozen=True)
class ConvoyCycle:
    """What is expected of a convoy that leaves when full, or some days after its first passenger came."""

    load: float
    wait: float
    cycle: float
    full: float


def convoy_cycle(rate: float, seats: int, days: float) -> ConvoyCycle:
    """Renewal rewards over one cycle, from one departure to the next.

    The n-th further passenger has come within t with probability P(n, rate·t), the regularised incomplete gamma.
    """
    further = np.arange(1, seats)
    came = special.gammainc(further, rate * days)
    load = 1 + float(came.sum())
    waiting = np.arange(1, seats)  # n people wait while the n-th further one has not come
    days_waited = float((waiting * special.gammainc(waiting, rate * days)).sum()) / rate
    until_leaving = float(special.gammainc(further, rate * days).sum()) / rate
    return ConvoyCycle(load, days_waited / load, 1 / rate + until_leaving, float(came[-1]))


@dataclass(frozen=True)
class Shelf:
    """What is expected of a stock in the long run."""

    fill_rate: float
    backorders: float
    on_hand: float


def shelf(rate: float, lead: float, positions: Sequence[int]) -> Shelf:
    """Stock whose position is equally likely any of ``positions``: net stock is the position less lead-time demand."""
    demand = stats.poisson(rate * lead)
    far = np.arange(0, 200)
    chance = demand.pmf(far)
    net = np.array(positions)[:, None] - far[None, :]
    spread = chance[None, :] / len(positions)
    return Shelf(
        float((spread * (net > 0)).sum()),
        float((spread * np.maximum(-net, 0)).sum()),
        float((spread * np.maximum(net, 0)).sum()),
    )


def two_prices(budget: int, prices: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Expected people served, and cents left, when a queue stops at the first who cannot be paid."""
    served, left = np.zeros(budget + 1), np.zeros(budget + 1)
    for cents in range(budget + 1):
        for price, chance in prices:
            if price <= cents:
                served[cents] += chance * (1 + served[cents - price])
                left[cents] += chance * left[cents - price]
            else:
                left[cents] += chance * cents
    return float(served[budget]), float(left[budget])


def mean_of_smaller(mean: float, most: int) -> float:
    """E min(N, most) of a Poisson count."""
    count = stats.poisson(mean)
    return float(mean * count.cdf(most - 2) + most * count.sf(most - 1))


def largest_remainder(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Whole cents by weight; cents left over go to the largest remainders, the earlier first."""
    exact = [Fraction(total) * weight / sum(weights) for weight in weights]
    parts = [math.floor(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda k: (parts[k] - exact[k], k))
    for k in order[: total - sum(parts)]:
        parts[k] += 1
    return parts


def logistic(start: float, ceiling: float, rate: float, months: float) -> float:
    """Verhulst's growth."""
    return ceiling / (1 + (ceiling / start - 1) * math.exp(-rate * months))


def logistic_person_months(start: float, ceiling: float, rate: float, months: float) -> float:
    """Its integral over time."""
    odds = ceiling / start - 1
    return ceiling / rate * math.log((math.exp(rate * months) + odds) / (1 + odds))
