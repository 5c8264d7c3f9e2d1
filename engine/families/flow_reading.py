"""What a recipe of a material asks for: one material or two, each with its settings and colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from engine.api import Recipe
from engine.colors.gradient import colors_of
from engine.colors.oklab import from_hex, from_oklab, to_hex, to_oklab
from engine.families.base import number, word
from engine.families.flow_colors import corrected, named_palette
from engine.families.flow_controls import AS_PROMPT, NONE
from engine.families.flow_phrases import Manner, Phrases, phrases
from engine.families.flow_sampling import Sample, Sampler
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink

if TYPE_CHECKING:
    from engine.runtime.session import Session

GREYS: Final = "#15161a #55585e #94979c #c9cbcd #f4f4f2"
"""The colours of a prompt that says nothing, or of a package without a reader."""

_LEAST_SHARE: Final = 0.12
"""What a prompt says less of than this is not in the tile."""
_KNOWN: Final = 0.3
"""A second material that the reader is less sure of is no material."""
_ALIKE: Final = 0.08
"""Colours of the same material that are nearer (OKLab) are one."""
_FLAT: Final = (Manner.FIGURE, Manner.LINES, Manner.VEINS)
"""Prints and lines have no shades of their own that a reader would know: the colour that is named is theirs."""


@dataclass(frozen=True)
class Layer:
    """What is to be drawn: shares of the materials [classes], settings in 0..1, a palette."""

    mix: Sample
    settings: Sample
    palette: str

    @property
    def main(self) -> int:
        """The material that most of it is."""
        return int(self.mix.argmax())

    def alone(self) -> Layer:
        """Only the main material."""
        return replace(self, mix=np.asarray(np.arange(len(self.mix)) == self.main, np.float32))


@dataclass(frozen=True)
class Meant:
    """One layer, or two of which `over` lies on `base` and covers `share` of it."""

    base: Layer
    over: Layer | None = None
    share: float = 0.0
    manner: Manner = Manner.PATCHES

    @property
    def tiles(self) -> int:
        """How many tiles the network has to make."""
        return 1 if self.over is None or self.drawn_once else 2

    @property
    def drawn_once(self) -> bool:
        """Whether the second layer is the first tile in other colours."""
        return self.over is not None and self.manner in (Manner.TONES, Manner.LINES, Manner.VEINS)


class Reading:
    """Prompt and panel of one package, read together."""

    def __init__(self, sampler: Sampler, manifest: Manifest, reader: Session | None) -> None:
        """`reader` is the graph of that role, if the package has one."""
        self._sampler, self._flow, self._reader = sampler, sampler.flow, reader
        self._classes: Mapping[str, int] = {entry.id: place for place, entry in enumerate(manifest.controls.classes)}
        self._manners = {**{self._classes[name]: Manner.FIGURE for name in self._flow.figures},
                         **{self._classes[name]: Manner.HOLLOWS for name in self._flow.hollows}}
        self._labels = {entry.id: entry.label for entry in manifest.controls.classes}

    def meant(self, recipe: Recipe, progress: ProgressSink) -> Meant:
        """What prompt and panel ask for. Raises ModelError, Cancelled."""
        text = self._sampler.text(recipe)
        if not self._flow.layers:
            layer = self._layer(recipe, text, progress)
            return Meant(replace(layer, mix=self._blended(recipe, layer.mix)))
        said, growth = phrases(text), word(recipe, "growth")
        whole = self._chosen(recipe, self._layer(recipe, text, progress))
        if growth == AS_PROMPT:
            return self._by_prompt(recipe, said, whole, progress)
        base = self._chosen(recipe, self._layer(recipe, said.base, progress)) if said.over else whole
        if growth == NONE or not base.mix.any():
            return Meant(base)
        over = self._by_hand(recipe, said, growth, progress)
        return self._two(base, over, number(recipe, "blend"), Manner.PATCHES)

    def _by_prompt(self, recipe: Recipe, said: Phrases, whole: Layer, progress: ProgressSink) -> Meant:
        """Two materials where the prompt names two that the reader knows; else the prompt as a whole."""
        if not said.over or self._reader is None:
            return Meant(whole)
        base = self._chosen(recipe, self._layer(recipe, said.base, progress))
        over = self._layer(recipe, said.over, progress)
        share = float(number(recipe, "blend") ** (1 / said.more))
        if said.manner is Manner.PATCHES:
            alike = over.main == base.main and _apart(base.palette, over.palette) < _ALIKE
            if over.mix.max() < _KNOWN or alike:
                return Meant(whole)
        meant = self._two(base, over, share, said.manner)
        if meant.over is not None and meant.manner in _FLAT and not word(recipe, "palette"):
            return replace(meant, over=replace(meant.over, palette=named_palette(said.over) or over.palette))
        return meant

    def _by_hand(self, recipe: Recipe, said: Phrases, growth: str, progress: ProgressSink) -> Layer:
        """The material chosen to grow, in the prompt's words for it if there are any, else as it is of old."""
        place = self._classes[growth]
        over = self._layer(recipe, said.over or self._labels[growth], progress)
        if over.main != place and said.over:
            over = self._layer(recipe, self._labels[growth], progress)
        return replace(over, mix=np.asarray(np.arange(len(over.mix)) == place, np.float32))

    def _two(self, base: Layer, over: Layer, share: float, manner: Manner) -> Meant:
        """Both, each alone; figures are printed rather than grown, and the same material is told apart by its tones."""
        base, over = base.alone(), over.alone()
        if manner is Manner.PATCHES:
            manner = Manner.TONES if over.main == base.main else self._manners.get(over.main, manner)
        return Meant(base, over, share, manner)

    def _layer(self, recipe: Recipe, text: str, progress: ProgressSink) -> Layer:
        """What a text says, changed by the panel's settings and palette."""
        neutral = [(each.default - each.low) / (each.high - each.low) for each in self._flow.settings]
        settings, mix = np.array(neutral, np.float32), np.zeros(len(self._classes), np.float32)
        palette = GREYS
        if self._reader is not None and text:
            read = self._reader.run({"prompt": self._sampler.meaning(text, progress)}, progress.cancel)
            mix, settings = _main(read["mix"][0]), read["settings"][0].astype(np.float32)
            palette = " ".join(to_hex(from_oklab(read["palette"][0].astype(np.float64))))
            palette = corrected(palette, text) if self._flow.layers else palette
        for place, setting in enumerate(self._flow.settings):
            value = np.float32(number(recipe, setting.id))
            given = (value - setting.low) / (setting.high - setting.low)
            settings[place] = np.clip(settings[place] + value if self._reader is not None else given, 0, 1)
        return Layer(mix, settings, word(recipe, "palette") or palette)

    def _chosen(self, recipe: Recipe, layer: Layer) -> Layer:
        """The layer with the material that was chosen by hand."""
        chosen = word(recipe, "material")
        if chosen == AS_PROMPT:
            return layer
        return replace(layer, mix=np.asarray(np.arange(len(layer.mix)) == self._classes[chosen], np.float32))

    def _blended(self, recipe: Recipe, mix: Sample) -> Sample:
        """The shares with material and growth chosen by hand, for a network that draws both at once."""
        if not self._classes:
            return mix
        chosen, growth = word(recipe, "material"), word(recipe, "growth")
        if chosen != AS_PROMPT:
            mix = np.zeros_like(mix)
            mix[self._classes[chosen]] = 1
        if growth != NONE and mix.any():
            share = np.float32(number(recipe, "blend"))
            mix = mix * (1 - share)
            mix[self._classes[growth]] += share
        return mix


def _apart(first: str, second: str) -> float:
    """Mean distance of two palettes of equal length, OKLab."""
    one, other = (to_oklab(from_hex(colors_of(palette))) for palette in (first, second))
    return float(np.linalg.norm(one - other, axis=1).mean()) if len(one) == len(other) else 0.0


def _main(mix: Sample) -> Sample:
    """The one or two materials that a prompt is mostly about."""
    kept = np.zeros_like(mix, np.float32)
    for place in np.argsort(mix)[-2:]:
        if mix[place] >= _LEAST_SHARE or place == mix.argmax():
            kept[place] = mix[place]
    return np.asarray(kept / kept.sum(), np.float32)
