"""The installed packages as a Qt model, each with a picture that this program made or shipped itself."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon, QPixmap

from engine.packages.shelf import Shelf, ShelfEntry
from gui.properties import told
from gui.thumbnails import Thumbnails, read_png

ENTRY_ROLE = Qt.ItemDataRole.UserRole
PREVIEW = "preview.png"
_ROOT = QModelIndex()


class ShelfModel(QAbstractListModel):
    """Rows of `ShelfEntry`. Previews inside added packages are strangers' files and are not opened with Qt."""

    def __init__(self, shelf: Shelf, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        """`thumbnails` holds the last picture of each opened package, by its digest."""
        super().__init__(parent)
        self._shelf = shelf
        self._thumbnails = thumbnails
        self._entries: list[ShelfEntry] = []
        self._icons: dict[str, QIcon] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read the shelf again."""
        self.beginResetModel()
        self._entries = self._shelf.packages()
        self._icons.clear()
        self.endResetModel()

    def entry(self, row: int) -> ShelfEntry:
        """The package in `row`. Raises IndexError."""
        return self._entries[row]

    def row_of(self, digest: str) -> int:
        """The row of the package with that digest, or -1."""
        return next((row for row, entry in enumerate(self._entries) if entry.digest == digest), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """How many packages."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, picture, entry."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.name} {entry.version}. {told(entry.problem.sentence() if entry.problem else entry.summary)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(entry.folder)
        return entry if role == ENTRY_ROLE else None

    def _icon(self, entry: ShelfEntry) -> QIcon:
        key = str(entry.folder)
        if key not in self._icons:
            image = self._thumbnails.get(entry.digest) if entry.digest else QPixmap().toImage()
            if image.isNull() and entry.bundled:
                image = read_png(entry.folder / PREVIEW)
            self._icons[key] = QIcon(QPixmap.fromImage(image)) if not image.isNull() else QIcon()
        return self._icons[key]
