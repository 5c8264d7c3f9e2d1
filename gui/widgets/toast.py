"""A short word of success at the lower edge that goes away by itself, with at most one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

STAYS_MS = 5000


class Toast(QFrame):
    """Shows the newest word only; stays while the mouse rests on it."""

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._words = QLabel()
        self._button = QPushButton()
        self._run: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._timer.timeout.connect(self._leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._button.clicked.connect(self._act)
        self.hide()

    def tell(self, words: str, label: str = "", run: Callable[[], object] | None = None) -> None:
        """Show `words`, and a button `label` that calls `run`."""
        self._words.setText(words)
        self._button.setText(label)
        self._button.setVisible(bool(label))
        self._run = run
        self.setAccessibleName(words)
        self.adjustSize()
        self.show()
        self.raise_()
        self._timer.start()
        self.resized.emit()

    def words(self) -> str:
        """What is shown now; empty when nothing is."""
        return self._words.text() if not self.isHidden() else ""

    def _act(self) -> None:
        self.hide()
        if self._run is not None:
            self._run()

    def _leave(self) -> None:
        if self.underMouse():
            self._timer.start()
        else:
            self.hide()
