"""A grid of equal cells over any list model: what is seen is found by arithmetic, so that 50,000 cost what 50 do.

Qt's own icon view lays out every row again when one comes, goes or changes; here nothing is laid out at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

Index = QModelIndex | QPersistentModelIndex
MARGIN = 8


class GridView(QAbstractItemView):
    """Cells from left to right and down; the columns share the width among them. Many can be chosen."""

    key_pressed = Signal(QKeyEvent)        # one that moves and chooses nothing; accept it to have it

    def __init__(self, cell: QSize, parent: QWidget | None = None) -> None:
        """`cell` is the least size of one, in logical pixels."""
        super().__init__(parent)
        self._cell = cell
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    def chosen_rows(self) -> list[int]:
        """The chosen rows in their order; told by stretches, for there may be tens of thousands."""
        return sorted(row for top, bottom in self._stretches() for row in range(top, bottom + 1))

    def chosen_count(self) -> int:
        """How many are chosen."""
        return sum(bottom + 1 - top for top, bottom in self._stretches())

    @property
    def columns(self) -> int:
        """How many stand side by side."""
        return max(1, (self.viewport().width() - 2 * MARGIN) // self._cell.width())

    def set_cell(self, cell: QSize) -> None:
        """Other cells; what is in the middle stays in sight."""
        middle = self._row_at(self.viewport().rect().center())
        self._cell = cell
        self.updateGeometries()
        if 0 <= middle < self._count():
            self.scrollTo(self.model().index(middle, 0), QAbstractItemView.ScrollHint.PositionAtCenter)
        self.viewport().update()

    def visualRect(self, index: Index) -> QRect:
        """Where a row is on the screen."""
        if not index.isValid():
            return QRect()
        line, column = divmod(index.row(), self.columns)
        wide = (self.viewport().width() - 2 * MARGIN) / self.columns
        left = MARGIN + round(column * wide)
        return QRect(left, MARGIN + line * self._cell.height() - self.verticalOffset(),
                     MARGIN + round((column + 1) * wide) - left, self._cell.height())

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
                 ) -> None:
        """Bring a row into sight."""
        box, bar, tall = self.visualRect(index), self.verticalScrollBar(), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + box.center().y() - tall // 2)
        elif box.top() < MARGIN:
            bar.setValue(bar.value() + box.top() - MARGIN)
        elif box.bottom() > tall - MARGIN:
            bar.setValue(bar.value() + box.bottom() - tall + MARGIN)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The row under a point, or none."""
        row = self._row_at(point)
        return self.model().index(row, 0) if 0 <= row < self._count() else QModelIndex()

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Arrows, Home, End and the page keys."""
        del modifiers
        count, actions = self._count(), QAbstractItemView.CursorAction
        if not count:
            return QModelIndex()
        row, page = self.currentIndex().row(), max(1, self.viewport().height() // self._cell.height()) * self.columns
        steps = {actions.MoveLeft: -1, actions.MovePrevious: -1, actions.MoveRight: 1, actions.MoveNext: 1,
                 actions.MoveUp: -self.columns, actions.MoveDown: self.columns,
                 actions.MovePageUp: -page, actions.MovePageDown: page}
        ends = {actions.MoveHome: 0, actions.MoveEnd: count - 1}
        if row < 0:
            wanted = 0
        elif action in ends:
            wanted = ends[action]
        else:
            wanted = row + steps[action]
            if not 0 <= wanted < count and abs(steps[action]) == self.columns:
                wanted = row               # there is no line above the first or below the last
        return self.model().index(min(count - 1, max(0, wanted)), 0)

    def horizontalOffset(self) -> int:
        """It never moves sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled, in logical pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        """None is."""
        del index
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Choose what a rectangle of the viewport touches."""
        found = QItemSelection()
        box = rect.normalized().translated(0, self.verticalOffset())
        wide, model = (self.viewport().width() - 2 * MARGIN) / self.columns, self.model()
        first = max(0, int((box.left() - MARGIN) / wide))
        last = min(self.columns - 1, int((box.right() - MARGIN) / wide))
        for line in range(max(0, (box.top() - MARGIN) // self._cell.height()),
                          (box.bottom() - MARGIN) // self._cell.height() + 1):
            begin = line * self.columns + first
            end = min(self._count() - 1, line * self.columns + last)
            if begin <= end and first <= last:
                found.select(model.index(begin, 0), model.index(end, 0))
        self.selectionModel().select(found, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What has to be painted again when a selection changes: all that is seen."""
        del selection
        return QRegion(self.viewport().rect())

    def dataChanged(self, topLeft: Index, bottomRight: Index, roles: Sequence[int] = ()) -> None:
        """Paint again; no cell becomes another size."""
        del topLeft, bottomRight, roles
        self.viewport().update()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """More to scroll; what was in sight stays where it was, except at the very top."""
        super().rowsInserted(parent, start, end)
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        """The scroll bar follows the size and the number of rows."""
        tall = -(-self._count() // self.columns) * self._cell.height() + 2 * MARGIN
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, tall - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(16, self._cell.height() // 4))
        super().updateGeometries()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stood first in sight still does."""
        first = self._row_at(QPoint(MARGIN + 1, self._cell.height() // 2))
        super().resizeEvent(event)
        self.updateGeometries()
        if event.oldSize().width() != event.size().width() and 0 < first < self._count():
            self.verticalScrollBar().setValue(first // self.columns * self._cell.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells that are seen."""
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain, model, delegate = option.state, self.model(), self.itemDelegate()
        over = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        top, bottom = event.rect().top() + self.verticalOffset(), event.rect().bottom() + self.verticalOffset()
        first = max(0, (top - MARGIN) // self._cell.height()) * self.columns
        last = min(self._count(), ((bottom - MARGIN) // self._cell.height() + 1) * self.columns)
        for row in range(first, last):
            index = model.index(row, 0)
            option.rect = self.visualRect(index)
            option.state = plain
            for holds, flag in ((self.selectionModel().isSelected(index), QStyle.StateFlag.State_Selected),
                                (index == self.currentIndex() and self.hasFocus(), QStyle.StateFlag.State_HasFocus),
                                (index == over and self.underMouse(), QStyle.StateFlag.State_MouseOver)):
                if holds:
                    option.state |= flag
            delegate.paint(painter, option, index)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Others first: ratings, deleting."""
        event.ignore()
        self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def _stretches(self) -> list[tuple[int, int]]:
        chosen = self.selectionModel().selection()
        return [(chosen.at(place).top(), chosen.at(place).bottom()) for place in range(chosen.count())]

    def _count(self) -> int:
        return self.model().rowCount() if self.model() is not None else 0

    def _row_at(self, point: QPoint) -> int:
        """The row a point of the viewport lies in, or -1 beside the cells; it may be past the last."""
        x, y = point.x() - MARGIN, point.y() - MARGIN + self.verticalOffset()
        wide = (self.viewport().width() - 2 * MARGIN) / self.columns
        column = int(x // wide) if wide > 0 else -1
        return y // self._cell.height() * self.columns + column if 0 <= column < self.columns and y >= 0 else -1
