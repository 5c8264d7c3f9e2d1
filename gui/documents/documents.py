"""The open document and all that belongs to it, put together; the commands that are given to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from engine.document.tree import Tree
from gui.documents.comparing import CREATE, PLACE, Comparer
from gui.documents.desk import Desk, Laid
from gui.documents.files import Files
from gui.documents.history import History
from gui.documents.models import Models
from gui.documents.recorder import Recorder
from gui.documents.timeline import Timeline

if TYPE_CHECKING:
    from gui.studio import Studio
    from gui.widgets.history_panel import HistoryPanel
    from gui.window import MainWindow

SHOWN, WIDTH = "show_history", "history_width"


class Documents(QObject):
    """Owner of the document. It outlives windows: each new one is dressed with a panel of its own."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        parts, background = studio.parts, studio.background
        self.history = History()
        self.recorder = Recorder(self.history, studio.session, background)
        self.desk = Desk(parts.state / "document", studio.scribe, background)
        self.files = Files(studio, self.history, self.desk, self.recorder.finish)
        self.models = Models(studio.session, parts.shelf, background)
        self.timeline = Timeline(studio, self.history, self.recorder, self.models)
        self.comparer = Comparer(studio, self.timeline, self.models)
        self._panel: HistoryPanel | None = None
        self._loading = self._loaded = False
        self._asked: list[Callable[[], None]] = []     # what waits for the desk
        self._some = False
        self.history.changed.connect(self._count)
        self.files.titled.connect(self._retitle)
        self.files.opened.connect(self._arrived)
        studio.opener.document.connect(self.open)

    def table(self) -> Mapping[str, Callable[[], object]]:
        """A function for every command about documents."""
        files, timeline = self.files, self.timeline
        return {
            "new_document": lambda: self._once_loaded(files.new), "open_file": files.choose,
            "open_recent": lambda: None, "save_document": files.save, "save_document_as": files.save_as,
            "pin_state": timeline.pin, "name_state": timeline.name, "compare_states": timeline.compare,
            "delete_branch": timeline.delete, "go_parent": lambda: timeline.step("parent"),
            "go_child": lambda: timeline.step("child"), "go_previous": lambda: timeline.step("previous"),
            "go_next": lambda: timeline.step("next"), SHOWN: self.toggle,
        }

    def dress(self, window: MainWindow) -> None:
        """A new window: its menu of recent documents, its panel, its title."""
        studio = self._studio
        self._panel = None
        self.timeline.detach()
        self.comparer.detach()
        window.add_place(PLACE, self.comparer.make)
        window.moved.connect(self.comparer.moved)
        menu = QMenu(window)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: self.files.fill(menu))
        studio.actions["open_recent"].setMenu(menu)
        window.workspace.shown.connect(self._shown)
        studio.actions[SHOWN].setChecked(studio.parts.settings.flag(SHOWN))
        if studio.parts.settings.flag(SHOWN):
            self._put(window)
        window.show_document(*self.name())

    def name(self) -> tuple[str, bool]:
        """What the document is called (nothing, while it has no file), and whether its file is behind."""
        path = self.files.path
        return (path.stem, self.files.unsaved) if path is not None else ("", False)

    def toggle(self) -> None:
        """Show or hide the history."""
        studio = self._studio
        visible = not studio.parts.settings.flag(SHOWN)
        studio.parts.settings.set(SHOWN, visible)
        studio.actions[SHOWN].setChecked(visible)
        if visible and self._panel is None:
            self._put(studio.window)
        if self._panel is not None:
            self._panel.setVisible(visible)

    def open(self, path: Path) -> None:
        """A document was dropped, chosen or named at the start."""
        self._once_loaded(lambda: self.files.open(path))

    def close(self) -> None:
        """The window closes: what stands is written down."""
        self.recorder.settle()
        if self._panel is not None:
            self._studio.parts.settings.set(WIDTH, max(self._panel.minimumWidth(), self._panel.width()))

    def _put(self, window: MainWindow) -> None:
        """The panel, left of the stage."""
        splitter = window.workspace.splitter
        self._panel = self.timeline.attach()
        sizes = splitter.sizes()
        splitter.insertWidget(0, self._panel)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setCollapsible(0, False)
        width = self._studio.parts.settings.number(WIDTH)
        splitter.setSizes([width, max(260, sizes[0] - width), *sizes[1:]])

    def _shown(self, picture: object) -> None:
        """A result: the first one has the document brought in, when nobody waits for a window any more."""
        self.recorder.shown(picture)  # type: ignore[arg-type]
        self._load()

    def _once_loaded(self, then: Callable[[], None]) -> None:
        """Do it when the document of the last session is there: it must not be lost to another one."""
        if self._loaded:
            then()
            return
        self._asked.append(then)
        self._load()

    def _load(self) -> None:
        if not self._loading:
            self._loading = True
            self.desk.load(self._found)

    def _found(self, laid: Laid) -> None:
        self._loaded = True
        self.files.found(laid)
        self.recorder.begin()
        now, info, asked = laid.tree.now, self._studio.session.info, self._asked
        self._asked = []
        for then in asked:
            then()
        # After an end by force the settings may name another package than the one that was worked with.
        if not asked and now is not None and info is not None and info.digest != now.recipe.digest:
            self.timeline.go(now.id)

    def _arrived(self, tree: Tree) -> None:
        """Another document: to the state that it was left at, or, when it is empty, on with the present one."""
        self._studio.window.go(CREATE)
        if tree.current is not None:
            self.timeline.go(tree.current)
        elif self._studio.workspace.picture is not None:
            self.recorder.shown(self._studio.workspace.picture)
            self.recorder.settle()

    def _count(self, tree: Tree) -> None:
        """The first state, or the last one gone: commands follow."""
        if self._some != (len(tree) > 0):
            self._some = len(tree) > 0
            self._studio.consider()

    def _retitle(self) -> None:
        self._studio.window.show_document(*self.name())
