"""Pictures and masks that recipes use: each a file under the SHA-256 of its bytes, so that a recipe names exactly one.

A recipe holds "sha256:<64 hex>"; the bytes lie in `engine.paths.media_folder()` and are never changed. They are a
stranger's until `engine.readers` has looked at them, inside the engine child.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from engine.atomic import write_file
from engine.errors import FileProblem
from engine.paths import media_folder

MAX_BYTES = 256 << 20
_KEY = re.compile(r"sha256:([0-9a-f]{64})")


def is_key(value: str) -> bool:
    """Whether `value` names a picture as recipes do."""
    return _KEY.fullmatch(value) is not None


def put(data: bytes) -> str:
    """Store the bytes of a picture file; the key for recipes. Storing the same again changes nothing.

    Raises FileProblem for a full or read-only disk, and for files that are empty or larger than 256 MiB.
    """
    if not 0 < len(data) <= MAX_BYTES:
        raise FileProblem("This picture file is empty or too large.", "Choose a picture of at most 256 MiB.")
    name = hashlib.sha256(data).hexdigest()
    path = _place(name)
    if not path.is_file() or path.stat().st_size != len(data):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data, overwrite=True)
    return f"sha256:{name}"


def put_file(path: Path) -> str:
    """`put` for a file of the person's. Raises FileProblem, naming it."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileProblem(f"“{path.name}” cannot be read: {error.strerror or error}.", "Choose another picture.",
                          str(path)) from error
    return put(data)


def path_of(key: str) -> Path:
    """The file of a key. Raises FileProblem when this machine does not have it, or it is no longer what it was."""
    match = _KEY.fullmatch(key)
    path = _place(match[1]) if match else None
    try:
        sound = path is not None and match is not None and hashlib.sha256(path.read_bytes()).hexdigest() == match[1]
    except OSError:
        sound = False
    if path is None or not sound:
        raise FileProblem("The picture that this recipe starts from is not on this machine.",
                          "Drop the picture on the window again, or leave the source picture empty.", key)
    return path


def _place(name: str) -> Path:
    return media_folder() / name[:2] / name
