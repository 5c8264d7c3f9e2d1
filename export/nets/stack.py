"""Plain feed-forward networks built from steps: the decoders and encoders of VAEs, the generators of simple GANs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from export.nets.steps import Activation, Conv, Crop, Enlarge, Grid, Linear, Norm, Pool, Step, Steps

Read = Callable[[str], NDArray[np.float32]]
"""The numbers of a tensor by its name in the checkpoint."""


class Stack(nn.Module):
    """Steps one after the other, with the weights of the checkpoint, in eval mode."""

    def __init__(self, steps: Steps, read: Read) -> None:
        """`read` gives every weight by name; their shapes must be those of the steps."""
        super().__init__()
        self.layers = nn.Sequential(*(_made(step, read) for step in steps))
        self.eval().requires_grad_(requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """Run all steps."""
        return self.layers(x)


class Decoder(nn.Module):
    """A stack as a graph of its own: latent [batch, dim] -> (image [batch, channels, side, side],)."""

    def __init__(self, stack: nn.Module) -> None:
        super().__init__()
        self.stack = stack

    def forward(self, latent: Tensor) -> tuple[Tensor]:
        """Draw every latent point."""
        return (self.stack(latent),)


class Reshape(nn.Module):
    """A vector as a picture of many channels."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.channels = channels
        self.side = side

    def forward(self, x: Tensor) -> Tensor:
        """[batch, channels * side * side] -> [batch, channels, side, side]."""
        return x.reshape(-1, self.channels, self.side, self.side)


class Corner(nn.Module):
    """The upper left of a picture."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, x: Tensor) -> Tensor:
        """[batch, channels, more, more] -> [batch, channels, side, side]."""
        return x[:, :, :self.side, :self.side]


def _made(step: Step, read: Read) -> nn.Module:
    """The module of a step, weights loaded."""
    if isinstance(step, Linear | Conv | Norm):
        return _weighted(step, read)
    if isinstance(step, Activation):
        return _activation(step)
    if isinstance(step, Grid):
        return Reshape(step.channels, step.side)
    if isinstance(step, Enlarge):
        return nn.Upsample(scale_factor=2, mode="bilinear" if step.smooth else "nearest")
    if isinstance(step, Crop):
        return Corner(step.side)
    return nn.MaxPool2d(2) if isinstance(step, Pool) else nn.Flatten(1)


def _weighted(step: Linear | Conv | Norm, read: Read) -> nn.Module:
    """A module with weights. Raises ValueError when a stored tensor has another number of values."""
    made: nn.Module
    if isinstance(step, Linear):
        made = nn.Linear(step.inputs, step.outputs, bias=step.bias)
    elif isinstance(step, Norm):
        made = (nn.BatchNorm2d if step.picture else nn.BatchNorm1d)(step.channels, eps=step.eps, affine=step.affine)
    elif step.transposed:
        made = nn.ConvTranspose2d(step.inputs, step.outputs, step.kernel, step.stride, step.padding,
                                  output_padding=step.extra, bias=step.bias)
    else:
        made = nn.Conv2d(step.inputs, step.outputs, step.kernel, step.stride, step.padding, bias=step.bias)
    stored = {name: torch.from_numpy(np.array(read(f"{step.name}.{name}")).reshape(value.shape))
              for name, value in made.state_dict().items() if name != "num_batches_tracked"}
    made.load_state_dict(stored, strict=False)
    return made


def _activation(step: Activation) -> nn.Module:
    """The module of an activation."""
    if step.word == "leaky":
        return nn.LeakyReLU(step.slope)
    kinds = {"relu": nn.ReLU, "elu": nn.ELU, "silu": nn.SiLU, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
    return kinds[step.word]() if step.word in kinds else nn.Identity()
