"""Tiny StyleGAN2 checkpoints with random weights, named as NVIDIA's and rosinality's repositories name them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.checkpoint.source import Checkpoint, TensorRef

Tensors = dict[str, NDArray[Any]]
CHANNELS = {4: 12, 8: 10, 16: 8, 32: 6, 64: 4, 128: 3, 256: 2}
FIR = np.outer([1, 3, 3, 1], [1, 3, 3, 1]).astype(np.float32) / 64


def checkpoint(tensors: Mapping[str, NDArray[Any]], settings: Mapping[str, Any] | None = None) -> Checkpoint:
    """The tensors as if they had been read from a file."""
    refs = {name: TensorRef(name, str(value.dtype), value.shape, lambda value=value: value)  # type: ignore[misc]
            for name, value in tensors.items()}
    return Checkpoint(Path("tiny.pt"), "torch-zip", refs, "sha256:0", 1, settings or {})


def nvidia(*, z_dim: int = 64, w_dim: int = 48, side: int = 32, colours: int = 3, classes: int = 0, layers: int = 3,
           seed: int = 0) -> Tensors:
    """`mapping.fc0.weight`, `synthesis.b4.const` ..., as stylegan2-ada-pytorch stores them."""
    random = np.random.default_rng(seed)
    made: Tensors = {"mapping.w_avg": _normal(random, w_dim) * 0.1}

    def dense(name: str, out: int, inputs: int, bias: float = 0.0, rate: float = 1.0) -> None:
        made[f"{name}.weight"] = _normal(random, out, inputs) / rate
        made[f"{name}.bias"] = (_normal(random, out) * 0.2 + bias) / rate

    if classes:
        dense("mapping.embed", w_dim, classes)
    for number in range(layers):
        first = z_dim + (w_dim if classes else 0)
        dense(f"mapping.fc{number}", w_dim, w_dim if number else first, rate=0.01)
    inputs = CHANNELS[4]
    made["synthesis.b4.const"] = _normal(random, inputs, 4, 4)
    for size in (4 << step for step in range(side.bit_length() - 2)):
        out, name = CHANNELS[size], f"synthesis.b{size}"
        for part in ("conv0", "conv1") if size > 4 else ("conv1",):
            made[f"{name}.{part}.weight"] = _normal(random, out, inputs, 3, 3)
            made[f"{name}.{part}.bias"] = _normal(random, out) * 0.2
            made[f"{name}.{part}.noise_strength"] = np.float32(random.normal() * 0.3)
            made[f"{name}.{part}.noise_const"] = _normal(random, size, size)
            made[f"{name}.{part}.resample_filter"] = FIR
            dense(f"{name}.{part}.affine", inputs, w_dim, 1.0)
            inputs = out
        made[f"{name}.torgb.weight"] = _normal(random, colours, out, 1, 1)
        made[f"{name}.torgb.bias"] = _normal(random, colours) * 0.2
        dense(f"{name}.torgb.affine", out, w_dim, 1.0)
        made[f"{name}.resample_filter"] = FIR
    return made


def rosinality(*, dim: int = 48, side: int = 32, layers: int = 3, seed: int = 0) -> Tensors:
    """`style.1.weight`, `input.input` ..., as rosinality/stylegan2-pytorch stores them, `latent_avg` beside them."""
    random = np.random.default_rng(seed)
    made: Tensors = {"latent_avg": _normal(random, dim) * 0.1, "input.input": _normal(random, 1, CHANNELS[4], 4, 4)}
    for number in range(1, layers + 1):
        made[f"style.{number}.weight"] = _normal(random, dim, dim) * 100
        made[f"style.{number}.bias"] = _normal(random, dim) * 20

    def conv(name: str, out: int, inputs: int, kernel: int) -> None:
        made[f"{name}.conv.weight"] = _normal(random, 1, out, inputs, kernel, kernel)
        made[f"{name}.conv.modulation.weight"] = _normal(random, inputs, dim)
        made[f"{name}.conv.modulation.bias"] = _normal(random, inputs) * 0.2 + 1

    def styled(name: str, out: int, inputs: int) -> None:
        conv(name, out, inputs, 3)
        made[f"{name}.noise.weight"] = _normal(random, 1) * 0.3
        made[f"{name}.activate.bias"] = _normal(random, out) * 0.2

    def to_rgb(name: str, inputs: int) -> None:
        conv(name, 3, inputs, 1)
        made[f"{name}.bias"] = _normal(random, 1, 3, 1, 1) * 0.2

    styled("conv1", CHANNELS[4], CHANNELS[4])
    to_rgb("to_rgb1", CHANNELS[4])
    made["noises.noise_0"] = _normal(random, 1, 1, 4, 4)
    for step, size in enumerate(8 << step for step in range(side.bit_length() - 3)):
        styled(f"convs.{2 * step}", CHANNELS[size], CHANNELS[size // 2])
        made[f"convs.{2 * step}.conv.blur.kernel"] = FIR * 4
        styled(f"convs.{2 * step + 1}", CHANNELS[size], CHANNELS[size])
        to_rgb(f"to_rgbs.{step}", CHANNELS[size])
        made[f"to_rgbs.{step}.upsample.kernel"] = FIR * 4
        for number in (2 * step + 1, 2 * step + 2):
            made[f"noises.noise_{number}"] = _normal(random, 1, 1, size, size)
    return made


def _normal(random: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return random.standard_normal(shape, np.float32)
