"""How different two colours look: CIEDE2000 (Sharma, Wu and Dalal 2005), on CIELAB under daylight (D65)."""

from __future__ import annotations

import numpy as np

from engine.colors.oklab import Colors, to_linear

_TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]])
_WHITE = np.array([0.95047, 1.0, 1.08883])
_EDGE = (6 / 29) ** 3
_FAR = 25.0 ** 7


def to_cielab(srgb: Colors) -> Colors:
    """SRGB [..., 3] in 0..1 -> L* 0..100, a*, b*."""
    light = to_linear(srgb) @ _TO_XYZ.T / _WHITE
    bent = np.where(light > _EDGE, np.cbrt(light), light * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = bent[..., 0], bent[..., 1], bent[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def difference(one: Colors, other: Colors) -> Colors:
    """dE2000 of CIELAB colours, the shapes broadcast: 1 is just seen, 10 at a glance, black and white are 100."""
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma ** 7 / (mean_chroma ** 7 + _FAR))    # of a*
    chroma1, chroma2 = np.hypot(one[..., 1] * stretch, one[..., 2]), np.hypot(other[..., 1] * stretch, other[..., 2])
    hue1 = np.degrees(np.arctan2(one[..., 2], one[..., 1] * stretch)) % 360
    hue2 = np.degrees(np.arctan2(other[..., 2], other[..., 1] * stretch)) % 360
    grey = chroma1 * chroma2 == 0
    turn = np.where(grey, 0.0, (hue2 - hue1 + 180) % 360 - 180)
    hue = np.where(grey, hue1 + hue2, _middle(hue1, hue2))
    lightness, chroma = (one[..., 0] + other[..., 0]) / 2, (chroma1 + chroma2) / 2
    weight = (1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.20 * _cos(4 * hue - 63))
    off = (lightness - 50) ** 2
    d_light = (other[..., 0] - one[..., 0]) / (1 + 0.015 * off / np.sqrt(20 + off))
    d_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    d_hue = 2 * np.sqrt(chroma1 * chroma2) * np.sin(np.radians(turn) / 2) / (1 + 0.015 * chroma * weight)
    rotation = (-2 * np.sqrt(chroma ** 7 / (chroma ** 7 + _FAR))
                * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))))
    found: Colors = np.sqrt(np.maximum(d_light ** 2 + d_chroma ** 2 + d_hue ** 2 + rotation * d_chroma * d_hue, 0))
    return found


def _middle(one: Colors, other: Colors) -> Colors:
    """The hue half way between two, the short way round."""
    total = one + other
    wide = np.abs(one - other) > 180  # noqa: PLR2004 - half of a circle
    return np.where(wide, np.where(total < 360, total + 360, total - 360), total) / 2  # noqa: PLR2004 - a circle


def _cos(degrees: Colors) -> Colors:
    found: Colors = np.cos(np.radians(degrees))
    return found
