"""The reference against sums written out in numpy, and the form for the runtime against the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from export.adapters.stylegan2_nvidia import NvidiaLayout
from export.adapters.stylegan2_rosinality import RosinalityLayout
from export.nets.stylegan2_weights import mapped
from tests.fakes import stylegan2 as fake

pytestmark = pytest.mark.torch


def read(tensors, layout=None, settings=None):
    source = fake.checkpoint(tensors, settings)
    layout = layout or NvidiaLayout()
    return layout.read(source, layout.recognise(source))


@pytest.fixture(scope="module")
def networks():
    """Several kinds, all tiny."""
    plain = read(fake.nvidia())
    return {
        "nvidia": plain,
        "classes, grey": read(fake.nvidia(classes=5, colours=1, side=16)),
        "rosinality": read(fake.rosinality(), RosinalityLayout()),
        "clamped": replace(plain, clamp=0.7),
        "no noise": replace(plain, blocks=tuple(replace(block, layers=tuple(
            replace(layer, strength=None) for layer in block.layers)) for block in plain.blocks)),
        "wide": replace(plain, constant=np.concatenate([plain.constant, plain.constant[:, :, :2]], axis=2),
                        blocks=tuple(replace(block, width=block.width * 3 // 2) for block in plain.blocks)),
    }


TAPS = (0.125, 0.375, 0.375, 0.125)
NAMES = ("nvidia", "classes, grey", "rosinality", "clamped", "no noise", "wide")


def inputs(network, batch: int = 3, seed: int = 0):
    """Points of w for every row, and noise for every layer that takes some."""
    random = np.random.default_rng(seed)
    ws = random.standard_normal((batch, network.rows, network.w_dim), np.float32)
    noises = [random.standard_normal((batch, 1, block.height, block.width), np.float32)
              for _, block, _ in network.noisy()]
    return ws, noises


def correlated(x, kernel):
    """x [in, h, w] under kernel [out, in, 3, 3] or [out, in, 1, 1], border of zeros."""
    reach = kernel.shape[-1] // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach)))
    height, width = x.shape[1:]
    return sum(np.tensordot(kernel[:, :, dy, dx], padded[:, dy:dy + height, dx:dx + width], 1)
               for dy in range(kernel.shape[2]) for dx in range(kernel.shape[3]))


def spread(x):
    """A zero behind every pixel."""
    wide = np.zeros((len(x), 2 * x.shape[1], 2 * x.shape[2]))
    wide[:, ::2, ::2] = x
    return wide


def filtered(x, before, after):
    """The filter of four taps along both axes, gain 4, after padding with zeros."""
    x = np.pad(x, ((0, 0), (before, after), (before, after)))
    for axis in (1, 2):
        count = x.shape[axis] - 3
        x = sum(2 * tap * np.take(x, range(at, at + count), axis) for at, tap in enumerate(TAPS))
    return x


def convolved_up(x, kernel):
    """Zeros between the pixels, a true convolution (kernel turned by half) over the whole reach, the filter."""
    wide = np.pad(spread(x), ((0, 0), (2, 2), (2, 2)))
    turned = kernel[:, :, ::-1, ::-1]
    size = x.shape[1] * 2 + 1, x.shape[2] * 2 + 1
    full = sum(np.tensordot(turned[:, :, dy, dx], wide[:, dy:dy + size[0], dx:dx + size[1]], 1)
               for dy in range(3) for dx in range(3))
    return filtered(full, 1, 1)


def naive(network, ws, noises):
    """One sample in double precision, sum by sum (Karras et al. 2020, section 2.2 and figure 2d)."""
    def styles(dense, w):
        return dense.weight.astype(float) @ w / np.sqrt(dense.weight.shape[1]) + dense.bias

    def clamped(x):
        return x if network.clamp is None else np.clip(x, -network.clamp, network.clamp)

    x, picture, left = network.constant.astype(float), None, list(noises)
    for number, block in enumerate(network.blocks):
        for place, layer in enumerate(block.layers):
            kernel = layer.weight.astype(float)
            if network.scaled:
                kernel /= np.sqrt(kernel[0].size)
            kernel = kernel * styles(layer.style, ws[network.row_of(number, place)])[None, :, None, None]
            kernel /= np.sqrt((kernel ** 2).sum(axis=(1, 2, 3), keepdims=True) + 1e-8)
            x = convolved_up(x, kernel) if layer.upsample else correlated(x, kernel)
            if layer.strength is not None:
                x = x + left.pop(0) * layer.strength
            x = x + layer.bias[:, None, None]
            x = clamped(np.where(x > 0, x, 0.2 * x) * np.sqrt(2))
        rgb = block.to_rgb
        kernel = rgb.weight * (styles(rgb.style, ws[network.row_of(number, len(block.layers))])
                               / np.sqrt(rgb.weight.shape[1]))[None, :, None, None]
        addition = clamped(correlated(x, kernel) + rgb.bias[:, None, None])
        picture = addition if picture is None else filtered(spread(picture), 2, 1) + addition
    return picture


def run(module, *values):
    import torch

    with torch.no_grad():
        return module.eval()(*(torch.from_numpy(value) for value in values))[0].numpy()


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_the_sum_that_the_paper_writes(networks, name):
    from export.nets.stylegan2 import Synthesis

    network = networks[name]
    ws, noises = inputs(network, batch=2)
    found = run(Synthesis(network), ws, *noises)
    for sample in range(2):
        wanted = naive(network, ws[sample].astype(float), [noise[sample] for noise in noises])
        assert np.abs(found[sample] - wanted).max() < 2e-5 * np.abs(wanted).max()


@pytest.mark.parametrize("name", NAMES)
def test_the_form_for_the_runtime_is_the_same_network(networks, name):
    from export.nets.stylegan2 import Mapping, Synthesis
    from export.nets.stylegan2_runtime import RuntimeMapping, RuntimeSynthesis

    network = networks[name]
    ws, noises = inputs(network)
    wanted = run(Synthesis(network), ws, *noises)
    assert np.abs(run(RuntimeSynthesis(network), ws, *noises) - wanted).max() < 1e-5 * np.abs(wanted).max()
    z = np.random.default_rng(1).standard_normal((4, network.z_dim), np.float32)
    condition = [np.array([0, 3, 1, 1])] if network.classes else []
    w = run(Mapping(network), z, *condition)
    assert np.abs(run(RuntimeMapping(network), z, *condition) - w).max() < 1e-5 * np.abs(w).max()
    assert np.abs(mapped(network, z, *condition) - w).max() < 1e-5 * np.abs(w).max()


def test_clamping_and_noise_make_a_difference(networks):
    from export.nets.stylegan2_runtime import RuntimeSynthesis

    ws, noises = inputs(networks["nvidia"])
    plain = run(RuntimeSynthesis(networks["nvidia"]), ws, *noises)
    assert np.abs(run(RuntimeSynthesis(networks["clamped"]), ws, *noises) - plain).max() > 0.1
    assert np.abs(run(RuntimeSynthesis(networks["nvidia"]), ws, *(0 * noise for noise in noises)) - plain).max() > 0.1
    assert np.abs(run(RuntimeSynthesis(networks["no noise"]), ws)
                  - run(RuntimeSynthesis(networks["nvidia"]), ws, *(0 * noise for noise in noises))).max() < 1e-5


def test_a_cut_network_draws_the_same_subject_smaller(networks):
    from export.nets.stylegan2 import Synthesis

    network = networks["nvidia"]
    ws, noises = inputs(network)
    cut = network.cut(2)
    small = run(Synthesis(cut), np.ascontiguousarray(ws[:, :cut.rows]), *noises[:3])
    assert (cut.rows, small.shape) == (4, (3, 3, 8, 8))
    wanted = naive(cut, ws[0].astype(float), [noise[0] for noise in noises[:3]])
    assert np.abs(small[0] - wanted).max() < 2e-5 * np.abs(wanted).max()


def test_a_latent_of_zeros_is_no_accident(networks):
    from export.nets.stylegan2_runtime import RuntimeMapping

    zeros = np.zeros((1, networks["nvidia"].z_dim), np.float32)
    assert np.isfinite(run(RuntimeMapping(networks["nvidia"]), zeros)).all()


def test_styles_of_zero_are_no_accident(networks):
    from export.nets.stylegan2 import Synthesis
    from export.nets.stylegan2_runtime import RuntimeSynthesis

    block = networks["nvidia"].blocks[0]
    style = replace(block.layers[0].style, weight=0 * block.layers[0].style.weight, bias=0 * block.layers[0].style.bias)
    dead = networks["nvidia"].cut(1)
    dead = replace(dead, blocks=(replace(block, layers=(replace(block.layers[0], style=style),)),))
    ws, noises = inputs(dead)
    wanted = run(Synthesis(dead), ws, *noises)
    assert np.abs(run(RuntimeSynthesis(dead), ws, *noises) - wanted).max() < 1e-5 * np.abs(wanted).max()


@pytest.mark.parametrize(("out", "into", "height", "width"), [(5, 7, 8, 8), (4, 4, 12, 4)])
def test_winograds_tiles_are_the_same_convolution(out, into, height, width):
    import torch
    from torch.nn import functional

    from export.nets.winograd import WinogradConv

    random = np.random.default_rng(0)
    weight = random.standard_normal((out, into, 3, 3))
    x = random.standard_normal((3, into, height, width)).astype(np.float32)
    wanted = functional.conv2d(torch.from_numpy(x).double(), torch.from_numpy(weight), padding=1).numpy()
    assert np.abs(run_plain(WinogradConv(weight, height, width), x) - wanted).max() < 2e-5 * np.abs(wanted).max()


def run_plain(module, x):
    import torch

    with torch.no_grad():
        return module(torch.from_numpy(x)).numpy()


def test_tiles_are_used_only_where_they_fit_and_pay():
    from export.nets.winograd import pays

    assert pays(512, 32, 32)
    assert not pays(64, 256, 256)
    assert not pays(512, 8, 8)
    assert not pays(512, 34, 32)


def test_half_precision_holds_what_large_styles_make(networks):
    """Styles in the thousands: what reaches the convolution stays small, and the picture stays right."""
    from export.nets.stylegan2 import Synthesis
    from export.nets.stylegan2_runtime import RuntimeSynthesis

    network = networks["nvidia"]
    ws, noises = inputs(network)
    module = RuntimeSynthesis(network)
    seen = []
    for layers in module.layers:
        for layer in layers:
            layer.convolution.register_forward_hook(lambda _, given, made: seen.append(
                max(float(given[0].abs().max()), float(made.abs().max()))))
    made = run(module, ws * 3000, *noises)
    wanted = run(Synthesis(network), ws * 3000, *noises)
    assert max(seen) < 1000
    assert np.abs(made - wanted).max() < 1e-5 * np.abs(wanted).max()


