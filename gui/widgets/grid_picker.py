"""One of many short options (single characters): a button that opens a grid, as a character map does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

CELL = 34
COLUMNS = 9
MOST_ROWS = 11
ROOM = 20                                  # frame and margin of the popup


class GridPicker(QPushButton):
    """Shows the chosen option; typing a character chooses it, arrows step, a click opens the grid."""

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = list(labels)
        self._index = -1
        self.setObjectName("gridPicker")
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setObjectName("gridPopup")
        self._grid = QListWidget()
        self._grid.setViewMode(QListWidget.ViewMode.IconMode)
        self._grid.setMovement(QListWidget.Movement.Static)
        self._grid.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._grid.setGridSize(QSize(CELL, CELL))
        self._grid.setUniformItemSizes(True)
        self._grid.setSpacing(0)
        self._grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._grid.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        font = self._grid.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self._grid.setFont(font)
        for label in self._labels:
            item = QListWidgetItem(label, self._grid)
            item.setSizeHint(QSize(CELL, CELL))
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self._popup)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._grid)
        self._grid.installEventFilter(self)
        self._grid.itemClicked.connect(self._take)
        self._grid.itemActivated.connect(self._take)
        self.clicked.connect(self.open)

    def show_index(self, index: int) -> None:
        """Show option `index` (-1: none) without announcing it."""
        self._index = index
        label = self._labels[index] if 0 <= index < len(self._labels) else ""
        self.setText(label.replace("&", "&&"))
        self._grid.setCurrentRow(index)

    def open(self) -> None:
        """Show the grid below the button, or above it where there is more room."""
        rows = min(MOST_ROWS, -(-len(self._labels) // COLUMNS))
        bar = self._grid.verticalScrollBar().sizeHint().width()
        self._popup.setFixedSize(COLUMNS * CELL + bar + ROOM, rows * CELL + ROOM // 2 + 2)
        corner = self.mapToGlobal(QPoint(self.width() - self._popup.width(), self.height() + 2))
        screen = self.screen().availableGeometry()
        if corner.y() + self._popup.height() > screen.bottom():
            corner.setY(self.mapToGlobal(QPoint(0, 0)).y() - self._popup.height() - 2)
        corner.setX(max(screen.left(), corner.x()))
        self._popup.move(corner)
        self._popup.show()
        self._grid.setFocus()
        self._grid.scrollToItem(self._grid.currentItem())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A typed character that is an option is chosen; arrows step."""
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Up: -1, keys.Key_Right: 1, keys.Key_Down: 1}
        if event.key() in steps:
            self._choose(self._index + steps[keys(event.key())])
        elif event.text() and event.text() in self._labels:
            self._choose(self._labels.index(event.text()))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A typed character is ours, even where it is a shortcut of the window."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.text() in self._labels:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The same keys while the grid is open."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.text() in self._labels:
            self._popup.close()
            self._choose(self._labels.index(event.text()))
            return True
        return super().eventFilter(watched, event)

    def _take(self, item: QListWidgetItem) -> None:
        self._popup.close()
        self._choose(self._grid.row(item))

    def _choose(self, index: int) -> None:
        if 0 <= index < len(self._labels) and index != self._index:
            self.show_index(index)
            self.chosen.emit(index)
