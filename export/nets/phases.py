"""Plain networks rewritten for the runtime: doubling transposed convolutions as four convolutions, norms folded.

A transposed convolution of stride two writes every second row and column with every second row and column of its
kernel: its four phases are ordinary convolutions of the same input, interleaved. ONNX Runtime computes those with its
blocked kernels (1.25 times as fast as its transposed convolution at the sizes of DCGAN), activations fused into them.

A convolution to three colours leaves most of such a block empty. Its rows become channels of a flat convolution, which
are then shifted and added: 1.17 times as fast for a whole decoder of 64 pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.nets.stack import Reshape

BLOCK = 8
"""Fewer channels than the runtime's blocks hold are quicker as a transposed convolution."""
NARROW = 4
_SIMPLE = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh)


@dataclass(frozen=True)
class _Line:
    """One phase along one axis: which taps of the kernel it uses, and its padding before and after."""

    taps: tuple[int, ...]
    before: int
    after: int


class Phases(nn.Module):
    """A transposed convolution of stride two, [batch, inputs, side, side] -> [batch, outputs, 2 side, 2 side]."""

    def __init__(self, weight: Tensor, bias: Tensor | None, padding: int, activation: nn.Module) -> None:
        """`weight` is [inputs, outputs, kernel, kernel]; `activation` is elementwise."""
        super().__init__()
        lines = _lines(weight.shape[2], padding)
        self.pads = [(across.before, across.after, down.before, down.after) for down in lines for across in lines]
        self.weights = nn.ParameterList(
            nn.Parameter(weight[:, :, down.taps][:, :, :, across.taps].transpose(0, 1).contiguous(),
                         requires_grad=False) for down in lines for across in lines)
        self.bias = None if bias is None else nn.Parameter(bias, requires_grad=False)
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """All four phases, interleaved."""
        upper_left, upper_right, lower_left, lower_right = (
            self.activation(functional.conv2d(functional.pad(x, pads), weight, self.bias))
            for pads, weight in zip(self.pads, self.weights, strict=True))
        upper = torch.stack((upper_left, upper_right), dim=-1).flatten(-2)
        lower = torch.stack((lower_left, lower_right), dim=-1).flatten(-2)
        return torch.stack((upper, lower), dim=-2).flatten(-3, -2)


class Rows(nn.Module):
    """A convolution to few channels that keeps the sides: one output for each row of its kernel, shifted and added."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        """`weight` is [outputs, inputs, kernel, kernel], the kernel odd."""
        super().__init__()
        self.outputs, inputs, self.kernel, _ = weight.shape
        rows = weight.permute(2, 0, 1, 3).reshape(self.kernel * self.outputs, inputs, 1, self.kernel)
        self.weight = nn.Parameter(rows.contiguous(), requires_grad=False)
        self.bias = None if bias is None else nn.Parameter(bias[:, None, None], requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, inputs, height, width] -> [batch, outputs, height, width]."""
        height, padding = x.shape[2], self.kernel // 2
        parts = functional.pad(functional.conv2d(x, self.weight, padding=(0, padding)), (0, 0, padding, padding))
        total = parts[:, :self.outputs, :height]
        for row in range(1, self.kernel):
            total = total + parts[:, row * self.outputs:(row + 1) * self.outputs, row:row + height]
        return total if self.bias is None else total + self.bias


class Opening(nn.Module):
    """A transposed convolution of one pixel, which is a matrix: [batch, inputs] -> [batch, outputs, side, side]."""

    def __init__(self, weight: Tensor, bias: Tensor | None, activation: nn.Module) -> None:
        """`weight` is [inputs, outputs, side, side]; `activation` is elementwise."""
        super().__init__()
        self.shape = tuple(weight.shape[1:])
        self.weight = nn.Parameter(weight.flatten(1).T.contiguous(), requires_grad=False)
        spread = None if bias is None else bias[:, None, None].expand(self.shape).flatten()
        self.bias = None if spread is None else nn.Parameter(spread, requires_grad=False)
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """Every vector as a small picture."""
        return self.activation(functional.linear(x, self.weight, self.bias)).reshape(-1, *self.shape)


def rewritten(layers: nn.Sequential) -> nn.Sequential:
    """The same function for the runtime; layers that nothing is gained by are shared with the original."""
    return nn.Sequential(*_rewritten(list(layers)))


def _rewritten(layers: list[nn.Module]) -> Iterator[nn.Module]:
    """One layer after the other, each with the norm and the activation that follow it."""
    place = 0
    while place < len(layers):
        layer = layers[place]
        opens = place + 1 < len(layers) and _opens(layer, layers[place + 1])
        place += 2 if opens else 1
        kernel = layers[place - 1]
        if isinstance(layer, nn.Conv2d) and _is_narrow(layer):
            yield Rows(layer.weight, layer.bias).eval()
        elif isinstance(kernel, nn.ConvTranspose2d) and (opens or _pays(kernel)):
            weight, bias, activation, taken = _with_followers(kernel, layers[place:place + 2])
            place += taken
            yield (Opening(weight, bias, activation) if opens
                   else Phases(weight, bias, kernel.padding[0], activation)).eval()
        else:
            yield layer


def _with_followers(layer: nn.ConvTranspose2d,
                    following: list[nn.Module]) -> tuple[Tensor, Tensor | None, nn.Module, int]:
    """Weight and bias with the norm behind them inside, the activation behind that, and how many layers these were."""
    weight, bias, taken = layer.weight, layer.bias, 0
    if following and isinstance(following[0], nn.BatchNorm2d):
        weight, bias = _folded(weight, bias, following[0])
        taken = 1
    if len(following) > taken and isinstance(following[taken], _SIMPLE):
        return weight, bias, following[taken], taken + 1
    return weight, bias, nn.Identity(), taken


def _opens(layer: nn.Module, following: nn.Module) -> bool:
    """Whether a vector becomes a single pixel and that pixel a picture."""
    return (isinstance(layer, Reshape) and layer.side == 1 and isinstance(following, nn.ConvTranspose2d)
            and following.padding == (0, 0) and following.output_padding == (0, 0))


def _pays(layer: nn.ConvTranspose2d) -> bool:
    """Whether the layer doubles the sides exactly, and is wide enough to gain from the other form."""
    kernel, padding, extra = layer.kernel_size[0], layer.padding[0], layer.output_padding[0]
    doubles = layer.stride == (2, 2) and kernel > 2 and kernel + extra == 2 + 2 * padding  # noqa: PLR2004 - the stride
    return doubles and layer.out_channels % BLOCK == 0 and layer.in_channels % BLOCK == 0


def _is_narrow(layer: nn.Conv2d) -> bool:
    """Whether the layer yields few channels of pictures as large as those it takes."""
    kernel = layer.kernel_size[0]
    keeps = layer.stride == (1, 1) and kernel % 2 == 1 and layer.padding == (kernel // 2, kernel // 2)
    return keeps and kernel > 1 and layer.out_channels <= NARROW and layer.in_channels % BLOCK == 0


def _folded(weight: Tensor, bias: Tensor | None, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Weights and bias of a transposed convolution with the norm behind it inside."""
    scale = torch.rsqrt(norm.running_var + norm.eps)
    shift = -norm.running_mean * scale
    if norm.affine:
        scale, shift = scale * norm.weight, shift * norm.weight + norm.bias
    return weight * scale[None, :, None, None], shift if bias is None else shift + bias * scale


def _lines(kernel: int, padding: int) -> tuple[_Line, _Line]:
    """Even and odd output rows: row 2 j + phase sums x[j + (phase + padding - tap) / 2] over the taps of its parity."""
    found = []
    for phase in (0, 1):
        taps = tuple(tap for tap in reversed(range(kernel)) if (tap - phase - padding) % 2 == 0)
        first, last = ((phase + padding - tap) // 2 for tap in (taps[0], taps[-1]))
        found.append(_Line(taps, -first, last))
    return found[0], found[1]
