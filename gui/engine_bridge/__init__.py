"""The door to the engine: its events become Qt signals on the GUI thread; requests go straight through.

Nothing else in the studio knows that there is a child process. Requests are numbers; answers carry them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from engine.api import Asset, Recipe
from engine.client import EngineClient, EngineOptions
from engine.messages import (
    Considered,
    Died,
    Embedded,
    Encoded,
    Event,
    Failed,
    Frame,
    Looked,
    Opened,
    Partial,
    Ready,
    Restarted,
    Stepped,
    Written,
)
from gui.pictures import Picture, image_of, prepare, thumbnail

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """A frame whose image is ready to be drawn."""

    request: int
    picture: Picture


@dataclass(frozen=True)
class Glimpse:
    """A look at unfinished work, ready to be drawn."""

    request: int
    picture: Picture


@dataclass(frozen=True)
class Sight:
    """The picture in a file, ready to be drawn."""

    request: int
    image: QImage
    pixels: NDArray[np.uint8]
    full: tuple[int, int]


@dataclass(frozen=True)
class Thumb:
    """A picture that was asked for beside the canvas: small, and as it was made."""

    request: int
    image: QImage
    asset: Asset


Prepared = Seen | Glimpse | Sight | Thumb
"""Events whose pictures were prepared on the engine's thread."""


class Engine(Protocol):
    """The part of `EngineClient` that the studio uses; tests script it."""

    def subscribe(self, handler: Callable[[Event], None]) -> Callable[[], None]:
        """Hear events, on a thread of the engine's."""

    def start(self) -> None:
        """Start the child; returns at once."""

    def open(self, folder: str) -> int:
        """Open a package folder."""

    def preview(self, recipe: Recipe, *, draft: bool = False) -> int:
        """A picture for the canvas; latest wins. A draft may be quick and small."""

    def render(self, recipe: Recipe, *, draft: bool = False) -> int:
        """A picture, in order."""

    def encode(self, recipe: Recipe, path: str) -> int:
        """Where a picture lies in the latent space."""

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, card: int | None = None) -> int:
        """A result into a file."""

    def consider(self, recipe: Recipe) -> int:
        """What a run would be; the newest waiting one counts."""

    def embed(self, texts: Sequence[str]) -> int:
        """Where texts lie in the space of meaning."""

    def look(self, path: str, longest: int) -> int:
        """The picture in a file."""

    def cancel(self, request: int | None = None) -> None:
        """Stop a request, or all."""

    def close(self, timeout: float = 2.0) -> None:
        """End the child."""


def start_client(provider: str, threads: int, memory: int) -> Engine:
    """The real engine: a child process on `provider` with so many threads and MB of memory (0: it decides)."""
    return EngineClient(EngineOptions(provider=provider, threads=threads or None, memory=memory or None))


class EngineBridge(QObject):
    """Owns the engine of the window. All signals arrive on the GUI thread."""

    ready = Signal(object)                 # Device
    opened = Signal(int, object)           # request, PackageInfo
    frame = Signal(int, object)            # request, Picture
    thumb = Signal(int, object)            # request, QImage
    rendered = Signal(int, object)         # request, Asset: the same, whole
    partial = Signal(int, object)          # request, Picture: unfinished work
    stepped = Signal(int, object)          # request, Progress
    considered = Signal(int, object)       # request, Plan
    embedded = Signal(int, object)         # request, unit vectors float32 [texts, dim]
    looked = Signal(int, object)           # request, Sight
    encoded = Signal(int, object)          # request, Encoded
    written = Signal(int, str, object)     # request, path, notes
    failed = Signal(int, object)           # request, Problem
    died = Signal(str, bool)               # sentence, whether it is being started again
    restarted = Signal(object)             # Device
    _arrived = Signal(int, object)         # generation, event

    def __init__(self, make: Callable[[str, int, int], Engine] = start_client) -> None:
        """`make(provider, threads, memory)` builds an engine that is not started yet."""
        super().__init__()
        self._make = make
        self._engine: Engine | None = None
        self._generation = 0
        self.shown = QSize()               # how large the last picture was shown, in device pixels
        self._before: Asset | None = None  # the last picture that came; for the engine's thread only
        self._forget: Callable[[], None] | None = None
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    def start(self, provider: str, threads: int, memory: int = 0) -> None:
        """Start the child, replacing the one before (another device was chosen, or it had given up).

        `memory` in MB is for models of several parts; 0, for it and for threads: the engine decides.
        """
        self.close()
        generation = self._generation
        self._engine = self._make(provider, threads, memory)
        self._forget = self._engine.subscribe(lambda event: self._hear(generation, event))
        self._engine.start()

    def close(self) -> None:
        """End the child; nothing that it still says is heard."""
        self._generation += 1
        if self._forget is not None:
            self._forget()
            self._forget = None
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    @property
    def engine(self) -> Engine:
        """The running engine. Raises RuntimeError before `start`."""
        if self._engine is None:
            raise RuntimeError("the engine was not started")
        return self._engine

    def open(self, folder: str) -> int:
        """Ask for a package; `opened` or `failed` answers."""
        return self.engine.open(folder)

    def preview(self, recipe: Recipe, *, draft: bool = False) -> int:
        """Ask for a picture; the returned stamp comes back with `frame`. A draft is for the time of a drag."""
        return self.engine.preview(recipe, draft=draft)

    def thumbnail(self, recipe: Recipe) -> int:
        """Ask for a small picture beside the canvas; `thumb` or `failed` answers. Cancel it when others wait."""
        return self.engine.render(recipe, draft=True)

    def picture(self, recipe: Recipe) -> int:
        """Ask for a whole picture beside the canvas; `rendered` or `failed` answers."""
        return self.engine.render(recipe)

    def encode(self, recipe: Recipe, path: str) -> int:
        """Ask where a picture lies in the latent space of the recipe's package; `encoded` or `failed` answers."""
        return self.engine.encode(recipe, path)

    def consider(self, recipe: Recipe) -> int:
        """Ask what a run of the recipe would be; `considered` answers the newest one that waits, or `failed`."""
        return self.engine.consider(recipe)

    def embed(self, texts: Sequence[str]) -> int:
        """Ask where texts lie in the space of meaning; `embedded` or `failed` answers."""
        return self.engine.embed(texts)

    def write(self, recipe: Recipe, path: str, *, overwrite: bool = False, card: int | None = None) -> int:
        """Ask for a file (of several texts one `card` only); `written` or `failed` answers."""
        return self.engine.write(recipe, path, overwrite=overwrite, card=card)

    def look(self, path: str, longest: int) -> int:
        """Ask for the picture in a file, at most `longest` pixels long; `looked` or `failed` answers."""
        return self.engine.look(path, longest)

    def cancel(self, request: int) -> None:
        """Stop a request; `failed` with code "cancelled" answers."""
        self.engine.cancel(request)

    def _hear(self, generation: int, event: Event) -> None:
        """On the engine's thread: make the image here, where it holds up nobody, and pass everything on."""
        if isinstance(event, Frame) and event.preview:
            picture = prepare(event.asset, self.shown, self._before)
            self._before = event.asset
            self._arrived.emit(generation, Seen(event.request, picture))
        elif isinstance(event, Partial):
            self._arrived.emit(generation, Glimpse(event.request, prepare(event.asset, self.shown)))
        elif isinstance(event, Looked):
            self._arrived.emit(generation, Sight(event.request, image_of(event.pixels), event.pixels, event.full))
        elif isinstance(event, Frame):
            self._arrived.emit(generation, Thumb(event.request, thumbnail(event.asset), event.asset))
        else:
            self._arrived.emit(generation, event)

    def _receive(self, generation: int, event: Event | Prepared) -> None:
        """On the GUI thread: one event as one signal."""
        if generation != self._generation:
            return
        match event:
            case Seen(request, picture):
                self.frame.emit(request, picture)
            case Thumb(request, image, asset):
                self.rendered.emit(request, asset)
                self.thumb.emit(request, image)
            case Encoded(request):
                self.encoded.emit(request, event)
            case Opened(request, info):
                self.opened.emit(request, info)
            case Written(request, path):
                self.written.emit(request, path, event.notes)
            case Failed(request, problem):
                if problem.detail:
                    _log.error("request %d failed: %s\n%s", request, problem.what, problem.detail)
                self.failed.emit(request, problem)
            case _:
                self._tell_rest(event)

    def _tell_rest(self, event: Event | Prepared) -> None:
        """Words about requests; the engine's own state."""
        match event:
            case Glimpse(request, picture):
                self.partial.emit(request, picture)
            case Sight(request):
                self.looked.emit(request, event)
            case Stepped(request, progress):
                self.stepped.emit(request, progress)
            case Considered(request, plan):
                self.considered.emit(request, plan)
            case Embedded(request, vectors):
                self.embedded.emit(request, vectors)
            case _:
                self._tell_state(event)

    def _tell_state(self, event: Event | Prepared) -> None:
        """What becomes of the engine itself."""
        match event:
            case Ready(_, device):
                self.ready.emit(device)
            case Restarted(_, device):
                self.restarted.emit(device)
            case Died(outcome, _, restarting):
                _log.warning("engine: %s\n%s", outcome.sentence(), "\n".join(outcome.stderr))
                self.died.emit(outcome.sentence(), restarting)
            case _:
                pass
