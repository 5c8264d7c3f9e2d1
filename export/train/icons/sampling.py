"""From prompts to icons with the nets as they are in torch, in the way the engine does it."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from export.train.icons.autoencoder import CHANNELS, GRID
from export.train.icons.mosaic import Mosaic

STEPS: Final = 16
_AT_ONCE: Final = 32


@torch.inference_mode()
def sample(flow: Mosaic, prompts: NDArray[np.float32], manner: int, seed: int, steps: int = STEPS) -> Tensor:
    """Latents [n, 16, 6, 6] for prompts [n, 384], by Heun's method in equal steps of time."""
    generator = torch.Generator().manual_seed(seed)
    start = torch.randn((len(prompts), CHANNELS, GRID, GRID), generator=generator)
    meaning = torch.from_numpy(prompts)
    return torch.cat([_way(flow, start[begin:begin + _AT_ONCE], meaning[begin:begin + _AT_ONCE], manner, steps)
                      for begin in range(0, len(prompts), _AT_ONCE)])


@torch.inference_mode()
def decode(decoder: nn.Module, latents: Tensor) -> NDArray[np.float32]:
    """Fields [n, side, side]."""
    fields: NDArray[np.float32] = decoder(latents)[:, 0].numpy()
    return fields


def _way(flow: Mosaic, x: Tensor, meaning: Tensor, manner: int, steps: int) -> Tensor:
    """From noise to the icons."""
    condition = torch.full((len(x),), manner)
    recalled = flow.recall(meaning)
    recalled = (recalled[0].contiguous(), recalled[1])
    for step in range(steps):
        now, then = torch.full((len(x),), step / steps), torch.full((len(x),), (step + 1) / steps)
        first = flow.velocity(x, now, recalled, condition)
        ahead = x + first / steps
        x = ahead if step == steps - 1 else x + (first + flow.velocity(ahead, then, recalled, condition)) / (2 * steps)
    return x
