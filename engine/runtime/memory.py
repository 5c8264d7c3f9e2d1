"""How much memory this process may still take: what the machine has free, or what its container leaves."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_STATUS = Path("/proc/self/status")
_GROUPS = ((Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"),
            Path("/sys/fs/cgroup/memory.stat")),
           (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
            Path("/sys/fs/cgroup/memory/memory.stat")))
_GUESS = 4 << 30                             # where nobody tells
_UNLIMITED = 1 << 60


def free_bytes() -> int:
    """Memory that can be taken without pushing others out; 4 GiB where the system does not tell."""
    if sys.platform == "win32":
        return _free_windows()
    answers = (_kilobytes(_MEMINFO, "MemAvailable:"), *(_free_in(*group) for group in _GROUPS))
    told = [value for value in answers if value is not None]
    if told:
        return max(min(told), 0)
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2   # macOS does not tell
    except (ValueError, OSError):
        return _GUESS


def mapped_bytes() -> int:
    """What this process holds of files that it maps; 0 where the system does not tell (only Linux does)."""
    return _kilobytes(_STATUS, "RssFile:") or 0


def give_back() -> None:
    """Ask the C library to hand freed pages back to the system; where it cannot, nothing happens."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _kilobytes(file: Path, name: str) -> int | None:
    """The bytes of a line that the system tells in kB."""
    try:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _free_in(limit: Path, used: Path, told: Path) -> int | None:
    """What a control group leaves: its limit less what it uses; files that could be dropped do not count."""
    try:
        most = int(limit.read_text(encoding="ascii"))
        if most >= _UNLIMITED:
            return None
        taken = int(used.read_text(encoding="ascii"))
        dropped = next((int(line.split()[1]) for line in told.read_text(encoding="ascii").splitlines()
                        if line.startswith(("inactive_file ", "total_inactive_file "))), 0)
    except (OSError, ValueError, IndexError):
        return None
    return most - taken + dropped


def _free_windows() -> int:
    class Status(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = (("length", ctypes.c_uint32), ("load", ctypes.c_uint32), ("total", ctypes.c_uint64),
                    ("free", ctypes.c_uint64), ("pages", ctypes.c_uint64), ("free_pages", ctypes.c_uint64),
                    ("virtual", ctypes.c_uint64), ("free_virtual", ctypes.c_uint64), ("extended", ctypes.c_uint64))

    status = Status()
    status.length = ctypes.sizeof(Status)
    library = getattr(ctypes, "windll", None)
    if library is None or not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return _GUESS
    return int(status.free)
