"""Stage 1b: the renderer alone learns on, from codes that no longer change, while stage 2 uses the same codes."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from export.nets.glyph_vae import GlyphVae
from export.train.glyphs.codes import Codes, fields_of
from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.losses import edge_loss, soft_iou_loss
from export.train.glyphs.overlap import iou

_NOISE: Final = 0.1


class DetailStage:
    """Stored codes in, fields out."""

    name = "detail"

    def __init__(self, model: GlyphVae, codes: Codes, batch: int = 64) -> None:
        """`batch` glyphs a step, each of another face, character and round."""
        self.model: GlyphVae = model
        self.codes, self.batch = codes, batch
        rng = np.random.default_rng(5)
        items, characters = rng.choice(codes.faces.test, 512), rng.integers(0, len(CHARACTERS), 512)
        self.test = self._pairs(items, characters, np.zeros(512, np.int64))

    def parameters(self) -> list[nn.Parameter]:
        """The renderer."""
        return list(self.model.renderer.parameters())

    def _pairs(self, items: np.ndarray, characters: np.ndarray, rounds: np.ndarray) -> tuple[Tensor, Tensor]:
        """Codes [n, 1024] and fields [n, 128, 128] of single glyphs."""
        triples = list(zip(items, characters, rounds, strict=True))
        codes = np.stack([self.codes.rounds[r][i, c] for i, c, r in triples]).astype(np.float32)
        fields = np.stack([fields_of(self.codes.faces, i, r, np.array([c]))[0][0] for i, c, r in triples])
        return torch.from_numpy(codes), torch.from_numpy(fields)

    def loss(self, step: int) -> tuple[Tensor, dict[str, float]]:
        """Edge-weighted L1 and soft IoU."""
        rng = np.random.default_rng([4, step])
        items = self.codes.faces.pick(rng, self.batch)
        characters = rng.integers(0, len(CHARACTERS), self.batch)
        codes, target = self._pairs(items, characters, rng.integers(0, len(self.codes.rounds), self.batch))
        noise = torch.randn(codes.shape, generator=torch.Generator().manual_seed(step)) * _NOISE
        drawn = self.model.renderer(codes + noise)[:, 0]
        edge, overlap = edge_loss(drawn, target), soft_iou_loss(drawn, target)
        return edge + overlap, {"edge": float(edge.detach()), "overlap": float(overlap.detach())}

    def evaluate(self) -> dict[str, float]:
        """IoU of 512 held-out glyphs."""
        codes, target = self.test
        drawn = torch.cat([self.model.renderer(part)[:, 0] for part in codes.split(64)])
        return {"iou": float(iou(drawn.numpy(), target.numpy()).mean())}

    def state(self) -> dict[str, float]:
        """Nothing but weights."""
        return {}

    def restore(self, state: dict[str, float]) -> None:
        """Nothing to take back."""
