"""The main window: menus and toolbar from the command table, the workspace, the status bar; takes drops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QStatusBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from engine.api import PackageInfo
from gui.commands import COMMANDS, CONTEXT, MENUS, ActionSet
from gui.properties import told
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.fields.image_field import given, take_a_copy
from gui.widgets.status import StatusStrip
from gui.widgets.swatches import PALETTE_KIND
from gui.workspaces.create import CreateWorkspace

CREATE, LIBRARY = "create", "library"
"""Places: what can fill the window. Their names are those of the commands that go there."""
TOOLBAR = ("undo", "redo", "", "randomise", "new_seed", "reset", "", "zoom_out", "zoom_in", "fit", "actual_size", " ",
           "show_history", "show_filmstrip", "show_panel", "", "batch")
"""Command ids; an empty one is a separator, a blank one the gap that pushes the rest to the right."""
CANVAS_MENU = ("copy_image", "keep", "save_as", "", "new_seed", "", "fit", "actual_size")
"""What a right-click on the picture offers."""


class MainWindow(QMainWindow):
    """Frame around the workspace. It decides nothing: commands and drops go out as calls and signals."""

    dropped = Signal(object)           # Path
    picture_dropped = Signal(object)   # bytes or QImage: a picture that is no file
    palette_dropped = Signal(object, object)   # list of "#rrggbb"; Path of its file, or None
    closing = Signal()
    models_wanted = Signal(object)     # the QMenu of the model button, about to show
    moved = Signal(str)                # to a place

    def __init__(self, workspace: CreateWorkspace, actions: ActionSet, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self.workspace = workspace
        self._actions = actions
        self._settings = settings
        self._theme = theme
        self._document = self._model = ""
        self.may_close: Callable[[], bool] = lambda: True
        self.status = StatusStrip(theme)
        self._places = QStackedWidget()
        self._places.addWidget(workspace)
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._made: dict[str, QWidget] = {CREATE: workspace}
        self.place = CREATE
        self.setCentralWidget(self._places)
        self.setAcceptDrops(True)
        self.setMinimumSize(760, 520)
        self._package = QToolButton()
        self._models = QMenu(self)
        self._keep = QToolButton()
        self._welcome = QFrame(self._places)
        self._welcome.setObjectName("dropFrame")
        self._welcome.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._welcome.hide()
        self._build_menus()
        self._build_toolbar()
        self._build_canvas_menu()
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.status, 1)
        self.setStatusBar(bar)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_package(None)
        self._restore_geometry()

    def show_package(self, info: PackageInfo | None) -> None:
        """Name the open package in the title and on its button."""
        self._model = info.name if info else ""
        self._retitle()
        name = info.name if info else self.tr("No model")
        elided = self._package.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 220)
        self._package.setText(f" {elided}".replace("&", "&&"))
        tip = f"{info.name} {info.version}\n{told(info.summary)}" if info else self._actions["open_model"].toolTip()
        self._package.setToolTip(tip)

    def add_place(self, name: str, make: Callable[[], QWidget]) -> None:
        """`make` builds what fills the window at `name`, when somebody first goes there."""
        self._makers[name] = make

    def go(self, name: str) -> None:
        """Fill the window with the place `name`. Raises KeyError for an unknown one."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self._places.addWidget(self._made[name])
        self.place = name
        self._places.setCurrentWidget(self._made[name])
        self.moved.emit(name)

    def here(self) -> QWidget:
        """What fills the window now."""
        return self._made[self.place]

    def show_document(self, name: str, unsaved: bool) -> None:
        """Name the document in the title, if it has a file, and mark it while that is behind."""
        self._document = f"{name}*" if name and unsaved else name
        self._retitle()

    def consider_keep(self) -> None:
        """The Keep button follows its action."""
        self._keep.setEnabled(self._actions["keep"].isEnabled())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one local file or folder, a picture, a palette."""
        data = event.mimeData()
        if data.hasFormat(PALETTE_KIND) or data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            take_a_copy(event)
            self._welcome.setGeometry(self._places.rect())
            self._welcome.raise_()
            self._welcome.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        super().dragLeaveEvent(event)
        self._welcome.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped; the first local file counts."""
        self._welcome.hide()
        data = event.mimeData()
        found = given(data)
        path = found if isinstance(found, Path) else None
        if data.hasFormat(PALETTE_KIND):
            colors = bytes(data.data(PALETTE_KIND).data()).decode(errors="replace").split()
            self.palette_dropped.emit(colors, path)
        elif path is not None:
            self.dropped.emit(path)
        elif found is not None:
            self.picture_dropped.emit(found)
        else:
            return
        take_a_copy(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window was, then let it go."""
        if not self.may_close():
            event.ignore()
            return
        self._settings.set("geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        if not self.workspace.side.isHidden():
            self._settings.set("panel_width", max(200, self.workspace.side.width()))
        self.closing.emit()
        super().closeEvent(event)

    def _retitle(self) -> None:
        words = (self._document, self._model, QCoreApplication.applicationName())
        self.setWindowTitle(" – ".join(filter(None, words)))

    def _build_menus(self) -> None:
        for menu_text in MENUS:
            menu = QMenu(QCoreApplication.translate(CONTEXT, menu_text), self)
            menu.setToolTipsVisible(False)
            for command in COMMANDS:
                if command.menu == menu_text:
                    if command.starts_section:
                        menu.addSeparator()
                    menu.addAction(self._actions[command.id])
            self.menuBar().addMenu(menu)
        self.addActions([self._actions[command.id] for command in COMMANDS])

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Tools"))
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setIconSize(QSize(18, 18))
        self._package.setObjectName("packageButton")
        self._package.setAccessibleName(self.tr("Model"))
        self._package.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._package.setMenu(self._models)
        self._models.aboutToShow.connect(lambda: self.models_wanted.emit(self._models))
        bar.addWidget(self._switch())
        bar.addSeparator()
        bar.addWidget(self._package)
        bar.addSeparator()
        for name in TOOLBAR:
            if name == " ":
                gap = QWidget()
                gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                bar.addWidget(gap)
            elif name:
                bar.addAction(self._actions[name])
            else:
                bar.addSeparator()
        self._keep.setText(self._actions["keep"].text())
        self._keep.setToolTip(self._actions["keep"].toolTip())
        self._keep.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._keep.setProperty("primary", True)
        self._keep.clicked.connect(self._actions["keep"].trigger)
        self._actions["keep"].changed.connect(self.consider_keep)
        bar.addWidget(self._keep)
        self.addToolBar(bar)

    def _switch(self) -> QWidget:
        """Two buttons in one frame: where one is, and where one can go."""
        frame = QFrame()
        frame.setObjectName("segment")
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for name in (CREATE, LIBRARY):
            button = QToolButton()
            button.setDefaultAction(self._actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            row.addWidget(button)
        return frame

    def _build_canvas_menu(self) -> None:
        canvas = self.workspace.stage.canvas
        for name in CANVAS_MENU:
            if name:
                canvas.addAction(self._actions[name])
            else:
                separator = QAction(canvas)
                separator.setSeparator(True)
                canvas.addAction(separator)
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _restyle(self) -> None:
        self._keep.setIcon(self._theme.icon("download", self._theme.colors.accent_text, 16))
        package = self._actions["open_model"].icon()
        self._package.setIcon(package)
        self._package.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _restore_geometry(self) -> None:
        self.resize(1280, 820)
        stored = self._settings.text("geometry")
        if stored:
            self.restoreGeometry(QByteArray.fromBase64(stored.encode()))
        width = self._settings.number("panel_width")
        self.workspace.splitter.setSizes([max(400, self.width() - width), width])
        self.workspace.side.setVisible(self._settings.flag("show_panel"))
        self.workspace.filmstrip.setVisible(self._settings.flag("show_filmstrip"))

