"""Python functions become machine code, once for each machine and version, kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

# Numba states no types of its own.
numba: Any = import_module("numba")
structref: Any = import_module("numba.experimental.structref")
extending: Any = import_module("numba.extending")
unsafe_arrays: Any = import_module("numba.np.unsafe.ndarray")

P = ParamSpec("P")
R = TypeVar("R")


@cache
def source_digest() -> str:
    """A digest of the sources that kernels are made from.

    Numba keeps a compiled kernel while its own file is unchanged, but a kernel also holds what it calls in other files
    and where the columns of tables lie: one stale kernel would read the wrong column. So all of them stand and fall
    together.
    """
    package = Path(__file__).parent
    sources = [package / "layout.py", package / "units.py", Path(__file__)]
    for folder in ("world", "money", "delivery"):
        sources += sorted((package / "engine" / folder).glob("*.py"))
    # The indicators' kernels call no other file's, so a change elsewhere in that folder makes none stale.
    sources += [path for path in sorted((package / "indicators").glob("*.py")) if b"@compiled" in path.read_bytes()]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """A kernel: compiled at its first call and cached beside its source (or in the user's cache folder)."""
    kernel: Any = numba.njit(cache=True)(function)
    file = kernel._cache._cache_file
    file._source_stamp = (file._source_stamp, source_digest())
    typed: Callable[P, R] = kernel
    return typed


def is_kept(kernel: Any) -> bool:
    """Whether machine code of a kernel, from these very sources, is on disk or in memory."""
    return bool(kernel.signatures) or bool(kernel._cache._cache_file._load_index())


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A small part of kernels, compiled into each of them."""
    kernel: Callable[P, R] = numba.njit(inline="always")(function)
    return kernel


@extending.intrinsic  # type: ignore[untyped-decorator]
def fetch_ahead(typing_context: Any, table: Any, row: Any) -> Any:
    """Ask for the first 128 bytes of a table's row, which will be needed soon; a hint: no row need be there.

    A case that is met in the order of time lies anywhere in memory, and waiting for it takes longer than serving it.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, word = numba.core.cgutils.int8_t, numba.core.cgutils.int32_t
        address = byte.as_pointer()
        start = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        begins = builder.bitcast(builder.gep(start, [arguments[1]]), address)
        kind = numba.core.cgutils.ir.FunctionType(numba.core.cgutils.ir.VoidType(), [address, word, word, word])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [address], kind)
        for line in (0, 64):
            builder.call(hint, [builder.gep(begins, [word(line)]), word(0), word(3), word(1)])
        return context.get_dummy_value()

    return numba.types.void(table, row), generate
