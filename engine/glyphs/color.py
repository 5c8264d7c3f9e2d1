"""Coverage to colour: the 256 colours between a paper and an ink."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray


@functools.lru_cache(maxsize=16)
def palette(ink: str, paper: str | None) -> NDArray[np.uint8]:
    """[256, 3] from paper to ink, or [256, 4] straight alpha when `paper` is None; read-only. Colours "#rrggbb".

    The mix is of sRGB values, not of linear light: a transparent export laid over the same colour in a design program
    (they mix in sRGB) must equal the opaque export, and dark-on-light and light-on-dark type keep the same weight.
    Without paper every entry has the ink's colour, so no fringe can show.
    """
    front = np.frombuffer(bytes.fromhex(ink[1:]), np.uint8).astype(np.float64)
    share = np.arange(256)[:, None] / 255
    if paper is None:
        entries = np.concatenate([np.broadcast_to(front, (256, 3)), np.arange(256)[:, None]], axis=1)
    else:
        back = np.frombuffer(bytes.fromhex(paper[1:]), np.uint8).astype(np.float64)
        entries = np.rint(back + (front - back) * share)
    colors = entries.astype(np.uint8)
    colors.flags.writeable = False
    return colors
