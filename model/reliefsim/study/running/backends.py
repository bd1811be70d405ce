"""Where the jobs of a study are done: here, or in other processes of this machine (others: see cluster).

A backend is handed the work and its jobs and gives back each job with what it left, in the order in which they get
done. A replication that raises an error, or ends its process, is tried again by itself; the second time it is named.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Protocol

from .jobs import Batch, Failure, Job, Part, Work
from .stopping import GRACE_SECONDS, CutShort, may_be_cut

if TYPE_CHECKING:
    from .checkpoints import CheckpointStore

IN_HAND = 2  # jobs a process has been given and not yet done: one more than it works on
TRIES = 2
LOOK_SECONDS = 0.2  # how often it is asked whether to stop
TIDY = 4  # batches after which a process gives memory back

Progress = Callable[[int], None]  # told how many more are done
Stop = Callable[[], bool]
Done = tuple[Job, Part | Failure]


class BackendError(Exception):
    """A place that cannot do the work, in one line."""


class Backend(Protocol):
    """The seam of a study: everything else is the same wherever it runs."""

    workers: int

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """Do the jobs; begin no more once ``stop`` says so."""

    def close(self) -> None:
        """Let go of processes and connections."""


def processors() -> int:
    """Processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Running:
    """How a request is carried out; each part may be left to the study. ``kept``: what is there is not done again."""

    backend: Backend | None = None
    progress: Progress = lambda done: None
    kept: CheckpointStore | None = None
    stop: Stop = lambda: False


class Serial:
    """All in this process."""

    workers = 1

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """One job after another."""
        for batch in work.batches(jobs):
            if stop():
                return
            try:
                with may_be_cut():
                    parts = work.do(batch)
            except CutShort:
                return
            except Exception:
                yield from (_try_again(work, one) for job in batch for one in job.singly())
            else:
                yield from zip(batch, parts, strict=True)

    def close(self) -> None:
        """Nothing is held."""


def _try_again(work: Work, job: Job) -> Done:
    """One replication of a job that failed."""
    why = ""
    for _ in range(TRIES):
        try:
            return job, work.do((job,))[0]
        except Exception as error:
            why = said(error)
    return job, Failure(job, why)


def said(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


# In a worker process: the work it was started with, and the batches it has done.
_given: list[Work] = []
_done = [0]


def _begin(work: Work) -> None:
    _given[:] = [work]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the one that shares out decides
    _hold_interrupts(False)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A helping process does not outlive the one it helps, whatever that dies of."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _load() -> None:
    """Import what a job needs."""
    for name in ("engine.simulate", "indicators.measure"):
        import_module(f"reliefsim.{name}")


def _do(batch: Batch) -> tuple[Part, ...]:
    parts = _given[0].do(batch)
    _done[0] += 1
    if _done[0] == 1:
        gc.collect()
        gc.freeze()  # what is there by now, the compiled model, stays: nobody need look through it again
    if _done[0] % TIDY == 0:
        _give_back_memory()
    return parts


def _give_back_memory() -> None:
    """Let the system have what runs have freed: left to itself, a C library keeps ever more of it in small pieces."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # not every system's library can
        ctypes.CDLL(None).malloc_trim(0)


def _hold_interrupts(hold: bool) -> None:
    """Let Ctrl-C and SIGTERM wait, or come. Processes started meanwhile let them wait too, until they have read what they
    are given: who hands it to one that has ended waits for ever, once it is more than a pipe holds."""
    if hasattr(signal, "pthread_sigmask"):
        how = signal.SIG_BLOCK if hold else signal.SIG_UNBLOCK
        signal.pthread_sigmask(how, {signal.SIGINT, signal.SIGTERM})


CANNOT_START = (
    "processes of a study cannot start; they say why above. A script that runs a study needs its call under "
    'if __name__ == "__main__": and its rules in a module that can be imported (backend "serial" needs neither)'
)


class Processes:
    """In processes of their own; a pool that breaks is made anew, and its jobs are done again."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._work: Work | None = None
        self._has_served = False

    def begin(self, work: Work) -> None:
        """Let the processes start, and load the model, while this one does the same."""
        self._pool_for(work, self.workers)

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """Each process has one batch in hand and one waiting; the first is done alone if it compiles the kernels.

        Raises BackendError if processes cannot start at all.
        """
        from ...engine.delivery.services import is_compiled

        waiting = deque(work.batches(jobs))
        suspects: list[Job] = []
        if waiting and not is_compiled() and not stop():
            yield from self._share(work, deque([waiting.popleft()]), suspects, stop)
        yield from self._share(work, waiting, suspects, stop)
        for job in suspects:
            for one in job.singly():
                if done := None if stop() else self._alone(work, one, stop):
                    yield done

    def _share(self, work: Work, waiting: deque[Batch], suspects: list[Job], stop: Stop) -> Iterator[Done]:
        """Do the batches; jobs of those that fail, or are in a pool's hands when it breaks, become ``suspects``."""
        at_work: dict[Future[tuple[Part, ...]], Batch] = {}
        while at_work or (waiting and not stop()):
            try:
                while waiting and len(at_work) < IN_HAND * self.workers and not stop():
                    at_work[self._pool_for(work, self.workers).submit(_do, waiting[0])] = waiting[0]
                    waiting.popleft()
            except BrokenProcessPool:
                self._break(work, at_work, suspects)
                continue
            if stop():
                yield from self._last(at_work)
                return
            for future in wait(at_work, LOOK_SECONDS, return_when=FIRST_COMPLETED).done:
                batch = at_work.pop(future)
                error = future.exception()
                if error is None:
                    self._has_served = True
                    yield from zip(batch, future.result(), strict=True)
                else:
                    suspects.extend(batch)
                if isinstance(error, BrokenProcessPool):
                    self._break(work, at_work, suspects)
                    break

    def _last(self, at_work: Mapping[Future[tuple[Part, ...]], Batch]) -> Iterator[Done]:
        """What is done a little later, of a study that is asked to stop; what is not is ended with its process."""
        done, under_way = wait(at_work, GRACE_SECONDS)
        for future in done:
            if future.exception() is None:
                yield from zip(at_work[future], future.result(), strict=True)
        if under_way:
            self._end()

    def _end(self) -> None:
        """End the processes, whatever they are doing.

        One that ends while it hands a result over leaves half of it: this process must not seem to write the rest.
        """
        if self._pool is not None:
            for process in list(self._pool._processes.values()):
                process.terminate()
            self._pool._result_queue._writer.close()  # type: ignore[attr-defined]
        self.close()

    def _break(self, work: Work, at_work: dict[Future[tuple[Part, ...]], Batch], suspects: list[Job]) -> None:
        """Keep what was done before the pool broke, mistrust what was in hand; but not if none could ever start."""
        self.close()
        if not self._has_served:
            try:
                self._pool_for(work, 1).submit(_load).result()
            except BrokenProcessPool:
                raise BackendError(CANNOT_START) from None
            finally:
                self.close()
        suspects.extend(job for batch in at_work.values() for job in batch)
        at_work.clear()

    def _alone(self, work: Work, job: Job, stop: Stop) -> Done | None:
        """One replication with no other beside it, so that a process that ends tells which one ended it; None: stopped."""
        why = ""
        for _ in range(TRIES):
            try:
                future = self._pool_for(work, 1).submit(_do, (job,))
                while wait((future,), LOOK_SECONDS).not_done:
                    if stop():
                        self._end()
                        return None
                return job, future.result()[0]
            except BrokenProcessPool:
                self.close()
                why = "its process was ended (out of memory, or killed)"
            except Exception as error:
                why = said(error)
        return job, Failure(job, why)

    def _pool_for(self, work: Work, workers: int) -> ProcessPoolExecutor:
        if self._pool is None or self._work is not work:
            self.close()
            context = multiprocessing.get_context("spawn")
            resource_tracker.ensure_running()  # or it is started with the others, and lets Ctrl-C come again
            _hold_interrupts(True)
            try:
                self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(work,))
                self._work = work
                for _ in range(workers):
                    self._pool.submit(_load)
            finally:
                _hold_interrupts(False)
        return self._pool

    def close(self) -> None:
        """Let the processes go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
