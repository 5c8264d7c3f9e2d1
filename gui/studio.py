"""The studio: builds its parts in order, hands each what it needs, and passes on what comes of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from engine.api import ControlKind, Device, Medium, PackageInfo, Problem, Recipe
from engine.packages.shelf import Shelf
from gui.assembly import build_window
from gui.background import Background
from gui.collecting import Collector
from gui.commands import ActionSet, Facts
from gui.deeds import Deeds
from gui.documents.documents import Documents
from gui.engine_bridge import EngineBridge
from gui.finding import Finder
from gui.giving import Giver
from gui.importing import Importer
from gui.keeping import Journal, Keeper
from gui.keepsakes import Keepsakes
from gui.kept_deeds import KeptDeeds
from gui.language import Language
from gui.library import Desk
from gui.marks import MarkBook
from gui.memory import Memory
from gui.models.kept import KeptModel
from gui.opening import Opener
from gui.palettes import Palettes
from gui.pictures import Picture
from gui.prompt_book import PromptBook
from gui.properties import Words, thrown
from gui.scribe import Scribe
from gui.seeking import Seeker
from gui.session import Session
from gui.settings import Settings
from gui.sources import Sources
from gui.teller import Teller
from gui.theme import Theme
from gui.thumbnails import Thumbnails
from gui.widgets.status import EngineState
from gui.window import CREATE, LIBRARY, MainWindow
from gui.workspaces.create import CreateWorkspace

if TYPE_CHECKING:
    from gui.engine_bridge.jobs import BatchBridge
    from gui.export_bridge import Work

_log = logging.getLogger(__name__)
NO = QMessageBox.StandardButton.No
WARM_MS = 2500
"""So long after the first picture of a model the windows that are used now and then are loaded."""


@dataclass(frozen=True)
class Parts:
    """What the composition root builds before there is a window."""

    settings: Settings
    bridge: EngineBridge
    theme: Theme
    language: Language
    shelf: Shelf
    state: Path                        # folder for the session, kept pictures and thumbnails
    log: Path
    convert: Callable[[], Work] | None = None   # makes conversions; None: the real ones


class Studio(QObject):
    """Owner of everything that lives as long as the program; the window can be built anew (another language)."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self.parts = parts
        self.words = Words(parts.language.locale)
        self.background = Background(self)
        self.scribe = Scribe()
        self.session = Session(self.words, MarkBook(parts.settings.folder, self.scribe))
        self.memory = Memory(parts.state, self.session, self.scribe)
        self.desk = Desk()
        self.kept = KeptModel(self.desk, parent=self)
        self.journal = Journal(parts.state, self.scribe)
        self.faces = Thumbnails(parts.state / "faces", self.scribe)     # the last picture of each package
        self.points = Thumbnails(parts.state / "points", self.scribe)   # what a latent point was found for
        self.keeper = Keeper(parts.bridge, parts.settings, self.journal)
        self.opener = Opener(parts.bridge, self.session, self.memory, parts.shelf, self.background)
        self.sources = Sources(parts.bridge, self.background, Thumbnails(parts.state / "media", self.scribe))
        self.palettes = Palettes(self.session, self.opener, parts.shelf, self.background)
        self.giver = Giver(self.session, self.sources, self.palettes, self.opener, lambda: self.workspace.picture)
        self.seeker = Seeker(parts.bridge, self.desk, lambda: self.workspace.idle)
        self.keepsakes = Keepsakes(self.desk, self.keeper, self.opener, self.sources, self.session,
                                   lambda: self.workspace.picture, lambda: self.workspace.idle)
        self.collector = Collector(self.desk, self.journal, parts.shelf, self.background, parts.state)
        self.kept_deeds = KeptDeeds(self)
        self.prompts = PromptBook(parts.state, self.scribe)
        self._batches: BatchBridge | None = None
        self.device: Device | None = None
        self._face_due: set[str] = set()
        self._medium = Medium.PICTURE                      # of the result that is shown
        self.importer = Importer(parts.theme, lambda: self.window,
                                 lambda: self.device.actual if self.device else "", parts.convert)
        self.finder = Finder(parts.bridge, self.session, self.points, parts.theme, lambda: self.window)
        self._warm = QTimer(self, singleShot=True, interval=WARM_MS)
        self.documents = Documents(self)
        self.deeds = Deeds(self)
        self._warm.timeout.connect(self.deeds.warm)
        self.window = self._new_window()
        self.teller = Teller(self)
        self._connect()

    @property
    def workspace(self) -> CreateWorkspace:
        """The create workspace of the present window."""
        return self.window.workspace

    @property
    def batches(self) -> BatchBridge:
        """The runner of batches; made (and imported) for the first one."""
        if self._batches is None:
            from gui.engine_bridge.jobs import BatchBridge

            self._batches = BatchBridge(self.parts.bridge)
            self._batches.progressed.connect(
                lambda progress: self.window.status.show_batch(progress.done, progress.total))
            self._batches.ended.connect(self.teller.batch_ended)
            self._batches.refused.connect(lambda _: self.window.status.show_batch(0, 0))
        return self._batches

    def current(self) -> tuple[PackageInfo, Recipe] | None:
        """The open package and the recipe on the canvas."""
        info, recipe = self.session.info, self.session.recipe
        return (info, recipe) if info is not None and recipe is not None else None

    def begin(self, request: int, argument: str, *, crashed: bool) -> None:
        """The first package is being opened as `request` (0: find one); `argument` is a file given at the start."""
        if crashed:
            self.teller.crashed()
        if request:
            self.opener.expect(request)
        elif not self.opener.open_any():
            self.teller.nothing_open()
        self.collector.start()
        if argument:
            QTimer.singleShot(0, self, lambda: self.opener.receive(Path(argument)))

    def rebuild(self) -> None:
        """A new window with the same session: the language has changed."""
        self.words = Words(self.parts.language.speak(self.parts.settings.text("language")))
        self.session.words = self.words
        old = self.window
        asset = old.workspace.asset
        old.closing.disconnect(self.close)
        old.may_close = lambda: True
        old.workspace.close_down()
        self.deeds.close()
        self.finder.close()
        old.close()
        old.deleteLater()
        self.window = self._new_window()
        self.importer.rebuild()
        self.teller.tell_again()
        if self.session.info is not None:
            self.window.show_package(self.session.info)
        if asset is not None:
            self.window.status.show_asset(asset)
        self.consider()
        self.window.show()

    def close(self) -> None:
        """The window closes: store what is open, end the engine."""
        self._warm.stop()
        self.workspace.close_down()
        self.documents.close()
        self.seeker.close()
        self.keepsakes.close()
        self.collector.close()
        self.desk.close()
        self.memory.save()
        problem = self.parts.settings.save()
        if problem is not None:
            _log.warning("%s", problem)    # nobody is left to tell
        self.background.close()
        self.deeds.close()
        self.finder.close()
        self.importer.close()
        if self._batches is not None:
            self._batches.close()
        self.parts.bridge.close()
        self.scribe.close()

    def consider(self) -> None:
        """Which commands can be given now."""
        info, group, place = self.session.info, self.session.undo_group, self.window.place
        kinds = {control.kind for control in info.controls} if info else set()
        stage = self.workspace.stage
        made = info is not None and self.workspace.picture is not None
        facts = Facts(package=info is not None, result=made, picture=stage.canvas.has_picture and stage.board is None,
                      undo=group.canUndo(), redo=group.canRedo(), seed=ControlKind.SEED in kinds,
                      sliders=info is not None and any(map(thrown, info.controls)),
                      states=len(self.documents.history.tree) > 0)
        self.actions.consider(facts if place == CREATE else Facts(away=True))
        for name in (CREATE, LIBRARY):
            self.actions[name].setChecked(name == place)
        self.actions["undo"].setText(self.tr("Undo {0}").format(group.undoText()).strip())
        self.actions["redo"].setText(self.tr("Redo {0}").format(group.redoText()).strip())

    def restart_engine(self) -> None:
        """A fresh engine on the chosen device; the open package and picture come back by themselves."""
        self.teller.show_state(EngineState.STARTING)
        self.parts.bridge.start(*self.parts.settings.engine())
        if self.session.info is not None:
            self.opener.open_folder(Path(self.session.info.folder))
        else:
            self.opener.open_any()

    def _new_window(self) -> MainWindow:
        """In the present language; the old one, if there was one, is gone."""
        self.actions = ActionSet(self.parts.theme, self.deeds.table(), self)
        window = build_window(self)
        window.may_close = lambda: self._may_close() and self.documents.files.may_close()
        window.closing.connect(self.close)
        window.moved.connect(lambda _: self.consider())
        window.workspace.shown.connect(self._shown)
        return window

    def _connect(self) -> None:
        bridge, group, opener = self.parts.bridge, self.session.undo_group, self.opener
        for told in (bridge.ready, bridge.restarted):
            told.connect(self._ready)
        for signal in (group.canUndoChanged, group.canRedoChanged, group.undoTextChanged, group.redoTextChanged):
            signal.connect(lambda _: self.consider())
        opener.opening.connect(self._opening)
        opener.restored.connect(lambda _: self.window.go(CREATE))
        opener.opened.connect(self._opened)
        opener.refused.connect(self._not_opened)
        opener.added.connect(lambda _: self.palettes.forget())
        opener.unknown.connect(self._look_at)
        opener.foreign_picture.connect(self.finder.find)
        opener.filed.connect(lambda path, recipe: self.keepsakes.show_file(path, recipe, self.workspace))
        self.importer.package.connect(opener.add)
        self.importer.made.connect(self._made)
        self.keepsakes.kept.connect(lambda _path, _notes: self._noted())
        self.parts.settings.changed.connect(self._setting_changed)
        self.consider()

    def _may_close(self) -> bool:
        """Ask before a running conversion is lost, or a running batch interrupted, which can be resumed."""
        if self.importer.converting:
            asked = QMessageBox.question(self.window, self.tr("A model is being converted"), self.tr(
                "Quit now? The conversion is given up and has to be started again."), defaultButton=NO)
            if asked != QMessageBox.StandardButton.Yes:
                return False
        if self._batches is None or not self._batches.running:
            return True
        asked = QMessageBox.question(self.window, self.tr("A batch is running"), self.tr(
            "Quit now? What is made so far stays, and the batch can be resumed from its folder."))
        return asked == QMessageBox.StandardButton.Yes

    def _ready(self, device: Device) -> None:
        self.device = device

    def _opening(self) -> None:
        self.window.go(CREATE)
        self.workspace.stage.busy.set_busy(True)

    def _opened(self, info: PackageInfo) -> None:
        self.parts.settings.set("package", info.folder)
        self.parts.settings.save()           # a program that is killed remembers it too
        self._face_due.add(info.digest)
        self.window.show_package(info)
        if self.workspace.picture is None:
            self.window.status.show_nothing()
        self.teller.calm()
        self.consider()

    def _not_opened(self, _problem: Problem, _remedy: object) -> None:
        self.workspace.stage.busy.set_busy(False)
        if self.session.info is None:
            self.teller.nothing_open()

    def _look_at(self, path: Path) -> None:
        if not self.importer.receive(path):
            self.teller.one_at_a_time(path)

    def _made(self, folder: str, runs: bool) -> None:
        """A model was brought in: open it, where this version can."""
        if runs:
            self.opener.open_folder(Path(folder))

    def _shown(self, picture: Picture) -> None:
        asset = picture.asset
        self.window.status.show_asset(asset)
        if not self.actions["keep"].isEnabled() or asset.medium is not self._medium:
            self._medium = asset.medium
            self.consider()
        if not self.workspace.runs.live and self.session.info is not None:
            self.prompts.note(self.session.info, asset.recipe)
        self.keepsakes.pictured(picture)
        self.collector.pictured()
        if asset.recipe.digest in self._face_due:
            self._face_due.discard(asset.recipe.digest)
            # The first picture must be on the screen before its thumbnail goes to the disk.
            if asset.medium is not Medium.TEXT:
                QTimer.singleShot(500, self, lambda: self.faces.put(asset.recipe.digest, picture.least()))
            self._warm.start()

    def _noted(self) -> None:
        """Something was kept: its prompts are worth remembering."""
        if (current := self.current()) is not None:
            self.prompts.note(*current)

    def _setting_changed(self, key: str) -> None:
        if key == "theme":
            choice = self.parts.settings.text("theme")
            self.parts.theme.choose("dark" if choice == "dark" else "light" if choice == "light" else "system")
        elif key == "language":
            QTimer.singleShot(0, self, self.rebuild)     # not from inside the dialog that lives in the old window
