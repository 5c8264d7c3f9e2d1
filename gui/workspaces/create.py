"""Where one explores: the picture, the control panel and the kept pictures, wired to the session and the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.api import Asset, PackageInfo, Problem, Recipe
from gui.engine_bridge import EngineBridge
from gui.marks import Marks
from gui.models.kept import KeptModel
from gui.pictures import Picture
from gui.properties import Words
from gui.session import Session
from gui.strips import StripRenderer
from gui.theme import Theme
from gui.widgets.banner import Offer, Tone
from gui.widgets.fields import SliderField
from gui.widgets.filmstrip import Filmstrip
from gui.widgets.panel import ControlPanel
from gui.widgets.stage import Stage

PICTURE, ENGINE, NOTES = "picture", "engine", "notes"
CANCELLED = "cancelled"
RELIEF_MS = 6000


class CreateWorkspace(QWidget):
    """Sends a preview for every change and shows what comes back; problems become banners over the last picture."""

    shown = Signal(object)                 # Picture, each time the canvas has a new one

    def __init__(self, session: Session, bridge: EngineBridge, kept: KeptModel, theme: Theme, words: Words,
                 portrait: Callable[[str], QImage]) -> None:
        """`portrait` tells the small picture that a latent point came from."""
        super().__init__()
        self._session = session
        self._bridge = bridge
        self._stamp = 0
        self._notes: tuple[str, ...] = ()
        self.picture: Picture | None = None
        self.stage = Stage(theme)
        self.panel = ControlPanel(theme, words, portrait)
        self.filmstrip = Filmstrip(kept, theme)
        self._held = False                 # a slider is being dragged
        self._drafted = False              # the newest preview asked for may be a draft
        self.strips = StripRenderer(bridge, session, lambda: not self._held and not self.stage.busy.busy, self)
        self._relief = QTimer(self, singleShot=True, interval=RELIEF_MS)
        self._relief.timeout.connect(lambda: self.stage.banner.dismiss(ENGINE))
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.stage)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        self.splitter.setCollapsible(1, False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.filmstrip)
        self.stage.waiting(self.tr("Starting the engine"), self.tr("The first picture appears in a moment."))
        self._connect()
        if session.info is not None:  # the window was built again in another language
            self._opened(session.info)
            self.panel.show_locks(session.locked)
            self._changed(frozenset(session.recipe.values) if session.recipe else frozenset())

    @property
    def asset(self) -> Asset | None:
        """What is on the canvas."""
        return self.picture.asset if self.picture else None

    @property
    def stamp(self) -> int:
        """The number of the newest preview asked for."""
        return self._stamp

    def _connect(self) -> None:
        session, bridge, panel = self._session, self._bridge, self.panel
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
        bridge.frame.connect(self._framed)
        bridge.failed.connect(self._failed)
        bridge.died.connect(self._died)
        bridge.restarted.connect(self._restarted)

    def _opened(self, info: PackageInfo) -> None:
        self._held = False
        self.panel.set_package(info)
        self._marked(self._session.marks)
        self.stage.banner.dismiss(PICTURE)

    def _marked(self, marks: Marks) -> None:
        """Sliders were renamed, favoured, put away, or show their filmstrip."""
        self.panel.show_marks(marks.favourites, marks.hidden, marks.strips)
        sliders = (field for field in self.panel.sliders() if field.strip is not None)
        self.strips.show({field.control.name: field.strip.values for field in sliders if field.strip is not None})

    def _film(self, control: str, place: int, image: QImage) -> None:
        """A picture of a filmstrip."""
        field = self.panel.field(control)
        if isinstance(field, SliderField) and field.strip is not None:
            field.strip.show_image(place, image)

    def _hold(self, held: bool) -> None:
        """A slider is being dragged: drafts will do, and nothing else may use the engine; at its release the final."""
        self._held = held
        if held:
            self.strips.yield_engine()
        else:
            recipe = self._session.recipe
            if self._drafted and recipe is not None:
                self._ask(recipe)
            self.strips.wake()

    def _changed(self, names: frozenset[str]) -> None:
        """The new preview is asked for first, the panel follows: its fields are only echoes."""
        recipe = self._session.recipe
        if recipe is None:
            return
        self._ask(recipe)
        self.panel.show_values(recipe.values, names)

    def _ask(self, recipe: Recipe) -> None:
        info = self._session.info
        self._drafted = self._held and info is not None and info.drafts
        self._stamp = self._bridge.preview(recipe, draft=self._drafted)
        self.stage.busy.set_busy(True)

    def _framed(self, request: int, picture: Picture) -> None:
        recipe, asset = self._session.recipe, picture.asset
        if recipe is None or asset.recipe.digest != recipe.digest:
            return  # of a package that is not open any more
        before, self.picture = self.asset, picture
        canvas = self.stage.canvas
        if before is not None and picture.before is before and canvas.has_picture:
            canvas.show_strip(picture.strip, picture.first, request)
        else:
            full = QSize(*asset.full) if asset.full is not None else QSize()
            canvas.show_picture(picture.image, request, picture.small, full)
        self.stage.empty.hide()
        self.stage.badges.show_asset(asset)
        self._bridge.shown = canvas.shown_size()
        if request >= self._stamp:
            self.stage.busy.set_busy(False)
            self.strips.wake()
        self.stage.banner.dismiss(PICTURE)
        if asset.notes != self._notes:
            self._tell_notes(asset.notes)
        self.shown.emit(picture)

    def _tell_notes(self, notes: tuple[str, ...]) -> None:
        self._notes = notes
        if notes:
            self.stage.banner.tell(NOTES, notes[0], " ".join(notes[1:]), Tone.NOTE)
        else:
            self.stage.banner.dismiss(NOTES)

    def stop(self) -> None:
        """Give up the picture that is being rendered, if one is."""
        if self.stage.busy.busy:
            self._bridge.cancel(self._stamp)

    def _failed(self, request: int, problem: Problem) -> None:
        if request != self._stamp:
            return
        self.stage.busy.set_busy(False)
        if problem.code == CANCELLED:
            self.stage.toast.tell(self.tr("Stopped: the picture shows the settings before"))
            return
        undo = self._session.undo_group
        offers = (Offer(self.tr("Undo"), undo.undo),) if undo.canUndo() else ()
        self.stage.banner.tell(PICTURE, problem.what, problem.remedy, Tone.WARNING, offers)

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
