"""Stage 2: the variational autoencoder of alphabets, in the space of codes. No pixel is touched, so it is fast."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.losses import divergence, metrics_loss
from export.train.glyphs.overlap import iou

_CHANGED_SHARE: Final = 0.5
_DROPPED: Final = 0.3
_BLUR: Final = 0.35
"""Standard deviation of the noise on codes the encoder reads: half of their own, against learning faces by heart."""


class StyleStage:
    """Residual codes of an alphabet -> style -> codes of some of its characters."""

    name = "style"

    def __init__(self, model: GlyphVae, codes: Codes, batch: int = 32, chosen: int = 24, nats: float = 100.0) -> None:
        """`batch` faces with `chosen` characters each; the KL weight is steered so that a style carries `nats`."""
        self.model: GlyphVae = model
        self.codes, self.batch, self.chosen, self.nats = codes, batch, chosen, nats
        self.log_beta = math.log(3e-4)
        model.decoder.mean_code.copy_(torch.from_numpy(codes.mean))
        model.decoder.mean_metrics.copy_(torch.from_numpy(codes.mean_metrics))

    def parameters(self) -> list[nn.Parameter]:
        """Style encoder and style decoder."""
        return [*self.model.encoder.parameters(), *self.model.decoder.parameters()]

    def styles(self, step: int) -> tuple[np.ndarray, np.ndarray, Tensor, Tensor, Tensor, Tensor]:
        """Items, rounds, residual codes and metrics of the step's faces; their sampled styles and the KL."""
        rng = np.random.default_rng([2, step])
        items = self.codes.faces.pick(rng, self.batch)
        rounds = np.where(
            rng.random(self.batch) < _CHANGED_SHARE, rng.integers(0, len(self.codes.rounds), self.batch), 0
        )
        codes, metrics = self.codes.batch(items, rounds)
        seen = (rng.random((self.batch, len(CHARACTERS))) > _DROPPED * rng.random((self.batch, 1))).astype(np.float32)
        dice = torch.Generator().manual_seed(step)
        blurred = codes + _BLUR * torch.randn(codes.shape, generator=dice)
        mean, log_variance = self.model.encoder(blurred, metrics, torch.from_numpy(seen))
        noise = torch.randn(mean.shape, generator=dice)
        style = mean + noise * (0.5 * log_variance).exp()
        return items, rounds, codes, metrics, style, divergence(mean, log_variance)

    def steer(self, nats: Tensor) -> Tensor:
        """The weighted KL; the weight drifts until the KL meets its target."""
        self.log_beta += 0.01 * float(np.clip(float(nats.detach()) / self.nats - 1.0, -1.0, 1.0))
        self.log_beta = min(max(self.log_beta, math.log(1e-6)), math.log(3e-2))
        return nats * math.exp(self.log_beta)

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Squared error of codes, smooth L1 of metrics, steered KL."""
        _, _, codes, metrics, style, nats = self.styles(step)
        chosen = torch.from_numpy(np.random.default_rng([3, step]).permutation(len(CHARACTERS))[: self.chosen].copy())
        guess, guess_metrics = self.model.decoder.alphabet(style, chosen)
        target = codes[:, chosen] + self.model.decoder.mean_code[chosen]
        target_metrics = metrics[:, chosen] + self.model.decoder.mean_metrics[chosen]
        error = ((guess - target) ** 2).mean()
        wide = metrics_loss(guess_metrics, target_metrics)
        figures = {"error": float(error.detach()), "nats": float(nats.detach()), "metrics": float(wide.detach())}
        return error + wide + self.steer(nats), figures | {"beta": math.exp(self.log_beta)}

    def evaluate(self) -> dict[str, float]:
        """Squared code error and IoU over all held-out faces, ten characters each."""
        faces = self.codes.faces
        chosen = torch.tensor([CHARACTERS.index(c) for c in "HRgaoQn&s5"])
        codes, metrics = self.codes.batch(faces.test, np.zeros(len(faces.test), np.int64))
        mean, _ = self.model.encoder(codes, metrics, torch.ones(metrics.shape[:2]))
        errors, scores = [], []
        for part in torch.arange(len(faces.test)).split(8):
            guess, _ = self.model.decoder.alphabet(mean[part], chosen)
            target = codes[part][:, chosen] + self.model.decoder.mean_code[chosen]
            errors.append(float(((guess - target) ** 2).mean()))
            drawn = self.model.renderer(guess.flatten(0, 1))[:, 0].numpy()
            stored = faces.glyphs(faces.test[part.numpy()], chosen.numpy())
            scores.append(float(iou(drawn, stored.reshape(drawn.shape)).mean()))
        return {"error": float(np.mean(errors)), "iou": float(np.mean(scores))}

    def state(self) -> dict[str, float]:
        """The KL weight."""
        return {"log_beta": self.log_beta}

    def restore(self, state: dict[str, float]) -> None:
        """Take the KL weight back."""
        self.log_beta = state["log_beta"]
