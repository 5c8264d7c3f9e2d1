"""The network: an embedding, one layer of gated recurrent units (Cho et al. 2014), a head."""

from __future__ import annotations

import torch
from torch import Tensor, nn

INPUTS, HIDDEN = 96, 320


class NameModel(nn.Module):
    """Tokens [batch, time] -> logits [batch, time, vocabulary]. Its names are those that `atelier export` knows."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, INPUTS)
        self.rnn = nn.GRU(INPUTS, HIDDEN, 1, batch_first=True)
        self.decoder = nn.Linear(HIDDEN, vocabulary)
        self.loose = nn.Dropout(0.2)

    def forward(self, tokens: Tensor, hidden: Tensor | None = None) -> Tensor:
        """What comes next at every place."""
        seen, _ = self.rnn(self.loose(self.encoder(tokens)), hidden)
        logits: Tensor = self.decoder(self.loose(seen))
        return logits


def padded(rows: list[list[int]], fill: int) -> Tensor:
    """[batch, longest] with `fill` after each end."""
    longest = max(map(len, rows))
    return torch.tensor([row + [fill] * (longest - len(row)) for row in rows])
