"""What the proof found, in the small form that the studio and the command line show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.converting.messages import Pair, Picture, Precision, PrecisionFigures
from export.parity.judge import Parity

PAIRS = 4
LONGEST = 192     # of a picture's side, in pixels
_NAMES: tuple[Precision, ...] = ("fp32", "fp16", "int8", "int4")


def figures_of(parity: Parity) -> dict[Precision, PrecisionFigures]:
    """Every precision that was proven, in one line of numbers."""
    found: dict[Precision, PrecisionFigures] = {}
    for name in _NAMES:
        entry = parity.report["precision"].get(name)
        if entry is None:
            continue
        errors = [output["relative"] for output in entry["outputs"].values()]
        picture = entry["picture_difference"]
        found[name] = PrecisionFigures(entry["verdict"], int(entry["bytes"]), entry["tolerance"] or 0.0,
                                       max(errors, default=0.0), entry["ms"], entry["speed_over_torch"],
                                       picture["mean"] if picture else None)
    return found


def pairs_of(parity: Parity, precisions: Sequence[Precision]) -> tuple[Pair, ...]:
    """A few pictures of PyTorch beside those of the package: of the largest part that draws, precisions in turn."""
    kept = [(precision, Path(part.pictures[precision])) for precision in precisions
            for part in parity.figures.parts if precision in part.pictures and part.role != "preview"]
    share = max(1, PAIRS // max(len(kept), 1))
    return tuple(pair for precision, path in kept for pair in _pairs(path, precision, share))


def _pairs(path: Path, precision: Precision, most: int) -> list[Pair]:
    """The first pairs in one file of the proof."""
    with np.load(path, allow_pickle=False) as kept:
        theirs, ours = kept["torch"][:most], kept["onnx"][:most]
    return [Pair(_picture(one), _picture(other), precision, float(np.abs(one.astype(np.int16) - other).mean()))
            for one, other in zip(theirs, ours, strict=True)]


def _picture(pixels: NDArray[np.uint8]) -> Picture:
    """RGB, no larger than a screen needs: blocks of a large picture become their mean."""
    colors = pixels[:, :, :3] if pixels.shape[2] > 2 else pixels[:, :, :1].repeat(3, axis=2)  # noqa: PLR2004 - RGB
    step = math.ceil(max(colors.shape[:2]) / LONGEST)
    if step > 1:
        height, width = (size // step for size in colors.shape[:2])
        blocks = colors[:height * step, :width * step].reshape(height, step, width, step, 3)
        colors = np.rint(blocks.mean(axis=(1, 3), dtype=np.float32)).astype(np.uint8)
    return Picture(colors.shape[1], colors.shape[0], np.ascontiguousarray(colors).tobytes())
