"""Renders the pictures of open filmstrips while nobody else needs the engine: the canvas always comes first.

One picture at a time is asked for, only after the canvas has had its own and some quiet has passed; whatever the
person does next cancels it. Pictures are remembered by recipe, so that undo finds them again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from engine.api import ControlKind, PackageInfo, Problem, Recipe, Value
from gui.engine_bridge import EngineBridge
from gui.session import Session

QUIET_MS = 350
REMEMBERED = 400
LONGEST = 192
"""Side in pixels that pictures of free size are rendered at."""


@dataclass(frozen=True)
class Wanted:
    """One picture of one strip."""

    control: str
    place: int
    recipe: Recipe


class StripRenderer(QObject):
    """Keeps the pictures of the open strips those of the present recipe."""

    ready = Signal(str, int, object)       # control, place, QImage (null: not there yet)

    def __init__(self, bridge: EngineBridge, session: Session, idle: Callable[[], bool],
                 parent: QObject | None = None) -> None:
        """`idle` says whether the canvas has its picture and no slider is held."""
        super().__init__(parent)
        self._bridge = bridge
        self._session = session
        self._idle = idle
        self._stops: Mapping[str, tuple[float, ...]] = {}
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._refused: set[str] = set()
        self._stirred = False
        self._asked: tuple[int, str] | None = None         # request, recipe
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self._next)
        session.changed.connect(self._stir)
        bridge.thumb.connect(self._answered)
        bridge.failed.connect(self._failed)
        bridge.died.connect(self._forget)

    def show(self, stops: Mapping[str, tuple[float, ...]]) -> None:
        """These strips are open now: control -> values of its pictures."""
        self._stops = stops
        self.refresh()

    def refresh(self) -> None:
        """Show what is remembered of the present recipe, and ask for the rest once it is quiet."""
        self.yield_engine()
        self._stirred = False
        for wanted in self._wanted():
            self.ready.emit(wanted.control, wanted.place, self._recalled(wanted.recipe))
        if self._stops:
            self._timer.start()

    def yield_engine(self) -> None:
        """The engine is needed: stop what is being rendered here, and wait for the next quiet."""
        self._timer.stop()
        if self._asked is not None:
            self._bridge.cancel(self._asked[0])
            self._asked = None

    def wake(self) -> None:
        """The canvas has its picture: go on after a while."""
        if self._stops and self._asked is None:
            self._timer.start()

    @property
    def pending(self) -> int:
        """How many pictures are still missing."""
        return sum(self._missing(wanted) for wanted in self._wanted())

    def _stir(self, _names: object) -> None:
        """The recipe changed, perhaps in a drag: nothing is computed before it is quiet."""
        self._stirred = True
        self.yield_engine()
        if self._stops:
            self._timer.start()

    def _wanted(self) -> Iterable[Wanted]:
        info, recipe = self._session.info, self._session.recipe
        if info is None or recipe is None:
            return
        small = small_recipe(info, recipe)
        for control, stops in self._stops.items():
            if control in small.values:
                for place, stop in enumerate(stops):
                    yield Wanted(control, place, small.with_values({control: stop}))

    def _missing(self, wanted: Wanted) -> bool:
        key = wanted.recipe.canonical()
        return key not in self._images and key not in self._refused

    def _next(self) -> None:
        if self._asked is not None:
            return
        if not self._idle():
            self._timer.start()
            return
        if self._stirred:
            self.refresh()
            self._timer.stop()
        wanted = next((wanted for wanted in self._wanted() if self._missing(wanted)), None)
        if wanted is not None:
            self._asked = self._bridge.thumbnail(wanted.recipe), wanted.recipe.canonical()

    def _answered(self, request: int, image: QImage) -> None:
        if self._asked is None or self._asked[0] != request:
            return
        key, self._asked = self._asked[1], None
        self._images[key] = image
        while len(self._images) > REMEMBERED:
            self._images.popitem(last=False)
        for wanted in self._wanted():
            if wanted.recipe.canonical() == key:
                self.ready.emit(wanted.control, wanted.place, image)
        self._next()

    def _failed(self, request: int, problem: Problem) -> None:
        if self._asked is None or self._asked[0] != request:
            return
        if problem.code != "cancelled":
            self._refused.add(self._asked[1])
        self._asked = None
        self._timer.start()

    def _forget(self, _sentence: str, _restarting: bool) -> None:
        """The engine died: what it was at is not asked for again."""
        if self._asked is not None:
            self._refused.add(self._asked[1])
            self._asked = None

    def _recalled(self, recipe: Recipe) -> QImage:
        key = recipe.canonical()
        if key in self._images:
            self._images.move_to_end(key)
        return self._images.get(key, QImage())


def small_recipe(info: PackageInfo, recipe: Recipe) -> Recipe:
    """The recipe at a size that suits a thumbnail, where the package has a free size; the shape stays."""
    changed: dict[str, Value] = {}
    for control in info.controls:
        value = recipe.values.get(control.name)
        if control.kind is ControlKind.SIZE and isinstance(value, tuple):
            scale = min(1.0, LONGEST / max(value))
            least = int(control.minimum or 1)
            changed[control.name] = (max(least, round(value[0] * scale)), max(least, round(value[1] * scale)))
    return recipe.with_values(changed) if changed else recipe
