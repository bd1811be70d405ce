"""The jobs of a study are done by the workers of a Dask cluster that is already there; none is ever started here."""

from __future__ import annotations

import ipaddress
import pickle
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from queue import Empty, SimpleQueue
from types import FunctionType
from typing import Any

from .backends import IN_HAND, TRIES, Done, Stop, said
from .work import Failure, Job, Part, Work

WAIT_SECONDS = 10.0  # for the scheduler to answer, and for its first worker
LEFT_SECONDS = 60.0  # for another worker, when all have gone in the middle of a study
DECIDE = ("python", "numpy", "numba", "scipy")  # versions that, beside the model's own, decide the bytes of a result

Versions = dict[str, str | None]


class ClusterError(Exception):
    """A cluster that cannot do the work, in one line."""


class Cluster:
    """By the workers of a running scheduler, each with a few jobs in hand.

    Dask does the jobs of a lost worker again, on another; a job that fails, or ends each worker that has it, becomes a
    suspect, and its replications are done alone at the end.
    """

    def __init__(self, address: str, insecure: bool = False) -> None:
        """Raises ValueError for an address that others can listen in on, ClusterError for a cluster of no use."""
        self.address = address
        self._client = _connected(address, insecure)
        self._held: tuple[Work, Any] | None = None
        try:
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
            self._check_versions()
            self.workers = max(1, self._threads())
        except TimeoutError:
            self.close()
            raise ClusterError(f"no worker at {address} within {WAIT_SECONDS:.0f} s") from None
        except BaseException:
            self.close()
            raise

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        """Suspects last, each replication with no other beside it, so that a worker that ends tells which ended it."""
        suspects: list[tuple[Job, BaseException]] = []
        yield from self._share(work, deque(jobs), suspects, stop)
        for job, _ in suspects:
            for one in job.singly():
                yield from self._alone(work, one, stop)

    def _alone(self, work: Work, job: Job, stop: Stop) -> Iterator[Done]:
        """One replication of a job that failed; nothing is given back if ``stop`` says so first."""
        tries, failed = 0, [(job, BaseException())]
        while tries < TRIES:
            failed.clear()
            yield from self._share(work, deque([job]), failed, stop)
            if not failed:
                return
            tries += _deaths(failed[0][1]) or 1
        yield job, Failure(job, _why(failed[0][1]))

    def _share(
        self, work: Work, waiting: deque[Job], failed: list[tuple[Job, BaseException]], stop: Stop
    ) -> Iterator[Done]:
        """Do the jobs; those that fail are put with the others that did."""
        at_work: dict[Any, Job] = {}
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
                    at_work[self._submit(work, waiting[0], done)] = waiting.popleft()
                yield from self._fetched({future: at_work.pop(future) for future in _next(done)}, failed)
        finally:
            self._client.cancel(list(at_work))

    def _submit(self, work: Work, job: Job, done: SimpleQueue[Any]) -> Any:
        if self._held is None or self._held[0] is not work:
            # A task, not scattered: dask makes anew what a lost worker held.
            self._held = (work, self._client.submit(bytes, _packed(work), pure=False))
        future = self._client.submit(_do, self._held[1], tuple(job), pure=False, retries=0)
        future.add_done_callback(done.put)
        return future

    def _fetched(self, jobs: dict[Any, Job], failed: list[tuple[Job, BaseException]]) -> Iterator[Done]:
        """What jobs that are done have left. Raises ClusterError if that is due to the cluster."""
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
            failed.append((job, error))

    def _check_versions(self) -> None:
        """Raises ClusterError that names a worker with another version of what decides the results."""

        def of_the_package() -> str | None:  # sent as it is: a worker may lack this file
            try:
                return str(import_module("reliefsim").__version__)
            except ImportError:
                return None

        ours = _versions()
        for address, its in self._client.get_versions(packages=DECIDE[1:])["workers"].items():
            _compare(address, {**ours, **{name: its["packages"][name] for name in DECIDE}}, ours)
        for address, version in self._client.run(of_the_package, on_error="ignore").items():
            _compare(address, {**ours, "reliefsim": version}, ours)

    def _threads(self) -> int:
        """How many jobs the cluster does at the same time, now. Raises ClusterError if the scheduler is gone."""
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise ClusterError(f"the connection to {self.address} was lost") from None

    def close(self) -> None:
        """Leave the cluster as it was found."""
        self._held = None
        self._client.close()


def _connected(address: str, insecure: bool) -> Any:
    """A client of the scheduler, as secure as dask's own configuration says."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ClusterError("a cluster needs dask: pip install 'reliefsim[cluster]'") from None
    if not insecure:
        _refuse_open(address)
    try:
        security = distributed.Security()
        return distributed.Client(address, security=security, timeout=WAIT_SECONDS, set_as_default=False)
    except OSError:
        raise ClusterError(f"no scheduler at {address} within {WAIT_SECONDS:.0f} s") from None
    except (RuntimeError, TypeError, ValueError) as error:  # certificates that are missing, or asked for
        raise ClusterError(f"no connection to {address}: {said(error)}") from None


def _refuse_open(address: str) -> None:
    """Raises ValueError for an address that neither stays on this machine nor is encrypted."""
    addressing: Any = import_module("distributed.comm.addressing")
    scheme, place = addressing.parse_address(address)
    host = addressing.parse_host_port(place)[0]
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if scheme != "tls" and not local:
        raise ValueError(
            f"dask:{address}: neither on this machine nor encrypted (tls://): whoever reaches it can run programs on "
            "its workers, and read and change what they send; --insecure-cluster allows it"
        )


def _versions() -> Versions:
    """What decides the bytes of a result, in this process."""
    versions: Any = import_module("distributed.versions")
    found = versions.get_versions(packages=DECIDE[1:])["packages"]
    return {"reliefsim": import_module("reliefsim").__version__, **{name: found[name] for name in DECIDE}}


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
    """The work, in a worker; once for all its jobs. Raises ClusterError if it was packed by another version."""
    ours, inside = pickle.loads(packed)
    _compare(import_module("distributed").get_worker().address, _versions(), ours)
    work: Work = pickle.loads(inside)
    return work


def _do(packed: bytes, job: tuple[int, ...]) -> bytes:
    return pickle.dumps(_opened(packed).do(Job(*job)))


def _next(done: SimpleQueue[Any]) -> list[Any]:
    """All that got done since, after at most a second."""
    try:
        first = done.get(timeout=1.0)
    except Empty:
        return []
    return [first, *(done.get() for _ in range(done.qsize()))]


def _deaths(error: BaseException) -> int:
    """How many workers a job has ended, if that is why dask gave it up."""
    return int(getattr(error, "allowed_failures", -1)) + 1


def _why(error: BaseException) -> str:
    if _deaths(error):
        return f"its worker was ended {_deaths(error)} times (out of memory, or killed)"
    return said(error)
