"""Pictures as PNG with the recipe inside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset
from engine.provenance import KEYWORD, SOFTWARE, Provenance, to_json, to_xmp
from engine.provenance.inside_png import XMP_KEYWORD
from engine.writers import png

CONSTANT_STEPS = 2
"""A picture that spans no more than this many of 256 steps in any channel shows nothing."""


def encode_png(asset: Asset, provenance: Provenance) -> bytes:
    """The PNG of an asset; equal assets and provenance give equal bytes."""
    texts = ((XMP_KEYWORD, to_xmp(provenance)), (KEYWORD, to_json(provenance)), ("Software", SOFTWARE))
    return png.encode(asset.colors(), texts)


def is_constant(pixels: NDArray[np.uint8]) -> bool:
    """Whether no channel spans more than `CONSTANT_STEPS`; the usual picture is told from a few rows."""
    flat = pixels.reshape(-1, pixels.shape[-1])
    for part in (flat[::97], flat):
        if part.size and (part.max(axis=0).astype(int) - part.min(axis=0)).max() > CONSTANT_STEPS:
            return False
    return True
