"""Distance fields to coverage: resample each letter where it stands, turn distance into coverage, unite by maximum.

The resampling is two small matrix products per letter (rows, then columns), each only over the part that holds ink.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.glyphs.resample import axis

FieldImage = NDArray[np.float32]
"""[height, width] float32; positive inside; 1.0 is `spread` field pixels"""

Flat = NDArray[np.float32]
"""[samples] of several pieces, one behind the other"""

Coverage = NDArray[np.uint8]
"""[height, width] uint8; 0 is paper, 255 ink"""

Rows = tuple[int, int]
"""The first row, and one past the last"""

_BAND = 1024            # output rows worked on at once: bounds the memory of very large letters
_TOGETHER = 1 << 15     # samples of small letters worked on at once: few calls, and they stay in the processor's cache
_MAX_OVERSAMPLING = 8
_TRUE = b"\x01"         # as numpy stores it
_STEPS = 8              # rows that are looked through side by side
_FLATTEST = 0.6         # below this slope no edge is made out of what may be a hairline's ridge


Box = tuple[int, int, int, int]
"""First row and the one past the last, first column and the one past the last"""


class Stamp(NamedTuple):
    """One letter of the picture: which field, and where its top left corner goes in output pixels (may be outside)."""

    field: int
    x: float
    y: float


class _Piece(NamedTuple):
    """One letter, or a band of it: the products that resample it, and the part and rows of the canvas it falls on.

    Its first `skipped` rows only lend the others their neighbours.
    """

    down: FieldImage
    ink: FieldImage
    across: FieldImage
    target: Coverage
    first: int
    last: int
    skipped: int

    @property
    def size(self) -> int:
        """Samples."""
        samples: int = self.down.shape[0] * self.across.shape[1]
        return samples


class Fields:
    """The distinct letters of a picture and how far their ink can reach."""

    def __init__(self, *stacks: NDArray[np.float32]) -> None:
        """Stacks of [n, height, width], all letters of one size; they are counted through and not copied."""
        self.letters: list[FieldImage] = [letter for stack in stacks for letter in stack]
        self.height, self.width = stacks[0].shape[1:]
        self._stacks = stacks

    def ink(self, threshold: float, letters: Sequence[int]) -> list[Box]:
        """Per letter of `letters` the rows and columns (first, past the last) that exceed `threshold`."""
        needed = max(letters)
        boxes: list[Box] = []
        for stack in self._stacks:
            if len(boxes) <= needed:
                boxes += _boxes(stack, threshold)
        return [boxes[letter] for letter in letters]


def paint(fields: Fields, stamps: Sequence[Stamp], scale: float, spread: float, width: int,
          height: int) -> tuple[Coverage, Rows]:
    """The coverage picture of all stamps. `scale` is output pixels per field pixel, `spread` as in the manifest.

    Also the first of its rows with any ink and the one past the last; 0, 0 without any.
    """
    canvas = np.zeros((height, width), np.uint8)
    if not stamps:
        return canvas, (0, 0)
    factor = oversampling(scale)
    pixels = spread * scale * factor               # samples that a field value of 1.0 stands for
    first, last = height, 0
    for group in _groups(_pieces(fields, stamps, scale, pixels, canvas)):
        _draw(group, pixels, factor)
        first, last = min(first, *(piece.first for piece in group)), max(last, *(piece.last for piece in group))
    return canvas, _inked(canvas, first, last)


def _inked(canvas: Coverage, first: int, last: int) -> Rows:
    """The first row with any ink, and the one past the last, all of it being in rows first..last."""
    rows = np.flatnonzero(canvas[first:last].any(axis=1))
    return (first + int(rows[0]), first + int(rows[-1]) + 1) if rows.size else (0, 0)


def oversampling(scale: float) -> int:
    """Samples per output pixel and axis: one when enlarging; more when shrinking, so that hairlines keep their grey."""
    return 1 if scale >= 1 else min(_MAX_OVERSAMPLING, math.ceil(1 / scale))


def _pieces(fields: Fields, stamps: Sequence[Stamp], scale: float, pixels: float, canvas: Coverage) -> Iterator[_Piece]:
    """What of the stamps falls on the canvas; made one by one, since matrices of large letters are large."""
    height, width = canvas.shape
    factor = oversampling(scale)
    rows, columns = axis(fields.height, scale, factor), axis(fields.width, scale, factor)
    # Ink reaches half a sample over the edge; the rest is for rounding.
    top, bottom, left, right = zip(*fields.ink(-1.0 / pixels, [stamp.field for stamp in stamps]), strict=True)
    downs = rows.spans([stamp.y for stamp in stamps], top, bottom, height)
    acrosses = columns.spans([stamp.x for stamp in stamps], left, right, width)
    if rows is columns:      # square fields: one call for both
        rows.keep(downs, acrosses)
    else:
        rows.keep(downs)
        columns.keep(acrosses)
    for stamp, inked, down, across in zip(stamps, bottom, downs, acrosses, strict=True):
        if not inked or down.first >= down.last or across.first >= across.last:
            continue
        turned = columns.matrix(across).T
        for band, first, last in rows.pieces(down, _BAND):
            ink = fields.letters[stamp.field][band.low:band.high, across.low:across.high]
            target = canvas[first:last, across.first:across.last]
            yield _Piece(rows.matrix(band), ink, turned, target, first, last, first - band.first)


def _groups(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces in order, as many together as `_TOGETHER` samples hold, at least one."""
    group: list[_Piece] = []
    size = 0
    for piece in pieces:
        if group and size + piece.size > _TOGETHER:
            yield group
            group, size = [], 0
        group.append(piece)
        size += piece.size
    if group:
        yield group


def _draw(group: list[_Piece], pixels: float, factor: int) -> None:
    """Resample the pieces side by side into one flat buffer, turn all of it into coverage, unite with the canvas."""
    ends = list(itertools.accumulate(piece.size for piece in group))
    distance, slope, across = np.empty((3, ends[-1]), np.float32)
    cuts = [(slice(end - piece.size, end), (len(piece.down), piece.across.shape[1]))
            for end, piece in zip(ends, group, strict=True)]
    for piece, (cut, shape) in zip(group, cuts, strict=True):
        np.matmul(piece.down @ piece.ink, piece.across, out=distance[cut].reshape(shape))
    _double_slope(distance, slope, across, cuts, 2 * _FLATTEST / pixels)
    _coverage(distance, slope)
    whole = distance.astype(np.uint8) if factor == 1 else distance
    for piece, (cut, (height, width)) in zip(group, cuts, strict=True):
        grey = whole[cut].reshape(height, width)
        if factor > 1:
            samples = grey.reshape(height // factor, factor, width // factor, factor)
            grey = samples.mean(axis=(1, 3), dtype=np.float32).astype(np.uint8)
        own = grey[piece.skipped:piece.skipped + len(piece.target)]
        np.maximum(piece.target, own, out=piece.target)  # where letters touch, the darker of both counts


def _coverage(distance: Flat, double_slope: Flat) -> None:
    """Distance to coverage (0 .. 255, to be cut to whole numbers) over one sample, in place.

    A learned field is not a true distance: where it is too flat an edge would smear over several pixels, where it is
    too steep it would be jagged. Dividing by the local slope makes every edge one sample wide, whatever the field.
    """
    np.divide(distance, double_slope, out=distance)
    distance *= np.float32(2 * 255)
    distance += np.float32(128)  # half of 255, and the half that rounds
    np.clip(distance, np.float32(0), np.float32(255), out=distance)  # a third of what two comparisons cost


def _double_slope(distance: Flat, slope: Flat, across: Flat, cuts: list[tuple[slice, tuple[int, int]]],
                  least: float) -> None:
    """Into `slope`: twice the change from sample to sample by central differences, but at least `least`.

    `across` is scratch. A piece without a middle that has neighbours on both sides counts as a true distance.
    """
    np.subtract(distance[2:], distance[:-2], out=across[1:-1])  # also over the ends of rows: set right below
    for cut, (height, width) in cuts:
        part, down, right = (flat[cut].reshape(height, width) for flat in (distance, slope, across))
        if height < 3 or width < 3:  # noqa: PLR2004 - see above
            down[:], right[:] = least / _FLATTEST, 0
            continue
        np.subtract(part[2:], part[:-2], out=down[1:-1])
        down[0], down[-1] = down[1], down[-2]
        right[:, 0], right[:, -1] = right[:, 1], right[:, -2]
    slope *= slope
    across *= across
    slope += across
    np.sqrt(slope, out=slope)
    np.clip(slope, np.float32(least), np.float32(np.inf), out=slope)


def _boxes(stack: NDArray[np.float32], threshold: float) -> list[Box]:
    """The box of what exceeds `threshold` in each letter of [n, height, width]; zeros without any.

    Found by searching bytes, which stops at the first hit; only the columns have to be gathered.
    """
    count, height, width = stack.shape
    area = height * width
    marks = bytearray(stack.size)
    inside = np.frombuffer(marks, np.bool_).reshape(stack.shape)
    np.greater(stack, np.float32(threshold), out=inside)
    columns = _columns(inside)
    boxes = []
    for letter in range(count):
        begin, edge = letter * area, letter * width
        first = marks.find(_TRUE, begin, begin + area)
        if first < 0:
            boxes.append((0, 0, 0, 0))
            continue
        last = marks.rfind(_TRUE, begin, begin + area)
        boxes.append(((first - begin) // width, (last - begin) // width + 1,
                      columns.find(_TRUE, edge, edge + width) - edge,
                      columns.rfind(_TRUE, edge, edge + width) - edge + 1))
    return boxes


def _columns(inside: NDArray[np.bool_]) -> bytes:
    """[n, width]: the columns of [n, height, width] with any mark, in two steps where the height allows it.

    A step over long rows costs numpy few of its inner loops: two fifths of the time.
    """
    count, height, width = inside.shape
    if height % _STEPS == 0:
        inside = inside.reshape(count, height // _STEPS, _STEPS * width).any(axis=1).reshape(count, _STEPS, width)
    return inside.any(axis=1).tobytes()
