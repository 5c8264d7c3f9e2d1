"""Small networks as they come out of conversion, against the same weights in eager torch: DCGAN 64, a VAE, GRU, LSTM.

Random weights in the shapes of the public examples: what is timed does not depend on their values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Bench, Row, main
from benchmarks.versus import Match, contest
from export.adapters.base import Part

MATCHES = (
    Match("DCGAN 64 px", "benchmarks.convert_small:dcgan", target=3.5),
    Match("VAE 64 px, decoder", "benchmarks.convert_small:vae", target=3.0),
    Match("GRU step, 2 × 200", "benchmarks.convert_small:recurrent", ("3", "2", "200"), target=7.0),
    Match("LSTM step, 2 × 200", "benchmarks.convert_small:recurrent", ("4", "2", "200"), target=7.0),
    Match("LSTM step, 1 × 512", "benchmarks.convert_small:recurrent", ("4", "1", "512"), target=7.0),
)
Shapes = Mapping[str, tuple[int, ...]]


def measure(bench: Bench) -> list[Row]:
    """One row each: calls a second, how many times as many as torch."""
    return [contest(match, threads=bench.threads, pairs=bench.pairs) for match in MATCHES]


def dcgan() -> Part:
    """The generator of pytorch/examples: 100 latent numbers, 64 feature maps, 64 × 64 RGB."""
    widths = (100, 512, 256, 128, 64, 3)
    shapes: dict[str, tuple[int, ...]] = {}
    for number in range(5):
        shapes[f"main.{3 * number}.weight"] = (widths[number], widths[number + 1], 4, 4)
        if number < 4:  # noqa: PLR2004 - the last layer has no norm
            shapes |= _norm(f"main.{3 * number + 1}", widths[number + 1])
    return part_of(shapes, "decoder")


def vae() -> Part:
    """The decoder of the convolutional layout at 64 px: 128 latent numbers, 512 down to 32 channels."""
    widths = (512, 256, 128, 64, 32)
    shapes: dict[str, tuple[int, ...]] = {"decoder_input.weight": (2048, 128), "decoder_input.bias": (2048,)}
    for number in range(4):
        shapes |= _block(f"decoder.{number}", widths[number], widths[number + 1])
    shapes |= _block("final_layer", 32, 32)
    return part_of({**shapes, "final_layer.3.weight": (3, 32, 3, 3), "final_layer.3.bias": (3,)}, "decoder")


def recurrent(gates: str, layers: str, hidden: str) -> Part:
    """A character model of 96 tokens, vectors as long as its layers are wide; 3 gates make a GRU, 4 an LSTM."""
    rows, width = int(gates) * int(hidden), int(hidden)
    shapes: dict[str, tuple[int, ...]] = {"encoder.weight": (96, width), "decoder.weight": (96, width),
                                          "decoder.bias": (96,)}
    for layer in range(int(layers)):
        shapes |= {f"rnn.weight_ih_l{layer}": (rows, width), f"rnn.weight_hh_l{layer}": (rows, width),
                   f"rnn.bias_ih_l{layer}": (rows,), f"rnn.bias_hh_l{layer}": (rows,)}
    return part_of(shapes, "step")


def _block(name: str, first: int, second: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.0.weight": (first, second, 3, 3), f"{name}.0.bias": (second,), **_norm(f"{name}.1", second)}


def _norm(name: str, channels: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.{word}": (channels,) for word in ("weight", "bias", "running_mean", "running_var")}


def part_of(shapes: Shapes, role: str, **settings: Any) -> Part:
    """The part of that role, converted from random weights of these shapes."""
    from export.adapters.registry import by_name, recognised
    from export.checkpoint.source import Checkpoint, TensorRef

    dice = np.random.default_rng(0)

    def ref(name: str, shape: tuple[int, ...]) -> TensorRef:
        spread = 1.0 if len(shape) == 1 else 1.4 / np.sqrt(np.prod(shape[1:]))
        values = dice.uniform(0.5, 1.5, shape) if len(shape) == 1 else dice.normal(0.0, spread, shape)
        load: Callable[[], Any] = values.astype(np.float32).copy
        return TensorRef(name, "float32", shape, load)

    tensors = {name: ref(name, shape) for name, shape in shapes.items()}
    source = Checkpoint(Path("random.pt"), "torch-zip", tensors, "sha256:" + "0" * 64, 0, settings)
    detection = recognised(source)
    built = by_name(detection.adapter).build(source, detection)
    return next(part for part in built.parts if part.role == role)


if __name__ == "__main__":
    main(measure, __doc__)
