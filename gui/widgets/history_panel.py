"""The history beside the stage: a heading, what to do with the state one is at, and the list of all states."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QHideEvent, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.history_list import ROW, HistoryList
from gui.widgets.look import Look

LEAST_WIDTH = 190


class HistoryPanel(QFrame):
    """Shows a HistoryList in a frame that scrolls, with the buttons of `actions` above it."""

    def __init__(self, theme: Theme, portrait: Callable[[int], QImage], actions: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("historyPanel")
        self.setMinimumWidth(LEAST_WIDTH)
        self.list = HistoryList(theme, portrait)
        self.look = Look(theme, self)
        self._hint = QLabel(self.tr("What you make appears here by itself: every state that stood a moment. "
                                    "Go back to one and change something, and a branch begins."))
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._hint.setContentsMargins(12, 4, 12, 0)
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._scroll = QScrollArea()
        self._scroll.setObjectName("plain")
        self._scroll.setWidget(self.list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head(actions))
        column.addWidget(self._hint)
        column.addWidget(self._scroll, 1)
        self.list.stirred.connect(self._see)

    def show_count(self, count: int) -> None:
        """How many states there are; none: what will be here."""
        self._count.setText(str(count) if count else "")
        self._hint.setVisible(count == 0)

    def hideEvent(self, event: QHideEvent) -> None:
        """The look goes with it."""
        super().hideEvent(event)
        self.look.hide()

    def _head(self, actions: list[QAction]) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 8, 6)
        row.setSpacing(4)
        title = QLabel(self.tr("History"))
        title.setProperty("role", "heading")
        row.addWidget(title)
        row.addWidget(self._count)
        row.addStretch(1)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFixedSize(28, 28)
            row.addWidget(button)
        return head

    def _see(self, bottom: int) -> None:
        """Bring the row that ends at `bottom` into sight, once the list has its height."""
        self.list.updateGeometry()
        self._scroll.ensureVisible(0, bottom - ROW // 2, 0, ROW)

    def show_look(self, image: QImage, title: str, note: str, lines: list[str], at: QPoint) -> None:
        """A large look at a state, beside its card."""
        self.look.tell(image, title, note, lines)
        self.look.show_at(at, self.mapToGlobal(QPoint(0, 0)).x())
