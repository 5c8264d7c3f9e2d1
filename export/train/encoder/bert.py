"""The sentence encoder: BERT (Devlin et al. 2018) with mean pooling and unit length, written for the runtime."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

_EPSILON = 1e-12
_UNUSED = ("pooler.", "embeddings.position_ids")


@dataclass(frozen=True)
class Sizes:
    """The sizes of one encoder; MiniLM-L6 where nothing else is said."""

    vocabulary: int = 30522
    width: int = 384
    heads: int = 12
    layers: int = 6
    inner: int = 1536
    context: int = 128


class Table(nn.Module):
    """A table of word vectors in eight bits, one scale a row: rounding one word does not disturb another."""

    levels: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor, *, exact: bool = False) -> None:
        """`weight` is [words, width]; `exact` keeps its numbers as they are, to compare with."""
        super().__init__()
        scales = weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / 127
        self.exact = exact
        self.register_buffer("levels", weight if exact else torch.round(weight / scales).to(torch.int8))
        self.register_buffer("scales", torch.ones_like(scales) if exact else scales)

    def forward(self, tokens: Tensor) -> Tensor:
        """[batch, time] -> [batch, time, width]."""
        return self.levels[tokens].float() * self.scales[tokens]


class Layer(nn.Module):
    """Self-attention and two products, each followed by a sum and a norm."""

    def __init__(self, sizes: Sizes) -> None:
        """Random weights."""
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        self.query, self.key, self.value, self.mixed = (nn.Linear(width, width) for _ in range(4))
        self.first, self.second = nn.Linear(width, sizes.inner), nn.Linear(sizes.inner, width)
        self.after_attention = nn.LayerNorm(width, eps=_EPSILON)
        self.after_products = nn.LayerNorm(width, eps=_EPSILON)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x` is [batch, time, width]; `bias` [batch, 1, 1, time] is very negative where there is no token."""
        query, key, value = (self._split(layer(x)) for layer in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5 + bias
        met = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).flatten(2)
        x = self.after_attention(x + self.mixed(met))
        return self.after_products(x + self.second(functional.gelu(self.first(x))))

    def _split(self, x: Tensor) -> Tensor:
        """[batch, time, width] -> [batch, heads, time, width / heads]."""
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class SentenceEncoder(nn.Module):
    """Tokens in, one unit vector a sentence out."""

    def __init__(self, sizes: Sizes) -> None:
        """Random weights; `fill` puts in the published ones."""
        super().__init__()
        self.words = Table(torch.randn(sizes.vocabulary, sizes.width) * 0.02)
        self.places = nn.Parameter(torch.randn(sizes.context, sizes.width) * 0.02)
        self.start = nn.LayerNorm(sizes.width, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """int64 [batch, time], 1 for a token and 0 for filling -> float32 [batch, width]."""
        present = mask.float()
        bias = (present - 1)[:, None, None, :] * 1e4
        x = self.start(self.words(tokens) + self.places[:tokens.shape[1]])
        for layer in self.layers:
            x = layer(x, bias)
        summed = (x * present[..., None]).sum(dim=1) / present.sum(dim=1, keepdim=True).clamp_min(1)
        return summed / summed.pow(2).sum(dim=1, keepdim=True).clamp_min(1e-18).sqrt()


def read(path: Path, sizes: Sizes | None = None, *, exact: bool = False) -> SentenceEncoder:
    """The encoder with the weights of a `model.safetensors` in the names of Transformers' BertModel."""
    found = load_file(path)
    encoder = SentenceEncoder(sizes or Sizes())
    fill(encoder, {name: value for name, value in found.items() if not name.startswith(_UNUSED)}, exact=exact)
    return encoder.eval()


def fill(encoder: SentenceEncoder, weights: dict[str, Tensor], *, exact: bool = False) -> None:
    """Every weight to its place. Raises KeyError for a missing one, ValueError for one that has no place."""
    left = dict(weights)
    kinds = left.pop("embeddings.token_type_embeddings.weight")
    encoder.words = Table(left.pop("embeddings.word_embeddings.weight"), exact=exact)
    places = left.pop("embeddings.position_embeddings.weight")[:encoder.places.shape[0]]
    encoder.places = nn.Parameter(places + kinds[0])    # there is only ever one sentence: kind 0
    _take(left, "embeddings.LayerNorm", encoder.start)
    for number, layer in enumerate(encoder.layers):
        prefix = f"encoder.layer.{number}."
        names = {"attention.self.query": layer.query, "attention.self.key": layer.key,
                 "attention.self.value": layer.value, "attention.output.dense": layer.mixed,
                 "attention.output.LayerNorm": layer.after_attention, "intermediate.dense": layer.first,
                 "output.dense": layer.second, "output.LayerNorm": layer.after_products}
        for name, module in names.items():
            _take(left, prefix + name, module)
    if left:
        message = f"weights without a place: {', '.join(sorted(left)[:5])}"
        raise ValueError(message)


def _take(weights: dict[str, Tensor], name: str, module: nn.Module) -> None:
    """The weight and bias called `name` into a layer."""
    module.load_state_dict({key: weights.pop(f"{name}.{key}") for key in ("weight", "bias")})
