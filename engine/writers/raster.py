"""Pictures to files: PNG with the recipe inside, written whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.api import Asset, PackageInfo
from engine.errors import FileProblem, ModelError
from engine.provenance import KEYWORD, SOFTWARE, XMP_KEYWORD, Provenance, provenance_of, to_json, to_xmp
from engine.writers import png

CONSTANT_STEPS = 2
"""A picture that spans no more than this many of 256 steps in any channel shows nothing."""


@dataclass(frozen=True)
class Written:
    """A file on disk: its size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


def encode_png(asset: Asset, provenance: Provenance) -> bytes:
    """The PNG of an asset; equal assets and provenance give equal bytes."""
    texts = ((XMP_KEYWORD, to_xmp(provenance)), (KEYWORD, to_json(provenance)), ("Software", SOFTWARE))
    return png.encode(asset.colors(), texts)


def write_asset(asset: Asset, path: Path, info: PackageInfo, *, overwrite: bool = False) -> Written:
    """Write `path` atomically, never over another file unless told to. Raises FileProblem, or ModelError for a blank
    picture.
    """
    if path.suffix.lower() != ".png":
        raise FileProblem(f"“{path.name}” is not a PNG name.", "Pictures are written as PNG: end the name in .png.",
                          str(path))
    asset = replace(asset, pixels=asset.colors(), palette=None)  # looked up once for both that ask below
    if is_constant(asset.pixels):
        raise ModelError(f"The picture for “{path.name}” is blank: every pixel looks the same, so it was not kept.",
                         "Change the text, the colours or the sliders.", str(path))
    data = encode_png(asset, provenance_of(asset, info))
    atomic.write_file(path, data, overwrite=overwrite)
    return Written(len(data), hashlib.sha256(data).hexdigest())


def is_constant(pixels: NDArray[np.uint8]) -> bool:
    """Whether no channel spans more than `CONSTANT_STEPS`; the usual picture is told from a few rows."""
    flat = pixels.reshape(-1, pixels.shape[-1])
    for part in (flat[::97], flat):
        if part.size and (part.max(axis=0).astype(int) - part.min(axis=0)).max() > CONSTANT_STEPS:
            return False
    return True
