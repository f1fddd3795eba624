"""The processes of this machine that run a batch: forked from a warm one, each run many reports.

Each report still has a kernel process of its own. Where nothing can be forked, threads of this
process take the place of the processes, and the kernels are ordinary ones.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from . import jobs
from .run import environment
from .warm import Child, Warm, WarmError, available
from .wire import receive, send


class Workers:
    """Runs jobs side by side.

    Parameters
    ----------
    number : int
        How many at a time.
    wanted : sequence of str
        What each of them needs, as in `Report.warm`.
    """

    def __init__(self, number: int, wanted: Sequence[str] = ()) -> None:
        self._wanted = wanted
        self._warm: Warm | None = None
        self._begun = self._closing = False
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="report")
        self._mine = threading.local()

    def __enter__(self) -> Workers:
        return self

    def begin(self) -> None:
        """Start what takes seconds to be ready, if it has not begun, and return at once."""
        if self._begun or not available():
            return
        self._begun = True
        with contextlib.suppress(WarmError):
            self._warm = Warm(environment(), drivers=self._wanted)

    def __exit__(self, *args: object) -> None:
        self._closing = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._warm is not None:
            self._warm.close()  # ends the drivers too, and with them the waiting of the threads
        self._threads.shutdown()

    def submit(self, task: jobs.Job) -> Future[Any]:
        """Run a job when its turn comes."""
        self.begin()
        return self._threads.submit(self._run, task)

    def result(self, task: jobs.Job, future: Future[Any]) -> jobs.Result:
        """Return the result of a job that has ended."""
        result: jobs.Result = future.result()
        return result

    def _run(self, task: jobs.Job) -> jobs.Result:
        ready = self._warm is not None and self._warm.ready()
        if self._closing:  # an interruption: what has not begun is not to begin
            raise WarmError("the batch was interrupted")
        if self._warm is None or not ready:
            return jobs.deliver(task)
        driver: Child | None = getattr(self._mine, "driver", None)
        if driver is None or driver.poll() is not None:
            driver = self._mine.driver = self._warm.driver(environment())
        try:
            send(driver.channel, task)
            result, _ = receive(driver.channel)
        except (OSError, EOFError) as error:
            self._mine.driver = None
            driver.kill()
            raise WarmError("its process was killed") from error
        if "exit" in result and "status" not in result:
            self._mine.driver = None
            raise WarmError(f"its process ended with {result['exit']}")
        return result
