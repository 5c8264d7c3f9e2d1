"""Conversions that follow a script: a test says what the export child would have said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.api import Problem
from engine.converting.foreign import local_kind
from engine.converting.messages import (
    Converted,
    ConvertRequest,
    Event,
    Failed,
    Inspected,
    Inspection,
    Making,
    Pair,
    Picture,
    PrecisionFigures,
)


class ScriptedWork:
    """One piece of work. Packages are recognised at once, as the real one does; the rest waits for the test."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self.request: ConvertRequest | None = None
        self.cancelled = False
        self._hear: Callable[[Event], None] = lambda _: None

    def inspect(self, path: Path, on_event: Callable[[Event], None]) -> None:
        self.path, self._hear = path, on_event
        if local_kind(path):
            self.say(Inspected(Inspection(str(path), "package", 0, path.name, needs_torch=False)))

    def start(self, request: ConvertRequest, on_event: Callable[[Event], None]) -> None:
        self.request, self._hear = request, on_event

    def cancel(self) -> None:
        if not self.cancelled:
            self.cancelled = True
            self.say(Failed(Problem("cancelled", "Cancelled.")))

    def join(self, timeout: float | None = None) -> bool:
        return True

    def say(self, event: Event) -> None:
        self._hear(event)


class Conversions:
    """Makes works and remembers them."""

    def __init__(self) -> None:
        self.works: list[ScriptedWork] = []

    def __call__(self) -> ScriptedWork:
        self.works.append(ScriptedWork())
        return self.works[-1]

    @property
    def last(self) -> ScriptedWork:
        return self.works[-1]


def stylegan(path: Path, **changes: object) -> Inspection:
    """What is said of a StyleGAN2 checkpoint."""
    told: dict[str, object] = {
        "kind": "stylegan-pickle", "bytes": 363_000_000, "title": "StyleGAN2 generator, 256 × 256, RGB",
        "family": "stylegan2", "adapter": "stylegan2", "reasons": ("`synthesis.b4.const` is 512 × 4 × 4",),
        "sizes": {"z": 512, "side": 256}, "guesses": ("pictures are in -1 .. 1",),
        "makes": (Making("mapping", "seed to style", 8.4), Making("synthesis", "style to picture", 95.0)),
        "precisions": ("fp32", "fp16", "int8"), "name_hint": "Faces", **changes,
    }
    return Inspection(str(path), **told)


def converted(folder: Path | str, **changes: object) -> Converted:
    """What is said of a conversion that passed."""
    grey = Picture(2, 2, bytes(range(12)))
    figures = {"fp32": PrecisionFigures("pass", 363_000_000, 1e-4, 3.2e-6, 212.0, 1.52, 0.001),
               "int8": PrecisionFigures("fail", 95_000_000, 0.1, 0.31)}
    told: dict[str, object] = {"figures": figures, "recommended": "fp32", "pairs": (Pair(grey, grey),),
                               "report_html": "/reports/faces.html", "seconds": 52.0, "peak_bytes": 2_400_000_000,
                               **changes}
    return Converted(str(folder), {"fp32": str(folder)}, "faces", "stylegan2", runs=True, **told)
