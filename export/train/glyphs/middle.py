"""Puts a glyph into the middle of its frame and says where it stood: shape and side bearing are learned apart.

A type designer draws an outline and then spaces it. A network that has to learn both in one picture pays for every
pixel of unknown side bearing with a blurred edge; one that draws the shape where it always stands does not.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.geometry import CAP_HEIGHT, ORIGIN, SIZE

MIDDLE: Final = SIZE / 2
"""Column of the frame, counted in pixel edges, on which the middle of the ink stands."""


def ink_middle(field: NDArray[np.float32]) -> float | None:
    """Column halfway between the leftmost and rightmost edge of the ink (field > 0); None without ink."""
    profile = field.max(axis=0)
    inked = np.flatnonzero(profile > 0)
    if not len(inked):
        return None
    first, last = int(inked[0]), int(inked[-1])
    return (_edge(profile, first, -1) + _edge(profile, last, 1)) / 2 + 0.5


def centred(field: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """The field moved sideways so that its ink stands in the middle; where the middle was, in cap heights from the pen.

    Moving reads between pixels: a distance field is smooth, so nothing is lost.
    """
    middle = ink_middle(field)
    if middle is None:
        return field, 0.0
    return moved(field, MIDDLE - middle), (middle - ORIGIN) / CAP_HEIGHT


def moved(field: NDArray[np.float32], right: float) -> NDArray[np.float32]:
    """The field moved to the right by so many pixels; background comes in from beyond the frame."""
    matrix = np.array([[1.0, 0.0, -right], [0.0, 1.0, 0.0]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    result: NDArray[np.float32] = cv2.warpAffine(
        field, matrix, (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0
    )
    return result


def _edge(profile: NDArray[np.float32], inside: int, step: int) -> float:
    """Where the profile crosses zero between the pixel `inside` and its outer neighbour, in pixel centres."""
    outside = inside + step
    if not 0 <= outside < len(profile):
        return float(inside)
    inner, outer = float(profile[inside]), float(profile[outside])
    return inside + step * inner / max(inner - outer, 1e-6)
