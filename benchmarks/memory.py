"""The peak of this process's memory: all of it, and what is private (files that are mapped may be dropped again)."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_STATUS = Path("/proc/self/status")
_LOOK_S = 0.02


class Peak:
    """As a context manager: looks every few milliseconds while the block runs. Linux only."""

    def __init__(self) -> None:
        self.private_mb = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._over.set()
        self._watch.join()

    @property
    def peak_mb(self) -> float:
        """The largest resident size so far, as the system counted it."""
        return _said("VmHWM")

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            self.private_mb = max(self.private_mb, _said("RssAnon"))


def _said(name: str) -> float:
    """A line of the status file, in MB."""
    line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6
