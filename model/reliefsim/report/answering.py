"""A fundraiser's question is answered where it was asked to be, and Ctrl-C is heard meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from ..study.running.backends import Backend, Stop
    from ..study.running.runner import Progress

Found = TypeVar("Found")


class AskedSomewhere(Protocol):
    """What every question says of where and how it is answered."""

    @property
    def folder(self) -> Path:
        """A new folder."""

    @property
    def workers(self) -> int:
        """Processes."""

    @property
    def quiet(self) -> bool:
        """Whether nothing is printed."""

    @property
    def backend(self) -> str | None:
        """None: processes, if there are to be more than one."""

    @property
    def insecure(self) -> bool:
        """Whether a cluster beyond this machine may do without TLS."""


def answered(
    asked: AskedSomewhere, total: int, label: str, find: Callable[[Backend, Progress, Stop], Found]
) -> Found:
    """What ``find`` finds, with a bar of ``total`` steps. Raises what it raises, FolderError and BackendError."""
    from ..store import check_free
    from ..study.running.runner import StudyStoppedError
    from ..study.running.stopping import asked_to_stop
    from .publish import bar, opened, say_compiling

    check_free(asked.folder)
    if not asked.quiet:
        say_compiling()
    where = opened(asked.backend or ("processes" if asked.workers > 1 else "serial"), asked.workers, asked.insecure)
    with asked_to_stop() as stop:
        try:
            with bar(total, asked.quiet, label) as progress:
                return find(where, progress, lambda: bool(stop()))
        except StudyStoppedError as error:
            error.signal = stop()
            raise
        finally:
            where.close()
