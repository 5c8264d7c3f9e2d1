"""How long work takes: the time left while it goes on, and what was learned from it for the forecast of the next run.

A run has three stretches: until its first told step (loading, reading the prompt), its steps, and what follows the
last one (decoding). Steps and end grow with the work of a recipe (pixels, guidance, cards); the beginning does not.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median_low

import msgspec

from engine import atomic, paths
from engine.api import Progress, Recipe
from engine.errors import FileProblem
from engine.progress import ProgressSink

WORTH_KEEPING_S = 2.0
"""Runs shorter than this are not written down: nobody asks how long they take."""

MAX_PACKAGES = 100
MAX_SHAPES = 8
_FORMAT = 1
_RECENT = 20
_ENOUGH = 2


class Stretches(msgspec.Struct, frozen=True):
    """Seconds of one run: before its first step, its `steps` together, after the last one."""

    head: float
    body: float
    tail: float
    steps: int

    def seconds(self, steps: int, scale: float = 1.0) -> float:
        """What a run of so many steps and `scale` times the work would take."""
        return self.head + scale * (self.body * steps / max(self.steps, 1) + self.tail)


class StepClock:
    """Listens to the steps of one run; steps that pass through it say how many seconds are left."""

    def __init__(self, known: Stretches | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """`known` is what such a run took before."""
        self._known = known
        self._clock = clock
        self._began = clock()
        self._first: tuple[float, int] | None = None     # when, and how many were done then
        self._last = (self._began, 0)
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._total = 0

    def sink(self, to: ProgressSink) -> ProgressSink:
        """A sink for the work that passes everything on to another one."""
        def report(progress: Progress) -> None:
            to.stepped(self.step(progress))

        return ProgressSink(report, to.cancel, show=to.show if to.watched else None)

    def step(self, progress: Progress) -> Progress:
        """The same step with its time left, where the worker did not say so itself."""
        now = self._clock()
        if self._first is None:
            self._first = (now, progress.done)
        elif progress.done > self._last[1]:
            self._recent.append((now - self._last[0]) / (progress.done - self._last[1]))
        if progress.done != self._last[1] or self._first == (now, progress.done):
            self._last = (now, progress.done)
        self._total = progress.total
        return progress if progress.seconds_left is not None else replace(progress, seconds_left=self._left(progress))

    def stretches(self, steps: int) -> Stretches | None:
        """What this run took, now that it is over, if it told of steps; `steps` counts them as the forecast does."""
        if self._first is None or self._last[1] <= self._first[1]:
            return None
        done = (self._last[1] - self._first[1]) / max(self._total, 1)
        body = (self._last[0] - self._first[0]) / done
        return Stretches(self._first[0] - self._began, body, max(self._clock() - self._last[0], 0.0), steps)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self._clock() - self._began

    def _left(self, progress: Progress) -> float | None:
        """From this run's own steps; before there are two, from what was known: the first one also loads the model."""
        tail = self._known.tail if self._known is not None else 0.0
        if len(self._recent) >= _ENOUGH:
            return median_low(self._recent) * max(progress.total - progress.done, 0) + tail
        if self._known is None:
            return None
        return self._known.body * (1 - progress.done / max(progress.total, 1)) + tail


class Paces:
    """What was learned on this machine, by package, device and work; kept in the cache folder."""

    def __init__(self, device: str, path: Path | None = None) -> None:
        """`device` names provider and threads: another one has a pace of its own."""
        self._device = device
        self._path = path or paths.cache_folder() / "paces.json"
        self._known: dict[str, dict[str, Stretches]] | None = None

    def about(self, recipe: Recipe) -> Stretches | None:
        """The stretches of a run like this one, scaled from the nearest that was seen; None when none was."""
        shapes = self._load().get(self._key(recipe), {})
        wanted = work_of(recipe)
        if not shapes:
            return None
        near = min(shapes, key=lambda seen: max(wanted / float(seen), float(seen) / wanted))
        found, scale = shapes[near], wanted / float(near)
        return Stretches(found.head, found.body * scale, found.tail * scale, found.steps)

    def seconds(self, recipe: Recipe, steps: int) -> float | None:
        """How long a run of so many steps will take; None when nothing is known."""
        found = self.about(recipe)
        return found.seconds(steps) if found is not None and steps > 0 else None

    def learn(self, recipe: Recipe, stretches: Stretches) -> None:
        """Remember a run. A cache that cannot be written costs only a forecast."""
        known = self._load()
        shapes = known.pop(self._key(recipe), {})
        shapes.pop(_shape(recipe), None)
        kept = list(shapes.items())[-(MAX_SHAPES - 1):]
        known[self._key(recipe)] = {**dict(kept), _shape(recipe): stretches}
        self._known = dict(list(known.items())[-MAX_PACKAGES:])
        with contextlib.suppress(OSError, FileProblem):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            data = msgspec.json.encode({"format": _FORMAT, "paces": self._known})
            atomic.write_file(self._path, data, overwrite=True)

    def _load(self) -> dict[str, dict[str, Stretches]]:
        """What is on disk, read once; nothing when it cannot be read."""
        if self._known is None:
            try:
                stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
            except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
                stored = _Stored()
            sound = stored.format == _FORMAT
            self._known = {key: {shape: seen for shape, seen in shapes.items() if _is_work(shape)}
                           for key, shapes in stored.paces.items()} if sound else {}
        return self._known

    def _key(self, recipe: Recipe) -> str:
        return f"{recipe.digest} on {self._device}"


class _Stored(msgspec.Struct):
    """The file."""

    format: int = 0
    paces: dict[str, dict[str, Stretches]] = {}


def work_of(recipe: Recipe) -> float:
    """How much a step has to do, to compare recipes of one package: pixels, twice with guidance, times the cards."""
    size = recipe.values.get("size")
    pixels = float(size[0] * size[1]) if isinstance(size, tuple) else 1.0
    guidance, count = recipe.values.get("guidance"), recipe.values.get("count")
    twice = 2.0 if isinstance(guidance, float | int) and guidance > 1 else 1.0
    cards = float(count) if isinstance(count, float | int) and count > 1 else 1.0
    return max(pixels, 1.0) * twice * cards


def _shape(recipe: Recipe) -> str:
    return f"{work_of(recipe):.0f}"


def _is_work(shape: str) -> bool:
    return shape.isascii() and shape.isdigit() and len(shape) < 20 and int(shape) > 0  # noqa: PLR2004 - of a float
