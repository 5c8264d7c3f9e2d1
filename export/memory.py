"""How much memory the converter and all it starts hold together at most, looked at a few times a second."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

_LOOK_S = 0.2
_PROC = Path("/proc")


class Peak:
    """Watches until `close`. On Linux it sums the resident memory of this process and its descendants."""

    def __init__(self) -> None:
        self._bytes = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        if sys.platform == "linux":
            self._thread.start()

    @property
    def bytes(self) -> int:
        """The most that was seen; elsewhere the largest single process, as the system remembers it."""
        return self._bytes or _largest()

    def close(self) -> int:
        """Stop watching; the result."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()
        return self.bytes

    def _watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._closed.wait(_LOOK_S):
            self._bytes = max(self._bytes, sum(_resident(pid) for pid in _family()) * page)


def _family() -> list[int]:
    """This process and everything in its group: the converter is the leader of one of its own."""
    group = os.getpgrp()
    names = os.listdir(_PROC)  # noqa: PTH208 - five times a second: the plain call
    return [int(name) for name in names if name.isdecimal() and _group(int(name)) == group]


def _group(pid: int) -> int:
    """The process group of `pid`, -1 when it is gone."""
    try:
        return os.getpgid(pid)
    except OSError:
        return -1


def _resident(pid: int) -> int:
    """Pages in memory, shared libraries and mapped weights left out: they are not this process's own to hold."""
    try:
        fields = (_PROC / str(pid) / "statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return max(int(fields[1]) - int(fields[2]), 0)


def _largest() -> int:
    """The largest single process of ours, in bytes; 0 where nobody knows."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) * unit
