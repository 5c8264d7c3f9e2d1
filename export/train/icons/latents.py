"""Encodes every icon once, so that the flow has them at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from export.train.icons.autoencoder import CHANNELS, GRID, Autoencoder
from export.train.icons.dataset import Icons

_BATCH: Final = 128


def load_autoencoder(run: Path) -> Autoencoder:
    """The averaged weights of stage 1, ready to use."""
    state: dict[str, Any] = torch.load(run / "field.pt", weights_only=True)
    model = Autoencoder()
    model.load_state_dict(state["model"])
    model.load_state_dict(state["average"], strict=False)
    return model.eval()


def store_latents(icons: Icons, run: Path, folder: Path) -> None:
    """Write latents.npy, float16 [n, 16, 6, 6]."""
    encoder = load_autoencoder(run).encoder
    latents = np.zeros((len(icons.items), CHANNELS, GRID, GRID), np.float16)
    with torch.inference_mode():
        for start in range(0, len(latents), _BATCH):
            places = np.arange(start, min(start + _BATCH, len(latents)))
            latents[places] = encoder(icons.field(places)).numpy()
    np.save(folder / "latents.npy", latents, allow_pickle=False)

