"""Is this folder the package it says it is? Every file listed, every digest right, nothing else, nothing that links.

A full check hashes everything. A quick check (each start) compares sizes and times with the last full check of that
folder, kept in the cache folder, and falls back to the full one when anything differs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engine import atomic, paths
from engine.errors import FileProblem, PackageError
from engine.packages.check import check_manifest
from engine.packages.graphscan import scan_graph
from engine.packages.manifest import Manifest, ManifestFile, read_manifest
from engine.packages.names import MANIFEST, OS_LITTER, check_distinct, check_name, shown
from engine.packages.pictures import check_picture

CHECK_VERSION = 2
"""Raise when the rules get stricter, so that remembered verdicts are not trusted."""

_CHUNK = 1 << 20
_MAX_ENTRIES = 256
_REPARSE_LINKS = frozenset({0xA000000C, 0xA0000003})  # Windows: symbolic link, junction


@dataclass(frozen=True)
class _Listed:
    """What the manifest promises of one file."""

    sha256: str
    bytes: int


def verify(folder: Path, full: bool = True) -> Manifest:
    """The manifest of a sound package. Raises PackageError that names the file, the reason and what to do."""
    return verified(folder, full=full).manifest


def verified(folder: Path, *, full: bool = True, later: Path | None = None) -> ManifestFile:
    """`verify`, with the raw JSON and the digest of exactly the manifest bytes that were checked.

    `later` is where the folder is about to be renamed to: the verdict is remembered for that place.
    """
    opened = read_manifest(folder)
    check_manifest(opened.manifest, str(folder))
    listed = _listed(opened.manifest)
    states = _states(folder, listed)
    if not full and _remembered(folder, opened.digest) == states:
        return opened
    for name, promise in listed.items():
        _check_digest(folder / name, promise)
        check_picture(folder / name)
    for graph in opened.manifest.graphs.values():
        scan_graph(folder / graph.file, {name: entry.bytes for name, entry in graph.external.items()})
    if _states(folder, listed) != states:
        raise PackageError(f"“{folder.name}” changed while it was being checked.",
                           "Try again when nothing writes to it.", str(folder))
    _remember(later or folder, opened.digest, states)
    return opened


def _listed(manifest: Manifest) -> dict[str, _Listed]:
    """File name -> promise: graphs, their weight files and all others."""
    result = {graph.file: _Listed(graph.sha256, graph.bytes) for graph in manifest.graphs.values()}
    for graph in manifest.graphs.values():
        result.update({name: _Listed(entry.sha256, entry.bytes) for name, entry in graph.external.items()})
    result.update({name: _Listed(entry.sha256, entry.bytes) for name, entry in manifest.files.items()})
    return result


def _states(folder: Path, listed: dict[str, _Listed]) -> dict[str, list[int]]:
    """Size and time of every file, after the checks that need no reading: presence, kind, links, sizes, strangers."""
    found: dict[str, list[int]] = {}
    own = folder.resolve().is_relative_to(paths.resources_folder().resolve())
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name in OS_LITTER:
                    continue
                found[entry.name] = _state(entry, listed, str(folder), own=own)
                if len(found) > _MAX_ENTRIES:
                    raise PackageError(f"“{folder.name}” holds more than {_MAX_ENTRIES} files.",
                                       "Choose the folder of one package.", str(folder))
    except OSError as error:
        raise PackageError(f"“{folder.name}” cannot be read: {error.strerror or error}.",
                           "Check that the folder is readable.", str(folder)) from error
    check_distinct(list(found), str(folder))
    for name in listed:
        if name not in found:
            raise PackageError(f"The file “{name}” of the package “{folder.name}” is missing.",
                               "Get the package again from where it came from.", str(folder / name))
    return found


def _state(entry: os.DirEntry[str], listed: dict[str, _Listed], subject: str, *, own: bool) -> list[int]:
    """Size, modification and change time of one directory entry that is a plain, listed file."""
    name = entry.name
    info = os.lstat(entry.path)  # the entry's own stat has no link count on Windows
    if stat.S_ISLNK(info.st_mode) or getattr(info, "st_reparse_tag", 0) in _REPARSE_LINKS:
        raise _unsound(f"“{shown(name)}” is a link to somewhere else", subject)
    if name != MANIFEST and name not in listed:
        check_name(name, subject)  # says it better when the stranger is code
        raise PackageError(f"The package contains “{shown(name)}”, which its manifest does not list.",
                           "Remove that file, or get the package again.", subject)
    if not stat.S_ISREG(info.st_mode):
        raise _unsound(f"“{shown(name)}” is not a plain file", subject)
    # Installers such as uv hard-link the program's own files from their cache, so only a stranger's links are refused.
    if info.st_nlink > 1 and not own:
        raise _unsound(f"“{shown(name)}” shares its contents with a file elsewhere (hard link)", subject)
    if name in listed and info.st_size != listed[name].bytes:
        raise _changed(name, subject)
    return [info.st_size, info.st_mtime_ns, info.st_ctime_ns]


def _check_digest(path: Path, promise: _Listed) -> None:
    """Hash the file in pieces and compare."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.",
                           "Check that the file is readable.", str(path)) from error
    if digest.hexdigest() != promise.sha256:
        raise _changed(path.name, str(path.parent))


def _remembered(folder: Path, digest: str) -> dict[str, list[int]] | None:
    """The file states of the last full check of this folder with this manifest."""
    try:
        data: Any = msgspec.json.decode(_memory(folder).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    if not isinstance(data, dict) or data.get("check") != CHECK_VERSION or data.get("digest") != digest:
        return None
    files = data.get("files")
    return files if isinstance(files, dict) else None


def _remember(folder: Path, digest: str, states: dict[str, list[int]]) -> None:
    """Keep the verdict; a cache that cannot be written costs only time."""
    memory = _memory(folder)
    data = msgspec.json.encode({"check": CHECK_VERSION, "digest": digest, "files": states})
    with contextlib.suppress(OSError, FileProblem):
        memory.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_file(memory, data, overwrite=True)


def _memory(folder: Path) -> Path:
    """Where the verdict on `folder` is kept."""
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return paths.cache_folder() / "verified" / f"{name}.json"


def _changed(name: str, subject: str) -> PackageError:
    return PackageError(f"The file “{shown(name)}” is not the one its manifest lists: it was changed or is damaged.",
                        "Get the package again from where it came from.", subject)


def _unsound(reason: str, subject: str) -> PackageError:
    return PackageError(f"The package is not safe to open: {reason}.",
                        "Copy the package as plain files, or get it again.", subject)
