"""The one door for model files of others: told apart by content, read without running them, or refused with a way out.

Nothing here trusts a name, a size or an instruction of the file; and nothing is loaded but tables of contents, so that
a checkpoint of many gigabytes opens in the time it takes to compute its digest.
"""

from __future__ import annotations

import hashlib
import stat
from functools import partial
from pathlib import Path

from engine import atomic
from engine.errors import CheckpointError
from export.checkpoint.faults import SAFE_COPY, Unreadable
from export.checkpoint.folders import read_folder
from export.checkpoint.legacy import names_for, read_legacy, tape_of
from export.checkpoint.names import Names
from export.checkpoint.plain import plain
from export.checkpoint.safetensors_file import read_safetensors
from export.checkpoint.sniff import Kind, kind_of
from export.checkpoint.soundness import number_warnings
from export.checkpoint.source import Checkpoint, Source
from export.checkpoint.stored import Region, references
from export.checkpoint.stylegan import networks, unwrap_stylegan
from export.checkpoint.torchzip import read_torch_zip
from export.checkpoint.unpickle import read_pickle
from export.checkpoint.unwrap import Chosen, unwrap

STYLEGAN = "stylegan-pickle"
SHOWN = 3  # names of foreign classes told in a note


def open_source(path: Path) -> Source:
    """The weights or the model folder at `path`. Raises CheckpointError with the reason and the next step."""
    try:
        return read_folder(path, partial(open_checkpoint, strip=False)) if path.is_dir() else open_checkpoint(path)
    except Unreadable as error:
        raise error.about(path) from error
    except FileNotFoundError as error:
        raise CheckpointError(f"“{path.name}” is not there.", "Choose the file again.", str(path)) from error
    except OSError as error:
        raise atomic.explained(error, path) from error


def open_checkpoint(path: Path, *, strip: bool = True) -> Checkpoint:
    """One file of weights; `strip` as in `unwrap`. Raises CheckpointError about this file, OSError as reading does."""
    try:
        kind, chosen = _read(path, strip=strip)
        tensors = references(chosen.tensors)
        warnings = number_warnings(chosen.tensors)
        return Checkpoint(path, kind, tensors, _digest(path), path.stat().st_size, chosen.settings, chosen.notes,
                          chosen.code, warnings)
    except Unreadable as error:
        raise error.about(path) from error


def _read(path: Path, *, strip: bool) -> tuple[str, Chosen]:
    """The container's name, and the weights chosen in it."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unreadable("is a pipe or a device, not a file", "Choose a model file.")
    kind = kind_of(path)
    whole = Region(path, 0, path.stat().st_size)
    if kind is Kind.SAFETENSORS:
        tensors, metadata = read_safetensors(path)
        chosen = unwrap(dict(tensors), strip=strip)
        return kind.value, Chosen(chosen.tensors, plain(metadata), chosen.notes)
    if kind is Kind.TORCH_ZIP:
        value, names = read_torch_zip(path)
    elif kind is Kind.TORCH_LEGACY:
        names = names_for(path)
        value = read_legacy(whole, names)
    else:
        names = names_for(path)
        with tape_of(whole) as tape:
            value = read_pickle(tape, names.find)
            if tape.left:
                raise Unreadable("has something behind its table of weights", SAFE_COPY)
    if networks(value):
        return STYLEGAN, unwrap_stylegan(value)
    return kind.value, _noted(unwrap(value, strip=strip), names)


def _noted(chosen: Chosen, names: Names) -> Chosen:
    """A note of the classes that were met and left alone."""
    if not names.foreign:
        return chosen
    some = ", ".join(f"`{name}`" for name in sorted(names.foreign)[:SHOWN])
    more = f" and {len(names.foreign) - SHOWN} more" if len(names.foreign) > SHOWN else ""
    return Chosen(chosen.tensors, chosen.settings, (*chosen.notes, f"left out, not run: {some}{more}"), chosen.code)


def _digest(path: Path) -> str:
    """The whole file's digest."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
