"""One tile from its description: a material, roughness and wear; or two materials of which one grows over the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.textures import natural, regular
from export.train.textures.canvas import Canvas, canvas
from export.train.textures.classes import CLASSES, Field, Settings, period
from export.train.textures.noise import Size, smooth, spectral

Tile = NDArray[np.float32]
"""[2, height, width]: tone and height, 0..1."""

_DRAW: Final[dict[str, Callable[[Canvas], regular.Pair]]] = {
    name: getattr(natural, name, None) or getattr(regular, name) for name in CLASSES
}


def draw(material: str, settings: Settings, size: Size, seed: int) -> Tile:
    """A tile of one material. Equal arguments give equal tiles."""
    rng = np.random.default_rng([CLASSES.index(material), seed])
    c = canvas(rng, size, settings)
    tone, height = _DRAW[material](c)
    tone, height = _worn(c, *_rough(c, tone, height))
    return np.clip(np.stack([tone, height]), 0, 1).astype(np.float32)


def _rough(c: Canvas, tone: Field, height: Field) -> regular.Pair:
    """Fine unevenness of surface and colour."""
    fine = spectral(c.rng, c.size, (3.5, 3.5), 0.7)
    amount = c.settings.roughness
    return np.asarray(tone + 0.075 * amount * fine, np.float32), np.asarray(height + 0.11 * amount * fine, np.float32)


def _worn(c: Canvas, tone: Field, height: Field) -> regular.Pair:
    """Stains and places where the surface came off: they begin where a rough field is high."""
    wear = c.settings.wear
    field = c.fbm(3.0, 1.25) - 0.5 * (height - 0.5)
    gone = smooth(2.3 - 2.0 * wear, 2.5 - 2.0 * wear, field) * smooth(0.05, 0.2, np.full((1, 1), wear, np.float32))
    stain = 0.16 * wear * smooth(-0.2, 1.5, c.fbm(5.0, 2.0))
    bare = 0.74 + 0.07 * spectral(c.rng, c.size, (4.0, 4.0), 1.0)
    tone = (tone - stain) * (1 - 0.75 * gone) + 0.75 * gone * bare
    return np.asarray(tone, np.float32), np.asarray(height * (1 - 0.45 * gone), np.float32)


def grown(base: Tile, over: Tile, amount: float, scale: float, rng: np.random.Generator) -> Tile:
    """`over` grows on `base` until it covers the share `amount`: first in the hollows, in patches."""
    cell = period(scale)
    field = spectral(rng, (base.shape[1], base.shape[2]), (4 * cell, 4 * cell), 1.7) - 1.1 * base[1]
    cut = float(np.quantile(field, 1 - amount))
    mask = smooth(cut - 0.1, cut + 0.1, field)[None]
    shade = 1 - 0.35 * np.exp(-(((field - cut + 0.12) / 0.1) ** 2))      # a soft shadow at the foot of what grows
    mixed = base * (1 - mask) + over * mask
    mixed[0] = mixed[0] * (1 - (1 - mask[0]) * (1 - shade))
    return np.asarray(mixed, np.float32)
