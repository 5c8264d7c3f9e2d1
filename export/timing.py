"""How long one call takes, so that two processes that run at different moments can still be compared.

On one thread of a CPU what counts is the processor's time, which other programs hardly disturb; a graphics card is
timed by the wall, and so is Windows, whose processor clock ticks 64 times a second.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

CALLS = 9
ENOUGH_S = 3.0


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
