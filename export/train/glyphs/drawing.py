"""Sets lines of text from fields and metrics, as the studio will: the eye is the last judge of every figure."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from export.nets.glyph_vae import GlyphDecoder
from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, CHARACTERS, SIZE, SPREAD
from export.train.glyphs.middle import MIDDLE

Alphabet = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Fields [82, 128, 128] and metrics [82, 2] (advance, middle of the ink, in cap heights) of one style."""

SPACE_ADVANCE = 0.33
_ABOVE, _BELOW = 1.25, 0.45


def coverage(field: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Ink coverage 0..1 of a field drawn `scale` times its size, with an edge one picture pixel soft."""
    side = round(SIZE * scale)
    large = cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    return np.clip(0.5 + large * np.float32(SPREAD * scale), 0.0, 1.0)


def set_line(alphabet: Alphabet, text: str, cap: float) -> NDArray[np.float32]:
    """Coverage of one line of text with capitals `cap` picture pixels tall; unknown characters are spaces."""
    fields, metrics = alphabet
    scale = cap / CAP_HEIGHT
    side = round(SIZE * scale)
    places, pen = [], 0.3
    for character in text:
        index = CHARACTERS.find(character)
        if index >= 0:
            places.append((index, pen + float(metrics[index, 1])))
        pen += float(metrics[index, 0]) if index >= 0 else SPACE_ADVANCE
    canvas = np.zeros((round((_ABOVE + _BELOW) * cap), round((pen + 0.3) * cap)), np.float32)
    for index, middle in places:
        glyph = coverage(fields[index], scale)
        left = round(middle * cap - MIDDLE * scale)
        top = round(_ABOVE * cap - BASELINE * scale)
        _blend(canvas, glyph[:side, :side], top, left)
    return canvas


def _blend(canvas: NDArray[np.float32], glyph: NDArray[np.float32], top: int, left: int) -> None:
    """Put a glyph on the canvas, clipped; overlapping ink stays ink."""
    rows = slice(max(top, 0), min(top + glyph.shape[0], canvas.shape[0]))
    columns = slice(max(left, 0), min(left + glyph.shape[1], canvas.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        part = glyph[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        np.maximum(canvas[rows, columns], part, out=canvas[rows, columns])


def stack(lines: list[NDArray[np.float32]], width: int) -> NDArray[np.float32]:
    """Lines below one another, padded or cut to one width."""
    padded = [np.pad(line, ((0, 0), (0, max(width - line.shape[1], 0))))[:, :width] for line in lines]
    return np.concatenate(padded)


def save_grey(ink: NDArray[np.float32], path: str, captions: list[tuple[int, int, str]] | None = None) -> None:
    """Write coverage as black on white, 16 greys to keep the file small; captions are (x, y, words)."""
    picture = Image.fromarray((255 - np.clip(ink, 0, 1) * 255).round().astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for x, y, words in captions or []:
        pen.text((x, y), words, fill=120, font=ImageFont.load_default(11))
    picture.quantize(16).save(path, optimize=True)


def drawer(decoder: GlyphDecoder) -> Callable[[NDArray[np.floating]], Alphabet]:
    """A function from z [dim] to the whole alphabet of that style."""
    every = torch.arange(len(CHARACTERS))

    def draw(z: NDArray[np.floating]) -> Alphabet:
        latent = torch.from_numpy(np.asarray(z, np.float32))[None].expand(len(CHARACTERS), -1)
        with torch.inference_mode():
            fields, advances, middles = decoder(latent, every)
        return fields[:, 0].numpy(), torch.stack([advances, middles], -1).numpy()

    return draw
