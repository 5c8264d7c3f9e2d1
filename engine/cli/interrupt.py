"""Ctrl-C: the first one asks politely, the second one ends at once. Nothing half-written is left by either."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from engine.cli.console import Console

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def on_interrupt(cancel: Callable[[], None], console: Console) -> Iterator[threading.Event]:
    """While the block runs, Ctrl-C (or SIGTERM) calls `cancel` and sets the event; a second one interrupts at once."""
    asked = threading.Event()

    def answer(_number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        console.note("cancelling; press Ctrl-C again to stop at once.")
        cancel()

    before = {number: signal.signal(number, answer) for number in _SIGNALS}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
