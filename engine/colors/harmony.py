"""Colours brought into an order: schemes of hues, contrast of lightness, strength, and back into what screens can show.

All work on OKLab [n, 3]; hues are angles in OKLCH.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.colors.oklab import Colors, from_oklab

SCHEMES: Final[dict[str, tuple[float, ...]]] = {
    "one": (0.0,), "analogous": (-30.0, 0.0, 30.0), "complementary": (0.0, 180.0), "split": (0.0, 150.0, 210.0),
    "triad": (0.0, 120.0, 240.0), "square": (0.0, 90.0, 180.0, 270.0)}
"""Where the hues of a scheme stand, in degrees from its first one."""

_DARKEST, _LIGHTEST = 0.10, 0.98
_STEPS = 24
_SPREAD = 0.25  # of its distance to a scheme's hue, what a colour keeps: a scheme with no play looks mechanical
_SLACK = 1e-4


def schemed(lab: Colors, scheme: str, fixed: NDArray[np.bool_]) -> Colors:
    """Every hue moved to the nearest of the scheme, which stands so that the least has to move.

    `fixed` colours stay, and once the scheme has to fit them they alone say how it stands. Raises KeyError.
    """
    places = np.array(SCHEMES[scheme])
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    told = np.where(fixed, chroma, 0.0) if fixed.any() else chroma
    if scheme == "analogous" or len(lab) > len(places):
        turns = np.arange(0.0, 360.0, 2.0)
    else:
        turns = np.concatenate([hue - place for place in places])
    far = np.abs(_apart(hue[None, :, None], turns[:, None, None] + places)).min(axis=2)
    turn = turns[np.argmin(far @ told)]
    gaps = _apart(turn + places, hue[:, None])                        # [n, places]: from a colour to each
    chosen = np.argmin(np.abs(gaps) + 25 * _crowd(gaps), axis=1)
    move = gaps[np.arange(len(lab)), chosen] * (1 - _SPREAD)
    angle = np.radians(np.where(fixed, hue, hue + move))
    return np.stack([lab[:, 0], chroma * np.cos(angle), chroma * np.sin(angle)], axis=1)


def spread(lab: Colors, contrast: float, strength: float) -> Colors:
    """Lightness pulled apart (contrast above 1) or together, chroma times `strength`."""
    middle = lab[:, 0].mean()
    light = np.clip(middle + (lab[:, 0] - middle) * contrast, _DARKEST, _LIGHTEST)
    return np.concatenate([light[:, None], lab[:, 1:] * strength], axis=1)


def shown(lab: Colors) -> Colors:
    """SRGB [n, 3] in 0..1: where a screen has no such colour, the strongest one of that lightness and hue."""
    srgb = from_oklab(lab)
    outside = ((srgb < -_SLACK) | (srgb > 1 + _SLACK)).any(axis=1)
    if outside.any():
        low, high = np.zeros(len(lab)), np.ones(len(lab))
        for _ in range(_STEPS):
            middle = (low + high) / 2
            tried = from_oklab(lab * np.stack([np.ones(len(lab)), middle, middle], axis=1))
            fits = ((tried >= -_SLACK) & (tried <= 1 + _SLACK)).all(axis=1)
            low, high = np.where(fits, middle, low), np.where(fits, high, middle)
        kept = np.where(outside, low, 1.0)
        srgb = from_oklab(lab * np.stack([np.ones(len(lab)), kept, kept], axis=1))
    return np.clip(srgb, 0.0, 1.0)


def _apart(hue: Colors, other: Colors) -> Colors:
    """Degrees from `other` to `hue`, -180..180."""
    found: Colors = (hue - other + 180) % 360 - 180
    return found


def _crowd(gaps: Colors) -> Colors:
    """How many colours before each one have the same nearest place, at most two: a scheme wants all its places."""
    nearest = np.argmin(np.abs(gaps), axis=1)
    crowd = np.zeros(gaps.shape)
    for row in range(len(gaps)):
        for place in range(gaps.shape[1]):
            crowd[row, place] = min(int((nearest[:row] == place).sum()), 2)
    return crowd
