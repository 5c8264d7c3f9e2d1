"""One run per folder: a lock that the system gives back when its holder dies, however it dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from engine import atomic
from engine.errors import JobProblem

_TAKEN = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
_LOCKED_BYTE = 1 << 20   # Windows locks bytes: one far behind the text, so that others can read who holds it


class FolderLock:
    """Held from `take` to `release`. A file left behind by a dead process is no lock: the system's died with it."""

    def __init__(self, path: Path) -> None:
        """`path` is the lock file; its folder exists."""
        self._path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock. Raises JobProblem when another process has it, FileProblem when the file cannot be made."""
        while self._handle is None:
            try:
                # Only for reading: nothing is kept open for writing on a drive that somebody may want to eject.
                handle = os.open(self._path, os.O_RDONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
            except OSError as error:
                raise atomic.explained(error, self._path) from error
            if not _lock(handle):
                holder = os.read(handle, 32).decode("ascii", "replace").strip()
                os.close(handle)
                raise JobProblem(f"Another batch (process {holder or 'unknown'}) is working in this folder.",
                                 "Wait until it is done, or choose another folder.", str(self._path.parent.parent))
            if _is_at(handle, self._path):
                self._handle = handle
            else:
                os.close(handle)  # its holder finished and removed the file between our two steps
        self._sign()

    def _sign(self) -> None:
        """Write into the file who holds it."""
        try:
            self._path.write_text(f"{os.getpid()}\n", encoding="ascii")
        except OSError as error:
            self.release(remove=False)
            raise atomic.explained(error, self._path) from error

    def release(self, *, remove: bool) -> None:
        """Give the lock back, and take the file away when the work is done."""
        if self._handle is None:
            return
        if remove and sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = None
        if remove:
            self._path.unlink(missing_ok=True)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.lseek(handle, 0, os.SEEK_SET)
        return error.errno not in _TAKEN  # a network disk that knows no locks must not stop anybody
    return True


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
