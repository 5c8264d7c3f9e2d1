"""StyleGAN2 written for ONNX Runtime: the same numbers as `stylegan2`, kernels that never change, a free batch.

Modulation is taken out of the kernels (x times style, fixed convolution, times demodulation), which is the same sum in
another order. Demodulation is one small matrix product on squared styles. Every gain, learning rate and noise strength
is folded into constants, in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from export.nets.stylegan2_weights import EPSILON, SLOPE, Dense, Modulated, Network, Styled
from export.nets.winograd import WinogradConv, pays

Double = NDArray[np.float64]
_ROOT2 = math.sqrt(2.0)


class RuntimeMapping(nn.Module):
    """z, and a class where there are classes -> w. The leaky ReLU's gain lives in the weights."""

    def __init__(self, network: Network) -> None:
        """The embedding of every class, and what the first layer makes of it, become one table."""
        super().__init__()
        self.length = network.z_dim
        folded = [_dense(layer) for layer in network.mapping]
        first, bias = folded[0]
        self.table: Tensor | None
        if network.embed is None:
            self.register_buffer("table", None)
        else:
            weight, shift = _dense(network.embed)
            classes = weight.T + shift
            classes /= np.sqrt((classes ** 2).mean(axis=1, keepdims=True) + EPSILON)
            self.register_buffer("table", _single((classes @ first[:, network.z_dim:].T + bias) * _ROOT2))
            first = first[:, :network.z_dim]
        weights = [first, *(weight for weight, _ in folded[1:])]
        self.weights = nn.ParameterList(_single(weight * _ROOT2) for weight in weights)
        self.biases = nn.ParameterList(_single(bias * _ROOT2) for _, bias in folded)

    def forward(self, z: Tensor, condition: Tensor | None = None) -> tuple[Tensor]:
        """Z [n, z_dim], class [n] as int64 -> w [n, w_dim]."""
        # The sum and not the mean: beside it the exporter would take epsilon for zero and leave it out.
        x = z * (z.square().sum(1, keepdim=True) + EPSILON * self.length).rsqrt() * math.sqrt(self.length)
        if self.table is not None and condition is not None:
            x = functional.linear(x, self.weights[0]) + functional.embedding(condition, self.table)
        else:
            x = functional.linear(x, self.weights[0], self.biases[0])
        x = functional.leaky_relu(x, SLOPE)
        for weight, bias in zip(self.weights[1:], self.biases[1:], strict=True):
            x = functional.leaky_relu(functional.linear(x, weight, bias), SLOPE)
        return (x,)


class PlainConv(nn.Module):
    """A 3 x 3 convolution as the runtime has it."""

    def __init__(self, weight: Double) -> None:
        """`weight` [out, in, 3, 3]."""
        super().__init__()
        self.weight = _single(weight)

    def forward(self, x: Tensor) -> Tensor:
        """X [n, in, h, w] -> [n, out, h, w]."""
        return functional.conv2d(x, self.weight, padding=1)


class DoublingConv(nn.Module):
    """Upsampling convolution: transposed, then the filter once along each axis.

    Folding the filter into one 6 x 6 kernel would take four times the multiplications, and lost at every size.
    """

    def __init__(self, weight: Double, fir: Sequence[float]) -> None:
        """`weight` [out, in, 3, 3]; the filter's gain of 4 is shared by its two directions."""
        super().__init__()
        self.weight = _single(weight.transpose(1, 0, 2, 3))
        line = np.tile(np.asarray(fir, np.float64).reshape(1, 1, 4, 1) * 2.0, (len(weight), 1, 1, 1))
        self.down, self.across = _single(line), _single(line.transpose(0, 1, 3, 2))
        self.channels = len(weight)

    def forward(self, x: Tensor) -> Tensor:
        """X [n, in, h, w] -> [n, out, 2 h, 2 w]."""
        x = functional.conv_transpose2d(x, self.weight, stride=2)
        x = functional.conv2d(x, self.down, padding=(1, 0), groups=self.channels)
        return functional.conv2d(x, self.across, padding=(0, 1), groups=self.channels)


class Styles(nn.Module):
    """From a row of w+ to one factor for each channel that comes in."""

    def __init__(self, style: Dense, gain: float = 1.0) -> None:
        """The factors are multiplied by `gain`."""
        super().__init__()
        weight, bias = _dense(style)
        self.weight, self.bias = _single(weight * gain), _single(bias * gain)

    def forward(self, w: Tensor) -> Tensor:
        """Row of w+ [n, w_dim] -> factors [n, in]."""
        return functional.linear(w, self.weight, self.bias)


class RuntimeLayer(nn.Module):
    """One styled layer: modulation, convolution, demodulation, noise, bias, leaky ReLU, clamp."""

    def __init__(self, layer: Styled, size: tuple[int, int], network: Network) -> None:
        """`size` is the height and width of what comes out. Demodulation carries the gain of the leaky ReLU, and so
        do noise strength and bias.
        """
        super().__init__()
        self.styles = Styles(layer.style)
        weight = layer.weight.astype(np.float64)
        fan_in = math.prod(weight.shape[1:])
        # Kernels of size about 1 / sqrt(fan-in): sums stay within the range of half precision (Karras et al. 2020).
        sizes = np.abs(weight).max(axis=(1, 2, 3), keepdims=True) * math.sqrt(fan_in)
        sizes = np.where(sizes > 0, sizes, 1.0)
        weight = weight / sizes
        epsilon = EPSILON * (fan_in if network.scaled else 1.0) / sizes[:, 0, 0, 0] ** 2
        self.squares = _single((weight ** 2).sum(axis=(2, 3)) / 2.0)     # halved: demodulation times root two
        self.epsilon = _single(epsilon / 2.0)
        self.convolution = _convolution(weight, size, network, upsample=layer.upsample)
        self.bias = _single(layer.bias[:, None, None] * _ROOT2)
        self.strength = None if layer.strength is None else layer.strength * _ROOT2
        self.clamp = network.clamp

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        """X [n, in, h, w], row of w+ [n, w_dim], noise [n, 1, H, W] -> [n, out, H, W]."""
        styles = self.styles(w)
        largest = styles.abs().amax(1, keepdim=True).clamp_min(EPSILON)
        styles = styles / largest                # half precision holds what they are multiplied with
        demodulation = (functional.linear(styles.square(), self.squares) + self.epsilon / largest.square()).rsqrt()
        x = self.convolution(x * styles[:, :, None, None]) * demodulation[:, :, None, None]
        shift = self.bias if noise is None or self.strength is None else noise * self.strength + self.bias
        x = functional.leaky_relu(x + shift, SLOPE)
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class RuntimeToRgb(nn.Module):
    """The way to RGB as a product of small matrices, one for each sample; what it yields is the picture so far."""

    def __init__(self, layer: Modulated, network: Network) -> None:
        """1 x 1 kernels [channels, in, 1, 1]."""
        super().__init__()
        self.styles = Styles(layer.style, 1.0 / math.sqrt(layer.weight.shape[1]))
        self.weight = _single(layer.weight[None, :, :, 0, 0])
        self.bias = _single(layer.bias[:, None, None])
        self.clamp = network.clamp

    def forward(self, x: Tensor, w: Tensor, below: Tensor | None) -> Tensor:
        """X [n, in, h, w] on top of the picture so far, of the same size -> [n, channels, h, w]."""
        kernels = self.weight * self.styles(w)[:, None, :]                       # [n, channels, in]
        picture = (kernels @ x.flatten(2)).unflatten(2, x.shape[2:]) + self.bias
        picture = picture if self.clamp is None else picture.clamp(-self.clamp, self.clamp)
        return picture if below is None else below + picture


class RuntimeSynthesis(nn.Module):
    """w+ and noise -> picture."""

    def __init__(self, network: Network) -> None:
        """Every size is the network's; `network.cut` gives a preview."""
        super().__init__()
        self.constant = _single(network.constant[None])
        self.layers = nn.ModuleList(
            nn.ModuleList(RuntimeLayer(layer, (block.height, block.width), network) for layer in block.layers)
            for block in network.blocks)
        self.to_rgbs = nn.ModuleList(RuntimeToRgb(block.to_rgb, network) for block in network.blocks)
        self.noisy = [[layer.strength is not None for layer in block.layers] for block in network.blocks]
        self.row_of = network.row_of
        line = np.asarray(network.fir, np.float64)
        self.fir = _single(np.tile(np.outer(line, line) * 4.0, (network.channels, 1, 1, 1)))

    def forward(self, ws: Tensor, *noises: Tensor) -> tuple[Tensor]:
        """Rows of w+ [n, rows, w_dim], noise [n, 1, h, w] for each layer that has some -> picture [n, c, h, w]."""
        left = iter(noises)
        x = self.constant
        picture: Tensor | None = None
        for number, (layers, to_rgb) in enumerate(zip(self.layers, self.to_rgbs, strict=True)):
            for place, layer in enumerate(layers):
                x = layer(x, ws[:, self.row_of(number, place)], next(left) if self.noisy[number][place] else None)
            below = None if picture is None else self.upsampled(picture)
            picture = to_rgb(x, ws[:, self.row_of(number, len(layers))], below)
        assert picture is not None  # noqa: S101 a network has at least one block
        return (picture,)

    def upsampled(self, picture: Tensor) -> Tensor:
        """Twice the size through the network's filter."""
        return functional.conv_transpose2d(picture, self.fir, stride=2, padding=1, groups=self.fir.shape[0])


def _dense(layer: Dense) -> tuple[Double, Double]:
    """Weight [out, in] and bias [out] with their gains applied."""
    gain = layer.rate / math.sqrt(layer.weight.shape[1])
    return layer.weight.astype(np.float64) * gain, layer.bias.astype(np.float64) * layer.rate


def _convolution(weight: Double, size: tuple[int, int], network: Network, *, upsample: bool) -> nn.Module:
    """The quickest form for weights [out, in, 3, 3] that yield a picture of `size`."""
    if upsample:
        return DoublingConv(weight, network.fir)
    return WinogradConv(weight, *size) if pays(min(weight.shape[:2]), *size) else PlainConv(weight)


def _single(values: NDArray[np.floating]) -> nn.Parameter:
    """Single precision, and never trained."""
    return nn.Parameter(torch.from_numpy(np.ascontiguousarray(values, np.float32)), requires_grad=False)
