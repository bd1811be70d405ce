"""Where a study is run becomes a backend: here, in processes of this machine, or on a cluster."""

from __future__ import annotations

from .backends import Backend, Processes, Serial


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
