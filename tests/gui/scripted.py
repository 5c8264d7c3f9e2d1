"""An engine that follows a script: answers at once, later, wrongly or not at all, without a child process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.api import Asset, Choice, Control, ControlKind, Device, PackageInfo, Plan, Problem, Recipe
from engine.errors import Cancelled
from engine.messages import (
    Considered,
    Died,
    Embedded,
    Event,
    Failed,
    Frame,
    Looked,
    Opened,
    Ready,
    Restarted,
    Written,
)
from engine.outcome import Outcome, Reason

CONTENT = b"a picture of thirty-five bytes size"
CPU = Device("auto", "CPUExecutionProvider", "CPU, 1 thread")


def direction(name: str, label: str, low: str, high: str, chinese: str) -> Control:
    return Control(name, ControlKind.DIRECTION, label, 0.0, "Style", f"{low} to {high}.", minimum=-3.0, maximum=3.0,
                   step=0.01, unit="σ", low=low, high=high, labels={"zh_CN": chinese})


def glyphs(folder: str = "/models/glyphs", digest: str = "sha256:" + "a" * 64, version: str = "1.0.0") -> PackageInfo:
    """A package like the starter: text, directions, seed, picture."""
    controls = (
        Control("mode", ControlKind.CHOICE, "Show", "line", "Text", labels={"zh_CN": "显示"},
                choices=(Choice("line", "Line of text", {"zh_CN": "一行文字"}),
                         Choice("character", "One letter", {"zh_CN": "单个字符"}))),
        Control("text", ControlKind.TEXT, "Text", "Hamburgefonstiv", "Text", "What is written.", maximum=400,
                labels={"zh_CN": "文字"}, shown_when=("mode", ("line",))),
        Control("character", ControlKind.CHOICE, "Letter", "a", "Text", labels={"zh_CN": "字符"},
                choices=tuple(Choice(c, c) for c in "ABCDEFGHIJabcdefghij0123"), shown_when=("mode", ("character",))),
        direction("weight", "Weight", "Thin", "Heavy", "字重"),
        direction("width", "Width", "Narrow", "Wide", "字宽"),
        Control("seed", ControlKind.SEED, "Seed", 0, "Seed", minimum=0, maximum=2**32 - 1, labels={"zh_CN": "种子"}),
        Control("variety", ControlKind.SLIDER, "Variety", 0.8, "Seed", minimum=0.0, maximum=1.5, step=0.01,
                low="Average", high="Extreme", labels={"zh_CN": "变化程度"}),
        Control("ink", ControlKind.COLOR, "Ink", "#141414", "Picture", labels={"zh_CN": "墨色"}),
        Control("paper", ControlKind.COLOR, "Paper", "#faf8f3", "Picture", choices=(Choice("none", "Transparent"),),
                labels={"zh_CN": "纸色"}),
        Control("size", ControlKind.SIZE, "Size", (64, 32), "Picture", minimum=16, maximum=8192, step=1, unit="px",
                labels={"zh_CN": "尺寸"}),
        Control("round", ControlKind.TOGGLE, "Rounded", False, "Picture"),
    )
    return PackageInfo("glyphs", "Glyphs", version, "decoder", digest, "Letters of one style.", "Apache-2.0",
                       "Made in code.", folder, controls)


def flat(recipe: Recipe) -> NDArray[np.uint8]:
    """A picture of one colour that differs between recipes."""
    width, height = recipe.values["size"]
    shade = hashlib.sha256(recipe.canonical().encode()).digest()[:3]
    return np.tile(np.frombuffer(shade, np.uint8), (height, width, 1))


class ScriptedEngine:
    """The studio's engine in tests. While `silent`, requests are only recorded."""

    def __init__(self, *infos: PackageInfo, draw: Callable[[Recipe], NDArray[np.uint8]] = flat) -> None:
        self.infos = {info.folder: info for info in infos}
        self.draw = draw
        self.silent = False
        self.asked: list[tuple[str, object]] = []
        self.previews: list[tuple[int, Recipe]] = []
        self.closed = False
        self.cancel_answers = False
        self.hold_renders = False
        self.distance: float | None = None
        self.encoded: Callable[[int], Event] | None = None
        self.refuse_writes: Problem | None = None
        self.plan: Callable[[Recipe], Plan] | None = None
        self.meaning: Callable[[str], NDArray[np.float32]] | None = None
        self.make: Callable[[Recipe], Asset] | None = None     # texts and palettes in place of pictures
        self.keep: Callable[[Recipe, Path], bytes] | None = None   # what a file holds; None: always the same
        self._handlers: list[Callable[[Event], None]] = []
        self._number = 0

    def subscribe(self, handler: Callable[[Event], None]) -> Callable[[], None]:
        self._handlers.append(handler)
        return lambda: self._handlers.remove(handler)

    def start(self) -> None:
        self.say(Ready(1, CPU))

    def open(self, folder: str) -> int:
        number = self._next("open", folder)
        if not self.silent:
            info = self.infos.get(folder)
            self.say(Opened(number, info) if info else
                     Failed(number, Problem("package", "The package is damaged.", "Add it again.", folder)))
        return number

    def preview(self, recipe: Recipe, *, draft: bool = False) -> int:
        number = self._next("draft" if draft else "preview", recipe)
        self.previews.append((number, recipe))
        if not self.silent:
            self.answer(number, recipe, draft=draft)
        return number

    def render(self, recipe: Recipe, *, draft: bool = False) -> int:
        number = self._next("render", recipe)
        if not self.silent and not self.hold_renders:
            self.say(Frame(number, Asset(recipe, self.draw(recipe), 12.3, 14.0, CPU.actual), preview=False))
        return number

    def encode(self, recipe: Recipe, path: str) -> int:
        number = self._next("encode", (recipe, path))
        if self.encoded is not None and not self.silent:
            self.say(self.encoded(number))
        return number

    def consider(self, recipe: Recipe) -> int:
        number = self._next("consider", recipe)
        if self.plan is not None and not self.silent:
            self.say(Considered(number, self.plan(recipe)))
        return number

    def embed(self, texts: Sequence[str]) -> int:
        number = self._next("embed", tuple(texts))
        if self.meaning is not None and not self.silent:
            self.say(Embedded(number, np.stack([self.meaning(text) for text in texts])))
        return number

    def look(self, path: str, longest: int) -> int:
        number = self._next("look", (path, longest))
        if not self.silent:
            self.say(Looked(number, np.full((24, 32, 3), 90, np.uint8), (320, 240)) if Path(path).exists() else
                     Failed(number, Problem("file", "The picture is gone.", "Choose another.", path)))
        return number

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, run_deadline: float | None = None,
              card: int | None = None) -> int:
        number = self._next("write", (recipe, path, overwrite) if card is None else (recipe, path, overwrite, card))
        if self.refuse_writes:
            self.say(Failed(number, self.refuse_writes))
        elif not self.silent:
            content = self.keep(recipe, Path(path)) if self.keep is not None else CONTENT
            Path(path).write_bytes(content)
            self.say(Written(number, path, len(content), hashlib.sha256(content).hexdigest()))
        return number

    def cancel(self, request: int | None = None) -> None:
        self._next("cancel", request)
        if self.cancel_answers and request is not None:
            self.say(Failed(request, Cancelled().problem()))

    def close(self, timeout: float = 2.0) -> None:
        self.closed = True

    def say(self, event: Event) -> None:
        for handler in list(self._handlers):
            handler(event)

    def answer(self, number: int, recipe: Recipe, notes: tuple[str, ...] = (), *, draft: bool = False) -> None:
        if self.make is not None:
            self.say(Frame(number, self.make(recipe), preview=True))
            return
        pixels = self.draw(recipe)
        full = (pixels.shape[1], pixels.shape[0]) if draft else None
        asset = Asset(recipe, pixels[::4, ::4] if draft else pixels, 12.3, 14.0, CPU.actual, notes, draft=draft,
                      full=full, distance=self.distance)
        self.say(Frame(number, asset, preview=True))

    def die(self, *, restarting: bool = True) -> None:
        self.say(Died(Outcome(Reason.ENDED, -11, "run"), (), restarting))

    def revive(self) -> None:
        self.say(Restarted(2, CPU))

    def _next(self, kind: str, what: object) -> int:
        self._number += 1
        self.asked.append((kind, what))
        return self._number
