"""Tiny networks as parts to convert: seeded, built in code, with the awkwardnesses of real ones."""

from __future__ import annotations

import dataclasses

import torch
from torch import nn

from export.adapters.base import Part, Slot


class Painter(nn.Module):
    """A latent to an 8 × 8 picture and its mean; with batch normalisation to fold and a layer that nobody uses."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(8, 64)
        self.up = nn.Sequential(nn.ConvTranspose2d(4, 16, 4, 2, 1), nn.BatchNorm2d(16), nn.ReLU(),
                                nn.Conv2d(16, 3, 3, padding=1))
        self.unused = nn.Linear(3, 3)

    def forward(self, latent: torch.Tensor, gain: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        grown = (self.fc(latent) * gain[:, None]).reshape(latent.shape[0], 4, 4, 4)
        return torch.tanh(self.up(grown)), grown.mean((1, 2, 3))


class Speller(nn.Module):
    """A recurrent language model: tokens and state in, logits and state out."""

    def __init__(self) -> None:
        super().__init__()
        self.emb = nn.Embedding(11, 6)
        self.rnn = nn.GRU(6, 16, 2, batch_first=True)
        self.head = nn.Linear(16, 11)

    def forward(self, tokens: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        seen, left = self.rnn(self.emb(tokens), state.transpose(0, 1))
        return self.head(seen), left.transpose(0, 1)


class Stack(nn.Module):
    """A tower of linear layers."""

    def __init__(self, width: int = 64, depth: int = 3) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(nn.Sequential(nn.Linear(width, width), nn.GELU()) for _ in range(depth)))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
        return (self.layers(x),)


def painter() -> Part:
    """The picture model; the second output bears the name that torch gives an inner value."""
    torch.manual_seed(1)
    module = Painter().eval()
    with torch.no_grad():
        module.up[3].weight.mul_(4.0)     # pictures with some contrast
    return Part(
        role="decoder", module=module,
        inputs=(Slot("latent", "float32", ("batch", 8)), Slot("gain", "float32", ("batch",))),
        outputs=(Slot("image", "float32", ("batch", 3, 8, 8), scale=2.0), Slot("conv2d", "float32", ("batch",))),
        example={"batch": 3}, trials=({"batch": 1}, {"batch": 5}), picture="image")


def speller() -> Part:
    """The recurrent model."""
    torch.manual_seed(2)
    return Part(
        role="step", module=Speller().eval(), exporter="torchscript",
        inputs=(Slot("tokens", "int64", ("batch", "time"), sample=lambda random, shape: random.integers(0, 11, shape)),
                Slot("state", "float32", ("batch", 2, 16))),
        outputs=(Slot("logits", "float32", ("batch", "time", 11)), Slot("next", "float32", ("batch", 2, 16))),
        example={"batch": 2, "time": 3}, trials=({"batch": 1, "time": 1}, {"batch": 3, "time": 7}))


def stack() -> Part:
    """The tower; no trials of its own."""
    torch.manual_seed(3)
    return Part(role="tower", module=Stack().eval(), inputs=(Slot("x", "float32", ("batch", 64)),),
                outputs=(Slot("y", "float32", ("batch", 64)),), example={"batch": 3})


def changed(part: Part, **values: object) -> Part:
    """The same part, other in the named fields."""
    return dataclasses.replace(part, **values)  # type: ignore[arg-type]
