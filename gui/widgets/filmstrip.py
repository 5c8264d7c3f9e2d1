"""Kept pictures along the lower edge: a click brings one back, dragging one out hands over its file."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLabel,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme

CELL = QSize(112, 84)
HEIGHT = 100


class Thumbnail(QStyledItemDelegate):
    """Paints one picture, fitted, with a ring when it is chosen or under the mouse."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All alike."""
        del option, index
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        """Card, picture, ring."""
        colors = self._theme.colors
        state = option.state
        box: QRect = option.rect.adjusted(3, 3, -3, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.panel))
        painter.drawRoundedRect(box, 5, 5)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            paint_fitted(painter, icon, box.adjusted(4, 4, -4, -4), QColor(colors.checker_light))
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        chosen = bool(state & (QStyle.StateFlag.State_HasFocus))
        if over or chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRoundedRect(box, 5, 5)
        painter.restore()


def paint_fitted(painter: QPainter, icon: QIcon, box: QRect, backdrop: QColor) -> None:
    """The picture of `icon` in the middle of `box`, on `backdrop` where it is transparent."""
    size = icon.actualSize(box.size())
    if size.isEmpty():
        return
    area = QRect(box.topLeft() + QPoint((box.width() - size.width()) // 2, (box.height() - size.height()) // 2), size)
    painter.fillRect(area, backdrop)
    icon.paint(painter, area)


class Strip(QListView):
    """A list view that lies on its side."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves along the strip."""
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()) // 2)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter brings the picture back."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.currentIndex().isValid():
            self.clicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class Filmstrip(QFrame):
    """The strip, or a word about what will be here."""

    chosen = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, model: QAbstractItemModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filmstrip")
        self.setFixedHeight(HEIGHT)
        self._model = model
        self._list = Strip()
        self._list.setModel(model)
        self._list.setItemDelegate(Thumbnail(theme, self._list))
        self._list.setFlow(QListView.Flow.LeftToRight)
        self._list.setWrapping(False)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setDragEnabled(True)
        self._list.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.setAccessibleName(self.tr("Kept pictures"))
        self._hint = QLabel(self.tr("Pictures you keep (Ctrl+S) appear here. Click one to come back to it."))
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("role", "muted")
        self._pages = QStackedLayout()
        frame = QVBoxLayout(self)
        frame.setContentsMargins(10, 5, 10, 5)
        frame.addLayout(self._pages)
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self._list)
        self._list.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self._list.customContextMenuRequested.connect(self._menu)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
            signal.connect(self._turn_page)
        self._turn_page()

    def _turn_page(self) -> None:
        self._pages.setCurrentIndex(1 if self._model.rowCount() else 0)

    def _menu(self, at: QPoint) -> None:
        index = self._list.indexAt(at)
        if index.isValid():
            self.menu_wanted.emit(index.row(), self._list.viewport().mapToGlobal(at))
