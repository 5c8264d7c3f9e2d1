"""Coverage to colour: one table of 256 colours per ink and paper, applied to the whole picture at once."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from engine.glyphs.field import Coverage


def tinted(coverage: Coverage, ink: str, paper: str | None) -> NDArray[np.uint8]:
    """[height, width, 3] ink on paper, or [height, width, 4] straight alpha when `paper` is None. Colours "#rrggbb".

    The mix is of sRGB values, not of linear light: a transparent export laid over the same colour in a design program
    (they mix in sRGB) must equal the opaque export, and dark-on-light and light-on-dark type keep the same weight.
    """
    table = _table(ink, paper)
    height, width = coverage.shape
    out = np.empty((height, width * table.itemsize), np.uint8)
    out[:] = np.broadcast_to(table[:1], (width,)).copy().view(np.uint8)
    rows, columns = np.flatnonzero(coverage.max(axis=1)), np.flatnonzero(coverage.max(axis=0))
    if rows.size:
        # One table entry holds a whole pixel, so that a single look-up makes all of its channels.
        inked = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        out.view(table.dtype)[inked] = table.take(coverage[inked])
    return out.reshape(height, width, table.itemsize)


@functools.lru_cache(maxsize=32)
def _table(ink: str, paper: str | None) -> NDArray[np.void]:
    """[256] pixels of 3 or 4 bytes. Without paper every entry has the ink's colour, so no fringe can show."""
    front = np.frombuffer(bytes.fromhex(ink[1:]), np.uint8).astype(np.float64)
    share = np.arange(256)[:, None] / 255
    if paper is None:
        entries = np.concatenate([np.broadcast_to(front, (256, 3)), np.arange(256)[:, None]], axis=1)
    else:
        back = np.frombuffer(bytes.fromhex(paper[1:]), np.uint8).astype(np.float64)
        entries = np.rint(back + (front - back) * share)
    pixels = np.ascontiguousarray(entries.astype(np.uint8))
    packed = np.dtype(np.uint32) if paper is None else np.dtype("V3")
    return pixels.view(packed)[:, 0]
