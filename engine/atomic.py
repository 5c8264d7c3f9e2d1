"""Files that are either whole or not there: temporary file beside the target, fsync, rename, fsync of the folder.

Of four ways to save that were tried against a power cut only this one kept every acknowledged file. `write_file` never
replaces a file unless told to, without a moment in which two writers could both win.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from pathlib import Path

from engine.errors import DiskFull, FileProblem

PART_PREFIX = ".atelier-"
PART_SUFFIX = ".part"

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_ANOTHER = "Choose another folder, or make this one writable."


def write_file(path: Path, data: bytes | memoryview, *, overwrite: bool = False) -> None:
    """Write `data` to `path` so that a crash at any moment leaves the old state or the whole new file.

    Raises FileProblem (DiskFull where that is the reason); nothing half-written stays under any name but a hidden
    `.atelier-*.part`, which `sweep` removes after a crash.
    """
    part = path.parent / f"{PART_PREFIX}{secrets.token_hex(8)}{PART_SUFFIX}"
    try:
        try:
            _write_durably(part, data)
            _publish(part, path, overwrite=overwrite)
        finally:
            with contextlib.suppress(FileNotFoundError):
                part.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise explained(error, path) from error


def write_text(path: Path, text: str, *, overwrite: bool = False) -> None:
    """`write_file` for UTF-8 text."""
    write_file(path, text.encode(), overwrite=overwrite)


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network and FUSE file systems cannot sync a folder; the file itself is already safe.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise
    finally:
        os.close(handle)


def sweep(folder: Path, older_than: float = 3600.0) -> int:
    """Remove temporary files that a killed process left in `folder` more than `older_than` seconds ago; how many."""
    removed = 0
    limit = time.time() - older_than
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.name.startswith(PART_PREFIX) and entry.name.endswith(PART_SUFFIX):
                with contextlib.suppress(OSError):
                    if entry.lstat().st_mtime < limit:
                        entry.unlink()
                        removed += 1
    return removed


def explained(error: OSError, path: Path) -> FileProblem:
    """The sentence for a failed file operation on `path`."""
    if isinstance(error, FileProblem):
        return error
    name, folder, code = path.name, path.absolute().parent, error.errno
    subject = str(path)
    if code in _FULL:
        return DiskFull(f"The disk is full: “{name}” could not be written to {folder}.",
                        "Free some space or choose a folder on another disk, then go on.", subject)
    table = {
        errno.EROFS: (f"“{folder}” is on a disk that is read-only.", _ANOTHER),
        errno.EACCES: (f"No permission for “{name}” in {folder}.", _ANOTHER),
        errno.EPERM: (f"No permission for “{name}” in {folder}.", _ANOTHER),
        errno.EEXIST: (f"“{name}” already exists in {folder}.", "Choose another name, or allow it to be replaced."),
        errno.ENOENT: (f"“{path}” was not found.", "Check the name, or create the folder first."),
        errno.ENOTDIR: (f"“{folder}” is not a folder.", "Choose a folder."),
        errno.EISDIR: (f"“{path}” is a folder, not a file.", "Give a file name inside it."),
        errno.ENAMETOOLONG: (f"The file name “{name}” is too long for this disk.", "Use a shorter name."),
        errno.EIO: (f"The disk failed while working on “{name}” in {folder}.",
                    "Check the drive and its cable, or choose another disk."),
    }
    if code == errno.ENOENT and not folder.is_dir():
        return FileProblem(f"The folder “{folder}” does not exist.", "Create it, or choose another folder.", subject)
    reason = error.strerror or type(error).__name__
    what, remedy = table.get(code or 0, (f"“{name}” in {folder} cannot be used: {reason}.", "Choose another folder."))
    return FileProblem(what, remedy, subject)


def _write_durably(part: Path, data: bytes | memoryview) -> None:
    """A new file with `data` in it, on the platter before this returns."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    with os.fdopen(os.open(part, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        _fsync(file.fileno())


def _fsync(handle: int) -> None:
    """`os.fsync`, or macOS' stronger call where plain fsync only reaches the drive's cache."""
    if sys.platform == "darwin":
        import fcntl
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _publish(part: Path, path: Path, *, overwrite: bool) -> None:
    """Give the temporary file its final name; without `overwrite` only if nobody has that name, decided atomically."""
    if overwrite:
        _replace(part, path)
    elif sys.platform == "win32":
        part.rename(path)  # refuses an existing target there
    else:
        try:
            os.link(part, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # FAT and some network disks have no links: claim the name first, then replace our own empty claim.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            part.replace(path)


def _replace(part: Path, path: Path) -> None:
    """`os.replace`, patient with Windows, where a virus scanner may hold the old file for a moment."""
    attempts = 20 if sys.platform == "win32" else 1
    for attempt in range(attempts):
        try:
            part.replace(path)
        except PermissionError:
            if attempt + 1 == attempts:
                raise
            time.sleep(0.1)
        else:
            return
