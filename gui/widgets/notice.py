"""A framed remark inside a dialog: an icon, a sentence, perhaps a command to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.properties import told
from gui.theme import Theme
from gui.widgets.banner import Tone

ICON = 18


class Notice(QFrame):
    """Hidden while it has nothing to say."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.NOTE
        self.setObjectName("card")
        self._icon = QLabel()
        self._what = QLabel(wordWrap=True)
        self._more = QLabel(wordWrap=True)
        self._more.setProperty("role", "muted")
        for label in (self._what, self._more):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._command = QLineEdit(readOnly=True)
        self._command.setObjectName("command")
        self._command.setAccessibleName(self.tr("Command"))
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.clicked.connect(lambda: self.copied.emit(self._command.text()))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._command, 1)
        line.addWidget(self._copy)
        words = QVBoxLayout()
        words.setSpacing(5)
        words.addWidget(self._what)
        words.addWidget(self._more)
        words.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self._restyle)
        self.hide()

    def tell(self, what: str, more: str = "", tone: Tone = Tone.NOTE, command: str = "") -> None:
        """Show a sentence, what follows from it, and a command."""
        self._tone = tone
        what, more = told(what), told(more)
        self._what.setText(what)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._command.setText(command)
        self._command.setCursorPosition(0)
        self._command.setVisible(bool(command))
        self._copy.setVisible(bool(command))
        self.setAccessibleName(f"{what} {more}".strip())
        self._restyle()
        self.setVisible(bool(what))

    def sentence(self) -> str:
        """What is shown now; empty when nothing is."""
        return f"{self._what.text()} {self._more.text()}".strip() if not self.isHidden() else ""

    @property
    def command(self) -> str:
        """The command that is offered."""
        return self._command.text()

    def _restyle(self) -> None:
        colors = self._theme.colors
        name, color = {Tone.NOTE: ("info", colors.link), Tone.WARNING: ("triangle-alert", colors.warning),
                       Tone.DANGER: ("circle-alert", colors.danger)}[self._tone]
        self._icon.setPixmap(self._theme.pixmap(name, color, ICON))
