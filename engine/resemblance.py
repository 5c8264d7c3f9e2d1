"""How alike two pictures are, in figures that can be stated beside them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

HIGHEST_DB = 100.0
"""Stands for the infinite PSNR of equal pictures too; nobody sees a difference from half of it on."""


def figures(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> dict[str, float]:
    """Of two uint8 pictures of one shape, over all channels: "psnr" in dB and "mean_difference" in 1/255."""
    difference = one.astype(np.float64) - other
    error = float(np.mean(difference**2))
    psnr = HIGHEST_DB if error == 0 else min(HIGHEST_DB, 10 * math.log10(255**2 / error))
    return {"psnr": psnr, "mean_difference": float(np.mean(np.abs(difference)))}
