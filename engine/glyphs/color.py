"""Coverage to colour: one table of 256 colours per ink and paper, applied to the whole picture at once."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from engine.glyphs.field import Coverage


def tinted(coverage: Coverage, ink: str, paper: str | None) -> NDArray[np.uint8]:
    """[height, width, 3] ink on paper, or [height, width, 4] straight alpha when `paper` is None. Colours "#rrggbb"."""
    table = _table(ink, paper)
    whole = table.take(coverage).view(np.uint8).reshape(*coverage.shape, 4)
    return whole if paper is None else np.ascontiguousarray(whole[..., :3])


@functools.lru_cache(maxsize=32)
def _table(ink: str, paper: str | None) -> NDArray[np.uint32]:
    """[256] RGBA packed in the order of memory. Without paper every entry has the ink's colour, so no fringe can show."""
    front = np.frombuffer(bytes.fromhex(ink[1:]), np.uint8).astype(np.float64)
    share = np.arange(256)[:, None] / 255
    entries = np.empty((256, 4), np.uint8)
    if paper is None:
        entries[:, :3] = front
        entries[:, 3] = np.arange(256)
    else:
        back = np.frombuffer(bytes.fromhex(paper[1:]), np.uint8).astype(np.float64)
        entries[:, :3] = np.rint(back + (front - back) * share)
        entries[:, 3] = 255
    return entries.view(np.uint32)[:, 0]
