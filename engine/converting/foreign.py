"""What needs no export child: a finished package goes straight to the shelf."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from engine.cancel import CancelToken
from engine.converting.messages import Converted, ConvertRequest, Event, Inspection
from engine.packages.manifest import read_manifest
from engine.packages.names import MANIFEST
from engine.packages.shelf import Shelf, default_shelf

PACKAGE = "package"
_MOST = 128


def local_kind(path: Path) -> str | None:
    """What `path` is if it is none of the export child's business."""
    if (path / MANIFEST).is_file():
        return PACKAGE
    return PACKAGE if path.is_file() and _is_package_zip(path) else None


def inspect(path: Path, kind: str, tell: Callable[[Event], None], cancel: CancelToken) -> Inspection:  # noqa: ARG001
    """What it is."""
    if path.is_file():
        return Inspection(str(path), kind, path.stat().st_size, path.stem, needs_torch=False)
    manifest = read_manifest(path).manifest
    return Inspection(str(path), kind, 0, manifest.name, manifest.family, needs_torch=False)


def convert(request: ConvertRequest, kind: str, work: Path, tell: Callable[[Event], None],
            cancel: CancelToken) -> Converted:
    """Make a package."""
    raise NotImplementedError(kind)


def add_package(request: ConvertRequest, shelf: Shelf | None) -> Converted:
    """Put a package on the shelf."""
    entry = (shelf or default_shelf()).add(Path(request.source))
    return Converted(str(entry.folder), {}, entry.id, entry.family, runs=True)


def _is_package_zip(path: Path) -> bool:
    """A zip with a manifest.json in it, at its top or in one folder."""
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return len(names) <= _MOST and any(name.rsplit("/", 1)[-1] == MANIFEST for name in names)
