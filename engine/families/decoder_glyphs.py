"""Decoders of letters: distance fields and advances in, a specimen line or one letter at any size out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Recipe
from engine.controls import TRANSPARENT
from engine.errors import PackageError
from engine.families.base import sides, word
from engine.families.base_picture import NEARLY_CONSTANT
from engine.families.decoder_controls import CHARACTER
from engine.families.decoder_latent import LatentSpace
from engine.glyphs.box import missing_letter
from engine.glyphs.color import palette
from engine.glyphs.field import Coverage, Fields, Stamp, paint
from engine.glyphs.layout import Layout, Metrics, broken, is_blank, place
from engine.packages.manifest import Manifest
from engine.packages.parts import Glyphs, Image, Latent
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

MIN_ADVANCE, MAX_ADVANCE = 0.05, 4.0
"""Cap heights; what a wild style predicts beyond that would only tear the line apart."""

BOX_COLUMN = 0.15
"""Of the frame: where the pen stands for the empty box of an alphabet whose letters are centred."""

_NAMED_MISSING = 12


class GlyphModel:
    """An opened alphabet. Every distinct letter of a text is decoded once, all in one run."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        self._glyphs, self._image, self._spread, latent = _parts(manifest, folder)
        self._space = LatentSpace(folder, manifest, latent)
        self._index = {character: index for index, character in enumerate(self._glyphs.characters)}
        glyphs = self._glyphs
        self._metrics = Metrics(glyphs.ascent, glyphs.descent, glyphs.space_advance)
        graph = manifest.graphs["decoder"]
        self._centred = "middle" in graph.outputs
        self._box_column = BOX_COLUMN * self._image.width if self._centred else glyphs.origin
        self._box, self._box_advance = missing_letter((self._image.height, self._image.width), glyphs.cap_height,
                                                      glyphs.baseline, self._box_column, self._spread)
        self._session = runtime.session(folder / graph.file, graph)
        self._last: tuple[bytes, str] | None = None
        self._fields = Fields(self._box[None])
        self._advances: dict[str, float] = {}
        self._columns: list[float] = []

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The specimen in RGB, or RGBA on transparent paper, by palette. Raises ModelError, ValueProblem, Cancelled."""
        started = time.perf_counter()
        progress.check()
        width, height = sides(recipe, "size")
        lines = self._lines(recipe, width, height)
        characters = "".join(dict.fromkeys(c for line in lines for c in line if not is_blank(c)))
        known = "".join(c for c in characters if c in self._index)
        missing = "".join(c for c in characters if c not in self._index)
        model_ms = self._decode(self._space.point(recipe), known, progress)
        progress.check()
        advances = {**self._advances, **dict.fromkeys(missing, self._box_advance)}
        alone = word(recipe, "mode") == CHARACTER
        layout = place(lines, advances, self._metrics, width, height, snug=not alone)
        scale = layout.cap_pixels / self._glyphs.cap_height
        coverage, rows = paint(self._fields, self._stamps(layout, scale), scale, self._spread, width, height)
        paper = word(recipe, "paper")
        colors = palette(word(recipe, "ink"), None if paper == TRANSPARENT else paper)
        notes = self._notes(characters, missing, coverage[slice(*rows)], whole=rows == (0, height))
        return Asset(recipe, coverage[:, :, None], model_ms, (time.perf_counter() - started) * 1000,
                     self._session.provider, notes, colors, rows=rows)

    def close(self) -> None:
        """Give the session's memory back."""
        self._session.close()

    def _lines(self, recipe: Recipe, width: int, height: int) -> tuple[str, ...]:
        """What is set: one letter, or the text in lines."""
        if word(recipe, "mode") == CHARACTER:
            return (word(recipe, "character"),)
        return broken(word(recipe, "text"), width, height, self._metrics.pitch)

    def _decode(self, point: NDArray[np.float32], characters: str, progress: ProgressSink) -> float:
        """Fields and advances of the letters in one run; milliseconds inside the model, 0 when they are still at hand.

        Only the very same request is reused: another batch of letters may round differently, and equal recipes must
        give equal bytes.
        """
        wanted = (point.tobytes(), characters)
        if wanted == self._last:
            return 0.0
        self._last = None
        fields, advances, self._columns, spent = self._run(point, characters, progress)
        self._fields = Fields(fields, self._box[None])  # the empty box comes last
        self._advances = dict(zip(characters, advances, strict=True))
        self._last = wanted
        return spent

    def _run(self, point: NDArray[np.float32], characters: str,
             progress: ProgressSink) -> tuple[NDArray[np.float32], list[float], list[float], float]:
        """[n, height, width] fields in -1 .. 1, advances in cap heights, columns of the pen, milliseconds."""
        if not characters:
            return self._box[None][:0], [], [], 0.0
        indices = np.array([self._index[c] for c in characters], np.int64)
        latents = np.broadcast_to(point, (len(indices), point.size))
        begun = time.perf_counter()
        outputs = self._session.run({"latent": latents, "condition": indices}, progress.cancel)
        spent = (time.perf_counter() - begun) * 1000
        fields = outputs["image"].reshape(len(indices), self._image.height, self._image.width)
        low, high = self._image.range
        if (low, high) != (-1.0, 1.0):
            fields = (fields - np.float32((low + high) / 2)) * np.float32(2 / (high - low))
        columns = np.full(len(indices), self._glyphs.origin, np.float32)
        if self._centred:
            columns -= np.clip(outputs["middle"], -MAX_ADVANCE, MAX_ADVANCE) * np.float32(self._glyphs.cap_height)
        advances = np.clip(outputs["advance"], MIN_ADVANCE, MAX_ADVANCE)
        return fields, advances.tolist(), columns.tolist(), spent

    def _stamps(self, layout: Layout, scale: float) -> list[Stamp]:
        """Each letter's field with the place of its top left corner."""
        places = {character: row for row, character in enumerate(self._advances)}
        columns, top = [*self._columns, self._box_column], self._glyphs.baseline * scale
        rows = [places.get(letter.character, len(places)) for letter in layout.letters]
        return [Stamp(row, letter.x - columns[row] * scale, letter.y - top)
                for row, letter in zip(rows, layout.letters, strict=True)]

    def _notes(self, characters: str, missing: str, band: Coverage, *, whole: bool) -> tuple[str, ...]:
        """What a person should know of this picture, whose ink is in `band`; paper is above or below unless `whole`."""
        notes = []
        if missing:
            shown = " ".join(missing[:_NAMED_MISSING]) + (" …" if len(missing) > _NAMED_MISSING else "")
            notes.append(f"This model has no letters for: {shown}. They are drawn as empty boxes.")
        if not characters:
            notes.append("There is no text to draw.")
        elif int(band.max(initial=0)) - (int(band.min()) if whole else 0) <= 2:  # noqa: PLR2004 - of 255: invisible
            notes.append(NEARLY_CONSTANT)
        return tuple(notes)


def _parts(manifest: Manifest, folder: Path) -> tuple[Glyphs, Image, float, Latent]:
    """The parts that every alphabet has (`engine.packages.check` sees to it)."""
    glyphs, image, field, latent = manifest.glyphs, manifest.image, manifest.field, manifest.latent
    if glyphs is None or image is None or field is None or latent is None:
        raise PackageError(f"The manifest of “{manifest.id}” lacks its glyphs, image, field or latent part.",
                           "Get the package again.", str(folder))
    return glyphs, image, field.spread, latent
