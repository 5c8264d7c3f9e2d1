"""Takes files and folders of kept files into the library: what carries a recipe, once, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from engine.api import Medium, Progress
from engine.cancel import CancelToken
from engine.errors import FileProblem
from engine.library.library import Library
from engine.library.moving import files_in
from engine.library.records import Keepsake
from engine.library.rows import whole_path
from engine.provenance import read_recipes
from engine.provenance.inside_text import MAX_FILE, swatches_in, texts_in

TOGETHER = 50
"""Files that are remembered in one step; what was remembered stays, whatever happens after."""

_PALETTES = frozenset({".gpl", ".css"})
_PICTURE = ".png"
_NONE: Mapping[str, Medium] = MappingProxyType({})


@dataclass(frozen=True)
class Gathered:
    """What came of it. `passed`: files without a recipe, or that cannot be read, by the thousand in some folders."""

    added: tuple[int, ...]               # ids of new entries
    known: int                           # were there already; those that had been moved are found again
    passed: int
    cancelled: bool = False


def gather(library: Library, paths: Iterable[Path], on_progress: Callable[[Progress], None] | None = None,
           cancel: CancelToken | None = None, media: Mapping[str, Medium] = _NONE) -> Gathered:
    """Remember files, and all below folders, in order of names, each as old as its file is.

    `media` tells what packages make: a palette that was kept as a picture looks like one. Raises FileProblem for a
    path that is not there, before anything is remembered.
    """
    files = _files(paths)
    added: list[int] = []
    known = passed = 0
    for start in range(0, len(files), TOGETHER):
        if on_progress is not None:
            on_progress(Progress(start, len(files)))
        if cancel is not None and cancel.cancelled:
            return Gathered(tuple(added), known, passed, cancelled=True)
        some = [_keepsake(path, media) for path in files[start:start + TOGETHER]]
        found = [keepsake for keepsake in some if keepsake is not None]
        passed += len(some) - len(found)
        taken = library.take(found)
        added += taken.new
        known += len(taken.ids) - len(taken.new)
    if on_progress is not None:
        on_progress(Progress(len(files), len(files)))
    return Gathered(tuple(added), known, passed)


def keepsake_of(path: Path, media: Mapping[str, Medium] = _NONE) -> Keepsake:
    """What the library remembers of a kept file. Raises FileProblem that says why there is no recipe in it."""
    made = read_recipes(path)[0]
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    try:
        when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if path.suffix.lower() != _PICTURE and path.stat().st_size < MAX_FILE:
            data = path.read_bytes()
            texts, colors = texts_in(data), tuple(swatch.color for swatch in swatches_in(data))
    except (OSError, ValueError, OverflowError) as error:      # a file system may tell of any year
        raise FileProblem(f"“{path.name}” cannot be read: {getattr(error, 'strerror', '') or error}.",
                          "Check the name and that the file may be read.", str(path)) from error
    if texts:
        medium = Medium.TEXT
    elif colors or path.suffix.lower() in _PALETTES:
        medium = Medium.PALETTE
    else:
        medium = media.get(made.recipe.package, Medium.PICTURE)
    return Keepsake(path, made.recipe, made.package.name, medium, texts, colors, kept=when)


def _files(paths: Iterable[Path]) -> list[Path]:
    """Files that were named, and those below folders. Raises FileProblem."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += files_in(path)
        elif os.path.lexists(path):
            found.append(path)
        else:
            raise FileProblem(f"“{path}” was not found.", "Check the name, or create the folder first.", str(path))
    return list(dict.fromkeys(found))


def _keepsake(path: Path, media: Mapping[str, Medium]) -> Keepsake | None:
    """The same, or nothing for what cannot be remembered."""
    try:
        whole_path(path)
        return keepsake_of(path, media)
    except FileProblem:
        return None
