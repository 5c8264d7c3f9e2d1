"""From the codes of an alphabet to one style, and from a style to the code of any character."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.nets.glyph_field import CODE


class StyleEncoder(nn.Module):
    """Codes of a whole alphabet -> Gaussian over its style. Never shipped, so it may be large."""

    def __init__(self, characters: int, style: int, width: int = 256, linear: int = 128) -> None:
        """`linear` numbers come from one linear map of the whole alphabet, `width` from a pooled network."""
        super().__init__()
        self.bank = nn.Parameter(torch.randn(characters, CODE, linear) * CODE**-0.5)
        self.shared = nn.Linear(CODE, width)
        self.gate = nn.Embedding(characters, width)
        self.mix = nn.Linear(width, width)
        self.metrics = nn.Linear(2 * characters, 64)
        self.head = nn.Sequential(nn.Linear(linear + width + 64, 384), nn.SiLU(), nn.Linear(384, 2 * style))
        self.skip = nn.Linear(linear, style)
        nn.init.normal_(self.gate.weight, 1.0, 0.3)

    def forward(self, codes: Tensor, metrics: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance [n, style] from codes [n, c, 1024], metrics [n, c, 2], `seen` [n, c] in {0, 1}.

        Codes and metrics (advance, middle) are residuals from the mean alphabet: an unseen character counts as average.
        """
        share = seen / seen.sum(1, keepdim=True).clamp_min(1.0)
        codes = codes * seen[..., None]
        # One product per character: [c, n, 1024] x [c, 1024, linear].
        linear = torch.bmm(codes.transpose(0, 1), self.bank).transpose(0, 1)
        whole = (linear * share[..., None]).sum(1) * codes.shape[1] ** 0.5
        local = functional.silu(self.shared(codes) * self.gate.weight)
        pooled = (functional.silu(self.mix(local)) * share[..., None]).sum(1)
        features = torch.cat([whole, pooled, functional.silu(self.metrics((metrics * seen[..., None]).flatten(1)))], 1)
        mean, spread = self.head(features).chunk(2, 1)
        return mean + self.skip(whole), spread.clamp(-8.0, 2.0)


class StyleDecoder(nn.Module):
    """Style [n, style] and character -> code, advance, middle. A linear map per character, then a shared network."""

    def __init__(self, characters: int, style: int, features: int = 112, local: int = 256, width: int = 640) -> None:
        """The bank holds `characters` maps from `features` style numbers to `local` ones: cheap but detailed."""
        super().__init__()
        self.straight = nn.Linear(style, features)
        self.curved = nn.Sequential(nn.Linear(style, 256), nn.SiLU(), nn.Linear(256, features))
        self.bank = nn.Parameter(torch.randn(characters, features, local) * features**-0.5)
        self.offset = nn.Parameter(torch.randn(characters, local) * 0.3)
        self.enter = nn.Linear(local, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
            for _ in range(2)
        )
        self.leave = nn.Linear(width, CODE)
        self.metrics = nn.Linear(local, 2)
        self.register_buffer("mean_code", torch.zeros(characters, CODE))
        self.register_buffer("mean_metrics", torch.zeros(characters, 2))
        self.mean_code: Tensor
        self.mean_metrics: Tensor
        nn.init.normal_(self.leave.weight, 0.0, 0.01)

    def features(self, style: Tensor) -> Tensor:
        """What the bank of characters reads: a linear part, so that directions stay straight, and a curved one."""
        straight: Tensor = self.straight(style)
        return straight + self.curved(style)

    def alphabet(self, style: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Codes [n, k, 1024] and metrics [n, k, 2] of the k `chosen` characters, for every style."""
        maps, offset = self.bank.index_select(0, chosen), self.offset.index_select(0, chosen)
        local = torch.einsum("nf,kfl->nkl", self.features(style), maps) + offset
        return self._finish(local, chosen)

    def forward(self, style: Tensor, character: Tensor) -> tuple[Tensor, Tensor]:
        """Codes [n, 1024] and metrics [n, 2] (advance, middle) of one character for each style."""
        # index_select, not [...]: it becomes a plain Gather in the exported graph.
        maps, offset = self.bank.index_select(0, character), self.offset.index_select(0, character)
        local = torch.bmm(self.features(style)[:, None], maps)[:, 0] + offset
        return self._finish(local, character)

    def _finish(self, local: Tensor, character: Tensor) -> tuple[Tensor, Tensor]:
        """The part all characters share; residuals are added to the mean alphabet."""
        x = self.enter(functional.silu(local))
        for block in self.blocks:
            x = x + block(x)
        code = self.leave(functional.silu(x)) + self.mean_code.index_select(0, character)
        return code, self.metrics(local) + self.mean_metrics.index_select(0, character)
