"""The palette family: a prompt becomes a handful of colours, each with its name."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import strictjson
from engine.api import Asset, Control, Medium, Plan, PromptReading, Recipe, Swatch
from engine.colors.difference import difference, to_cielab
from engine.colors.gradient import colors_of
from engine.colors.harmony import schemed, shown, spread
from engine.colors.oklab import Colors, from_hex, to_hex, to_oklab
from engine.errors import PackageError
from engine.families import palette_choice as choice
from engine.families.base import Model, count, number, whole, word
from engine.families.base_prompt import open_prompt_encoder
from engine.families.palette_controls import FREE, controls_of
from engine.packages.faults import faulty
from engine.packages.manifest import Manifest
from engine.packages.parts import PaletteModel
from engine.progress import ProgressSink
from engine.prompting import wildcards

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

WIDTH, HEIGHT = 1024, 256
_MAX_NAMES_BYTES = 16 << 20
_FEWEST_NAMES = 64
_NOTHING = "colour"
"""What an empty prompt is read as."""


class PaletteFamily:
    """Packages that know many named colours, and two small networks that choose among them."""

    @property
    def name(self) -> str:
        """The word in the manifest's `family`."""
        return "palette"

    def medium(self, manifest: Manifest) -> Medium:
        """Swatches."""
        del manifest
        return Medium.PALETTE

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """What the package lets a person set."""
        return controls_of(manifest)

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """Load the verified package. Raises PackageError or ModelError."""
        return Palettes(folder, manifest, runtime)


class Palettes:
    """An opened palette package."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        if manifest.palette is None or manifest.prompt is None:
            raise faulty(str(folder), "a palette package needs palette and prompt")
        self._names, self._srgb = _names(folder, manifest.palette)
        self._vectors = _vectors(folder, manifest.palette, len(self._names))
        self._lab, self._cielab = to_oklab(self._srgb), to_cielab(self._srgb)
        self._reader = runtime.session(folder / manifest.graphs["reader"].file, manifest.graphs["reader"])
        self._judge = runtime.session(folder / manifest.graphs["judge"].file, manifest.graphs["judge"])
        self._encoder = open_prompt_encoder(manifest.prompt, runtime)

    def plan(self, recipe: Recipe) -> Plan:
        """How the prompt is read."""
        text, limit = self._text(recipe), self._encoder.context
        tokens = self._encoder.count(text)
        notes = wildcards.complaints(word(recipe, "prompt"))
        if tokens > limit:
            notes = (*notes, f"Only the first {limit} tokens of the prompt are read.")
        return Plan({"prompt": PromptReading(text, tokens, limit, "", notes)})

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The palette, dark to light. Raises ModelError, ValueProblem, Cancelled."""
        begun = time.perf_counter()
        progress.check()
        kept = to_oklab(from_hex(colors_of(word(recipe, "keep")))[:count(recipe, "count")])
        found, model_ms = self._chosen(recipe, kept, progress)
        fixed = np.arange(len(found)) >= len(found) - len(kept)
        if word(recipe, "harmony") != FREE:
            found = schemed(found, word(recipe, "harmony"), fixed)
        moved = spread(found, number(recipe, "contrast"), number(recipe, "strength"))
        srgb = shown(np.where(fixed[:, None], found, moved))
        srgb = srgb[np.argsort(to_oklab(srgb)[:, 0], kind="stable")]
        colors = to_hex(srgb)
        swatches = tuple(Swatch(color, name) for color, name in zip(colors, self._called(srgb), strict=True))
        return Asset(recipe, stripes(srgb), model_ms, (time.perf_counter() - begun) * 1000, self._reader.provider,
                     medium=Medium.PALETTE, swatches=swatches)

    def close(self) -> None:
        """Give the memory back."""
        for part in (self._reader, self._judge, self._encoder):
            part.close()

    def _text(self, recipe: Recipe) -> str:
        """The prompt as it is read."""
        return wildcards.draw(word(recipe, "prompt"), whole(recipe, "seed")).strip() or _NOTHING

    def _chosen(self, recipe: Recipe, kept: Colors, progress: ProgressSink) -> tuple[Colors, float]:
        """OKLab [count, 3], the kept ones last, and milliseconds inside the networks."""
        seed, daring, many = whole(recipe, "seed"), number(recipe, "daring"), count(recipe, "count")
        if len(kept) == many:
            return kept, 0.0
        begun = time.perf_counter()
        meanings = self._encoder.embed(choice.phrases_of(self._text(recipe)))
        said = self._reader.run({"prompt": meanings}, progress.cancel)
        model_ms = (time.perf_counter() - begun) * 1000
        likeness = said["query"].astype(np.float64) @ self._vectors.T
        belief = choice.Mixture(*(said[role][0].astype(np.float64) for role in ("weights", "means", "spreads")))
        found = choice.proposed(likeness, self._lab, belief.density(self._lab), choice.own_colours(belief, seed))
        found = choice.Proposals(np.concatenate([found.lab, kept]),
                                 np.concatenate([found.fit, np.full(len(kept), found.fit.mean())]),
                                 np.concatenate([found.phrases, np.zeros((len(kept), found.phrases.shape[1]), bool)]))
        rows = choice.drawn(found, many, len(kept), seed, daring)
        begun = time.perf_counter()
        judged = self._judge.run({"colors": found.lab[rows].astype(np.float32)}, progress.cancel)["score"]
        model_ms += (time.perf_counter() - begun) * 1000
        return found.lab[choice.weighed(found, rows, judged.astype(np.float64), seed, daring, belief)], model_ms

    def _called(self, srgb: Colors) -> tuple[str, ...]:
        """The nearest name of each colour; no name twice."""
        used: dict[str, None] = {}
        for color in np.rint(srgb * 255) / 255:
            order = np.argsort(difference(self._cielab, to_cielab(color)), kind="stable")[:len(srgb)]
            used[next(self._names[place] for place in order.tolist() if self._names[place] not in used)] = None
        return tuple(used)


def stripes(srgb: Colors) -> NDArray[np.uint8]:
    """[256, 1024, 3] of upright stripes of one width, to a pixel."""
    columns = np.arange(WIDTH) * len(srgb) // WIDTH
    row = np.rint(srgb * 255).astype(np.uint8)[columns]
    return np.ascontiguousarray(np.broadcast_to(row, (HEIGHT, WIDTH, 3)))


def _names(folder: Path, palette: PaletteModel) -> tuple[tuple[str, ...], Colors]:
    """Names and their colours, sRGB [n, 3]. Raises PackageError."""
    try:
        entries = strictjson.parse((folder / palette.names).read_bytes(), max_bytes=_MAX_NAMES_BYTES, max_depth=3)
        names = tuple(dict.fromkeys(str(name) for name, _ in entries))
        colors = from_hex([color for _, color in entries])
    except (OSError, ValueError, TypeError) as error:
        raise faulty(str(folder), f"{palette.names} is no list of names and colours") from error
    if len(names) != len(colors) or len(names) < _FEWEST_NAMES:
        raise faulty(str(folder), f"{palette.names} names a colour twice, or too few of them")
    return names, colors


def _vectors(folder: Path, palette: PaletteModel, names: int) -> NDArray[np.float64]:
    """What each name means, [names, dim], unit vectors. Raises PackageError."""
    try:
        stored = np.load(folder / palette.vectors, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise PackageError(f"“{palette.vectors}” cannot be read.", "Get the package again.", str(folder)) from error
    if stored.dtype != np.int8 or stored.shape != (names, palette.dim):
        raise faulty(str(folder), f"{palette.vectors} is not [{names}, {palette.dim}] of whole numbers")
    rows: NDArray[np.float64] = stored.astype(np.float64)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows
