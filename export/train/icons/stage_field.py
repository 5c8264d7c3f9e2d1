"""Stage 1: the autoencoder. Noise on the latents teaches the decoder to draw cleanly from nearly right ones."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from export.train.icons.autoencoder import CHANNELS, GRID, Autoencoder, field_loss, overlap
from export.train.icons.dataset import Icons
from export.train.icons.draw import SPREAD


class FieldStage:
    """What the loop asks of stage 1."""

    name = "field"

    def __init__(self, icons: Icons, batch: int, noise: float = 0.15) -> None:
        """`noise` is in standard deviations of the latents."""
        self.model: nn.Module = Autoencoder()
        self._icons, self._batch, self._noise = icons, batch, noise

    def parameters(self) -> list[nn.Parameter]:
        """Everything."""
        return list(self.model.parameters())

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Loss of the batch that belongs to this step."""
        rng = np.random.default_rng((1, step))
        places = self._icons.taught[rng.integers(0, len(self._icons.taught), self._batch)]
        field = self._icons.field(places)
        if rng.random() < 0.5:  # noqa: PLR2004 - a drawing is one as well in a mirror
            field = field.flip(3)
        draws = rng.standard_normal((self._batch, CHANNELS, GRID, GRID)).astype(np.float32)
        noise = torch.from_numpy(draws) * self._noise
        drawn = self.model(field.contiguous(memory_format=torch.channels_last), noise)
        return field_loss(drawn, field, SPREAD), {"l1": float((drawn.detach() - field).abs().mean())}

    def evaluate(self) -> dict[str, float]:
        """Overlap of held-out icons with their drawings, from exact and from noisy latents."""
        field = self._icons.field(self._icons.held[:256])
        self.model.eval()
        with torch.inference_mode():
            latent = self.model.encoder(field)
            exact = overlap(self.model.decoder(latent), field)
            noise = torch.from_numpy(np.random.default_rng(7).standard_normal(latent.shape).astype(np.float32))
            noisy = overlap(self.model.decoder(latent + 0.2 * noise), field)
        return {"iou": float(exact.mean()), "iou_noisy": float(noisy.mean()), "iou_worst": float(exact.min())}

    def state(self) -> dict[str, float]:
        """Nothing besides weights."""
        return {}

    def restore(self, state: dict[str, float]) -> None:
        """Nothing to take back."""
