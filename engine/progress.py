"""How long work tells how far it is, hears that nobody wants it any more, and says how long it will take.

Cancelling is a wish, not a signal: workers look at their `CancelToken` whenever they tell a step, and a running ONNX
graph is stopped through the same token.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from statistics import median

from engine.api import Asset, Progress
from engine.cancel import CancelToken

FINE_STEPS = 1000
"""Total that a sub-range reports in, because its own steps are not those of the whole."""


class ProgressSink:
    """Where a worker tells its steps. Telling a step is also where it notices that it was cancelled."""

    def __init__(self, report: Callable[[Progress], None] | None = None, cancel: CancelToken | None = None,
                 start: float = 0.0, end: float = 1.0, show: Callable[[Asset], None] | None = None) -> None:
        """`report` hears each step, `show` sees unfinished work; `start` and `end` (0..1): this sink's share."""
        self._show = show
        self.cancel = cancel if cancel is not None else CancelToken()
        self._report = report
        self._start = start
        self._end = end

    def check(self) -> None:
        """Raise `Cancelled` when somebody asked to stop."""
        self.cancel.check()

    def stepped(self, progress: Progress) -> None:
        """Tell a step. Raises `Cancelled`."""
        self.check()
        if self._report is None:
            return
        if (self._start, self._end) == (0.0, 1.0):
            self._report(progress)
            return
        share = self._start + (self._end - self._start) * progress.done / max(progress.total, 1)
        self._report(Progress(round(share * FINE_STEPS), FINE_STEPS, progress.label))

    def part(self, start: float, end: float) -> ProgressSink:
        """A sink for one stretch (0..1 of this one), for a worker that knows only its own steps."""
        width = self._end - self._start
        return ProgressSink(self._report, self.cancel, self._start + width * start, self._start + width * end,
                            self._show)

    @property
    def watched(self) -> bool:
        """Whether anybody looks: who makes previews of unfinished work need not, where nobody does."""
        return self._show is not None

    def show(self, asset: Asset) -> None:
        """Let whoever watches see unfinished work (`Asset.partial`). Raises `Cancelled`."""
        self.check()
        if self._show is not None:
            self._show(asset)


NO_PROGRESS = ProgressSink()
"""The sink of those who do not care: hears nothing, is never cancelled."""


class Pace:
    """Time left, from the median of the most recent rows: one slow row does not scare anybody.

    Before the first row is done it goes by what was expected of a row, or by the steps that the row at hand tells.
    """

    def __init__(self, total: int, window: int = 20, clock: Callable[[], float] = time.monotonic) -> None:
        """`total` rows are to come; `window` is how many recent ones are asked."""
        self._total = total
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=window)
        self._last = clock()
        self._done = 0
        self._expected: float | None = None
        self._rest: float | None = None    # of the row at hand, at its last step

    def expect(self, seconds: float | None) -> None:
        """What a row will take, as far as anybody knows before the first one."""
        self._expected = seconds

    def stepped(self, rest: float | None) -> None:
        """The row at hand told a step: so many seconds are left of it."""
        self._rest = rest

    def row_done(self) -> None:
        """One more row is finished now."""
        now = self._clock()
        self._recent.append(now - self._last)
        self._last = now
        self._done += 1
        self._rest = None

    def seconds_left(self) -> float | None:
        """Seconds until the last row, or None while nothing is known."""
        left = max(self._total - self._done, 0)
        spent = self._clock() - self._last
        if self._recent:
            each = median(self._recent)
        elif self._expected is not None:
            each = self._expected
        elif self._rest is not None:
            each = spent + self._rest
        else:
            return None
        if self._rest is None or not left:
            return each * left
        return self._rest + each * (left - 1)

    def progress(self, skipped: int = 0, label: str = "") -> Progress:
        """The state as a `Progress`; `skipped` rows were done before this run."""
        return Progress(self._done + skipped, self._total + skipped, label, self.seconds_left())
