"""Python functions become machine code, once for each machine, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A kernel: compiled at its first call and cached beside its source (or in the user's cache folder)."""
    kernel: Callable[P, R] = njit(cache=True)(function)
    return kernel


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A small part of kernels, compiled into each of them."""
    kernel: Callable[P, R] = njit(inline="always")(function)
    return kernel
