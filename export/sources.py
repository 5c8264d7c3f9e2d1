"""Which files a source really consists of, before anything reads them: for the sandbox and for caps on memory."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_MOST = 2000
_DEEP = 3


def bytes_of(source: Path) -> int:
    """How many bytes the source may map: the file, or all files of the folder."""
    if source.is_dir():
        return sum(_size(path) for path in _files(source))
    return _size(source)


def files_behind(source: Path) -> tuple[Path, ...]:
    """The files that links in a folder lead to, as far as a model cache lays them out.

    Hugging Face keeps `snapshots/<revision>/...` as links into `blobs/` beside it; no other link is followed.
    """
    if not source.is_dir():
        return (source.resolve(),) if source.is_symlink() else ()
    cache = next((parent / "blobs" for parent in source.resolve().parents if parent.name == "snapshots"), None)
    blobs = cache.parent.parent / "blobs" if cache is not None else None
    if blobs is None:
        return ()
    behind = [path.resolve() for path in _files(source) if path.is_symlink()]
    return tuple(path for path in behind if path.is_relative_to(blobs))


def _files(folder: Path) -> list[Path]:
    """The files of a folder, a few levels deep, links included but not followed into folders."""
    found: list[Path] = []
    for base, folders, names in os.walk(folder):
        if len(Path(base).relative_to(folder).parts) >= _DEEP:
            folders.clear()
        found += [Path(base) / name for name in names]
        if len(found) > _MOST:
            break
    return found[:_MOST]


def _size(path: Path) -> int:
    """Bytes of a regular file, links followed; 0 for anything else."""
    try:
        info = path.stat()
    except OSError:
        return 0
    return info.st_size if stat.S_ISREG(info.st_mode) else 0
