"""A cluster of this machine, started as the topic `method` says, gives the same bytes as one process; what dies is made good."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import reliefsim
from reliefsim.rules import Known
from reliefsim.scenario import read
from reliefsim.scenario.schema import Scenario
from reliefsim.study.running import cluster
from reliefsim.study.running.backends import IN_HAND, Serial
from reliefsim.study.running.cluster import Cluster, ClusterError
from reliefsim.study.running.jobs import Batch, Failure, Job, Part, Work

dask: Any = pytest.importorskip("dask")
distributed: Any = pytest.importorskip("distributed")
psutil: Any = pytest.importorskip("psutil")

SCHEDULER = "dask scheduler --host 127.0.0.1 --port 8786 --no-dashboard --dashboard-address 127.0.0.1:0"
WORKERS = (
    "dask worker tcp://127.0.0.1:8786 --host 127.0.0.1 --nworkers 2 --nthreads 1 "
    "--no-dashboard --dashboard-address 127.0.0.1:0"
)
HURRIED = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # a job is given up after its second worker, not its fourth
    "DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT": "60s",  # should the tests themselves be killed
}
never = bool  # which, of nothing, is False
BAD = 13  # the replication that fails


@dataclass(frozen=True)
class Poisoned(Work):
    """One replication fails, or takes its process with it."""

    deadly: bool = False

    def do(self, batch: Batch) -> tuple[Part, ...]:
        if any(job.first <= BAD < job.last for job in batch):
            if self.deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            raise ArithmeticError("poison")
        return super().do(batch)


@contextmanager
def running(line: str, port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A line of the topic `method`, at another port; ended with all its processes."""
    command = [sys.executable, "-m", *shlex.split(line.replace("8786", str(port)))]
    paths = (Path(reliefsim.__file__).parents[1], Path(__file__).parents[1])
    environment = HURRIED | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    port, folder = free_port(), tmp_path_factory.mktemp("cluster")
    address = f"tcp://127.0.0.1:{port}"
    with running(SCHEDULER, port, folder) as scheduler, running(WORKERS, port, folder) as workers:
        client = distributed.Client(address, timeout=20, set_as_default=False)
        client.wait_for_workers(2, timeout=20)
        processes = [psutil.Process(one.pid) for one in (scheduler, workers)]
        yield SimpleNamespace(port=port, folder=folder, address=address, client=client, processes=processes)
        client.close()


@pytest.fixture
def joined(started: SimpleNamespace) -> Iterator[Cluster]:
    until(lambda: len(started.client.nthreads()) == 2)
    one = Cluster(started.address)
    yield one
    one.close()


@pytest.fixture(scope="module")
def small() -> Scenario:
    return read("baseline", ("caseload.people=600",)).scenario


def jobs_of(replications: int, size: int, scenario: int = 0, rule: int = 0) -> list[Job]:
    return [Job(scenario, rule, 0, first, first + size) for first in range(0, replications, size)]


def by_job(results: Iterable[tuple[Job, Part | Failure]]) -> dict[Job, Part | Failure]:
    """Each job once."""
    found = list(results)
    assert len(dict(found)) == len(found)
    return dict(found)


def assert_as_serial(mine: dict[Job, Part | Failure], work: Work) -> None:
    for job, part in Serial().run(work, list(mine), never):
        assert in_bytes(mine[job]) == in_bytes(part)


def in_bytes(part: Part | Failure) -> tuple[object, ...]:
    assert isinstance(part, Part)
    arrays = (part.values, part.monthly, part.allocations.amounts)
    return part.rule, part.allocations.lines, *(one.tobytes() for one in arrays)


def test_nothing_listens_beyond_this_machine(started: SimpleNamespace) -> None:
    listening = set()
    for one in (each for first in started.processes for each in (first, *first.children(recursive=True))):
        listening |= {at.laddr.ip for at in one.net_connections("inet") if at.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_a_cluster_gives_the_same_bytes_as_one_process(joined: Cluster, small: Scenario) -> None:
    work = Work((small, read("rapid-growth", ("caseload.people=600",)).scenario), ("equal", "by-need"), 5)
    jobs = [*jobs_of(12, 3), *jobs_of(12, 3, scenario=1, rule=1)]
    found = by_job(joined.run(work, jobs, never))
    assert (joined.workers, found.keys()) == (2, set(jobs))
    assert_as_serial(found, work)


def test_a_rule_may_be_a_function_that_no_worker_has(
    joined: Cluster, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = "NOTHING = 0\n\ndef nothing(known):\n    return [[NOTHING] * len(known.grants) for _ in known.services]\n"
    (tmp_path / "only_here.py").write_text(home)
    monkeypatch.syspath_prepend(tmp_path)
    work = Work((small,), (import_module("only_here").nothing, lambda known: kept_back(known)), 5)
    assert_as_serial(by_job(joined.run(work, [*jobs_of(4, 2), *jobs_of(4, 2, rule=1)], never)), work)


def kept_back(known: Known) -> Sequence[Sequence[int]]:
    return [[0] * len(known.grants) for _ in known.services]


def test_a_worker_that_is_killed_loses_nothing(joined: Cluster, started: SimpleNamespace, small: Scenario) -> None:
    work, jobs = Work((small,), (None,), 5), jobs_of(100, 5)
    victim = next(iter(started.client.run(os.getpid).values()))
    results = joined.run(work, jobs, never)
    first = next(results)
    os.kill(victim, signal.SIGKILL)
    found = by_job([first, *results])
    assert found.keys() == set(jobs)
    assert_as_serial(found, work)
    until(lambda: not psutil.pid_exists(victim))


@pytest.mark.parametrize("deadly", [False, True])
def test_a_poison_replication_is_named_and_all_others_are_kept(joined: Cluster, small: Scenario, deadly: bool) -> None:
    found = by_job(joined.run(Poisoned((small,), (None,), 5, deadly=deadly), jobs_of(20, 5), never))
    failure = found.pop(Job(0, 0, 0, BAD, BAD + 1))
    assert isinstance(failure, Failure)
    ended = "each worker that had it was ended (out of memory, or killed)"
    assert failure.why == (ended if deadly else "ArithmeticError: poison")
    # A deadly one may have had a neighbour in hand, whose replications then come singly, too.
    assert sorted(one for job in found for one in range(job.first, job.last)) == [n for n in range(20) if n != BAD]
    assert_as_serial(found, Work((small,), (None,), 5))


def test_a_result_that_was_changed_on_the_way_is_refused(
    joined: Cluster, small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather = joined._client.gather

    def changed(futures: dict[Batch, Any], errors: str) -> dict[Batch, list[bytes]]:
        found = gather(futures, errors=errors)
        return {batch: [one[:200] + bytes([one[200] ^ 1]) + one[201:] for one in parts] for batch, parts in found.items()}

    monkeypatch.setattr(joined._client, "gather", changed)
    with pytest.raises(ClusterError, match=r"came back damaged: its SHA-256 is wrong"):
        list(joined.run(Work((small,), (None,), 5), jobs_of(4, 2), never))


def test_nothing_that_is_sent_or_comes_back_is_text_to_be_run() -> None:
    source = Path(cluster.__file__).read_text(encoding="utf-8")
    assert "eval" not in source
    assert source.count("pickle.loads") == 2  # in a worker, of the work that was sent to it


def test_stop_begins_no_more_and_keeps_what_was_begun(joined: Cluster, small: Scenario) -> None:
    seen: list[Job] = []
    for job, part in joined.run(Work((small,), (None,), 5), jobs_of(100, 2), lambda: len(seen) >= 3):
        assert isinstance(part, Part)
        seen.append(job)
    assert 3 <= len(seen) <= 3 + 2 * IN_HAND * joined.workers


@pytest.mark.parametrize(
    ("preload", "said"),
    [
        ("import reliefsim\nreliefsim.__version__ = '0.0.9'", f"reliefsim 0.0.9 (here {reliefsim.__version__})"),
        ("import sys\nsys.modules['reliefsim'] = None", f"reliefsim missing (here {reliefsim.__version__})"),
    ],
)
def test_a_worker_of_another_version_is_refused_by_name(
    joined: Cluster, started: SimpleNamespace, small: Scenario, tmp_path: Path, preload: str, said: str
) -> None:
    (tmp_path / "other.py").write_text(preload)
    before = set(started.client.nthreads())
    line = WORKERS.replace("--nworkers 2", f"--nworkers 1 --preload {tmp_path / 'other.py'}")
    with running(line, started.port, started.folder):
        until(lambda: len(set(started.client.nthreads()) - before) == 1)
        (other,) = set(started.client.nthreads()) - before
        refused = f"worker {other} would give other results: {said}"
        with pytest.raises(ClusterError) as at_once:
            Cluster(started.address)
        with pytest.raises(ClusterError) as when_late:  # it joined after the first look
            list(joined.run(Work((small,), (None,), 5), jobs_of(400, 2), never))
        assert other in started.client.nthreads()  # refused, not ended
    assert str(at_once.value) == str(when_late.value) == refused


def test_security_is_what_dask_is_configured_to() -> None:
    assert "TLS configuration" in refusal("tls://127.0.0.1:8786")
    with dask.config.set({"distributed.comm.require-encryption": True}):
        assert "encryption required by Dask configuration" in refusal("tcp://127.0.0.1:8786")


def refusal(address: str) -> str:
    with pytest.raises(ClusterError, match=f"^no scheduler to talk to at {address}: .*$") as refused:
        Cluster(address)
    return str(refused.value)


def test_a_program_that_is_refused_ends_at_once_and_says_no_more() -> None:
    program = "from reliefsim.study.running.cluster import *\ntry: Cluster('tls://127.0.0.1:1')\nexcept ClusterError: pass"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=10)
    assert made.stdout + made.stderr == ""


def test_no_scheduler_and_no_worker_are_one_line_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster.WAIT_SECONDS <= 10
    port, began = free_port(), time.monotonic()
    assert refusal(f"127.0.0.1:{port}")
    assert time.monotonic() - began < 3
    monkeypatch.setattr(cluster, "WAIT_SECONDS", 1.0)
    with running(SCHEDULER, port, tmp_path):
        until(lambda: b"Scheduler at" in (tmp_path / "log").read_bytes())
        with pytest.raises(ClusterError, match=r"^no worker at .* within 1 s$"):
            Cluster(f"127.0.0.1:{port}")


def test_a_scheduler_that_goes_is_one_line(small: Scenario, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with running(SCHEDULER, port, tmp_path) as scheduler, running(WORKERS, port, tmp_path):
        one = Cluster(f"127.0.0.1:{port}")
        next(results := one.run(Work((small,), (None,), 5), jobs_of(100, 2), never))
        os.kill(scheduler.pid, signal.SIGKILL)
        with pytest.raises(ClusterError, match=f"^the connection to 127.0.0.1:{port} was lost: .*$"):
            list(results)
        one.close()
    assert [record for record in caplog.records if record.name.startswith("distributed")] == []


def test_something_else_that_listens_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        def answer() -> None:
            with other.accept()[0] as one:
                one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9)
                one.recv(10_000)

        threading.Thread(target=answer, daemon=True).start()
        assert refusal(f"127.0.0.1:{port}")
