"""StyleGAN2 as its authors describe it (Karras et al. 2020): the form that every conversion is compared with.

Written from the paper and the published layout. Gains are applied while it runs, kernels are modulated sample by
sample, and upsampling inserts zeros: slow and plain on purpose. What is shipped is in `stylegan2_runtime`.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from export.nets.stylegan2_weights import EPSILON, SLOPE, Dense, Modulated, Network, Styled


class EqualDense(nn.Module):
    """A fully connected layer with an equalised learning rate."""

    def __init__(self, dense: Dense) -> None:
        """`dense` has weight and bias as stored."""
        super().__init__()
        self.weight, self.bias = _frozen(dense.weight), _frozen(dense.bias)
        self.weight_gain = dense.rate / math.sqrt(dense.weight.shape[1])
        self.bias_gain = dense.rate

    def forward(self, x: Tensor) -> Tensor:
        """[n, in] -> [n, out]."""
        return functional.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)


class Mapping(nn.Module):
    """z, and a class where there are classes -> w."""

    def __init__(self, network: Network) -> None:
        """Every size is the network's."""
        super().__init__()
        self.layers = nn.ModuleList(EqualDense(layer) for layer in network.mapping)
        self.embed = None if network.embed is None else EqualDense(network.embed)
        self.classes = network.classes

    def forward(self, z: Tensor, condition: Tensor | None = None) -> tuple[Tensor]:
        """Z [n, z_dim], class [n] as int64 -> w [n, w_dim]."""
        x = normalised(z)
        if self.embed is not None and condition is not None:
            labels = functional.one_hot(condition, self.classes).to(z.dtype)
            x = torch.cat([x, normalised(self.embed(labels))], dim=1)
        for layer in self.layers:
            x = functional.leaky_relu(layer(x), SLOPE) * math.sqrt(2.0)
        return (x,)


class ModulatedConv(nn.Module):
    """A convolution whose kernel is scaled by the style of each sample."""

    def __init__(self, layer: Modulated, network: Network) -> None:
        """`layer` with weights as stored; `network` for its conventions."""
        super().__init__()
        self.weight, self.bias = _frozen(layer.weight), _frozen(layer.bias)
        self.style = EqualDense(layer.style)
        self.gain = 1.0 / math.sqrt(math.prod(layer.weight.shape[1:]))
        self.scaled = network.scaled
        self.clamp = network.clamp
        self.register_buffer("fir", torch.tensor(network.fir), persistent=False)
        self.fir: Tensor

    def convolved(self, x: Tensor, kernels: Tensor, *, upsample: bool) -> Tensor:
        """X [n, in, h, w] with a kernel [n, out, in, k, k] for each sample; `upsample` doubles height and width."""
        n, channels, height, width = x.shape
        out, side = kernels.shape[1], kernels.shape[-1]
        x = x.reshape(1, n * channels, height, width)
        if not upsample:
            y = functional.conv2d(x, kernels.flatten(0, 1), padding=side // 2, groups=n)
            return y.reshape(n, out, height, width)
        y = functional.conv_transpose2d(x, kernels.transpose(1, 2).flatten(0, 1), stride=2, groups=n)
        return filtered(y.reshape(n, out, 2 * height + 1, 2 * width + 1), self.fir, pad=(1, 1))

    def clamped(self, x: Tensor) -> Tensor:
        """X within the network's bounds, where it has some."""
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class StyledLayer(ModulatedConv):
    """Modulated and demodulated convolution, noise, bias, leaky ReLU, clamp."""

    def __init__(self, layer: Styled, network: Network) -> None:
        """`layer` with weights as stored."""
        super().__init__(layer, network)
        self.upsample = layer.upsample
        self.noisy = layer.strength is not None
        self.strength = nn.Parameter(torch.tensor(layer.strength or 0.0), requires_grad=False)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        """X [n, in, h, w], one row of w+ [n, w_dim], noise [n, 1, H, W] -> [n, out, H, W]."""
        weight = self.weight * self.gain if self.scaled else self.weight
        kernels = weight[None] * self.style(w)[:, None, :, None, None]
        kernels = kernels * (kernels.square().sum((2, 3, 4), keepdim=True) + EPSILON).rsqrt()
        x = self.convolved(x, kernels, upsample=self.upsample)
        if noise is not None:
            x = x + noise * self.strength
        x = functional.leaky_relu(x + self.bias[:, None, None], SLOPE) * math.sqrt(2.0)
        return self.clamped(x)


class ToRgb(ModulatedConv):
    """A 1 x 1 modulated convolution to the channels of the picture, without demodulation."""

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """X [n, in, h, w] -> [n, channels, h, w]."""
        kernels = self.weight[None] * (self.style(w) * self.gain)[:, None, :, None, None]
        return self.clamped(self.convolved(x, kernels, upsample=False) + self.bias[:, None, None])


class Synthesis(nn.Module):
    """w+ and noise -> picture."""

    def __init__(self, network: Network) -> None:
        """Every size is the network's; `network.cut` gives a preview."""
        super().__init__()
        self.constant = _frozen(network.constant)
        self.layers = nn.ModuleList(nn.ModuleList(StyledLayer(layer, network) for layer in block.layers)
                                    for block in network.blocks)
        self.to_rgbs = nn.ModuleList(ToRgb(block.to_rgb, network) for block in network.blocks)
        self.row_of = network.row_of
        self.register_buffer("fir", torch.tensor(network.fir), persistent=False)
        self.fir: Tensor

    def forward(self, ws: Tensor, *noises: Tensor) -> tuple[Tensor]:
        """Rows of w+ [n, rows, w_dim], noise [n, 1, h, w] for each layer that has some -> picture [n, c, h, w]."""
        left = iter(noises)
        x = self.constant[None].expand(ws.shape[0], -1, -1, -1)
        picture: Tensor | None = None
        for number, (layers, to_rgb) in enumerate(zip(self.layers, self.to_rgbs, strict=True)):
            for place, layer in enumerate(layers):
                x = layer(x, ws[:, self.row_of(number, place)], next(left) if layer.noisy else None)
            addition = to_rgb(x, ws[:, self.row_of(number, len(layers))])
            picture = addition if picture is None else upsampled(picture, self.fir) + addition
        assert picture is not None  # noqa: S101 a network has at least one block
        return (picture,)


def normalised(x: Tensor) -> Tensor:
    """Every row divided by its root mean square."""
    return x * (x.square().mean(1, keepdim=True) + EPSILON).rsqrt()


def filtered(x: Tensor, fir: Tensor, pad: tuple[int, int]) -> Tensor:
    """X padded with zeros and filtered along both axes; the gain of 4 makes up for the zeros that were inserted."""
    channels = x.shape[1]
    kernel = (fir[:, None] * fir[None] * 4.0).expand(channels, 1, -1, -1)
    return functional.conv2d(functional.pad(x, (*pad, *pad)), kernel, groups=channels)


def upsampled(x: Tensor, fir: Tensor) -> Tensor:
    """Twice the size: a zero behind every pixel, then the filter."""
    n, channels, height, width = x.shape
    wide = x.new_zeros(n, channels, height, 2, width, 2)
    wide[:, :, :, 0, :, 0] = x
    return filtered(wide.reshape(n, channels, 2 * height, 2 * width), fir, pad=(2, 1))


def _frozen(values: object) -> nn.Parameter:
    return nn.Parameter(torch.as_tensor(values, dtype=torch.float32), requires_grad=False)
