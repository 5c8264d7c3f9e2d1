"""What was kept, along the lower edge: a click brings it back, dragging it out hands over its file.

Pictures, cards of text and palettes lie side by side. Where there are many, a box searches them.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.faces import paint_face

CELL = QSize(112, 84)
HEIGHT = 100
MANY = 8
"""From so many kept results on there is a search box."""


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
        inside = box.adjusted(4, 4, -4, -4)
        paint_face(painter, index, inside, self._theme)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        chosen = bool(state & (QStyle.StateFlag.State_HasFocus))
        if over or chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRoundedRect(box, 5, 5)
        painter.restore()


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


class SearchBox(QLineEdit):
    """A line to search with: Esc empties it, and like Enter and Down goes on to the strip."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        """In here Esc is no command of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) \
                and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The ways out."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Filmstrip(QFrame):
    """The strip, or a word about what will be here."""

    chosen = Signal(int)
    menu_wanted = Signal(int, QPoint)
    sought = Signal(str)                   # show what is like these words; empty: everything

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
        self._list.setAccessibleName(self.tr("Kept results"))
        self._hint = QLabel()
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("role", "muted")
        self._pages = QStackedLayout()
        self.search = SearchBox()
        self._lens = self.search.addAction(theme.icon("search", theme.colors.muted, 14),
                                           QLineEdit.ActionPosition.LeadingPosition)
        self._theme = theme
        self._arrange()
        self._pages.addWidget(self._hint)
        self._pages.addWidget(self._list)
        self.search.textChanged.connect(self._seek)
        self.search.left.connect(self._enter)
        theme.changed.connect(self._restyle)
        self._list.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self._list.customContextMenuRequested.connect(self._menu)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.layoutChanged):
            signal.connect(self._turn_page)
        self._turn_page()

    def _arrange(self) -> None:
        self.search.setPlaceholderText(self.tr("Search what you kept"))
        self.search.setAccessibleName(self.tr("Search what you kept"))
        self.search.setToolTip(self.tr("Finds by meaning: what was asked for and what was written"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(180)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 10, 5)
        row.setSpacing(10)
        row.addWidget(self.search)
        row.addLayout(self._pages, 1)

    def seek(self) -> None:
        """Put the keyboard into the search box."""
        if self._model.rowCount() or self.search.text():
            self.search.show()
            self.search.setFocus()
            self.search.selectAll()

    def _enter(self) -> None:
        """The keyboard goes to the first of what is there; Enter brings it back."""
        self._list.setFocus()
        if self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0, 0))

    def _seek(self, words: str) -> None:
        self.sought.emit(words)
        self._turn_page()

    def _turn_page(self) -> None:
        """The strip, or why it is empty; the search box where there is much to search."""
        count, sought = self._model.rowCount(), bool(self.search.text())
        self.search.setVisible(count >= MANY or sought or self.search.hasFocus())
        self._hint.setText(self.tr("Nothing like that was kept") if sought else self.tr(
            "What you keep (Ctrl+S) appears here. Click it to come back to it."))
        self._pages.setCurrentIndex(1 if count else 0)
        if count and self._list.hasFocus() and not self._list.currentIndex().isValid():
            self._list.setCurrentIndex(self._model.index(0, 0))    # what was found came after Enter

    def _restyle(self) -> None:
        self._lens.setIcon(self._theme.icon("search", self._theme.colors.muted, 14))

    def _menu(self, at: QPoint) -> None:
        index = self._list.indexAt(at)
        if index.isValid():
            self.menu_wanted.emit(index.row(), self._list.viewport().mapToGlobal(at))
