"""Python functions become machine code, once for each machine, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

# Numba states no types of its own.
numba: Any = import_module("numba")
structref: Any = import_module("numba.experimental.structref")
extending: Any = import_module("numba.extending")
unsafe_arrays: Any = import_module("numba.np.unsafe.ndarray")

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A kernel: compiled at its first call and cached beside its source (or in the user's cache folder)."""
    kernel: Callable[P, R] = numba.njit(cache=True)(function)
    return kernel


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A small part of kernels, compiled into each of them."""
    kernel: Callable[P, R] = numba.njit(inline="always")(function)
    return kernel
