"""Everything that was kept, in one place: a grid, what to look for above it, what is known of the chosen beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QVBoxLayout, QWidget

from engine.api import Progress
from engine.library.records import Entry
from gui.models.kept import KeptModel
from gui.theme import Theme
from gui.widgets.banner import Banner
from gui.widgets.grid_view import GridView
from gui.widgets.kept_card import LARGEST, LEAST, KeptCard, cell_of
from gui.widgets.kept_details import KeptDetails
from gui.widgets.library_bar import LibraryBar
from gui.widgets.stage import EDGE
from gui.widgets.toast import Toast

SETTLE_MS = 90
"""So long after a step through the grid the details follow."""


class LibraryWorkspace(QWidget):
    """The page. It decides nothing: what a person wants done goes out as signals."""

    restore_wanted = Signal(object)        # Entry
    rated = Signal(object, int)            # ids, stars
    forget_wanted = Signal(object)         # ids
    copy_wanted = Signal(object)           # ids
    menu_wanted = Signal(QPoint)           # for what is chosen
    chosen = Signal(object)                # ids of what is chosen, once the choice stands still
    folder_wanted = Signal()
    dropped = Signal(object)               # Paths to add
    cancel_wanted = Signal()
    cleared = Signal()                     # look for everything again
    sized = Signal(int)

    def __init__(self, model: KeptModel, theme: Theme, side: int) -> None:
        """`side` is how large pictures are shown, in logical pixels."""
        super().__init__()
        self.model = model
        self._theme = theme
        self._filtered = False
        self._entered = False              # the keyboard went from the search box to what was found
        self._busy = False
        self.bar = LibraryBar(theme)
        self.grid = GridView(cell_of(side))
        self.grid.setModel(model)
        self.grid.setItemDelegate(KeptCard(theme, self.grid))
        self.grid.setAccessibleName(self.tr("Library"))
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = KeptDetails(theme)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.progress = QProgressBar()
        self.cancel = QPushButton(self.tr("Cancel"))
        self.add = QPushButton(self.tr("Add folder…"))
        self.empty = _Nothing(theme, self.grid)
        self.banner = Banner(theme, self)
        self.toast = Toast(self)
        self._drop = QFrame(self)
        self._drop.setObjectName("dropFrame")
        self._drop.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._drop.hide()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(lambda: self.chosen.emit(self.ids()))
        self.setAcceptDrops(True)
        self._set_up(side)
        self._arrange()
        self._connect()

    def ids(self) -> tuple[int, ...]:
        """What is chosen, in the order of the grid."""
        return tuple(self.model.id_at(row) for row in self.grid.chosen_rows())

    def current(self) -> Entry | None:
        """The entry that the keys point to."""
        index = self.grid.currentIndex()
        return self.model.entry(index.row()) if index.isValid() else None

    def show_filtered(self, filtered: bool) -> None:
        """Whether only some are looked for: an empty answer means something else then."""
        self._filtered = filtered

    def show_progress(self, progress: Progress | None) -> None:
        """How far adding is; None: nothing is being added."""
        self._busy = progress is not None
        for widget in (self.progress, self.cancel):
            widget.setVisible(self._busy)
        self.add.setVisible(not self._busy)
        if progress is not None:
            self.progress.setRange(0, progress.total)
            self.progress.setValue(progress.done)

    def choose(self, key: int) -> bool:
        """Go to an entry, if it is among those shown."""
        row = self.model.row_of(key)
        if row >= 0:
            self.grid.setCurrentIndex(self.model.index(row, 0))
        return row >= 0

    def tell_count(self) -> None:
        """How many there are, and how many of them are chosen."""
        shown, chosen = self.model.rowCount(), self.grid.chosen_count()
        words = self.tr("%n found", "", shown) if self._filtered else self.tr("%n kept", "", shown)
        self.count.setText(f"{words} · {self.tr('%n chosen', '', chosen)}" if chosen > 1 else words)
        self.empty.setVisible(not shown)
        self.details.setVisible(bool(shown))
        if not shown:
            self._tell_nothing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Overlays follow the edges."""
        super().resizeEvent(event)
        self._place()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of others are added; what comes from the grid itself is there already."""
        if event.source() is not self.grid and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop.setGeometry(self.rect())
            self._drop.raise_()
            self._drop.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        super().dragLeaveEvent(event)
        self._drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add them."""
        self._drop.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _set_up(self, side: int) -> None:
        self.size_slider.setRange(LEAST, LARGEST)
        self.size_slider.setValue(side)
        self.size_slider.setFixedWidth(130)
        self.size_slider.setToolTip(self.tr("Size of the pictures"))
        self.size_slider.setAccessibleName(self.tr("Size of the pictures"))
        self.progress.setFixedWidth(180)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Adding"))
        self.add.setToolTip(self.tr("Add a folder of kept files; or drop one here"))
        self.show_progress(None)

    def _arrange(self) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 6, 14, 6)
        foot.setSpacing(10)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.progress)
        foot.addWidget(self.cancel)
        foot.addWidget(self.add)
        foot.addWidget(self.size_slider)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.bar)
        middle.addWidget(self.grid, 1)
        middle.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(middle, 1)
        row.addWidget(self.details)

    def _connect(self) -> None:
        grid, model = self.grid, self.model
        grid.doubleClicked.connect(lambda _: self._restore())
        grid.customContextMenuRequested.connect(self._menu)
        grid.key_pressed.connect(self._key)
        grid.selectionModel().selectionChanged.connect(lambda *_: self._choice_changed())
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.listed):
            signal.connect(self.tell_count)
        model.modelReset.connect(self._choice_changed)
        model.modelReset.connect(self._found)
        self.bar.asked.connect(self._leave)
        self.bar.entered.connect(self._enter)
        self.size_slider.valueChanged.connect(lambda side: grid.set_cell(cell_of(side)))
        self.size_slider.valueChanged.connect(self.sized)
        self.add.clicked.connect(self.folder_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.empty.wanted.connect(lambda: self.cleared.emit() if self._filtered else self.folder_wanted.emit())
        self.details.restore_wanted.connect(self._restore)
        self.details.rated.connect(lambda stars: self.rated.emit(self.ids(), stars))
        self.details.more_wanted.connect(lambda: self.menu_wanted.emit(
            self.details.more.mapToGlobal(QPoint(0, self.details.more.height()))))
        self.banner.resized.connect(self._place)
        self.toast.resized.connect(self._place)

    def _choice_changed(self) -> None:
        self.tell_count()
        self._settle.start()

    def _found(self) -> None:
        """There is another answer: Enter was pressed before it came."""
        if self._entered:
            self._enter()

    def _leave(self, _filters: object) -> None:
        self._entered = False

    def _enter(self) -> None:
        """From the search box to the first that was found, or that is found in a moment."""
        self._entered = True
        self.grid.setFocus()
        if self.model.rowCount() and not self.grid.chosen_count():
            self.grid.setCurrentIndex(self.model.index(0, 0))
            self.grid.selectionModel().select(self.model.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _restore(self) -> None:
        entry = self.current()
        if entry is not None:
            self.restore_wanted.emit(entry)

    def _menu(self, at: QPoint) -> None:
        if self.grid.indexAt(at).isValid():
            self.menu_wanted.emit(self.grid.viewport().mapToGlobal(at))

    def _key(self, event: QKeyEvent) -> None:
        """Digits rate, Enter restores, Delete forgets, Ctrl+C copies."""
        ids, held = self.ids(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = held == Qt.KeyboardModifier.NoModifier
        if plain and event.text() in {"0", "1", "2", "3", "4", "5"} and ids:
            self.rated.emit(ids, int(event.text()))
        elif plain and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._restore()
        elif plain and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and ids:
            self.forget_wanted.emit(ids)
        elif held == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_C and ids:
            self.copy_wanted.emit(ids)
        else:
            return
        event.accept()

    def _tell_nothing(self) -> None:
        if self._filtered:
            self.empty.tell(self.tr("Nothing like this"), self.tr("Nothing that you kept answers all of this."),
                            self.tr("Show everything"))
        else:
            self.empty.tell(self.tr("Nothing kept yet"), self.tr(
                "What you keep while you create comes here by itself. Files that you kept before can be added."),
                self.tr("Add folder…"))

    def _place(self) -> None:
        width, height = self.width() - (0 if self.details.isHidden() else self.details.width()), self.height()
        wide = max(260, min(680, width - 2 * EDGE))
        self.banner.setGeometry((width - wide) // 2, EDGE, wide, max(self.banner.heightForWidth(wide),
                                                                     self.banner.sizeHint().height()))
        self.toast.adjustSize()
        self.toast.move((width - self.toast.width()) // 2, height - self.toast.height() - EDGE - 34)


class _Nothing(QWidget):
    """In the middle of an empty grid: why it is empty, and what one can do."""

    wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon, self._title, self._words, self.button = QLabel(), QLabel(), QLabel(), QPushButton()
        self._title.setProperty("role", "title")
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        self._words.setFixedWidth(380)
        self.button.clicked.connect(self.wanted)
        column = QVBoxLayout(parent)
        column.addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(self)
        inside.setSpacing(9)
        for label in (self._icon, self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label, 0, Qt.AlignmentFlag.AlignCenter)
        inside.addSpacing(6)
        inside.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def tell(self, title: str, words: str, label: str) -> None:
        """Other words."""
        self._title.setText(title)
        self._words.setText(words)
        self.button.setText(label)

    def title(self) -> str:
        """What it says."""
        return self._title.text()

    def _restyle(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("library", self._theme.colors.border_strong, 48))
