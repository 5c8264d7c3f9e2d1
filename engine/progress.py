"""How long work tells how far it is, and how it hears that nobody wants it any more.

Cancelling is a wish, not a signal: workers look at their `CancelToken` between steps, and a running ONNX graph is stopped
through a hook on the same token (`RunOptions.terminate`).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from statistics import median

from engine.api import Progress
from engine.errors import Cancelled

FINE_STEPS = 1000
"""Total that a sub-range reports in, because its own steps are not those of the whole."""


class CancelToken:
    """A wish to stop, shared by the one who waits and the one who works. Once cancelled it stays so. Thread-safe."""

    def __init__(self) -> None:
        """A token that nobody has cancelled yet."""
        self._lock = threading.Lock()
        self._cancelled = False
        self._hooks: dict[int, Callable[[], None]] = {}
        self._next = 0

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask to stop: hooks run once, on the caller's thread."""
        with self._lock:
            self._cancelled = True
            hooks, self._hooks = list(self._hooks.values()), {}
        for hook in hooks:
            hook()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        if self._cancelled:
            raise Cancelled

    def on_cancel(self, hook: Callable[[], None]) -> Callable[[], None]:
        """Run `hook` when cancelled (at once if that has happened). Returns a function that takes the hook away."""
        with self._lock:
            self._next += 1
            number = self._next
            if not self._cancelled:
                self._hooks[number] = hook
                return lambda: self._forget(number)
        hook()
        return lambda: None

    def _forget(self, number: int) -> None:
        with self._lock:
            self._hooks.pop(number, None)


class ProgressSink:
    """Where a worker tells its steps. Telling a step is also where it notices that it was cancelled."""

    def __init__(self, report: Callable[[Progress], None] | None = None, cancel: CancelToken | None = None,
                 start: float = 0.0, end: float = 1.0) -> None:
        """`report` hears each step; `start` and `end` (0..1) are this sink's share of the whole."""
        self.cancel = cancel if cancel is not None else CancelToken()
        self._report = report
        self._start = start
        self._end = end

    def check(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        self.cancel.raise_if_cancelled()

    def step(self, done: int, total: int, label: str = "") -> None:
        """Tell that `done` of `total` steps are behind us. Raises `Cancelled`."""
        self.check()
        if self._report is None:
            return
        if (self._start, self._end) == (0.0, 1.0):
            self._report(Progress(done, total, label))
            return
        share = self._start + (self._end - self._start) * done / max(total, 1)
        self._report(Progress(round(share * FINE_STEPS), FINE_STEPS, label))

    def part(self, start: float, end: float) -> ProgressSink:
        """A sink for one stretch (0..1 of this one), for a worker that knows only its own steps."""
        width = self._end - self._start
        return ProgressSink(self._report, self.cancel, self._start + width * start, self._start + width * end)


NO_PROGRESS = ProgressSink()
"""The sink of those who do not care: hears nothing, is never cancelled."""


class Pace:
    """Time left, from the median of the most recent rows: one slow row does not scare anybody."""

    def __init__(self, total: int, window: int = 20, clock: Callable[[], float] = time.monotonic) -> None:
        """`total` rows are to come; `window` is how many recent ones are asked."""
        self._total = total
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=window)
        self._last = clock()
        self._done = 0

    def row_done(self) -> None:
        """One more row is finished now."""
        now = self._clock()
        self._recent.append(now - self._last)
        self._last = now
        self._done += 1

    def seconds_left(self) -> float | None:
        """Seconds until the last row, or None while nothing is known."""
        if not self._recent:
            return None
        return median(self._recent) * max(self._total - self._done, 0)

    def progress(self, skipped: int = 0, label: str = "") -> Progress:
        """The state as a `Progress`; `skipped` rows were done before this run."""
        return Progress(self._done + skipped, self._total + skipped, label, self.seconds_left())
