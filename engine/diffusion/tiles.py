"""Large pictures piece by piece, and pictures whose edges meet.

A decoder's memory grows with the picture, so it sees overlapping tiles that are blended over ramps. Where a picture
shall tile, its network is shown what lies beyond the edge (the other side), and seams wander from step to step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]
Wrap = tuple[bool, bool]
"""Whether the left edge meets the right, and the top meets the bottom."""

WRAPS: dict[str, Wrap] = {"none": (False, False), "x": (True, False), "y": (False, True), "both": (True, True)}
"""What the control `tile` can say."""


@dataclass(frozen=True)
class Tiling:
    """How a latent picture is cut: side of a tile and what neighbours share, in latent cells."""

    side: int = 64
    overlap: int = 16


def decode_tiled(decode: Callable[[Pixels], Pixels], latent: Pixels, tiling: Tiling, wrap: Wrap = (False, False),
                 on_tile: Callable[[int, int], None] | None = None) -> Pixels:
    """A latent [1, channels, height, width] decoded tile by tile to [1, colours, height * k, width * k].

    `decode` takes and gives one tile (k is found from its first answer); `on_tile(done, total)` hears of each, and may
    raise to stop. A picture of one tile that need not wrap is decoded in one go.
    """
    height, width = latent.shape[2:]
    rows, columns = (_starts(length, tiling, around) for length, around in ((height, wrap[1]), (width, wrap[0])))
    if len(rows) == len(columns) == 1 and not any(wrap):
        return decode(latent)
    side_y, side_x = min(tiling.side, height), min(tiling.side, width)
    result = weights = np.zeros(0, np.float32)
    for done, (top, left) in enumerate((top, left) for top in rows for left in columns):
        at_y, at_x = np.arange(top, top + side_y) % height, np.arange(left, left + side_x) % width
        piece = decode(np.ascontiguousarray(latent[:, :, at_y[:, None], at_x]))
        scale = piece.shape[2] // side_y
        if not result.size:
            result = np.zeros((1, piece.shape[1], height * scale, width * scale), np.float32)
            weights = np.zeros((height * scale, width * scale), np.float32)
        ramp = np.outer(_ramp(side_y, tiling.overlap, scale), _ramp(side_x, tiling.overlap, scale))
        place = (_fine(at_y, scale)[:, None], _fine(at_x, scale))
        result[(slice(None), slice(None), *place)] += piece * ramp
        weights[place] += ramp
        if on_tile is not None:
            on_tile(done + 1, len(rows) * len(columns))
    return result / weights


def padded(latent: Pixels, wrap: Wrap, cells: int) -> Pixels:
    """The latent [..., height, width] with `cells` of its other side around it, along the axes that wrap."""
    widths = [(0, 0)] * (latent.ndim - 2) + [(cells * wrap[1],) * 2, (cells * wrap[0],) * 2]
    return np.pad(latent, widths, mode="wrap") if any(wrap) else latent


def cropped(picture: Pixels, wrap: Wrap, cells: int) -> Pixels:
    """`padded` taken back."""
    y, x = (slice(cells, -cells) if around and cells else slice(None) for around in (wrap[1], wrap[0]))
    return np.ascontiguousarray(picture[..., y, x])


def around(denoise: Callable[[Pixels, float, int], Pixels], wrap: Wrap, *,
           cells: int = 0) -> Callable[[Pixels, float, int], Pixels]:
    """The network as it would be if the picture went on at its edges: seamless pictures from any network.

    The sample is shown rolled by another share of its size at each step, so that no place is at an edge twice running,
    and with `cells` (a multiple of what the network can halve) of its other side around it.
    """
    if not any(wrap):
        return denoise

    def wrapped(x: Pixels, time: float, step: int) -> Pixels:
        height, width = x.shape[-2:]
        shift = (_wandering(step, height) * wrap[1], _wandering(step + 1, width) * wrap[0])
        seen = padded(np.roll(x, shift, (-2, -1)), wrap, cells)
        answer = cropped(denoise(seen, time, step), wrap, cells)
        return np.roll(answer, (-shift[0], -shift[1]), (-2, -1))

    return wrapped


def _wandering(step: int, length: int) -> int:
    """A place along the edge, far from those of the steps before: multiples of the golden section."""
    return round(step * (math.sqrt(5) - 1) / 2 % 1 * length) % length


def _starts(length: int, tiling: Tiling, wraps: bool) -> list[int]:
    """Where tiles begin along one axis: evenly, each sharing at least the overlap with the next."""
    side = min(tiling.side, length)
    stride = max(side - min(tiling.overlap, side // 2), 1)
    if wraps:
        count = math.ceil(length / stride)
        return [round(number * length / count) for number in range(count)]
    count = math.ceil((length - side) / stride) + 1
    return [round(number * (length - side) / max(count - 1, 1)) for number in range(count)]


def _ramp(side: int, overlap: int, scale: int) -> NDArray[np.float32]:
    """[side * scale] what each pixel of a tile counts: rising over the overlap, never quite 0."""
    rise = max(min(overlap, side // 2) * scale, 1)
    pixels = np.arange(side * scale)
    near = np.minimum(pixels, pixels[::-1]) + 1
    return np.minimum(near / (rise + 1), 1).astype(np.float32)


def _fine(cells: NDArray[np.int64], scale: int) -> NDArray[np.int64]:
    """The pixels of latent cells, in order."""
    return (cells[:, None] * scale + np.arange(scale)).reshape(-1)
