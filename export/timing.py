"""How long one call takes, so that two processes that run at different moments can still be compared.

On one thread of a CPU what counts is the processor's time, which other programs hardly disturb; a graphics card is
timed by the wall, and so is Windows, whose processor clock ticks 64 times a second.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

CALLS = 9
ENOUGH_S = 2.0
_FEW = 2
_SLOW_S = 0.05


class Stopwatch:
    """Times calls that are made anyway, on one thread of this process; the first of them only warms up."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed."""
        clock = time.perf_counter if sys.platform == "win32" else time.process_time

        def timed(*values: Any) -> Any:
            started = clock()
            answer = call(*values)
            self._times.append(clock() - started)
            return answer

        return timed

    def slow_ms(self, again: Callable[[], object]) -> float | None:
        """Their median in milliseconds; None where they are so short that they are better timed alone.

        Where they were too few, `again` makes one of them once more.
        """
        if len(self._times) < 2 or statistics.median(self._times[1:]) < _SLOW_S:  # noqa: PLR2004 - one warms up
            return None
        while len(self._times) <= _FEW:
            again()
        return round(statistics.median(self._times[1:]) * 1000, 4)


def median_ms(call: Callable[[], object], *, on_card: bool = False) -> float:
    """The median of one call in milliseconds: up to nine after a first one that warms up, fewer where one is slow."""
    clock = time.perf_counter if on_card or sys.platform == "win32" else time.process_time
    began = time.perf_counter()
    times: list[float] = []
    while len(times) <= CALLS and (len(times) < 2 or time.perf_counter() - began < ENOUGH_S):  # noqa: PLR2004 - one warm
        started = clock()
        call()
        times.append(clock() - started)
    return round(statistics.median(times[1:]) * 1000, 4)
