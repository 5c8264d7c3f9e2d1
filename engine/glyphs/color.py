"""Coverage to colour: one table of 256 colours per ink and paper, applied to the whole picture at once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.glyphs.field import Coverage


def tinted(coverage: Coverage, ink: str, paper: str | None) -> NDArray[np.uint8]:
    """[height, width, 3] ink on paper, or [height, width, 4] straight alpha when `paper` is None. Colours "#rrggbb".

    The mix is of sRGB values, not of linear light: a transparent export laid over the same colour in a design program
    (they mix in sRGB) must equal the opaque export, and dark-on-light and light-on-dark type keep the same weight.
    """
    height, width = coverage.shape
    single, double = _tables(ink, paper)
    out = np.empty((height, width * single.itemsize), np.uint8)
    out[:] = np.broadcast_to(single[:1], (width,)).copy().view(np.uint8)
    # One table entry holds a whole pixel, or two where the width is even, so that one look-up makes all their channels.
    table, keys = (single, coverage) if width % 2 else (double, coverage.view(np.uint16))
    pixels = out.view(table.dtype)
    for inked in _lines(keys):
        pixels[inked] = table.take(keys[inked])
    return out.reshape(height, width, single.itemsize)


def _lines(keys: NDArray[np.unsignedinteger[Any]]) -> list[tuple[slice, slice]]:
    """The boxes of ink that blank rows separate: lines of text; the paper around them needs no look-up."""
    rows = np.flatnonzero(keys.max(axis=1))
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    boxes = []
    for run in runs:
        if run.size:
            band = slice(int(run[0]), int(run[-1]) + 1)
            columns = np.flatnonzero(keys[band].max(axis=0))
            boxes.append((band, slice(int(columns[0]), int(columns[-1]) + 1)))
    return boxes


@functools.lru_cache(maxsize=16)
def _tables(ink: str, paper: str | None) -> tuple[NDArray[Any], NDArray[Any]]:
    """[256] pixels and [65536] pairs of pixels, each entry 3 or 4 bytes a pixel.

    Without paper every entry has the ink's colour, so no fringe can show.
    """
    front = np.frombuffer(bytes.fromhex(ink[1:]), np.uint8).astype(np.float64)
    share = np.arange(256)[:, None] / 255
    if paper is None:
        entries = np.concatenate([np.broadcast_to(front, (256, 3)), np.arange(256)[:, None]], axis=1)
    else:
        back = np.frombuffer(bytes.fromhex(paper[1:]), np.uint8).astype(np.float64)
        entries = np.rint(back + (front - back) * share)
    pixels = np.ascontiguousarray(entries.astype(np.uint8))
    pairs = pixels[np.arange(1 << 16, dtype=np.uint16).view(np.uint8)]  # the two bytes of a key in memory order
    channels = pixels.shape[1]
    return (pixels.view(np.dtype((np.void, channels)))[:, 0],
            pairs.reshape(1 << 16, 2 * channels).view(np.dtype((np.void, 2 * channels)))[:, 0])
