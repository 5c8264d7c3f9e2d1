"""Contact sheets: fields drawn in black on white, each with its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

_CELL: Final = 112
_ROOM: Final = 18
_FINER: Final = 2


def tile(field: NDArray[np.float32], words: str, cell: int = _CELL) -> NDArray[np.uint8]:
    """One icon [cell + room, cell] with its words below."""
    fine = cv2.resize(field, (cell * _FINER, cell * _FINER), interpolation=cv2.INTER_CUBIC)
    # The value 1 is a twelfth of the side, at every fineness: one pixel of the page's fine grid is the soft edge.
    steep = cell * _FINER / 12.0
    ink = cv2.resize(np.clip(0.5 - fine * steep, 0.0, 1.0), (cell, cell), interpolation=cv2.INTER_AREA)
    page = np.full((cell + _ROOM, cell), 255, np.uint8)
    page[:cell] = np.rint(ink * 255)
    cv2.putText(page, words[:20], (2, cell + 12), cv2.FONT_HERSHEY_SIMPLEX, 0.33, 90, 1, cv2.LINE_AA)
    return page


def sheet(fields: Sequence[NDArray[np.float32]], words: Sequence[str], columns: int) -> NDArray[np.uint8]:
    """All icons in rows, in their order."""
    tiles = [np.pad(tile(field, text), 4, constant_values=255) for field, text in zip(fields, words, strict=True)]
    blank = np.full_like(tiles[0], 255)
    tiles += [blank] * (-len(tiles) % columns)
    return np.vstack([np.hstack(tiles[start:start + columns]) for start in range(0, len(tiles), columns)])
