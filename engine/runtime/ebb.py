"""Weights that are larger than the budget: mapped pages go back to the system while the graph that reads them runs.

A lean graph (see `Runtime.session`) reads its weights straight from their file. Each is needed once a run, yet stays in
this process's memory afterwards; handed back, it stays only in the system's cache, which gives way to others at once.
Linux only: elsewhere nothing happens, and pictures are the same either way.
"""

from __future__ import annotations

import ctypes
import mmap
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.runtime.memory import mapped_bytes

_LOOK = 0.05                                 # seconds between two looks at how much is mapped
_MUCH = 256 << 20
"""Bytes that may come in before pages are handed back: each time costs about ten milliseconds."""

_DONT_NEED = 4                               # MADV_DONTNEED: what is read again comes from the file
_MAPS = Path("/proc/self/smaps")
_AREA = re.compile(rb"([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \d+ +(/.*)")


class Ebb:
    """A context around a run: from time to time the pages of some files are handed back."""

    def __init__(self, files: Mapping[Path, int]) -> None:
        """`files` are what the graph maps, each with the bytes at its beginning that may stay."""
        self._files = {str(file.resolve()).encode(): kept for file, kept in files.items()}
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
        before = mapped_bytes()
        while not self._over.wait(_LOOK):
            if mapped_bytes() - before >= _MUCH:
                hand_back(self._files)
                before = mapped_bytes()


def hand_back(files: Mapping[bytes, int]) -> int:
    """Give up the pages of these files (full names), each from so many bytes on, in this process; how many were there.

    A stretch that was written to is left alone: what was written would be lost.
    """
    library = ctypes.CDLL(None, use_errno=True)
    given = 0
    for start, end, resident in _stretches(files):
        if resident and library.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _DONT_NEED) == 0:
            given += resident
    return given


def _stretches(files: Mapping[bytes, int]) -> list[tuple[int, int, int]]:
    """Start, end and at most resident bytes of each clean mapping of one of the files, without what may stay of it."""
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
            area = _given(match, files)
        elif line[:1].isdigit() or (b"-" in line.split(b" ", 1)[0] and not line.endswith(b"kB")):
            area = None                      # a mapping without a file
        elif area is not None and line.startswith(b"Rss:"):
            resident = min(int(line.split()[1]) * 1024, area[1] - area[0])
        elif area is not None and line.startswith(b"Anonymous:"):
            if int(line.split()[1]) == 0:
                found.append((*area, resident))
            area = None
    return found


def _given(area: re.Match[bytes], files: Mapping[bytes, int]) -> tuple[int, int] | None:
    """The part of a mapped area that is handed back: what lies beyond the beginning of its file that may stay."""
    kept = files.get(area[4])
    if kept is None:
        return None
    start, end, offset = (int(area[number], 16) for number in (1, 2, 3))
    start += max(0, kept - offset + mmap.PAGESIZE - 1) // mmap.PAGESIZE * mmap.PAGESIZE
    return (start, end) if start < end else None
