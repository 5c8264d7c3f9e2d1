"""Looks at a latent while it forms, without its decoder, in the picture's proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.diffusion.preview import KNOWN, Matrix, agreement, fitted, pictured
from engine.readers.pictures import resized

Numbers = NDArray[np.float32]
_LONGEST = 512
_COLORS = 3
_FORESEEN = 0.5
"""The share of a picture's variation that colours have to explain, or they are learned anew."""



class Looks:
    """The colours of one package's latents: known, or learned from the first picture that was decoded."""

    def __init__(self, kind: str, channels: int) -> None:
        """`kind` as in the manifest."""
        known = KNOWN.get(kind)
        self._matrix: Matrix | None = known if known is not None and len(known) == channels + 1 else None
        self._plain = kind == "ddpm"

    def of(self, latent: Numbers, width: int, height: int) -> NDArray[np.uint8]:
        """[height, width, 1 | 3] of a scaled latent [1, channels, ...]; at most 512 pixels long."""
        if self._plain:
            colors = latent[0, :_COLORS if latent.shape[1] >= _COLORS else 1].transpose(1, 2, 0)
            pixels = np.rint(np.clip(colors * 127.5 + 127.5, 0, 255)).astype(np.uint8)
        else:
            pixels = pictured(latent, self._matrix)
        shrink = min(1.0, _LONGEST / max(width, height))
        return resized(pixels, max(round(width * shrink), 1), max(round(height * shrink), 1))

    def learn(self, latent: Numbers, pixels: NDArray[np.uint8]) -> None:
        """Remember how a latent looked once decoded to [height, width, 3]; nothing where that was foreseen.

        A model may have an auto-encoder of its own, whose colours are not those of its kind.
        """
        if self._plain or pixels.shape[2] != _COLORS:
            return
        picture = (pixels.astype(np.float32) / np.float32(127.5) - 1).transpose(2, 0, 1)[None]
        if self._matrix is None or agreement(latent, picture, self._matrix) < _FORESEEN:
            self._matrix = fitted(latent, picture)
