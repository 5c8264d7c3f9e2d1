"""Stage 3: style encoder, style decoder and renderer together, judged by the drawn fields."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from export.train.glyphs.codes import fields_of
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.losses import edge_loss, metrics_loss, soft_iou_loss
from export.train.glyphs.stage_style import StyleStage

_CODE_WEIGHT: Final = 0.05


class JointStage(StyleStage):
    """The same autoencoder as stage 2; its loss sees pixels."""

    name = "joint"

    def parameters(self) -> list[nn.Parameter]:
        """Everything that is shipped, and the style encoder."""
        return [*super().parameters(), *self.model.renderer.parameters()]

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Edge-weighted L1, soft IoU, a little of the code error as a guide, metrics, steered KL."""
        items, rounds, codes, metrics, style, nats = self.styles(step)
        chosen = np.random.default_rng([3, step]).permutation(len(CHARACTERS))[: self.chosen].copy()
        target = torch.from_numpy(
            np.stack([fields_of(self.codes.faces, i, r, chosen)[0] for i, r in zip(items, rounds, strict=True)])
        )
        index = torch.from_numpy(chosen)
        guess, guess_metrics = self.model.decoder.alphabet(style, index)
        drawn = self.model.renderer(guess.flatten(0, 1))[:, 0].reshape(target.shape)
        edge, overlap = edge_loss(drawn, target), soft_iou_loss(drawn, target)
        error = ((guess - codes[:, index] - self.model.decoder.mean_code[index]) ** 2).mean()
        wide = metrics_loss(guess_metrics, metrics[:, index] + self.model.decoder.mean_metrics[index])
        total = edge + overlap + _CODE_WEIGHT * error + wide + self.steer(nats)
        named = {"edge": edge, "overlap": overlap, "error": error, "nats": nats, "metrics": wide}
        return total, {name: float(value.detach()) for name, value in named.items()}
