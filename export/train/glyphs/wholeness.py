"""Counts the letters of drawn alphabets that fell apart: a figure for what the eye sees first on a sheet."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.geometry import CHARACTERS

ONE_PIECE: Final = "".join(c for c in CHARACTERS if c.isalnum() and c not in "ij") + "(),.-/#+&$'"
"""Characters whose ink hangs together in nearly every typeface."""

HOLES: Final = {"A": 1, "B": 2, "D": 1, "O": 1, "P": 1, "R": 1, "b": 1, "d": 1, "e": 1, "o": 1, "p": 1, "q": 1, "8": 2}
"""Closed counters a letter must have."""

_SCALE: Final = 3
_SPECK: Final = 6 * _SCALE**2


def faults(fields: NDArray[np.float32]) -> list[str]:
    """The characters of an alphabet [82, 128, 128] that are empty, in pieces, or without their counters."""
    return [c for c in CHARACTERS if _faulty(fields[CHARACTERS.index(c)], c)]


def _faulty(field: NDArray[np.float32], character: str) -> bool:
    """Judge one character on its field drawn three times as large, where a hairline is not lost between pixels."""
    side = field.shape[0] * _SCALE
    ink = (cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC) > 0).astype(np.uint8)
    pieces = _count(ink)
    if pieces == 0:
        return True
    if character in ONE_PIECE and pieces > 1:
        return True
    return character in HOLES and _count(1 - ink) - 1 < HOLES[character]


def _count(mask: NDArray[np.uint8]) -> int:
    """Connected pieces of a mask, specks left out; the border of the frame joins nothing."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8 if mask[0, 0] == 0 else 4)
    return int((stats[1:, cv2.CC_STAT_AREA] >= _SPECK).sum())
