"""A signal becomes a study that stops: told at once, with what is kept whole, and what takes too long left undone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

GRACE_SECONDS = 0.5  # for what is under way to end by itself, so that it is kept
_SAID = b"Stopping, what is done is kept; once more: at once.\n"
_may_be_cut = [False]


class CutShort(BaseException):
    """What is under way is left undone: the study was asked to stop, and its grace is over."""


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], int]]:
    """The signal (Ctrl-C, SIGTERM) that asks this process to stop, or 0; the second one ends it at once."""
    asked: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if asked:
            os._exit(128 + number)  # what is kept is whole: nothing needs to be put in order
        asked.append(number)
        with suppress(OSError):
            os.write(2, _SAID)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS, GRACE_SECONDS)

    def cut(number: int, frame: FrameType | None) -> None:
        if _may_be_cut[0]:
            _may_be_cut[0] = False
            raise CutShort

    wanted = {signal.SIGINT: note, signal.SIGTERM: note}
    if hasattr(signal, "setitimer"):
        wanted[signal.SIGALRM] = cut
    try:
        before = {one: signal.signal(one, handler) for one, handler in wanted.items()}
    except ValueError:  # not in the main thread, where signals cannot be set
        yield lambda: 0
        return
    try:
        yield lambda: asked[0] if asked else 0
    finally:
        if asked and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def may_be_cut() -> Iterator[None]:
    """What is done inside changes nothing that stays: once the study is asked to stop it may end with CutShort."""
    _may_be_cut[0] = True
    try:
        yield
    finally:
        _may_be_cut[0] = False
