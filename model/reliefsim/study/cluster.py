"""The jobs of a study are done by the workers of a Dask cluster that is already there; none is ever started here."""

from __future__ import annotations

import ipaddress
import pickle
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from queue import Empty, SimpleQueue
from types import FunctionType
from typing import Any, cast

from .backends import IN_HAND, TRIES, Done, Stop, said
from .work import Failure, Job, Work

WAIT_SECONDS = 10.0  # for the scheduler to answer, and for its first worker
LEFT_SECONDS = 60.0  # for another worker, when all have gone in the middle of a study
PACKAGES = ("numpy", "numba", "scipy")  # they, too, decide the bytes of a result

Versions = dict[str, str | None]
Suspect = tuple[Job, int, str]  # a job that failed, in how many tries, and why


class ClusterError(Exception):
    """A cluster that cannot do the work, in one line."""


class Cluster:
    """By the workers of a running scheduler. Dask does the jobs of a lost worker again, on another."""

    def __init__(self, address: str, insecure: bool = False) -> None:
        """Raises ValueError for an address that others can listen in on, ClusterError for a cluster of no use."""
        self.address = address
        self._client = _connected(address, insecure)
        try:
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
            self._check_versions()
            self.workers = max(1, self._threads())
        except BaseException as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise ClusterError(f"no worker at {address} within {WAIT_SECONDS:.0f} s") from None
            raise

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """Suspects last, each replication with no other beside it, so that a worker that ends tells which ended it."""
        # A task, not scattered: dask makes anew what a lost worker held.
        held = self._client.submit(bytes, _packed(work), pure=False)
        suspects: list[Suspect] = []
        yield from self._share(held, jobs, suspects, stop)
        for job, _, _ in suspects:
            for one in job.singly():
                yield from self._alone(held, one, stop)

    def _alone(self, held: Any, job: Job, stop: Stop) -> Iterator[Done]:
        """One replication of a job that failed; nothing is given back if ``stop`` says so first."""
        tries, why = 0, ""
        while tries < TRIES:
            failed: list[Suspect] = []
            yield from self._share(held, [job], failed, stop)
            if not failed:
                return
            tries, why = tries + failed[0][1], failed[0][2]
        yield job, Failure(job, why)

    def _share(self, held: Any, jobs: Sequence[Job], failed: list[Suspect], stop: Stop) -> Iterator[Done]:
        """Do the jobs, a few in the hands of each worker; those that fail are put with the others that did."""
        waiting, at_work = deque(jobs), dict[Any, Job]()
        done: SimpleQueue[Any] = SimpleQueue()
        seen = time.monotonic()
        try:
            while at_work or (waiting and not stop()):
                threads = self._threads()
                if threads:
                    seen = time.monotonic()
                elif stop():
                    return
                elif time.monotonic() > seen + LEFT_SECONDS:
                    raise ClusterError(f"no worker is left at {self.address}")
                while waiting and len(at_work) < IN_HAND * threads and not stop():
                    future = self._client.submit(_do, held, tuple(waiting[0]), pure=False, retries=0)
                    at_work[future] = waiting.popleft()
                    future.add_done_callback(done.put)
                yield from self._fetched({future: at_work.pop(future) for future in _next(done)}, failed)
        finally:
            self._client.cancel(list(at_work))

    def _fetched(self, jobs: dict[Any, Job], failed: list[Suspect]) -> Iterator[Done]:
        """What jobs that are done have left. Raises ClusterError if one failed on account of the cluster."""
        if any(future.cancelled() for future in jobs):
            raise ClusterError(f"the connection to {self.address} was lost")
        parts = self._client.gather({job: future for future, job in jobs.items()}, errors="skip")
        for future, job in jobs.items():
            if parts[job] is not None:
                yield job, pickle.loads(parts[job])
                continue
            error = future.exception()
            if isinstance(error, ClusterError):
                raise error
            self._check_versions()
            ended = int(getattr(error, "allowed_failures", -1)) + 1  # how many workers, before dask gave it up
            why = "each worker that had it was ended (out of memory, or killed)" if ended else said(error)
            failed.append((job, ended or 1, why))

    def _check_versions(self) -> None:
        """Raises ClusterError that names a worker with another version of what decides the results."""
        ours = _versions()
        found = self._client.get_versions(packages=PACKAGES)["workers"]
        # As text: a worker may lack this file, and another Python reads other bytecode.
        models = self._client.run(eval, "__import__('reliefsim').__version__", on_error="return")
        for address, model in models.items():
            if address in found and isinstance(model, str | ImportError):
                version = model if isinstance(model, str) else None
                _compare(address, {**found[address]["packages"], "reliefsim": version}, ours)

    def _threads(self) -> int:
        """How many jobs the cluster does at the same time, now. Raises ClusterError if the scheduler is gone."""
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise ClusterError(f"the connection to {self.address} was lost") from None

    def close(self) -> None:
        """Leave the cluster as it was found."""
        self._client.close()


def _connected(address: str, insecure: bool) -> Any:
    """A client of the scheduler, as secure as dask's own configuration says."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ClusterError("a cluster needs dask: pip install 'reliefsim[cluster]'") from None
    addressing: Any = import_module("distributed.comm.addressing")
    scheme, place = addressing.parse_address(address)
    if not (insecure or scheme == "tls" or _stays_here(addressing.parse_host_port(place)[0])):
        raise ValueError(
            f"dask:{address}: neither on this machine nor encrypted (tls://): whoever reaches it can run programs on "
            "its workers, and read and change what they send; --insecure-cluster allows it"
        )
    try:
        security = distributed.Security()
        return distributed.Client(address, security=security, timeout=WAIT_SECONDS, set_as_default=False)
    except OSError:
        raise ClusterError(f"no scheduler at {address} within {WAIT_SECONDS:.0f} s") from None
    except (RuntimeError, TypeError, ValueError) as error:  # certificates that are missing, or asked for
        raise ClusterError(f"no connection to {address}: {said(error)}") from None


def _stays_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _versions() -> Versions:
    """What decides the bytes of a result, in this process."""
    packages: Versions = import_module("distributed.versions").get_versions(packages=PACKAGES)["packages"]
    return {"reliefsim": import_module("reliefsim").__version__, **{n: packages[n] for n in ("python", *PACKAGES)}}


def _compare(address: str, theirs: Versions, ours: Versions) -> None:
    """Raises ClusterError that names a worker whose versions are others."""
    others = [f"{name} {theirs[name] or 'missing'} (here {ours[name]})" for name in ours if theirs[name] != ours[name]]
    if others:
        raise ClusterError(f"worker {address} would give other results: {', '.join(others)}")


def _packed(work: Work) -> bytes:
    """The versions, then the work, with rules that are functions of modules that a worker need not have."""
    cloudpickle: Any = import_module("cloudpickle")
    homes = {rule.__module__ for rule in work.rules if isinstance(rule, FunctionType)}
    sent = [sys.modules[home] for home in homes if home in sys.modules and not home.startswith("reliefsim.")]
    for module in sent:
        cloudpickle.register_pickle_by_value(module)
    try:
        return pickle.dumps((_versions(), cloudpickle.dumps(work)))
    finally:
        for module in sent:
            cloudpickle.unregister_pickle_by_value(module)


@lru_cache(maxsize=1)
def _opened(packed: bytes) -> Work:
    """The work, in a worker; once for all its jobs. Raises ClusterError if another version packed it."""
    ours, inside = pickle.loads(packed)
    _compare(import_module("distributed").get_worker().address, _versions(), ours)
    return cast(Work, pickle.loads(inside))


def _do(packed: bytes, job: tuple[int, ...]) -> bytes:
    return pickle.dumps(_opened(packed).do(Job(*job)))


def _next(done: SimpleQueue[Any]) -> list[Any]:
    """All that got done since; nothing after a second."""
    with suppress(Empty):
        return [done.get(timeout=1.0), *(done.get() for _ in range(done.qsize()))]
    return []
