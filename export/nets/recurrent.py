"""A recurrent language model as one graph: tokens and state in, logits and next state out, at any length and batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Cell = Literal["gru", "lstm", "rnn"]
GATES: Final[dict[int, Cell]] = {1: "rnn", 3: "gru", 4: "lstm"}
"""How many rows of weights a hidden number has, and what that makes it."""


@dataclass(frozen=True)
class Sizes:
    """`inputs` is the length of a token's vector, which is the vocabulary itself where tokens enter one-hot."""

    cell: Cell
    vocabulary: int
    inputs: int
    hidden: int
    layers: int
    bias: bool
    nonlinearity: Literal["tanh", "relu"] = "tanh"   # of the plain cell


class RecurrentModel(nn.Module):
    """Embedding, recurrent layers, head. `embedding` None: tokens enter one-hot."""

    def __init__(self, sizes: Sizes, *, one_hot: bool, head_bias: bool) -> None:
        super().__init__()
        self.sizes = sizes
        self.embedding = None if one_hot else nn.Embedding(sizes.vocabulary, sizes.inputs)
        self.rnn = _layers(sizes)
        self.head = nn.Linear(sizes.hidden, sizes.vocabulary, bias=head_bias)

    def forward(self, tokens: Tensor, hidden: Tensor, cell: Tensor | None = None) -> tuple[Tensor, ...]:
        """[batch, time] and states [layers, batch, hidden] -> logits [batch, time, vocabulary] and the states."""
        if self.embedding is None:
            vectors = functional.one_hot(tokens, self.sizes.vocabulary).to(torch.float32)
        else:
            vectors = self.embedding(tokens)
        seen, state = self.rnn(vectors.transpose(0, 1), hidden if cell is None else (hidden, cell))
        logits = self.head(seen.transpose(0, 1))
        return (logits, *state) if isinstance(state, tuple) else (logits, state)


def _layers(sizes: Sizes) -> nn.Module:
    """The recurrent layers: torch's own, time first, which is what ONNX has."""
    if sizes.cell == "rnn":
        return nn.RNN(sizes.inputs, sizes.hidden, sizes.layers, nonlinearity=sizes.nonlinearity, bias=sizes.bias)
    kind = nn.LSTM if sizes.cell == "lstm" else nn.GRU
    return kind(sizes.inputs, sizes.hidden, sizes.layers, bias=sizes.bias)
