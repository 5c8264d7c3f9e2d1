"""PNG, written by ourselves: every byte decided here; quicker than Pillow's fastest level and smaller on flat art.

The filter is chosen for the whole picture: none where most pixels equal their neighbour (type, icons), "up" otherwise.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.provenance import PNG_SIGNATURE

LEVEL = 3
"""The last of zlib's fast levels: a sixth larger than the slow ones, in a quarter of their time."""

_COLOR_TYPE = {1: 0, 3: 2, 4: 6}   # grey, RGB, RGBA
_NONE, _UP = 0, 2
_FLAT_SHARE = 0.5
_PERCEPTUAL = b"\0"


def encode(pixels: NDArray[np.uint8], texts: Sequence[tuple[str, str]]) -> bytes:
    """A PNG of [height, width, 1 | 3 | 4] sRGB pixels (straight alpha), texts (keyword, text) before the pixels."""
    height, width, channels = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOR_TYPE[channels], 0, 0, 0)
    chunks = [(b"IHDR", header), (b"sRGB", _PERCEPTUAL)]
    chunks += [(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()) for keyword, text in texts]
    chunks += [(b"IDAT", zlib.compress(_filtered(pixels).data, LEVEL)), (b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _filtered(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """[height, 1 + width * channels]: the rows with their filter byte."""
    height, width, channels = pixels.shape
    rows = pixels.reshape(height, width * channels)
    out = np.empty((height, 1 + width * channels), np.uint8)
    if _is_flat(pixels):
        out[:, 0] = _NONE
        out[:, 1:] = rows
    else:
        out[:, 0] = _UP
        out[0, 1:] = rows[0]
        np.subtract(rows[1:], rows[:-1], out=out[1:, 1:])
    return out


def _is_flat(pixels: NDArray[np.uint8]) -> bool:
    """Whether most pixels equal the one to their left; asked of every fourth row."""
    sample = pixels[::4]
    if sample.shape[1] < 2:  # noqa: PLR2004 - no neighbour
        return True
    return bool(np.mean((sample[:, 1:] == sample[:, :-1]).all(axis=2)) > _FLAT_SHARE)


def _chunk(kind: bytes, body: bytes) -> bytes:
    """Length, kind, body, checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
