"""Where tasks are done: in processes of this machine, or on a Dask cluster; both are concurrent.futures executors."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import connection
from pathlib import Path
from typing import Any, Protocol

from workbook.course import WorkbookError
from workbook.grading import worker
from workbook.grading.worker import Judged, Task

ANSWER_SECONDS = 10  # until a cluster has answered, and until it has a worker
PIP = "pip install -r requirements-grading.txt"


class Place(Protocol):
    """Somebody who does one task at a time."""

    def submit(self, task: Task) -> Future[Judged]: ...


class Process:
    """A process of this machine. Where it is killed, its one task fails and the next gets a new process."""

    def __init__(self, temporary: str) -> None:
        self._temporary = temporary
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, task: Task) -> Future[Judged]:
        """Begins a task; its future raises BrokenExecutor where the process does not live to its end."""
        with contextlib.suppress(BrokenExecutor):
            if self._executor:
                return self._executor.submit(worker.judge, task)
        self._executor = ProcessPoolExecutor(
            1, multiprocessing.get_context("spawn"), initializer=_prepare, initargs=(self._temporary,)
        )
        with _ctrl_c_later():
            return self._executor.submit(worker.judge, task)


@contextlib.contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Keeps Ctrl-C waiting, also in a process that is started here, until that one has said what to do of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def processes(count: int) -> Iterator[list[Place]]:
    """So many processes, which end with this block, whatever ends it, or with this process."""
    with tempfile.TemporaryDirectory(prefix="workbook-grade-", ignore_cleanup_errors=True) as temporary:
        os.chmod(temporary, 0o711)  # programs may be run by another user
        try:
            yield [Process(temporary) for _ in range(count)]
        finally:
            for child in multiprocessing.active_children():
                child.kill()
            for child in multiprocessing.active_children():
                child.join()


def _prepare(temporary: str) -> None:
    """In a new process: Ctrl-C is its parent's affair, and it ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    tempfile.tempdir = temporary
    threading.Thread(target=_end_with_parent, args=[temporary], daemon=True).start()


def _end_with_parent(temporary: str) -> None:
    """Waits for the parent's end, which may come without warning, and then clears up in its place."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    shutil.rmtree(temporary, ignore_errors=True)
    os._exit(1)


class Cluster:
    """One of the places of a Dask cluster."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, task: Task) -> Future[Judged]:
        """Begins a task on whichever worker is free."""
        return self._executor.submit(worker.judge, task)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[tuple[list[Place], Any]]:
    """The places of the Dask cluster whose scheduler is at `address`, and its client.

    Raises WorkbookError where there is none. https://distributed.dask.org/en/stable/client.html
    """
    try:
        from distributed import Client
    except ImportError:
        raise WorkbookError(
            f"--scheduler needs the package distributed, here and on every machine: {PIP}"
        ) from None
    try:
        client = Client(address, set_as_default=False, timeout=ANSWER_SECONDS)
    except (OSError, ValueError) as error:
        raise WorkbookError(
            f"No Dask scheduler answers at {address!r}: {error}. Start one with `dask scheduler`, and name the "
            "address that it prints."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWER_SECONDS)
        except TimeoutError:
            raise WorkbookError(
                f"The cluster at {address} has no workers. Start some in the workbook's folder: "
                f"PYTHONPATH=. dask worker {address} --nworkers 2 --nthreads 1"
            ) from None
        count = len(client.nthreads())
        executor = client.get_executor(pure=False)
        try:
            yield [Cluster(executor) for _ in range(2 * count)], client
        finally:
            executor.shutdown(wait=False)


def same_everywhere(client: Any, source: Path, slugs: tuple[str, ...], checks: Path | None) -> list[str]:
    """The isolation of each worker; raises WorkbookError unless all have this workbook and see the submissions."""
    from workbook.program import isolation

    try:
        versions = client.run(worker.version, slugs, checks)
        sees = client.run(os.path.exists, str(source))
        levels = client.run(isolation.best)
    except Exception as error:
        raise WorkbookError(
            f"The cluster's workers cannot import the workbook: {error}. Start each in the workbook's folder "
            "with PYTHONPATH=. dask worker ..."
        ) from None
    for address, version in versions.items():
        if version != worker.version(slugs, checks):
            raise WorkbookError(
                f"The cluster's worker {address} has another version of the workbook, Python or a package than "
                "this machine. Bring both to the same, and start the worker again."
            )
    for address, there in sees.items():
        if not there:
            raise WorkbookError(
                f"The cluster's worker {address} does not see {source}. All machines need the submissions in "
                "a shared folder, under the same path."
            )
    return list(levels.values())
