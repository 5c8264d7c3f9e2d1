"""Weights that are larger than the budget: mapped pages go back to the system while the graph that reads them runs.

A lean graph (see `Runtime.session`) reads its weights straight from their file. Each is needed once a run, yet stays in
this process's memory afterwards; handed back, it stays only in the system's cache, which gives way to others at once.
Linux only: elsewhere nothing happens, and pictures are the same either way.
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Self

_LOOK, _EVERY = 0.1, 0.3
"""Seconds between two looks at the clock, and of this process's own work between two times that pages are handed back:
on a busy machine little is read in a second, and each time costs about ten milliseconds.
"""

_DONT_NEED = 4                               # MADV_DONTNEED: what is read again comes from the file
_MAPS = Path("/proc/self/smaps")
_AREA = re.compile(rb"([0-9a-f]+)-([0-9a-f]+) \S+ \S+ \S+ \d+ +(/.*)")


class Ebb:
    """A context around a run: from time to time the pages of some files are handed back."""

    def __init__(self, files: Collection[Path]) -> None:
        """`files` are what the graph maps."""
        self._files = frozenset(str(file.resolve()).encode() for file in files)
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if sys.platform == "linux" and self._files:
            self._over.clear()
            self._thread = threading.Thread(target=self._work, name="ebb", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._thread is not None:
            self._over.set()
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        before = time.process_time()
        while not self._over.wait(_LOOK):
            if time.process_time() - before >= _EVERY:
                hand_back(self._files)
                before = time.process_time()


def hand_back(files: Collection[bytes]) -> int:
    """Give up the pages of these files (full names) in this process; how many bytes were there.

    A stretch that was written to is left alone: what was written would be lost.
    """
    library = ctypes.CDLL(None, use_errno=True)
    given = 0
    for start, end, resident in _stretches(files):
        if resident and library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONT_NEED) == 0:
            given += resident
    return given


def _stretches(files: Collection[bytes]) -> list[tuple[int, int, int]]:
    """Start, end and resident bytes of each clean mapping of one of the files."""
    found: list[tuple[int, int, int]] = []
    area: tuple[int, int] | None = None
    resident = 0
    try:
        lines = _MAPS.read_bytes().splitlines()
    except OSError:
        return []
    for line in lines:
        match = _AREA.fullmatch(line)
        if match is not None:
            area = (int(match[1], 16), int(match[2], 16)) if match[3] in files else None
        elif line[:1].isdigit() or (b"-" in line.split(b" ", 1)[0] and not line.endswith(b"kB")):
            area = None                      # a mapping without a file
        elif area is not None and line.startswith(b"Rss:"):
            resident = int(line.split()[1]) * 1024
        elif area is not None and line.startswith(b"Anonymous:"):
            if int(line.split()[1]) == 0:
                found.append((*area, resident))
            area = None
    return found
