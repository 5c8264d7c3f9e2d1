"""What the report says of the file that was converted."""

from __future__ import annotations

from typing import Any

from export.adapters.base import Detection
from export.checkpoint.source import Source


def source_words(source: Source, detection: Detection) -> dict[str, Any]:
    """The report's `source`: name without its folder, digest, kind, size, and why it is what it was taken for."""
    return {
        "name": source.path.name,
        "digest": source.digest,
        "kind": source.kind,
        "bytes": source.size,
        "adapter": detection.adapter,
        "title": detection.title,
        "reasons": list(detection.reasons),
        "guesses": list(detection.guesses),
        "sizes": dict(detection.sizes),
    }
