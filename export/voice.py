"""What the converter says to its parent: one JSON object a line, and a sign of life every second."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace

from engine.converting.messages import Event, Step, Told, encode

BEAT_S = 1.0
_KNOWN = 0.08   # share of the work after which the time left can be guessed


class Voice:
    """Sends events to a descriptor; once `live`, repeats the last step once a second, counting down. Thread-safe."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is the writing end of a pipe to the parent."""
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._begun = self._since = time.monotonic()
        self._last: Told | None = None
        self._closed = threading.Event()

    def live(self) -> None:
        """Start the sign of life. Call it after the process was confined: older threads would stay outside."""
        threading.Thread(target=self._beat, name="beat", daemon=True).start()

    def step(self, step: Step, fraction: float, words: str) -> None:
        """The work is at `fraction` of the whole."""
        self._since = time.monotonic()
        self._last = Told(step, round(fraction, 4), words, self._left(fraction))
        self.say(self._last)

    def say(self, event: Event) -> None:
        """Send one event; a parent that is gone has no ears, and will end us."""
        line = encode(event)
        with self._lock:
            while line:
                try:
                    line = line[os.write(self._descriptor, line):]
                except BrokenPipeError:
                    return

    def close(self) -> None:
        """No more signs of life."""
        self._closed.set()

    def _left(self, fraction: float) -> float | None:
        """Seconds left, from the share that is done."""
        if fraction < _KNOWN:
            return None
        return round((time.monotonic() - self._begun) * (1 - fraction) / fraction, 1)

    def _beat(self) -> None:
        while not self._closed.wait(BEAT_S):
            last, since = self._last, time.monotonic() - self._since
            if last is not None:
                left = None if last.seconds_left is None else round(last.seconds_left - since, 1)
                self.say(replace(last, seconds_left=left if left is not None and left > 0 else None))
