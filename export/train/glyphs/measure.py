"""Measures drawn alphabets as a type designer would: stems, contrast, widths, slant, serifs, x-height, roundness."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, CHARACTERS, SIZE, SPREAD

_SHEARS: Final = np.linspace(-0.15, 0.45, 31)
NAMES: Final = (
    "weight", "width", "slant", "contrast", "serif", "x_height", "spacing", "square", "descent", "mono", "ascent",
    "figures",
)  # fmt: skip
"""What `measure` returns, in order."""


def _of(fields: NDArray[np.float32], character: str) -> NDArray[np.float32]:
    """One character's field [128, 128]."""
    return fields[CHARACTERS.index(character)]


def measure(fields: NDArray[np.float32], advances: NDArray[np.float32]) -> NDArray[np.float64]:
    """The figures named by NAMES for one alphabet: fields [82, 128, 128], advances [82] in cap heights."""
    lean = slant(fields)
    upright = {c: _sheared(_of(fields, c), lean) for c in "nolIhHEimu"}
    stem = np.mean([_thickness(upright[c], c) for c in "lIn"])
    o = upright["o"]
    sides, arch = _o_strokes(o)
    box = _box(_of(fields, "x"))
    x_height = (BASELINE - box[0]) / CAP_HEIGHT
    letters = [CHARACTERS.index(c) for c in "nobpHODE"]
    advance = float(advances[letters].mean())
    narrow = float(advances[[CHARACTERS.index(c) for c in "iljt"]].mean())
    wide = float(advances[[CHARACTERS.index(c) for c in "mwMW"]].mean())
    ink = np.mean([(_box(_of(fields, c))[3] - _box(_of(fields, c))[2]) / CAP_HEIGHT for c in "nobpHODE"])
    descent = (_box(_of(fields, "p"))[1] - BASELINE) / CAP_HEIGHT
    ascent = (BASELINE - _box(_of(fields, "d"))[0]) / CAP_HEIGHT
    hanging = float(np.median([_box(_of(fields, c))[1] - BASELINE for c in "3579"])) / CAP_HEIGHT
    return np.array([
        stem, ink, lean, np.log(max(sides, 0.3) / max(arch, 0.3)), _feet(upright, lean), x_height, advance - ink,
        _squareness(o), descent, np.log(narrow / max(wide, 0.05)), ascent, hanging,
    ])  # fmt: skip


def slant(fields: NDArray[np.float32]) -> float:
    """Tangent of the shear that makes the columns of H, I, l, n, i, h peak most."""
    scores = np.zeros(len(_SHEARS))
    for character in "HIlnhiEm":
        ink = (_of(fields, character) > 0).astype(np.float64)
        rows, columns = np.nonzero(ink)
        for index, shear in enumerate(_SHEARS):
            moved = np.rint(columns - shear * (BASELINE - rows - 0.5)).astype(np.int64) + 64
            profile = np.bincount(moved, minlength=SIZE + 128)
            scores[index] += (profile.astype(np.float64) ** 2).sum() / max(ink.sum(), 1.0) ** 1.5
    return float(_SHEARS[int(scores.argmax())])


def _sheared(field: NDArray[np.float32], lean: float) -> NDArray[np.float32]:
    """The field with its slant taken out, row by row."""
    columns = np.arange(SIZE, dtype=np.float32)
    shifts = lean * (BASELINE - np.arange(SIZE) - 0.5)
    rows = [np.interp(columns + shift, columns, line) for line, shift in zip(field, shifts, strict=True)]
    return np.stack(rows).astype(np.float32)


def _box(field: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Top, bottom, left, right of the ink in pixel edges; zeros when there is none."""
    ink = field > 0
    if not ink.any():
        return BASELINE, BASELINE, 0.0, 0.0
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return float(rows[0]), float(rows[-1] + 1), float(columns[0]), float(columns[-1] + 1)


def _thickness(field: NDArray[np.float32], character: str) -> float:
    """Stem width in cap heights: the first run of ink in rows half way up, measured below the pixel grid."""
    height = 0.35 if character == "n" else 0.5
    row = round(BASELINE - height * CAP_HEIGHT)
    runs = [_first_run(field[r]) for r in range(row - 3, row + 4)]
    return float(np.median(runs)) / CAP_HEIGHT


def _first_run(line: NDArray[np.float32]) -> float:
    """Length of the first run of positive values, with linear crossings."""
    ink = np.flatnonzero(line > 0)
    if not len(ink):
        # Thinner than a pixel: the peak tells the half width.
        return max(2.0 * (float(line.max()) * SPREAD + 0.5), 0.1)
    start = int(ink[0])
    end = start
    while end + 1 < len(line) and line[end + 1] > 0:
        end += 1
    left = line[start] / (line[start] - line[start - 1]) if start else 0.0
    right = line[end] / (line[end] - line[end + 1]) if end + 1 < len(line) else 0.0
    return float(end - start + left + right)


def _o_strokes(o: NDArray[np.float32]) -> tuple[float, float]:
    """Thickness in pixels of the sides and of the top and bottom of o."""
    top, bottom, left, right = _box(o)
    middle_row, middle_column = int((top + bottom) / 2), int((left + right) / 2)
    sides = np.median([_first_run(o[r]) for r in range(middle_row - 2, middle_row + 3)])
    arch = np.median([_first_run(o[:, c]) for c in range(middle_column - 1, middle_column + 2)])
    return float(sides), float(arch)


def _feet(upright: dict[str, NDArray[np.float32]], lean: float) -> float:
    """How much wider the ink of l, I, n, h, i is at its feet than in the stem above, in cap heights."""
    del lean
    extra = []
    for character in "Inhmi":
        field = upright[character]
        foot = max((field[r] > 0).sum() for r in range(int(BASELINE) - 4, int(BASELINE)))
        above = np.median([(field[r] > 0).sum() for r in range(int(BASELINE) - 20, int(BASELINE) - 12)])
        stems = {"n": 2, "h": 2, "m": 3}.get(character, 1)
        extra.append((foot - above) / stems / CAP_HEIGHT)
    return float(np.mean(extra))


def _squareness(o: NDArray[np.float32]) -> float:
    """Share of its box that the outside of o fills: 0.785 is an ellipse, 1 a rectangle."""
    top, bottom, left, right = (round(edge) for edge in _box(o))
    if bottom <= top or right <= left:
        return 0.785
    ink = o[top:bottom, left:right] > 0
    # The silhouette: between the first and the last ink of every row.
    first = ink.argmax(1)
    last = ink.shape[1] - ink[:, ::-1].argmax(1)
    return float((last - first).sum()) / ink.size
