"""The jobs of a study are done by the workers of a Dask cluster that is already there; none is ever started here."""

from __future__ import annotations

import ipaddress
import logging
import pickle
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from functools import lru_cache
from importlib import import_module
from queue import Empty, SimpleQueue
from types import FunctionType
from typing import Any, cast

from .backends import IN_HAND, LOOK_SECONDS, TRIES, BackendError, Done, Stop, said
from .checkpoints import DamagedPartError, decode, encode
from .identity import PACKAGES
from .jobs import Batch, Failure, Job, Part, Work
from .stopping import GRACE_SECONDS

WAIT_SECONDS = 10.0  # for the scheduler's first worker
LEFT_SECONDS = 60.0  # for another worker, when all have gone in the middle of a study
ANSWER_SECONDS = 2.5  # for the scheduler to answer

Suspect = tuple[Job, int, str]  # a job that failed, in how many tries, and why


class ClusterError(BackendError):
    """A cluster that cannot do the work, in one line."""


class Cluster:
    """By the workers of a running scheduler. Dask does the jobs of a lost worker again, on another."""

    def __init__(self, address: str, insecure: bool = False) -> None:
        """Raises ValueError for an address that others can listen in on, ClusterError for a cluster of no use."""
        self.address = address
        self._trusted: set[str] = set()  # workers whose versions are as here: another might end at a function it lacks
        self._client = _connected(address, insecure)
        try:
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
            self._check_versions()
            self.workers = max(1, sum(self._client.nthreads().values()))
        except BaseException as error:
            self.close()
            none = ClusterError(f"no worker at {address} within {WAIT_SECONDS:.0f} s")
            raise (none if isinstance(error, TimeoutError) else error) from None

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """Suspects last, each replication with no other beside it, so that a worker that ends tells which ended it."""
        held = self._client.submit(bytes, _packed(work), pure=False)  # a task: made anew if its worker is lost
        suspects: list[Suspect] = []
        try:
            yield from self._share(held, work.batches(jobs), suspects, stop)
            for job, _, _ in suspects:
                for one in job.singly():
                    yield from self._alone(held, one, stop)
        except ClusterError:
            raise
        except Exception as error:
            raise ClusterError(f"the connection to {self.address} was lost: {said(error)}") from error

    def _alone(self, held: Any, job: Job, stop: Stop) -> Iterator[Done]:
        """One replication of a job that failed; nothing is given back if ``stop`` says so first."""
        tries, why = 0, ""
        while tries < TRIES:
            failed: list[Suspect] = []
            yield from self._share(held, [(job,)], failed, stop)
            if not failed:
                return
            tries, why = tries + failed[0][1], failed[0][2]
        yield job, Failure(job, why)

    def _share(self, held: Any, batches: Sequence[Batch], failed: list[Suspect], stop: Stop) -> Iterator[Done]:
        """Do the batches, a few in the hands of each worker; the jobs of those that fail are put with the others that did."""
        waiting, at_work = deque(batches), dict[Any, Batch]()
        done: SimpleQueue[Any] = SimpleQueue()
        seen, asked = time.monotonic(), 0.0
        try:
            while at_work or (waiting and not stop()):
                asked = asked or (time.monotonic() if stop() else 0.0)
                if asked and time.monotonic() > asked + GRACE_SECONDS:
                    return
                workers = self._client.nthreads()
                if not workers.keys() <= self._trusted:
                    self._check_versions()
                threads = sum(workers.values())
                seen = time.monotonic() if threads else seen
                if not threads and (stop() or time.monotonic() > seen + LEFT_SECONDS):
                    raise ClusterError(f"no worker is left at {self.address}")
                while waiting and len(at_work) < IN_HAND * threads and not stop():
                    where = {"workers": [*self._trusted], "allow_other_workers": True}  # should all of these be lost
                    told = tuple(map(tuple, waiting[0]))
                    future = self._client.submit(_do, held, told, **where, pure=False, retries=0)
                    at_work[future] = waiting.popleft()
                    future.add_done_callback(done.put)
                with suppress(Empty):
                    ready = [done.get(timeout=LOOK_SECONDS), *(done.get() for _ in range(done.qsize()))]
                    yield from self._fetched({future: at_work.pop(future) for future in ready}, failed)
        finally:
            self._client.cancel(list(at_work))

    def _fetched(self, batches: dict[Any, Batch], failed: list[Suspect]) -> Iterator[Done]:
        """What batches that are done have left. Raises ClusterError if a worker is not as it must be."""
        parts = self._client.gather({batch: future for future, batch in batches.items()}, errors="skip")
        for future, batch in batches.items():
            if parts[batch] is not None:
                yield from zip(batch, map(_whole, parts[batch]), strict=True)
                continue
            error = future.exception()
            if isinstance(error, ClusterError | CancelledError):
                raise error
            self._check_versions()
            ended = int(getattr(error, "allowed_failures", -1)) + 1  # how many workers, before dask gave it up
            why = "each worker that had it was ended (out of memory, or killed)" if ended else said(error)
            failed.extend((job, ended or 1, why) for job in batch)

    def _check_versions(self) -> None:
        """Raises ClusterError that names a worker with another version of what decides the results."""
        for address, theirs in self._client.run(_versions, on_error="return").items():
            if isinstance(theirs, dict) or "ModuleNotFoundError" in repr(theirs) or "AttributeError" in repr(theirs):
                _compare(address, theirs if isinstance(theirs, dict) else {}, _versions())
                self._trusted.add(address)

    def close(self) -> None:
        """Leave the cluster as it was found."""
        self._client.close()


def _connected(address: str, insecure: bool) -> Any:
    """A client of the scheduler, as secure as dask's own configuration says."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ClusterError("a cluster needs dask: pip install 'reliefsim[cluster]'") from None
    whole = _allowed(address, insecure)
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they print tracebacks; errors come as one line
    client = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(whole, security=distributed.Security(), timeout=ANSWER_SECONDS, set_as_default=False)
    except Exception as error:  # nothing there, no certificates, or something else that listens
        client.status = "closed"  # or dask tries, for long, to close what never opened
        why = "what answers is none" if isinstance(error, MemoryError) else said(error)
        raise ClusterError(f"no scheduler to talk to at {address}: {why}") from None
    return client


def _allowed(address: str, insecure: bool) -> str:
    """An address with its scheme. Raises ValueError if it neither stays on this machine nor is encrypted."""
    addressing: Any = import_module("distributed.comm.addressing")
    whole = str(addressing.normalize_address(address))
    try:
        host = addressing.get_address_host(whole)
        if not 0 < addressing.get_address_host_port(whole)[1] < 2**16:
            raise ValueError
    except Exception:  # each protocol's own; of one that was removed, a warning
        raise ValueError(f"no such address (got dask:{address}). Wanted dask:tls://HOST:PORT") from None
    stays_here = host == "localhost"
    with suppress(ValueError):
        stays_here = ipaddress.ip_address(host).is_loopback
    if not (stays_here or whole.startswith("tls://") or insecure):
        raise ValueError(
            f"dask:{address}: neither on this machine nor encrypted (tls://), so that others may read and change what "
            "it runs; --insecure-cluster allows it"
        )
    return whole


def _versions() -> dict[str, Any]:
    """What decides the bytes of a result, in this process."""
    packages: dict[str, Any] = import_module("distributed.versions").get_versions(packages=PACKAGES)["packages"]
    return {"reliefsim": import_module("reliefsim").__version__, **{n: packages[n] for n in ("python", *PACKAGES)}}


def _compare(address: str, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """Raises ClusterError that names a worker whose versions are others."""
    theirs = theirs or {**ours, "reliefsim": None}  # without the package, it could not even tell
    others = [f"{name} {theirs[name] or 'missing'} (here {ours[name]})" for name in ours if theirs[name] != ours[name]]
    if others:
        raise ClusterError(f"worker {address} would give other results: {', '.join(others)}")


def _packed(work: Work) -> bytes:
    """The versions, then the work, with rules that are functions of modules that a worker need not have."""
    cloudpickle: Any = import_module("cloudpickle")
    homes = {rule.__module__ for rule in work.rules if isinstance(rule, FunctionType)} & sys.modules.keys()
    with ExitStack() as after:
        for module in (sys.modules[home] for home in homes if not home.startswith("reliefsim.")):
            cloudpickle.register_pickle_by_value(module)
            after.callback(cloudpickle.unregister_pickle_by_value, module)
        return pickle.dumps((_versions(), cloudpickle.dumps(work)))


@lru_cache(maxsize=1)
def _opened(packed: bytes) -> Work:
    """The work, in a worker; once for all its jobs. Raises ClusterError if another version packed it."""
    ours, inside = pickle.loads(packed)
    _compare(import_module("distributed").get_worker().address, _versions(), ours)
    return cast(Work, pickle.loads(inside))


def _do(packed: bytes, batch: tuple[tuple[int, ...], ...]) -> list[bytes]:
    """Do a batch, in a worker: each part as a checkpoint has it, with a digest."""
    work, jobs = _opened(packed), tuple(Job(*job) for job in batch)
    return [encode("", work.name(job), job, part) for job, part in zip(jobs, work.do(jobs), strict=True)]


def _whole(data: bytes) -> Part:
    """A part that came back. Raises ClusterError if its digest is wrong."""
    try:
        return decode(data)[1]
    except DamagedPartError:
        raise ClusterError("a result came back damaged: its SHA-256 is wrong. Give the command again") from None
