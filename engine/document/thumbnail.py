"""Small pictures inside a document: PNGs in one narrow way, which numpy reads back without a decoder.

A document may be a stranger's, and pictures of strangers are decoded by the engine child alone. These need no decoder:
eight bits, RGB or RGBA, not interlaced, and every row the difference to the row above (filter 2), so that reading is
an inflation of known length and a running sum. Any program can show them; what is written in another way is none.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

SIDE = 240
"""The longest side, in pixels."""
MAX_BYTES = SIDE * SIDE * 4 + 4096
_SIGN = b"\x89PNG\r\n\x1a\n"
_UP = 2
_DEPTH = 8
_KINDS = {3: 2, 4: 6}                    # channels -> colour type
_HEAD = struct.Struct(">IIBBBBB")


def write(pixels: NDArray[np.uint8]) -> bytes:
    """The PNG of uint8 [height, width, 3 | 4], sRGB, straight alpha, at most `SIDE` long. Raises ValueError."""
    height, width, channels = pixels.shape
    if not (0 < height <= SIDE and 0 < width <= SIDE) or channels not in _KINDS:
        raise ValueError(f"a thumbnail of {pixels.shape} cannot be written")
    rows = pixels.reshape(height, width * channels)
    steps = rows.copy()
    steps[1:] -= rows[:-1]                   # bytes wrap around, as the format wants it
    filtered = np.concatenate([np.full((height, 1), _UP, np.uint8), steps], axis=1)
    head = _HEAD.pack(width, height, _DEPTH, _KINDS[channels], 0, 0, 0)
    return _SIGN + b"".join((_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(filtered.tobytes(), 6)),
                             _chunk(b"IEND", b"")))


def read(data: bytes) -> NDArray[np.uint8]:
    """The pixels of what `write` made. Raises ValueError with a short reason for anything else."""
    if len(data) > MAX_BYTES or not data.startswith(_SIGN):
        raise ValueError("it is no thumbnail")
    head, packed = _chunks(data)
    width, height, depth, kind, *rest = head
    channels = next((channels for channels, named in _KINDS.items() if named == kind), 0)
    if depth != _DEPTH or not channels or any(rest) or not (0 < width <= SIDE and 0 < height <= SIDE):
        raise ValueError("it is written in a way that thumbnails are not")
    length = height * (width * channels + 1)
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(packed, length)
    except zlib.error as error:
        raise ValueError("it is damaged") from error
    if len(raw) != length or inflater.unconsumed_tail or inflater.unused_data:
        raise ValueError("it is damaged")
    rows = np.frombuffer(raw, np.uint8).reshape(height, width * channels + 1)
    if (rows[:, 0] != _UP).any():
        raise ValueError("it is written in a way that thumbnails are not")
    return np.add.accumulate(rows[:, 1:], axis=0, dtype=np.uint8).reshape(height, width, channels)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(data: bytes) -> tuple[tuple[int, ...], bytes]:
    """The header's figures and the packed rows: exactly the three chunks that `write` makes, whole."""
    found: list[tuple[bytes, bytes]] = []
    at = len(_SIGN)
    while at < len(data):
        if at + 12 > len(data):
            raise ValueError("it is cut short")
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if len(body) != length or data[at + 8 + length:at + 12 + length] != struct.pack(">I", zlib.crc32(kind + body)):
            raise ValueError("it is damaged")
        found.append((kind, body))
        at += 12 + length
    if [kind for kind, _ in found] != [b"IHDR", b"IDAT", b"IEND"] or len(found[0][1]) != _HEAD.size:
        raise ValueError("it is written in a way that thumbnails are not")
    return _HEAD.unpack(found[0][1]), found[1][1]
