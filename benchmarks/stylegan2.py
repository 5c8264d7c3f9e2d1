"""StyleGAN2 at 256 pixels (z and w of 512; 16384 over the side channels, at most 512) as it comes out of conversion.

The yardstick is the network as its authors describe it, in eager torch, with kernels modulated sample by sample: on a
processor that is the quicker of the two forms in use. Random weights in NVIDIA's layout; what is timed does not depend
on their values. Larger sides have twice the channels, as the published networks do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Bench, Row, main
from benchmarks.versus import Match, contest
from export.adapters.base import Part

MATCHES = (
    Match("StyleGAN2 256 px, synthesis", "benchmarks.stylegan2:part", ("256", "synthesis"), target=1.5),
    Match("StyleGAN2 256 px, its preview of 128", "benchmarks.stylegan2:part", ("256", "preview")),
    Match("StyleGAN2 mapping", "benchmarks.stylegan2:part", ("256", "mapping")),
)
_Z = 512
_SMALL = 256
Tensors = Mapping[str, NDArray[np.float32]]


def measure(bench: Bench) -> list[Row]:
    """One row each: calls a second, how many times as many as torch; synthesis takes a quarter of the pairs."""
    slow = replace(bench, pairs=max(5, bench.pairs // 4))
    return [contest(match, threads=bench.threads, pairs=(bench if "mapping" in match.what else slow).pairs)
            for match in MATCHES]


def part(side: str, role: str) -> Part:
    """That part of a network of `side` pixels."""
    from export.adapters.stylegan2 import StyleGAN2
    from export.checkpoint.source import Checkpoint, TensorRef

    refs = {name: TensorRef(name, "float32", value.shape, lambda value=value: value)  # type: ignore[misc]
            for name, value in tensors(int(side)).items()}
    source = Checkpoint(Path("random.pkl"), "stylegan-pickle", refs, "sha256:" + "0" * 64, 0)
    adapter = StyleGAN2()
    detection = adapter.detect(source)
    if detection is None:
        raise RuntimeError("the network made here is not recognised")
    return next(one for one in adapter.build(source, detection).parts if one.role == role)


def tensors(side: int) -> Tensors:
    """Random weights in NVIDIA's layout, spread as at the start of training."""
    dice = np.random.default_rng(0)
    made: dict[str, NDArray[np.float32]] = {"mapping.w_avg": np.zeros(_Z, np.float32)}

    def dense(name: str, out: int, bias: float = 0.0, rate: float = 1.0) -> None:
        made[f"{name}.weight"] = dice.standard_normal((out, _Z), np.float32) / np.float32(rate)
        made[f"{name}.bias"] = np.full(out, bias, np.float32)

    def conv(name: str, shape: tuple[int, ...]) -> None:
        made[f"{name}.weight"] = dice.standard_normal(shape, np.float32)
        made[f"{name}.bias"] = np.zeros(shape[0], np.float32)
        dense(f"{name}.affine", shape[1], 1.0)

    for number in range(8):
        dense(f"mapping.fc{number}", _Z, rate=0.01)
    inputs = 512
    made["synthesis.b4.const"] = dice.standard_normal((inputs, 4, 4), np.float32)
    for size in (4 << step for step in range(side.bit_length() - 2)):
        out = min((16384 if side <= _SMALL else 32768) // size, 512)
        for layer in ("conv0", "conv1") if size > 4 else ("conv1",):  # noqa: PLR2004 - the first block
            name = f"synthesis.b{size}.{layer}"
            conv(name, (out, inputs, 3, 3))
            made[f"{name}.noise_strength"] = np.full((), 0.1, np.float32)
            made[f"{name}.noise_const"] = dice.standard_normal((size, size), np.float32)
            inputs = out
        conv(f"synthesis.b{size}.torgb", (3, out, 1, 1))
    return made


if __name__ == "__main__":
    main(measure, __doc__)
