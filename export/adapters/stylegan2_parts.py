"""The graphs of a StyleGAN2 package: what goes in, what comes out, and what both are tried with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.adapters.base import Cut, Part, Sampler, Sizes, Slot
from export.nets.stylegan2_weights import Network, mapped

_FROM = 256
"""Pictures this large get a preview."""
_PREVIEW = 128
_EXAMPLE: Sizes = {"batch": 2}
_TRIALS: tuple[Sizes, ...] = ({"batch": 1}, {"batch": 3})


def preview_blocks(network: Network) -> int:
    """How many blocks make the preview of 128 pixels; 0 where the picture is too small to need one."""
    if max(network.blocks[-1].width, network.blocks[-1].height) < _FROM:
        return 0
    return sum(max(block.width, block.height) <= _PREVIEW for block in network.blocks)


def parts(network: Network) -> tuple[Part, ...]:
    """Mapping, synthesis and, where there is one, preview."""
    cut = preview_blocks(network)
    made = [_mapping(network), _synthesis(network, "synthesis")]
    if cut:
        made.append(_synthesis(network.cut(cut), "preview", Cut("synthesis", f"to_rgbs.{cut - 1}")))
    return tuple(made)


def _mapping(network: Network) -> Part:
    from export.nets.stylegan2 import Mapping
    from export.nets.stylegan2_runtime import RuntimeMapping

    inputs = [Slot("z", "float32", ("batch", network.z_dim))]
    if network.classes:
        inputs.append(Slot("condition", "int64", ("batch",), _classes(network.classes)))
    return Part("mapping", RuntimeMapping(network), tuple(inputs),
                (Slot("w", "float32", ("batch", network.w_dim)),), Mapping(network), _EXAMPLE, _TRIALS)


def _synthesis(network: Network, role: str, cut: Cut | None = None) -> Part:
    from export.nets.stylegan2 import Synthesis
    from export.nets.stylegan2_runtime import RuntimeSynthesis

    last = network.blocks[-1]
    inputs = [Slot("ws", "float32", ("batch", network.rows, network.w_dim), _rows_of_w(network))]
    inputs += [Slot(name, "float32", ("batch", 1, block.height, block.width)) for name, block, _ in network.noisy()]
    image = Slot("image", "float32", ("batch", network.channels, last.height, last.width), scale=2.0)
    return Part(role, RuntimeSynthesis(network), tuple(inputs), (image,), Synthesis(network), _EXAMPLE, _TRIALS,
                picture="image", cut=cut)


def _classes(count: int) -> Sampler:
    def draw(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        return random.integers(0, count, shape)

    return draw


def _rows_of_w(network: Network) -> Sampler:
    """Every row of w+ a point of its own, so that two rows cannot change places unseen."""
    def draw(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        count = shape[0] * shape[1]
        z = random.standard_normal((count, network.z_dim), np.float32)
        classes = random.integers(0, network.classes, count) if network.classes else None
        return mapped(network, z, classes).reshape(shape)

    return draw
