"""The shipped network of `glyphs`: a whitened style and a character index in, a distance field and an advance out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from export.nets.glyph_field import FieldEncoder, FieldRenderer
from export.nets.glyph_style import StyleDecoder, StyleEncoder


class GlyphVae(nn.Module):
    """All four parts, as they are trained: field encoder, renderer, style encoder, style decoder."""

    def __init__(self, characters: int = 82, style: int = 128) -> None:
        """`style` is the number of style dimensions."""
        super().__init__()
        self.style = style
        self.reader = FieldEncoder()
        self.renderer = FieldRenderer()
        self.encoder = StyleEncoder(characters, style)
        self.decoder = StyleDecoder(characters, style)

    def draw(self, style: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Fields [n, k, 128, 128] and advances [n, k] of the chosen characters for every style."""
        codes, advances = self.decoder.alphabet(style, chosen)
        fields = self.renderer(codes.flatten(0, 1))
        return fields.reshape(*codes.shape[:2], *fields.shape[-2:]), advances


class GlyphDecoder(nn.Module):
    """What the package holds: z ~ N(0, I) is mapped to the network's own style space inside the graph."""

    def __init__(self, model: GlyphVae, mean: Tensor, spread: Tensor) -> None:
        """`mean` [style] and `spread` [style, style] are the affine map from z to a style: mean + z @ spread."""
        super().__init__()
        self.decoder, self.renderer = model.decoder, model.renderer
        self.register_buffer("mean", mean)
        self.register_buffer("spread", spread)
        self.mean: Tensor
        self.spread: Tensor

    def forward(self, latent: Tensor, character: Tensor) -> tuple[Tensor, Tensor]:
        """Field [n, 1, 128, 128] clamped to -1..1 and advance [n] in cap heights."""
        code, advance = self.decoder(latent @ self.spread + self.mean, character)
        return torch.clamp(self.renderer(code), -1.0, 1.0), advance
