"""Where a study is run becomes a backend: here, in processes of this machine, or on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..request import StudyRequest
from .backends import Backend, BackendError, Processes, Running, Serial

SECONDS_A_PERSON = 5e-7  # what one replication takes, roughly; moves no result
POOL_PAYS_SECONDS = 4.0  # a process takes more than a second to start


def backend(name: str, workers: int, insecure: bool = False) -> Backend:
    """``serial``, ``processes`` or ``dask:ADDRESS``. Raises ValueError for another name."""
    if name == "serial":
        return Serial()
    if name == "processes":
        return Processes(workers)
    if name.startswith("dask:"):
        from .cluster import Cluster

        return Cluster(name.removeprefix("dask:"), insecure)
    raise ValueError(f"no such backend (got {name[:60]}). One of serial, processes, dask:ADDRESS")


def chosen(request: StudyRequest, runs: float) -> Backend:
    """The backend that is asked for; else processes where so many runs are worth starting them. Raises BackendError."""
    people = max(float(one.caseload.people.value) for one in request.scenarios)
    pays = request.workers > 1 and runs * people * SECONDS_A_PERSON > POOL_PAYS_SECONDS
    try:
        return backend(request.backend or ("processes" if pays else "serial"), request.workers, request.insecure)
    except ValueError as error:
        raise BackendError(str(error)) from None


@contextmanager
def working(request: StudyRequest, running: Running, runs: float) -> Iterator[tuple[Backend, Running]]:
    """The backend that is there already, or one that is chosen, and let go of at the end."""
    if running.backend is not None:
        yield running.backend, running
        return
    where = chosen(request, runs)
    try:
        yield where, replace(running, backend=where)
    finally:
        where.close()


@contextmanager
def named(request: StudyRequest, running: Running) -> Iterator[Running]:
    """With the backend that is asked for by name, if one is; else each part of a study finds its own."""
    if request.backend is None:
        yield running
        return
    with working(request, running, 0) as (_, inside):
        yield inside
