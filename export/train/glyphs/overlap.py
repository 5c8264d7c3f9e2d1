"""The figure everything is judged by: how much of the ink two fields share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def iou(drawn: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float64]:
    """Intersection over union of ink (field > 0) for every glyph, over the last two axes; 1 where both are empty."""
    one, two = drawn > 0, target > 0
    shared = (one & two).sum((-2, -1)).astype(np.float64)
    union = (one | two).sum((-2, -1)).astype(np.float64)
    return np.where(union > 0, shared / np.maximum(union, 1.0), 1.0)
