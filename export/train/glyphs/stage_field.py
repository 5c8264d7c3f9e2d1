"""Stage 1: the autoencoder of single fields. Its renderer is shipped; its codes make stage 2 cheap."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.augment import Change, warp
from export.train.glyphs.dataset import Faces
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.losses import edge_loss, soft_iou_loss
from export.train.glyphs.middle import centred
from export.train.glyphs.overlap import iou

_NOISE: Final = 0.15
"""Standard deviation of the noise on codes of unit variance: it makes equal errors in the code equally harmful."""


class FieldStage:
    """Fields in, the same fields out, through 1024 noisy numbers."""

    name = "field"

    def __init__(self, model: GlyphVae, faces: Faces, batch: int = 96) -> None:
        """`batch` glyphs a step, each of another random face."""
        self.model: GlyphVae = model
        self.faces, self.batch = faces, batch
        rng = np.random.default_rng(5)
        self.test = torch.from_numpy(self._stored(rng, faces.test, 512, changed=False))

    def parameters(self) -> list[nn.Parameter]:
        """Field encoder and renderer."""
        return [*self.model.reader.parameters(), *self.model.renderer.parameters()]

    def _stored(self, rng: np.random.Generator, pool: np.ndarray, count: int, *, changed: bool) -> np.ndarray:
        """Random glyphs of the pool, [count, 128, 128], some of them warped."""
        weights = self.faces.weights if pool is self.faces.train else None
        items = rng.choice(pool, count, p=weights)
        characters = rng.integers(0, len(CHARACTERS), count)
        fields = self.faces.fields[self.faces.rows[items], characters].astype(np.float32) / np.float32(127)
        if changed:
            for index in range(0, count, 2):
                fields[index] = warp(fields[index], Change.random(rng))
        return np.stack([centred(field)[0] for field in fields])

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Edge-weighted L1 and soft IoU."""
        rng = np.random.default_rng([1, step])
        target = torch.from_numpy(self._stored(rng, self.faces.train, self.batch, changed=True))
        code = self.model.reader(target[:, None])
        noise = torch.randn(code.shape, generator=torch.Generator().manual_seed(step)) * _NOISE
        drawn = self.model.renderer(code + noise)[:, 0]
        edge, overlap = edge_loss(drawn, target), soft_iou_loss(drawn, target)
        return edge + overlap, {"edge": float(edge.detach()), "overlap": float(overlap.detach())}

    def evaluate(self) -> dict[str, float]:
        """IoU of 512 held-out glyphs, without noise and with the noise of training."""
        code = torch.cat([self.model.reader(part[:, None]) for part in self.test.split(64)])
        noisy = code + torch.randn(code.shape, generator=torch.Generator().manual_seed(1)) * _NOISE
        clean, rough = (torch.cat([self.model.renderer(p)[:, 0] for p in c.split(64)]) for c in (code, noisy))
        target = self.test.numpy()
        return {"iou": float(iou(clean.numpy(), target).mean()), "iou_noisy": float(iou(rough.numpy(), target).mean())}

    def state(self) -> dict[str, float]:
        """Nothing but weights."""
        return {}

    def restore(self, state: dict[str, float]) -> None:
        """Nothing to take back."""
