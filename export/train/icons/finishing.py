"""What is shipped: the memory of drawings, and a decoder whose fields are fine and smooth."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from export.train.icons.autoencoder import Decoder
from export.train.icons.dataset import Icons
from export.train.icons.draw import SIDE, SPREAD
from export.train.icons.mosaic import Memory

FINER: Final = 4
FINE_SIDE: Final = SIDE * FINER
FINE_SPREAD: Final = SPREAD * FINER
_REACH: Final = 0.55   # standard deviation of the smoothing, in coarse pixels
_LOST: Final = 0.06    # what smoothing takes from the middle of a line, in coarse pixels of its half width


class FineDecoder(nn.Module):
    """The decoder, then four times as many pixels, smoothed: the ridge of a thin line is a kink that would ripple."""

    kernel: Tensor

    def __init__(self, decoder: Decoder) -> None:
        """With the weights of a trained decoder."""
        super().__init__()
        self.decoder = decoder
        reach = np.arange(-2 * FINER, 2 * FINER + 1) / FINER
        wave = np.exp(-0.5 * (reach / _REACH) ** 2)
        self.register_buffer("kernel", torch.tensor(wave / wave.sum(), dtype=torch.float32))

    def forward(self, latent: Tensor) -> Tensor:
        """[batch, 16, 6, 6] -> field [batch, 1, 192, 192] in units of its spread."""
        fine = functional.interpolate(self.decoder(latent), scale_factor=float(FINER), mode="bilinear",
                                      align_corners=False)
        half = len(self.kernel) // 2
        padded = functional.pad(fine, (half, half, half, half), value=-1.0)
        along = functional.conv2d(padded, self.kernel.view(1, 1, 1, -1))
        return (functional.conv2d(along, self.kernel.view(1, 1, -1, 1)) + _LOST / SPREAD).clamp(-1.0, 1.0)


def memory(icons: Icons, latents: Tensor, vectors: Tensor, owners: NDArray[np.int64]) -> Memory:
    """The taught drawings in a random order, with their phrases: `vectors` [m, 384], owned by places in `icons`."""
    order = np.random.default_rng(4).permutation(icons.taught)
    place = np.full(len(icons.items), -1)
    place[order] = np.arange(len(order))
    rows = np.flatnonzero(place[owners] >= 0)
    rows = rows[np.argsort(place[owners[rows]], kind="stable")]
    return Memory(latents[torch.from_numpy(order)], vectors[torch.from_numpy(rows)],
                  torch.from_numpy(place[owners[rows]]))
