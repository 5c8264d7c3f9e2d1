"""sRGB (IEC 61966-2-1) to OKLab and back (Björn Ottosson, "A perceptual color space for image processing", 2020).

OKLab is L 0..1, a and b about -0.4..0.4: equal steps look about equally large, and mixing keeps hue.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colors = NDArray[np.float64]
"""[..., 3]"""

_TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                    [0.2119034982, 0.6806995451, 0.1073969566],
                    [0.0883024619, 0.2817188376, 0.6299787005]])
_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                    [1.9779984951, -2.4285922050, 0.4505937099],
                    [0.0259040371, 0.7827717662, -0.8086757660]])
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)


def from_hex(colors: Sequence[str]) -> Colors:
    """["#rrggbb"] -> sRGB [n, 3] in 0..1. Raises ValueError for anything else."""
    return np.array([list(bytes.fromhex(color.removeprefix("#"))) for color in colors], np.float64).reshape(-1, 3) / 255


def to_hex(srgb: Colors) -> tuple[str, ...]:
    """SRGB [n, 3] in 0..1 (clipped) -> ("#rrggbb", ...)."""
    rows = np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8).reshape(-1, 3)
    return tuple(f"#{row.tobytes().hex()}" for row in rows)


def to_linear(srgb: Colors) -> Colors:
    """The light that an sRGB number stands for."""
    low = srgb / 12.92
    return np.where(srgb <= 0.04045, low, ((np.maximum(srgb, 0.04045) + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB


def from_linear(light: Colors) -> Colors:
    """Inverse of `to_linear`; light below 0 stays below 0."""
    high = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * 12.92, high)  # noqa: PLR2004 - sRGB


def to_oklab(srgb: Colors) -> Colors:
    """SRGB [..., 3] in 0..1 -> OKLab [..., 3]."""
    return np.asarray(np.cbrt(to_linear(srgb) @ _TO_LMS.T) @ _TO_LAB.T)


def from_oklab(lab: Colors) -> Colors:
    """OKLab [..., 3] -> sRGB [..., 3]; colours that no screen has lie outside 0..1."""
    return from_linear(np.asarray((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T))
