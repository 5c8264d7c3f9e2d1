"""Opening a file that anyone may have named: a pipe or a device, which might never end, is not opened at all."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import IO

from engine.errors import FileProblem


def open_regular(path: Path) -> IO[bytes]:
    """`path` opened for reading. Raises FileProblem for anything but a regular file, OSError as `open` does."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileProblem(f"“{path.name}” is not a file.", "Choose a picture or a package.", str(path))
    return path.open("rb")
