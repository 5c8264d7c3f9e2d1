"""Words that one may want to read: a small heading that unfolds them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.properties import told
from gui.theme import Theme


class Disclosure(QWidget):
    """Folded at first; hidden while there is nothing to read."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head = QToolButton()
        self._head.setObjectName("disclosure")
        self._head.setText(title)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setCheckable(True)
        self._words = QLabel(wordWrap=True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setProperty("role", "muted")
        self._words.setContentsMargins(20, 0, 0, 4)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._words)
        self._head.toggled.connect(self._fold)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def tell(self, lines: tuple[str, ...]) -> None:
        """What can be read, a line each; folded again."""
        self._words.setText("\n".join(map(told, lines)))
        self._head.setChecked(False)
        self.setVisible(bool(lines))

    def text(self) -> str:
        """What can be read."""
        return self._words.text()

    def unfold(self) -> None:
        """Show the words."""
        self._head.setChecked(True)

    def _fold(self, open_: bool) -> None:
        self._words.setVisible(open_)
        self._restyle()

    def _restyle(self) -> None:
        name = "chevron-down" if self._head.isChecked() else "chevron-right"
        self._head.setIcon(self._theme.icon(name, self._theme.colors.muted, 14))
