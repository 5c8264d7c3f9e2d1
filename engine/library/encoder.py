"""Which encoder tells meanings: its vectors are kept under the digest of its package, and others' are left alone."""

from __future__ import annotations

from engine.meaning import SEARCH_ENCODER
from engine.packages.manifest import manifest_digest
from engine.paths import bundled_encoders_folder


def search_encoder() -> str:
    """The digest of the encoder that the engine's `embed` uses. Raises PackageError when its package is damaged."""
    return manifest_digest(bundled_encoders_folder() / SEARCH_ENCODER)
