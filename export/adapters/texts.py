"""Text files beside weights: tokenizers and vocabularies, of sane length and of the kind that their names say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import CheckpointError

_LARGEST = 64 << 20


def json_object(path: Path) -> Mapping[str, Any]:
    """A JSON object. Raises CheckpointError."""
    try:
        found = json.loads(plain_text(path))
    except (ValueError, RecursionError) as error:
        raise faulty(path) from error
    if not isinstance(found, dict):
        raise faulty(path)
    return found


def plain_text(path: Path) -> str:
    """A file's text. Raises CheckpointError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise faulty(path)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise faulty(path) from error


def faulty(path: Path) -> CheckpointError:
    """The fault of a file that is not what its name says."""
    return CheckpointError(f"“{path.name}” is not the tokenizer's file that its name says.",
                           "Get the folder again from where it came from.", str(path))
