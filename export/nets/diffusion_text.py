"""The CLIP text encoders of Stable Diffusion: 77 tokens to the vectors that the denoiser listens to.

Radford et al. (2021). The layers are those of Transformers; what leads from one to the next is written out here, so
that every result has a name and the mask is a constant. The library's own forward answers as the reference.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

LENGTH = 77
_OLD_END = 2         # configurations from before 2023 name this token; what was meant is the largest one


class TextEncoder(nn.Module):
    """`input_ids` [batch, 77] -> last hidden state, then what is asked for: pooled, projected, penultimate."""

    def __init__(self, network: Any, *, penultimate: bool) -> None:
        """`network` is a CLIPTextModel, or one with a projection of what is pooled."""
        super().__init__()
        self.network = network
        self._text = (network.text_model if hasattr(network, "text_model") else network,)  # a tuple: not registered
        self._penultimate = penultimate
        self._end = int(self._text[0].config.eos_token_id)
        future = torch.ones(LENGTH, LENGTH, dtype=torch.bool).triu(1)
        self.mask = nn.Buffer(torch.zeros(1, 1, LENGTH, LENGTH).masked_fill(future, -8000.0), persistent=False)

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Last hidden state [batch, 77, width], pooled or projected [batch, width], perhaps the one before the last."""
        text = self._text[0]
        hidden = text.embeddings(input_ids=input_ids)
        before = hidden
        for layer in text.encoder.layers:
            before, hidden = hidden, layer(hidden, self.mask)
        last = text.final_layer_norm(hidden)
        whole = input_ids.to(torch.int32)
        place = (whole if self._end == _OLD_END else (whole == self._end).to(torch.int32)).argmax(dim=-1)
        pooled = last[torch.arange(last.shape[0]), place]
        if hasattr(self.network, "text_projection"):
            pooled = self.network.text_projection(pooled)
        return (last, pooled, before) if self._penultimate else (last, pooled)


class TextReference(nn.Module):
    """The same by the library's own forward."""

    def __init__(self, network: Any, *, penultimate: bool) -> None:
        super().__init__()
        self.network = network
        self._penultimate = penultimate

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """As `TextEncoder.forward`."""
        said = self.network(input_ids=input_ids, output_hidden_states=self._penultimate)
        pooled = said.text_embeds if hasattr(self.network, "text_projection") else said.pooler_output
        answers = (said.last_hidden_state, pooled)
        return (*answers, said.hidden_states[-2]) if self._penultimate else answers
