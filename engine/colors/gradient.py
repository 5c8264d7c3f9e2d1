"""A palette over tones: dark tones take its dark colours, light tones its light ones, mixed in OKLab between them."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from engine.colors.oklab import from_hex, from_oklab, to_oklab

_TONES = 256


def colors_of(palette: str) -> tuple[str, ...]:
    """The colours of a recipe's palette, "#rrggbb #rrggbb ..."; none of an empty one."""
    return tuple(palette.split())


@functools.lru_cache(maxsize=32)
def gradient(palette: str) -> NDArray[np.uint8]:
    """[256, 3] sRGB from the darkest to the lightest colour of the palette, whatever their order; read-only.

    One colour gives its own shades: the colour stands in the middle, between a darker and a lighter one of its hue.
    Raises ValueError for an empty palette.
    """
    given = colors_of(palette)
    if not given:
        raise ValueError("a palette without colours")
    lab = to_oklab(from_hex(given))
    if len(lab) == 1:
        lab = lab[0] * np.array([[0.45, 0.8, 0.8], [1.0, 1.0, 1.0], [1.0, 0.5, 0.5]])
        lab[2, 0] = lab[1, 0] + 0.65 * (1 - lab[1, 0])
    lab = lab[np.argsort(lab[:, 0], kind="stable")]
    places = np.linspace(0, 1, len(lab))
    tones = np.linspace(0, 1, _TONES)
    mixed = np.stack([np.interp(tones, places, lab[:, axis]) for axis in range(3)], axis=1)
    entries = np.rint(np.clip(from_oklab(mixed), 0, 1) * 255).astype(np.uint8)
    entries.flags.writeable = False
    return entries
