"""A family for tests of what stands around families: words, swatches or a picture, in steps, without any graph."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from engine.api import Asset, Control, ControlKind, Medium, Plan, Progress, PromptReading, Recipe, Swatch
from engine.families.base import Model, word
from engine.packages.manifest import Manifest
from engine.progress import ProgressSink
from engine.runtime.providers import Runtime

COLORS = (("#10243a", "Deep harbour"), ("#c8553d", "Brick, worn"), ("#f6f1e7", ""))


class ScriptedFamily:
    """Packages of any manifest; each asset repeats its prompt."""

    def __init__(self, medium: Medium = Medium.TEXT, *, live: bool = True, steps: int = 1,
                 seconds: float = 0.0) -> None:
        self._medium = medium
        self._live = live
        self._steps = steps
        self._seconds = seconds

    name = "scripted"

    def medium(self, manifest: Manifest) -> Medium:
        """As told."""
        return self._medium

    def live(self, manifest: Manifest) -> bool:
        """As told."""
        return self._live

    def controls(self, manifest: Manifest) -> tuple[Control, ...]:
        """A prompt, a seed, a source picture and a palette."""
        return (Control("prompt", ControlKind.PROMPT, "Prompt", "a word", maximum=200),
                Control("negative", ControlKind.PROMPT, "Without", "", maximum=200),
                Control("seed", ControlKind.SEED, "Seed", 0), Control("image", ControlKind.IMAGE, "Source", ""),
                Control("palette", ControlKind.PALETTE, "Palette", ""))

    def open(self, folder: Path, manifest: Manifest, runtime: Runtime) -> Model:
        """At once."""
        return ScriptedModel(self._medium, self._steps, self._seconds)


class ScriptedModel:
    """See `ScriptedFamily`."""

    def __init__(self, medium: Medium, steps: int, seconds: float) -> None:
        self._medium = medium
        self._steps = steps
        self._seconds = seconds

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The prompt as two cards, three swatches, or a picture of noise."""
        for done in range(self._steps):
            progress.stepped(Progress(done, self._steps, f"Step {done + 1}"))
            time.sleep(self._seconds)
        progress.stepped(Progress(self._steps, self._steps))
        prompt, seed = word(recipe, "prompt"), recipe.values["seed"]
        white = np.full((1, 1, 1), 255, np.uint8)
        match self._medium:
            case Medium.TEXT:
                texts = (prompt, f"{prompt} {seed},\n“second” line")
                return Asset(recipe, white, provider="Scripted", medium=Medium.TEXT, texts=texts)
            case Medium.PALETTE:
                stripes = np.array([[int(color[at:at + 2], 16) for at in (1, 3, 5)] for color, _ in COLORS], np.uint8)
                pixels = np.repeat(np.repeat(stripes[None], 8, 0), 8, 1)
                return Asset(recipe, pixels, provider="Scripted", medium=Medium.PALETTE,
                             swatches=tuple(Swatch(*pair) for pair in COLORS))
            case Medium.PICTURE:
                dice = np.random.default_rng(int(str(seed)))
                return Asset(recipe, dice.integers(0, 256, (8, 8, 3), np.uint8), provider="Scripted")

    def plan(self, recipe: Recipe) -> Plan:
        """Words for tokens."""
        prompt = word(recipe, "prompt")
        return Plan({"prompt": PromptReading(prompt, len(prompt.split()), 5)}, self._steps)

    def close(self) -> None:
        """Nothing to give back."""
