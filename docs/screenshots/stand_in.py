# ruff: noqa: INP001  beside a script, no package
"""A slow model for pictures of the studio at work: it paints evenings by a script, and takes its time step by step.

No diffusion model ships with the program, so the window is real here and the model is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scenery import evening

from engine.api import (
    Asset,
    Choice,
    Control,
    ControlKind,
    Device,
    PackageInfo,
    Plan,
    Progress,
    PromptReading,
    Recipe,
)
from engine.errors import Cancelled
from engine.messages import Considered, Event, Failed, Frame, Looked, Opened, Partial, Ready, Stepped

FOLDER = "/models/evenings"
STEPS, LIMIT = 20, 77
EXAMPLES = ("a quiet evening over a lake", "hills after rain, wide sky", "low sun, mirror-still water")


def package() -> PackageInfo:
    """A package with every kind of control that a prompt model can have."""
    kinds = ControlKind
    words = {"maximum": 4000}
    controls = (
        Control("prompt", kinds.PROMPT, "Prompt", "", "Prompt", choices=tuple(Choice(e, e) for e in EXAMPLES),
                labels={"zh_CN": "提示词"}, **words),  # type: ignore[arg-type]
        Control("negative", kinds.PROMPT, "Negative prompt", "", "Prompt", labels={"zh_CN": "反向提示词"}, **words),  # type: ignore[arg-type]
        Control("axes", kinds.AXES, "Prompt sliders", "", "Style", labels={"zh_CN": "提示滑块"}),
        Control("palette", kinds.PALETTE, "Palette", "", "Style", labels={"zh_CN": "调色板"}),
        Control("image", kinds.IMAGE, "Source picture", "", "Source", labels={"zh_CN": "源图像"}),
        Control("strength", kinds.SLIDER, "Strength", 0.75, "Source", minimum=0.0, maximum=1.0, step=0.01, low="Keep",
                high="Anew", labels={"zh_CN": "重绘强度"}),
        Control("mask", kinds.MASK, "Mask", "", "Source", labels={"zh_CN": "蒙版"}),
        Control("size", kinds.SIZE, "Size", (512, 512), "Picture", minimum=64, maximum=2048, step=64, unit="px",
                labels={"zh_CN": "尺寸"}),
        Control("seed", kinds.SEED, "Seed", 5, "Seed", minimum=0, maximum=2**32 - 1, labels={"zh_CN": "种子"}),
        Control("steps", kinds.SLIDER, "Steps", float(STEPS), "Sampling", minimum=1, maximum=150, step=1,
                labels={"zh_CN": "步数"}),
    )
    return PackageInfo("evenings", "Evenings", "1.0.0", "diffusion", "sha256:" + "e" * 64, "Evenings from words.",
                       "CC0-1.0", "Painted by a script.", FOLDER, controls, live=False)


def painted(seed: int, side: int = 512) -> NDArray[np.uint8]:
    """An evening, uint8 [side, side, 3]."""
    picture = (evening(np.random.default_rng(seed)).transpose(1, 2, 0) * 255).astype(np.uint8)
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))


class StandIn:
    """Answers as an engine does; `hold` stops a run after so many steps."""

    def __init__(self) -> None:
        self.hold: int | None = None
        self._handlers: list[Callable[[Event], None]] = []
        self._number = 0

    def subscribe(self, handler: Callable[[Event], None]) -> Callable[[], None]:
        """Hear every event."""
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler)

    def start(self) -> None:
        """Ready at once."""
        self._say(Ready(1, Device("auto", "CPUExecutionProvider", "CPU, 2 threads")))

    def open(self, folder: str) -> int:
        """The one package."""
        del folder
        return self._next(lambda number: Opened(number, package()))

    def preview(self, recipe: Recipe, *, draft: bool = False) -> int:
        """The picture, or where the run is held its unfinished state."""
        del draft
        pixels = painted(int(recipe.values["seed"]))
        if self.hold is None:
            return self._next(lambda number: Frame(number, Asset(recipe, pixels, 41_000.0, 42_000.0), preview=True))
        share = self.hold / STEPS
        grain = np.random.default_rng(1).integers(0, 256, (32, 32, 3)) * (1 - share)
        rough = pixels[::16, ::16] * share + grain
        seen = Asset(recipe, rough.astype(np.uint8), partial=True, full=(512, 512))
        number = self._next(lambda number: Stepped(number, Progress(
            self.hold or 0, STEPS, f"Step {self.hold} of {STEPS}", 2.1 * (STEPS - (self.hold or 0)))))
        self._say(Partial(number, seen))
        return number

    def consider(self, recipe: Recipe) -> int:
        """Words as tokens, the last of each choice."""
        text = str(recipe.values["prompt"]).replace("{amber|violet}", "violet")
        reading = PromptReading(text, len(text.replace(",", " ,").split()) + 2 if text else 2, LIMIT)
        return self._next(lambda number: Considered(number, Plan({"prompt": reading}, STEPS, 42.0, 2_100_000_000)))

    def look(self, path: str, longest: int) -> int:
        """Files are ours here, so that they may be read."""
        del longest
        picture = np.asarray(Image.open(Path(path)).convert("RGB"))
        return self._next(lambda number: Looked(number, picture, (picture.shape[1], picture.shape[0])))

    def cancel(self, request: int | None = None) -> None:
        """At once."""
        if request is not None:
            self._say(Failed(request, Cancelled().problem()))

    def render(self, recipe: Recipe, *, draft: bool = False) -> int:
        """No thumbnails."""
        del recipe, draft
        return self._next(None)

    def encode(self, recipe: Recipe, path: str) -> int:
        """No encoder."""
        del recipe, path
        return self._next(None)

    def embed(self, texts: Sequence[str]) -> int:
        """No meanings."""
        del texts
        return self._next(None)

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, card: int | None = None) -> int:
        """No files."""
        del recipe, path, overwrite, card
        return self._next(None)

    def close(self, timeout: float = 2.0) -> None:
        """Nothing to end."""
        del timeout

    def _next(self, event: Callable[[int], Event] | None) -> int:
        self._number += 1
        if event is not None:
            self._say(event(self._number))
        return self._number

    def _say(self, event: Event) -> None:
        for handler in list(self._handlers):
            handler(event)
