"""StyleGAN2 written for ONNX Runtime: the same numbers as `stylegan2`, kernels that never change, a free batch.

Modulation is taken out of the kernels (x times style, fixed convolution, times demodulation), which is the same sum in
another order. Demodulation is one small matrix product on squared styles. Every gain, learning rate and noise strength
is folded into constants, in double precision.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from export.nets.stylegan2_weights import EPSILON, SLOPE, Dense, Modulated, Network, Styled

Double = NDArray[np.float64]
_ROOT2 = math.sqrt(2.0)


class RuntimeMapping(nn.Module):
    """z, and a class where there are classes -> w. The leaky ReLU's gain lives in the weights."""

    def __init__(self, network: Network) -> None:
        """The embedding of every class, and what the first layer makes of it, become one table."""
        super().__init__()
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
        x = z * (z.square().mean(1, keepdim=True) + EPSILON).rsqrt()
        if self.table is not None and condition is not None:
            x = functional.linear(x, self.weights[0]) + functional.embedding(condition, self.table)
        else:
            x = functional.linear(x, self.weights[0], self.biases[0])
        x = functional.leaky_relu(x, SLOPE)
        for weight, bias in zip(self.weights[1:], self.biases[1:], strict=True):
            x = functional.leaky_relu(functional.linear(x, weight, bias), SLOPE)
        return (x,)


class RuntimeConv(nn.Module):
    """What both kinds of layer share: styles from a row of w+, divided by their largest so that fp16 holds them."""

    def __init__(self, style: Dense) -> None:
        """`style` maps w to one number for each channel that comes in."""
        super().__init__()
        weight, bias = _dense(style)
        self.style_weight, self.style_bias = _single(weight), _single(bias)

    def styles(self, w: Tensor) -> tuple[Tensor, Tensor]:
        """Row of w+ [n, w_dim] -> styles [n, in] within -1 .. 1, and what they were divided by [n, 1]."""
        styles = functional.linear(w, self.style_weight, self.style_bias)
        largest = styles.abs().amax(1, keepdim=True).clamp_min(EPSILON)
        return styles / largest, largest


class RuntimeLayer(RuntimeConv):
    """One styled layer: modulation, convolution, demodulation, noise, bias, leaky ReLU, clamp."""

    def __init__(self, layer: Styled, network: Network) -> None:
        """Demodulation carries the gain of the leaky ReLU, and so do noise strength and bias."""
        super().__init__(layer.style)
        weight = layer.weight.astype(np.float64)
        fan_in = math.prod(weight.shape[1:])
        # Kernels of size about 1 / sqrt(fan-in): sums stay within the range of half precision (Karras et al. 2020).
        sizes = np.abs(weight).max(axis=(1, 2, 3), keepdims=True) * math.sqrt(fan_in)
        sizes = np.where(sizes > 0, sizes, 1.0)
        weight = weight / sizes
        epsilon = EPSILON * (fan_in if network.scaled else 1.0) / sizes[:, 0, 0, 0] ** 2
        self.squares = _single((weight ** 2).sum(axis=(2, 3)) / 2.0)     # halved: demodulation times root two
        self.epsilon = _single(epsilon / 2.0)
        self.upsample = layer.upsample
        self.weight = _single(weight.transpose(1, 0, 2, 3) if layer.upsample else weight)
        self.fir = _single(_line(network, weight.shape[0]))
        self.bias = _single(layer.bias[:, None, None] * _ROOT2)
        self.strength = None if layer.strength is None else layer.strength * _ROOT2
        self.clamp = network.clamp

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        """X [n, in, h, w], row of w+ [n, w_dim], noise [n, 1, H, W] -> [n, out, H, W]."""
        styles, largest = self.styles(w)
        demodulation = (functional.linear(styles.square(), self.squares) + self.epsilon / largest.square()).rsqrt()
        x = self.convolved(x * styles[:, :, None, None]) * demodulation[:, :, None, None]
        shift = self.bias if noise is None or self.strength is None else noise * self.strength + self.bias
        x = functional.leaky_relu(x + shift, SLOPE)
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)

    def convolved(self, x: Tensor) -> Tensor:
        """The fixed convolution, at twice the size where the layer upsamples."""
        if not self.upsample:
            return functional.conv2d(x, self.weight, padding=1)
        x = functional.conv_transpose2d(x, self.weight, stride=2)
        channels = self.fir.shape[0]
        x = functional.conv2d(x, self.fir, padding=(1, 0), groups=channels)
        return functional.conv2d(x, self.fir.transpose(2, 3), padding=(0, 1), groups=channels)


class RuntimeToRgb(RuntimeConv):
    """The way to RGB as a product of small matrices, one for each sample."""

    def __init__(self, layer: Modulated, network: Network) -> None:
        """1 x 1 kernels [channels, in, 1, 1]."""
        super().__init__(layer.style)
        self.weight = _single(layer.weight[None, :, :, 0, 0] / math.sqrt(layer.weight.shape[1]))
        self.bias = _single(layer.bias[:, None, None])
        self.clamp = network.clamp

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """X [n, in, h, w] -> [n, channels, h, w]."""
        styles, largest = self.styles(w)
        kernels = self.weight * (styles * largest)[:, None, :]                   # [n, channels, in]
        picture = (kernels @ x.flatten(2)).unflatten(2, x.shape[2:]) + self.bias
        return picture if self.clamp is None else picture.clamp(-self.clamp, self.clamp)


class RuntimeSynthesis(nn.Module):
    """w+ and noise -> picture."""

    def __init__(self, network: Network) -> None:
        """Every size is the network's; `network.cut` gives a preview."""
        super().__init__()
        self.constant = _single(network.constant[None])
        self.layers = nn.ModuleList(nn.ModuleList(RuntimeLayer(layer, network) for layer in block.layers)
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
            addition = to_rgb(x, ws[:, self.row_of(number, len(layers))])
            picture = addition if picture is None else self.upsampled(picture) + addition
        assert picture is not None  # noqa: S101 a network has at least one block
        return (picture,)

    def upsampled(self, picture: Tensor) -> Tensor:
        """Twice the size through the network's filter."""
        return functional.conv_transpose2d(picture, self.fir, stride=2, padding=1, groups=self.fir.shape[0])




def _dense(layer: Dense) -> tuple[Double, Double]:
    """Weight [out, in] and bias [out] with their gains applied."""
    gain = layer.rate / math.sqrt(layer.weight.shape[1])
    return layer.weight.astype(np.float64) * gain, layer.bias.astype(np.float64) * layer.rate


def _line(network: Network, channels: int) -> Double:
    """The filter along one axis for each channel [channels, 1, 4, 1], with its share of the gain of 4."""
    return np.tile(np.asarray(network.fir, np.float64).reshape(1, 1, 4, 1) * 2.0, (channels, 1, 1, 1))


def _single(values: NDArray[np.floating]) -> nn.Parameter:
    """Single precision, and never trained."""
    return nn.Parameter(torch.from_numpy(np.ascontiguousarray(values, np.float32)), requires_grad=False)
