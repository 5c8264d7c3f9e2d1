"""Draws every character of every face as a distance field, all faces into one memory-mapped array."""

from __future__ import annotations

import json
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Final

import cv2
import freetype
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.collect import Face, read_faces
from export.train.glyphs.field import distance_field, to_bytes
from export.train.glyphs.geometry import (
    BASELINE,
    CAP_HEIGHT,
    CHARACTERS,
    ORIGIN,
    OVERSAMPLE,
    SIZE,
    SPACE_ADVANCE_FALLBACK,
)

_FLAGS: Final = freetype.FT_LOAD_NO_HINTING | freetype.FT_LOAD_NO_BITMAP | freetype.FT_LOAD_NO_AUTOHINT
_INK: Final = 128
_SPECK: Final = 16
"""Fine pixels of ink under which a glyph counts as blank."""

_MOST_LOST, _MOST_PIECES, _MOST_HOLES, _CAPITALS = 2, 1.6, 2, 0.72
"""The filter: glyphs out of the frame, pieces a letter, holed letters, likeness of lower case to capitals."""


@dataclass(frozen=True)
class Drawing:
    """One face, drawn: fields int8 [82, 128, 128], advances in cap heights [82], what the filter needs to know."""

    fields: NDArray[np.int8]
    advances: NDArray[np.float32]
    space: float
    lost: int
    blank: int
    pieces: float
    holes: int
    roughness: float
    small_caps: float


def open_at_cap_height(face: Face) -> freetype.Face:
    """The face scaled so that its H is CAP_HEIGHT * OVERSAMPLE pixels tall. Raises ValueError when H is empty."""
    opened = freetype.Face(face.path)
    if face.instance:
        settings = dict(face.instance)
        axes = opened.get_variation_info().axes
        opened.set_var_design_coords([settings.get(axis.tag, axis.default) for axis in axes])
    opened.load_char("H", freetype.FT_LOAD_NO_SCALE)
    box = opened.glyph.outline.get_bbox()
    height = box.yMax - max(box.yMin, 0)
    if height < 0.2 * opened.units_per_EM:
        message = "H is empty or tiny"
        raise ValueError(message)
    points = CAP_HEIGHT * OVERSAMPLE * opened.units_per_EM / height
    opened.set_char_size(0, round(points * 64), 72, 72)
    return opened


def draw(face: Face) -> Drawing:
    """Draw all characters of one face. Raises ValueError or freetype.FT_Exception when it cannot be drawn."""
    opened = open_at_cap_height(face)
    scale = CAP_HEIGHT * OVERSAMPLE
    fields = np.empty((len(CHARACTERS), SIZE, SIZE), np.int8)
    advances = np.empty(len(CHARACTERS), np.float32)
    inks: dict[str, NDArray[np.bool_]] = {}
    lost = 0
    for index, character in enumerate(CHARACTERS):
        opened.load_char(character, _FLAGS | freetype.FT_LOAD_RENDER)
        slot = opened.glyph
        advances[index] = slot.linearHoriAdvance / 65536.0 / scale
        ink = _bitmap(slot.bitmap)
        inks[character] = ink
        top = round(BASELINE * OVERSAMPLE) - slot.bitmap_top
        left = round(ORIGIN * OVERSAMPLE) + slot.bitmap_left
        lost += int(_sticks_out(ink, top, left))
        fields[index] = to_bytes(distance_field(ink, top, left))
    opened.load_char(" ", _FLAGS)
    space = opened.glyph.linearHoriAdvance / 65536.0 / scale or SPACE_ADVANCE_FALLBACK
    pieces, holes, roughness = _complexity(inks)
    blank = sum(int(ink.sum() < _SPECK) for ink in inks.values())
    return Drawing(fields, advances, space, lost, blank, pieces, holes, roughness, _small_caps(inks))


def _sticks_out(ink: NDArray[np.bool_], top: int, left: int) -> bool:
    """Whether more than one field pixel of ink lies outside the frame."""
    limit = (SIZE + 1) * OVERSAMPLE
    past = max(top + ink.shape[0], left + ink.shape[1])
    return min(top, left) < -OVERSAMPLE or past > limit


def _bitmap(bitmap: freetype.Bitmap) -> NDArray[np.bool_]:
    """FreeType's grey bitmap as ink or not; an empty glyph becomes one empty pixel."""
    if bitmap.rows == 0 or bitmap.width == 0:
        return np.zeros((1, 1), np.bool_)
    # Bitmap.buffer builds a Python list byte by byte: ten times the cost of everything else here.
    raw = np.ctypeslib.as_array(bitmap._FT_Bitmap.buffer, shape=(bitmap.rows, bitmap.pitch))  # noqa: SLF001
    return raw[:, : bitmap.width] >= _INK


def _complexity(inks: dict[str, NDArray[np.bool_]]) -> tuple[float, int, float]:
    """Pieces a letter, holes in letters that have none, and outline length over that of a plain stroke."""
    pieces, holes, rough = [], 0, []
    for character in "HIlTEnosvMCS":
        ink = np.pad(inks[character].astype(np.uint8), 1)
        contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        parents = tree[0, :, 3] if tree is not None else np.empty(0)
        pieces.append(int((parents < 0).sum()))
        if character in "HIlTEnvMCS":
            holes += int((parents >= 0).sum() > 0)
        hull = sum(cv2.arcLength(cv2.approxPolyDP(c, 3.0, closed=True), closed=True) for c in contours)
        full = sum(cv2.arcLength(c, closed=True) for c in contours)
        rough.append(full / max(hull, 1.0))
    return float(np.mean(pieces)), holes, float(np.mean(rough))


def _small_caps(inks: dict[str, NDArray[np.bool_]]) -> float:
    """How much a, e, g, r, n, t look like A, E, G, R, N, T: mean IoU of the letters stretched to one box."""
    scores = []
    for lower in "aegrntbdh":
        small, large = (
            cv2.resize(inks[c].astype(np.uint8) * 255, (48, 48), interpolation=cv2.INTER_AREA) >= _INK
            for c in (lower, lower.upper())
        )
        scores.append((small & large).sum() / max((small | large).sum(), 1))
    return float(np.mean(scores))


def verdict(drawing: Drawing) -> str | None:
    """Why a drawn face cannot teach an alphabet, or None when it can."""
    if drawing.blank:
        return "blank glyphs"
    if drawing.lost > _MOST_LOST:
        return "too wide or tall for the frame"
    if drawing.pieces > _MOST_PIECES:
        return "letters in many pieces (dotted, stencil, ornamental)"
    if drawing.holes > _MOST_HOLES:
        return "holes in plain letters (outline, inline, boxed)"
    if drawing.small_caps > _CAPITALS:
        return "lower case is capitals"
    return None


class _Job:
    """Draws one face into the shared arrays; a class so that worker processes can be handed the paths."""

    def __init__(self, folder: Path, count: int) -> None:
        """Remember where the arrays lie; every call maps them anew."""
        self.folder, self.count = folder, count

    def __call__(self, numbered: tuple[int, Face]) -> dict[str, object]:
        """Draw and store; the answer is the face's line in `drawn.jsonl`."""
        row, face = numbered
        cv2.setNumThreads(1)
        try:
            drawing = draw(face)
        except (ValueError, freetype.FT_Exception, OSError, MemoryError) as error:
            return {"row": row, "reason": f"cannot be drawn ({type(error).__name__})"}
        shape = (self.count, len(CHARACTERS), SIZE, SIZE)
        fields = np.memmap(self.folder / "all_fields.i8", np.int8, "r+", shape=shape)
        fields[row] = drawing.fields
        return {
            "row": row,
            "reason": verdict(drawing),
            "advances": [round(float(a), 5) for a in drawing.advances],
            "space": drawing.space,
            "lost": drawing.lost,
            "pieces": drawing.pieces,
            "holes": drawing.holes,
            "roughness": drawing.roughness,
            "small_caps": drawing.small_caps,
        }


def render(faces_file: Path, folder: Path, workers: int = 2) -> None:
    """Draw every face of `faces_file` into `folder`/all_fields.i8 and describe each in drawn.jsonl."""
    faces = read_faces(faces_file)
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(faces), len(CHARACTERS), SIZE, SIZE)
    np.memmap(folder / "all_fields.i8", np.int8, "w+", shape=shape).flush()
    with Pool(workers) as pool, (folder / "drawn.jsonl").open("w", encoding="utf-8") as stream:
        for line in pool.imap(_Job(folder, len(faces)), enumerate(faces), chunksize=4):
            stream.write(json.dumps(line) + "\n")
            stream.flush()
