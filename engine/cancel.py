"""A flag that asks a piece of work to stop, and wakes whoever can interrupt it (ONNX Runtime, a wait)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import Cancelled


class CancelToken:
    """Set once from any thread, read by the thread that works. Never cleared: one token per request."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a signal handler may cancel while its own thread attaches
        self._set = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether someone asked to stop."""
        return self._set

    def cancel(self) -> None:
        """Ask to stop; runs the attached callbacks on the calling thread, once."""
        with self._lock:
            if self._set:
                return
            self._set = True
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def check(self) -> None:
        """Raise `Cancelled` when someone asked to stop."""
        if self._set:
            raise Cancelled

    @contextmanager
    def attached(self, callback: Callable[[], None]) -> Iterator[None]:
        """Call `callback` if the token is set while the block runs, or at once if it already was."""
        with self._lock:
            already = self._set
            self._callbacks.append(callback)
        try:
            if already:
                callback()
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
