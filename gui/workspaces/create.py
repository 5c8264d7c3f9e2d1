"""Where one explores: the result, the control panel and the kept results, wired to the session and the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.api import Asset, Medium, PackageInfo, Plan, Problem
from gui.commands import keys_of
from gui.engine_bridge import EngineBridge
from gui.marks import Marks
from gui.masking import Masking
from gui.pictures import Picture
from gui.properties import Words
from gui.runs import Runs
from gui.session import Session
from gui.sources import Sources
from gui.strips import StripRenderer
from gui.theme import Theme
from gui.widgets.banner import Offer, Tone
from gui.widgets.fields import PromptField, SliderField
from gui.widgets.filmstrip import Filmstrip
from gui.widgets.panel import ControlPanel
from gui.widgets.run_bar import RunBar, RunState, step_words
from gui.widgets.stage import Stage

PICTURE, ENGINE, NOTES = "picture", "engine", "notes"
CANCELLED = "cancelled"
RELIEF_MS = 6000
STALE_MS = 400
"""How long another package's picture may stay: quick models replace it before it could flicker."""


@dataclass(frozen=True)
class Lookups:
    """What fields ask the studio for: small pictures by value, earlier prompts by control."""

    portrait: Callable[[str], QImage]
    history: Callable[[str], Sequence[str]]


class CreateWorkspace(QWidget):
    """Shows what comes back for the session's recipe; problems become banners over the last result."""

    shown = Signal(object)                 # Picture, each time there is a new result

    def __init__(self, session: Session, bridge: EngineBridge, kept: QAbstractItemModel, theme: Theme, words: Words,
                 lookups: Lookups, sources: Sources) -> None:
        super().__init__()
        self._session = session
        self._bridge = bridge
        self._notes: tuple[str, ...] = ()
        self.picture: Picture | None = None
        self._glimpse = False              # unfinished work is shown
        self._drawn: Asset | None = None   # what the canvas shows just now, if it is a whole result
        self._stale = QTimer(self, singleShot=True, interval=STALE_MS)
        self._stale.timeout.connect(self._let_go)
        self.stage = Stage(theme)
        self.panel = ControlPanel(theme, words, lookups.portrait, lookups.history)
        self.run_bar = RunBar(theme, keys_of("run"))
        self.filmstrip = Filmstrip(kept, theme)
        self.runs = Runs(bridge, session, self)
        self.masking = Masking(session, sources, self.stage, self.panel, theme, self)
        self.strips = StripRenderer(bridge, session, lambda: self.idle, self)
        self._relief = QTimer(self, singleShot=True, interval=RELIEF_MS)
        self._relief.timeout.connect(lambda: self.stage.banner.dismiss(ENGINE))
        self.side = QWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        self.stage.waiting(self.tr("Starting the engine"), self.tr("The first picture appears in a moment."))
        self._connect()
        if session.info is not None:  # the window was built again in another language
            self._opened(session.info)
            self.panel.show_locks(session.locked)
            self._changed(frozenset(session.recipe.values) if session.recipe else frozenset())

    @property
    def asset(self) -> Asset | None:
        """The result that is shown."""
        return self.picture.asset if self.picture else None

    @property
    def idle(self) -> bool:
        """Whether nobody drags a slider or waits for a result."""
        return not self.runs.held and not self.stage.busy.busy

    @property
    def stamp(self) -> int:
        """The number of the newest result asked for."""
        return self.runs.stamp

    def run(self) -> None:
        """Make the result of what is set and typed now; it takes the canvas back from the brush."""
        self.masking.end()
        self.panel.flush()
        self.runs.run()

    def stop(self) -> None:
        """Lay the brush down; else give up the result that is being made, if one is."""
        if self.masking.painting:
            self.masking.end()
        elif self.stage.busy.busy:
            self.runs.cancel()

    def close_down(self) -> None:
        """The window closes: take over what was typed, ask for nothing more."""
        self.runs.close()
        self.masking.end()
        self.panel.flush()

    def show_result(self, picture: Picture, request: int = 0) -> None:
        """A result takes its place: on the canvas, as cards, or as swatches."""
        asset = picture.asset
        self.picture = picture
        if asset.medium is Medium.PICTURE:
            self._draw(picture, self._drawn, request)
            self._drawn = asset
        else:
            self.stage.show_board(asset)
        self.stage.badges.show_asset(asset)
        if self._glimpse:
            self._glimpse = False
            self._mark(self.runs.state, partial=False)
        self.stage.banner.dismiss(PICTURE)
        if asset.notes != self._notes:
            self._tell_notes(asset.notes)

    def _arrange(self) -> None:
        side = QVBoxLayout(self.side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.panel, 1)
        side.addWidget(self.run_bar)
        self.splitter.addWidget(self.stage)
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        self.splitter.setCollapsible(1, False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.filmstrip)

    def _connect(self) -> None:
        session, bridge, panel, runs = self._session, self._bridge, self.panel, self.runs
        session.opened.connect(self._opened)
        session.changed.connect(self._changed)
        session.locks_changed.connect(panel.show_locks)
        panel.edited.connect(session.edit)
        panel.lock_toggled.connect(session.toggle_lock)
        panel.new_seed_wanted.connect(session.new_seed)
        panel.previous_seed_wanted.connect(session.previous_seed)
        panel.held.connect(self._hold)
        panel.renamed.connect(session.rename)
        panel.mark_toggled.connect(session.mark)
        session.relabelled.connect(panel.relabel)
        session.marks_changed.connect(self._marked)
        self.strips.ready.connect(self._film)
        self.stage.badges.back_wanted.connect(session.bring_back)
        self.stage.badges.run_wanted.connect(self.run)
        self.run_bar.run_wanted.connect(self.run)
        self.run_bar.cancel_wanted.connect(self.stop)
        self.masking.ended.connect(self._restore)
        runs.asked.connect(lambda: self.stage.busy.set_busy(True))
        runs.told.connect(self._told)
        runs.planned.connect(self._planned)
        runs.recalled.connect(self._recalled)
        bridge.frame.connect(self._framed)
        bridge.partial.connect(self._glimpsed)
        bridge.failed.connect(self._failed)
        bridge.died.connect(self._died)
        bridge.restarted.connect(self._restarted)

    def _opened(self, info: PackageInfo) -> None:
        self.runs.held = False
        self.panel.set_package(info)
        self._marked(self._session.marks)
        self.stage.banner.dismiss(PICTURE)
        if not info.live or (self.asset is not None and self.asset.medium is not info.medium):
            self.picture = self._drawn = None   # what is shown there is another package's, and may stay long
            self.stage.clear()
            self.stage.busy.set_busy(False)
            self._tell_notes(())
            self.stage.waiting(self.tr("Nothing made yet"), "" if info.live else self.tr(
                "Set what you like, then press Run ({0}).").format(keys_of("run")))
        self._stale.start()
        self.runs.opened()

    def _let_go(self) -> None:
        """The package takes its time: under its name nothing of another one is shown."""
        info = self._session.info
        if info is not None and self.asset is not None and self.asset.recipe.digest != info.digest:
            self.picture = self._drawn = None
            self.stage.clear()
            self._tell_notes(())
            self.stage.waiting(self.tr("Nothing made yet"), self.tr("The first picture appears in a moment."))

    def _marked(self, marks: Marks) -> None:
        """Sliders were renamed, favoured, put away, or show their filmstrip (which only quick models can fill)."""
        live = self._session.info is None or self._session.info.live
        self.panel.show_marks(marks.favourites, marks.hidden, marks.strips if live else ())
        sliders = (field for field in self.panel.sliders() if field.strip is not None)
        self.strips.show({field.control.name: field.strip.values for field in sliders if field.strip is not None})

    def _film(self, control: str, place: int, image: QImage) -> None:
        """A picture of a filmstrip."""
        field = self.panel.field(control)
        if isinstance(field, SliderField) and field.strip is not None:
            field.strip.show_image(place, image)

    def _hold(self, held: bool) -> None:
        """A slider is being dragged: drafts will do, and nothing else may use the engine; at its release the final."""
        self.runs.held = held
        if held:
            self.strips.yield_engine()
        else:
            recipe = self._session.recipe
            if self.runs.drafted and recipe is not None:
                self.runs.ask(recipe)
            self.strips.wake()

    def _changed(self, names: frozenset[str]) -> None:
        """The new preview is asked for first, the panel follows: its fields are only echoes."""
        recipe = self._session.recipe
        if recipe is None:
            return
        self.runs.changed()
        self.panel.show_values(recipe.values, names)

    def _framed(self, request: int, picture: Picture) -> None:
        recipe = self._session.recipe
        if recipe is None or picture.asset.recipe.digest != recipe.digest:
            return  # of a package that is not open any more
        self.show_result(picture, request)
        if request >= self.runs.stamp:
            self.stage.busy.set_busy(False)
            self.strips.wake()
        self.runs.arrived(request, picture)
        self.shown.emit(picture)

    def _draw(self, picture: Picture, before: Asset | None, request: int) -> None:
        """On the canvas, only what changed of it where that is known."""
        canvas, asset = self.stage.canvas, picture.asset
        if before is not None and picture.before is before and canvas.has_picture:
            canvas.show_strip(picture.strip, picture.first, request, inside=picture.inside)
        else:
            if self.stage.board is not None:
                self.stage.show_canvas()
            full = QSize(*asset.full) if asset.full is not None else QSize()
            canvas.show_picture(picture.image, request, picture.small, full)
        self.stage.empty.hide()
        self._bridge.shown = canvas.shown_size()

    def _glimpsed(self, request: int, picture: Picture) -> None:
        """Unfinished work: shown in the result's place, marked, and never kept."""
        asset, recipe = picture.asset, self._session.recipe
        if request != self.runs.stamp or recipe is None or asset.recipe.digest != recipe.digest:
            return
        if asset.medium is Medium.PICTURE:
            self._draw(picture, None, 0)
            self._drawn = None
        else:
            self.stage.show_board(asset)
        self._glimpse = True
        self._mark(self.runs.state, partial=True)

    def _told(self, state: RunState) -> None:
        """Run bar and marks follow how things stand."""
        self.run_bar.show_state(state)
        if state.running:
            at = state.progress
            self.stage.busy.show_share(at.done / max(1, at.total) if at is not None else None)
        self._mark(state, partial=state.running and self._glimpse)

    def _mark(self, state: RunState, *, partial: bool) -> None:
        words = ""
        if partial:
            at = step_words(state.progress) if state.progress is not None else ""
            words = " · ".join(filter(None, (self.tr("Unfinished"), at)))
        self.stage.badges.show_run(changed=state.changed and not state.running, partial=words)

    def _planned(self, plan: Plan | None) -> None:
        """What the model makes of its prompts, beside them."""
        for field in self.panel.fields():
            if isinstance(field, PromptField):
                field.show_reading(plan.prompts.get(field.control.name) if plan is not None else None)

    def _recalled(self, picture: Picture) -> None:
        """The present recipe was run before: its result comes back."""
        self.show_result(picture)
        self.shown.emit(picture)

    def _tell_notes(self, notes: tuple[str, ...]) -> None:
        self._notes = notes
        if notes:
            self.stage.banner.tell(NOTES, notes[0], " ".join(notes[1:]), Tone.NOTE)
        else:
            self.stage.banner.dismiss(NOTES)

    def _failed(self, request: int, problem: Problem) -> None:
        newest = request == self.runs.stamp
        self.runs.failed(request)
        if not newest:
            return
        self.stage.busy.set_busy(False)
        if not self.runs.live:
            self._restore()
        if problem.code == CANCELLED:
            self.stage.toast.tell(self.tr("Stopped: the picture shows the settings before") if self.picture
                                  else self.tr("Stopped"))
            return
        undo = self._session.undo_group
        offers = (Offer(self.tr("Undo"), undo.undo),) if undo.canUndo() else ()
        self.stage.banner.tell(PICTURE, problem.what, problem.remedy, Tone.WARNING, offers)

    def _restore(self) -> None:
        """In the place of unfinished work or of the brush: the result before, if there is one."""
        self._drawn = None
        if self.picture is not None:
            self.show_result(self.picture)
        elif not self.runs.live:
            self.stage.clear()
            self.stage.waiting(self.tr("Nothing made yet"), self.tr(
                "Set what you like, then press Run ({0}).").format(keys_of("run")))

    def _died(self, sentence: str, restarting: bool) -> None:
        self._relief.stop()
        if restarting:
            self.stage.banner.tell(ENGINE, sentence, self.tr("It is being started again. Nothing is lost."))
        else:
            self.stage.busy.set_busy(False)
            remedy = self.tr("It ended too often to be started again by itself. Your work is safe: "
                             "try other values, then start the engine from the Help menu.")
            self.stage.banner.tell(ENGINE, sentence, remedy, Tone.DANGER)

    def _restarted(self, _device: object) -> None:
        if self.stage.banner.topic == ENGINE and not self.stage.banner.isHidden():
            self._relief.start()
