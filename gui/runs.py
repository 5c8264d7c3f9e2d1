"""When the engine is asked for a result: at every change for quick models, at Run for slow ones.

Results of slow models are remembered by recipe for a while, so that undo shows them again and need not make them again.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from engine.api import Asset, ControlKind, Plan, Progress, Recipe
from gui.engine_bridge import EngineBridge
from gui.pictures import Picture
from gui.session import Session
from gui.widgets.run_bar import RunState

PAUSE_MS = 350
"""So long after the last change the engine is asked what a run would be."""
MOST_BYTES = 256 << 20
"""Pixels of results that are remembered."""


class Remembered:
    """The latest results of slow models, by recipe."""

    def __init__(self) -> None:
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self._bytes = 0

    def put(self, picture: Picture) -> None:
        """One more; the oldest go when there are too many."""
        key = picture.asset.recipe.canonical()
        self._forget(key)
        self._pictures[key] = picture
        self._bytes += picture.asset.pixels.nbytes
        while self._bytes > MOST_BYTES and len(self._pictures) > 1:
            self._forget(next(iter(self._pictures)))

    def get(self, recipe: Recipe) -> Picture | None:
        """What came of `recipe`, if that is still known."""
        return self._pictures.get(recipe.canonical())

    def _forget(self, key: str) -> None:
        gone = self._pictures.pop(key, None)
        if gone is not None:
            self._bytes -= gone.asset.pixels.nbytes


class Runs(QObject):
    """Asks for the session's recipe. `state` is for the run bar; `stamp` is the newest result asked for."""

    told = Signal(object)                  # RunState
    planned = Signal(object)               # Plan, or None when nothing is known any more
    recalled = Signal(object)              # Picture: what came of the present recipe before
    asked = Signal()                       # a result is on its way

    def __init__(self, bridge: EngineBridge, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session = session
        self._remembered = Remembered()
        self._considered = 0               # the newest plan asked for
        self._asking = False               # it has not come yet
        self._shown: Recipe | None = None  # of the result that is on the canvas
        self._closed = False
        self.stamp = 0
        self._prompts = False              # the open package has prompts, which a plan says something about
        self.held = False                  # a slider is being dragged
        self.drafted = False               # the newest preview asked for may be a draft
        self.state = RunState()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._consider)
        bridge.stepped.connect(self._stepped)
        bridge.considered.connect(self._planned)
        bridge.died.connect(lambda _sentence, restarting: None if restarting else self._stopped())

    @property
    def live(self) -> bool:
        """Whether the open model answers every change."""
        return self.state.live

    def opened(self) -> None:
        """Another package is open; its first change follows."""
        info = self._session.info
        self._shown = None
        self._prompts = info is not None and any(control.kind is ControlKind.PROMPT for control in info.controls)
        self.state = RunState(live=info is None or info.live)
        self.told.emit(self.state)
        self.planned.emit(None)

    def close(self) -> None:
        """The window closes: nothing is asked for any more."""
        self._closed = True
        self._pause.stop()

    def changed(self) -> None:
        """The recipe is another one now."""
        recipe, info = self._session.recipe, self._session.info
        if recipe is None or info is None or self._closed:
            return
        if info.live:
            self.ask(recipe)
        else:
            self._reconsider(recipe)
        if self._prompts or not info.live:
            self._pause.start()

    def run(self) -> None:
        """Make the result of the present recipe, whatever the model."""
        recipe = self._session.recipe
        if recipe is not None:
            if self.state.running:
                self._bridge.cancel(self.stamp)
            self.ask(recipe)

    def ask(self, recipe: Recipe) -> None:
        """Ask for a result; a draft will do while a slider is held, if the package has them."""
        info = self._session.info
        self.drafted = self.held and info is not None and info.drafts
        self.stamp = self._bridge.preview(recipe, draft=self.drafted)
        self.asked.emit()
        if not self.state.live:
            self._tell(replace(self.state, running=True, progress=None))

    def cancel(self) -> None:
        """Give up the result that is being made."""
        self._bridge.cancel(self.stamp)

    def arrived(self, request: int, picture: Picture) -> None:
        """A result is on the canvas (of slow models it is remembered)."""
        if self.state.live:
            return
        self._shown = picture.asset.recipe
        self._remembered.put(picture)
        running = self.state.running and request < self.stamp
        progress = self.state.progress if running else None
        self._pause.start()                # the run has taught the engine how long it takes
        self._tell(replace(self.state, running=running, progress=progress, changed=self._is_changed()))

    def failed(self, request: int) -> None:
        """A result or a plan that was asked for will not come."""
        if request == self.stamp:
            self._stopped()
        elif request == self._considered:
            self._asking = False
            self.planned.emit(None)

    def shows(self, recipe: Recipe) -> bool:
        """Whether the result that is on the canvas is that of `recipe`."""
        return self._shown == recipe

    def known(self, recipe: Recipe) -> Asset | None:
        """What came of `recipe` in an earlier run, if that is remembered."""
        found = self._remembered.get(recipe)
        return found.asset if found is not None else None

    def adopt(self, recipe: Recipe) -> None:
        """The picture of `recipe` was brought to the canvas in another way, such as from its file."""
        self._shown = recipe
        self._tell(replace(self.state, changed=self._is_changed()))

    def _stopped(self) -> None:
        if not self.state.live:
            self._tell(replace(self.state, running=False, progress=None))

    def _reconsider(self, recipe: Recipe) -> None:
        """Of a slow model: show what is known of this recipe, or say that the result is of another one."""
        known = None if recipe == self._shown else self._remembered.get(recipe)
        if known is not None:
            self._shown = recipe
            self.recalled.emit(known)
        self._tell(replace(self.state, changed=self._is_changed()))

    def _is_changed(self) -> bool:
        return self._shown is not None and self._session.recipe != self._shown

    def _consider(self) -> None:
        if self._session.recipe is not None:
            self._asking = True
            self._considered = self._bridge.consider(self._session.recipe)

    def _planned(self, request: int, plan: Plan) -> None:
        if request > self._considered > 0 and self._asking:
            self._consider()               # the batch window asked after us: only the newest question is answered
        elif request == self._considered:
            self._asking = False
            self.planned.emit(plan)
            if not self.state.live:
                self._tell(replace(self.state, plan=plan))

    def _stepped(self, request: int, progress: Progress) -> None:
        if request == self.stamp and not self.state.live:
            self._tell(replace(self.state, progress=progress))

    def _tell(self, state: RunState) -> None:
        self.state = state
        self.told.emit(state)
