"""GPT-2 (Radford et al. 2019) as one graph: tokens and cached keys and values in, logits and the longer cache out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

ActivationWord = Literal["gelu_tanh", "gelu", "relu", "silu"]


@dataclass(frozen=True)
class Sizes:
    """From weights and settings; `context` is the longest text, `inner` the width between a block's two matrices."""

    vocabulary: int
    context: int
    width: int
    heads: int
    layers: int
    inner: int
    activation: ActivationWord = "gelu_tanh"
    eps: float = 1e-5
    bias: bool = True
    tied: bool = True
    by_depth: bool = False                   # attention of the n-th block is divided by n as well


class Attention(nn.Module):
    """Causal self-attention over what is cached and what is new."""

    def __init__(self, sizes: Sizes, number: int) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.scale = 1.0 / math.sqrt(sizes.width // sizes.heads) / (number + 1 if sizes.by_depth else 1)
        self.c_attn = nn.Linear(sizes.width, 3 * sizes.width, bias=sizes.bias)
        self.c_proj = nn.Linear(sizes.width, sizes.width, bias=sizes.bias)

    def forward(self, x: Tensor, hidden: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[batch, time, width] -> the same, and both caches [batch, heads, total, width / heads].

        `hidden` [time, total] is minus infinity where a position may not look.
        """
        batch, time, width = x.shape
        query, key, value = (part.reshape(batch, time, self.heads, width // self.heads).transpose(1, 2)
                             for part in self.c_attn(x).split(width, dim=2))
        keys, values = torch.cat((keys, key), dim=2), torch.cat((values, value), dim=2)
        weights = torch.softmax((query * self.scale) @ keys.transpose(2, 3) + hidden, dim=-1)
        seen = (weights @ values).transpose(1, 2).reshape(batch, time, width)
        return self.c_proj(seen), keys, values


class Block(nn.Module):
    """Attention and two matrices, each behind a normalisation and added to what comes in."""

    def __init__(self, sizes: Sizes, number: int) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(sizes.width, eps=sizes.eps, bias=sizes.bias)
        self.attn = Attention(sizes, number)
        self.ln_2 = nn.LayerNorm(sizes.width, eps=sizes.eps, bias=sizes.bias)
        self.c_fc = nn.Linear(sizes.width, sizes.inner, bias=sizes.bias)
        self.c_proj = nn.Linear(sizes.inner, sizes.width, bias=sizes.bias)
        self.activation = sizes.activation

    def forward(self, x: Tensor, hidden: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """As `Attention`."""
        seen, keys, values = self.attn(self.ln_1(x), hidden, keys, values)
        x = x + seen
        return x + self.c_proj(_activated(self.c_fc(self.ln_2(x)), self.activation)), keys, values


class GptStep(nn.Module):
    """The whole model."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.wte = nn.Embedding(sizes.vocabulary, sizes.width)
        self.wpe = nn.Embedding(sizes.context, sizes.width)
        self.h = nn.ModuleList(Block(sizes, number) for number in range(sizes.layers))
        self.ln_f = nn.LayerNorm(sizes.width, eps=sizes.eps, bias=sizes.bias)
        self.lm_head = None if sizes.tied else nn.Linear(sizes.width, sizes.vocabulary, bias=False)

    def forward(self, tokens: Tensor, *cache: Tensor) -> tuple[Tensor, ...]:
        """Tokens [batch, time] and each block's keys and values, which may be empty -> logits and the longer cache."""
        past, time = cache[0].shape[2], tokens.shape[1]
        places = torch.arange(past, past + time, device=tokens.device)
        ahead = torch.arange(past + time, device=tokens.device)[None, :] > places[:, None]
        hidden = torch.zeros_like(ahead, dtype=torch.float32).masked_fill(ahead, float("-inf"))
        x = self.wte(tokens) + self.wpe(places)
        longer: list[Tensor] = []
        for block, keys, values in zip(self.h, cache[::2], cache[1::2], strict=True):
            x, *grown = block(x, hidden, keys, values)
            longer += grown
        x = self.ln_f(x)
        logits = functional.linear(x, self.wte.weight) if self.lm_head is None else self.lm_head(x)
        return (logits, *longer)


def _activated(x: Tensor, word: ActivationWord) -> Tensor:
    if word == "relu":
        return functional.relu(x)
    if word == "silu":
        return functional.silu(x)
    return functional.gelu(x, approximate="tanh" if word == "gelu_tanh" else "none")
