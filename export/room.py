"""Whether the disk has room for a conversion: said before the work, not after minutes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.errors import DiskFull
from export.checkpoint.source import Checkpoint, Source

_BYTES = 4           # of a number in single precision


def numbers_in(source: Source) -> int:
    """How many numbers a checkpoint or a folder of them holds."""
    parts = [source] if isinstance(source, Checkpoint) else source.parts.values()
    return sum(part.parameters() for part in parts)


def check_room(source: Source, work: Path, forms: int) -> None:
    """Raises DiskFull where `work` cannot take the weights while they are worked with, and once for each form."""
    need, free = numbers_in(source) * _BYTES * (1 + forms), shutil.disk_usage(work).free
    if free < need:
        raise DiskFull(f"The conversion needs about {need / 1e9:.1f} GB on the disk, and {free / 1e9:.1f} GB are free.",
                       "Free some space, or name a place on another disk for the package.", str(work.parent))
