"""The drawn world becomes the twin's homes and cases; rows of facts are written."""

from __future__ import annotations

from typing import Any

import numpy as np

from reliefsim.engine.world.world_draws import World

from .parts import Case, Home


def write(row: Any, **values: int) -> None:
    """Fill some columns of one row."""
    for name, value in values.items():
        row[name] = value


def _columns(table: np.ndarray[Any, Any], names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table[name].tolist() for name in names.split()), strict=True))


def homes_of(world: World) -> list[Home]:
    """Each household, by number."""
    rows = _columns(world.households, "size location arrived left registered population")
    rounds = world.rounds_to_find.tolist()
    return [
        Home(number, size, place, arrived, left, registered, rounds[number], bool(population))
        for number, (size, place, arrived, left, registered, population) in enumerate(rows)
    ]


def cases_of(world: World, homes: list[Home]) -> list[Case]:
    """Each case, by number; every home has its own."""
    facts = _columns(world.cases, "household member service location people arose")
    work = _columns(world.work, "rank price duration patience outreach")
    cases = []
    for number, ((household, member, service, place, people, arose), drawn) in enumerate(zip(facts, work, strict=True)):
        rank, price, duration, patience, outreach = drawn
        home = homes[household]
        case = Case(
            number, home, member, service, rank, place, people, arose, price, duration, patience, outreach
        )  # fmt: skip
        home.cases.append(case)
        cases.append(case)
    return cases
