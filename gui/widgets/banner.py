"""A calm strip over the picture: what happened, what to do, the remedy as a button. The last picture stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.properties import told
from gui.theme import Theme


class Tone(StrEnum):
    """How serious a banner is."""

    NOTE = "note"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True)
class Offer:
    """A remedy as a button."""

    label: str
    run: Callable[[], object]


class Banner(QFrame):
    """One message at a time. `topic` says what it is about, so that only its own cause takes it away."""

    resized = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.NOTE
        self.topic = ""
        self.setObjectName("banner")
        self._icon = QLabel()
        self._what = QLabel()
        self._what.setWordWrap(True)
        self._what.setProperty("role", "heading")
        self._remedy = QLabel()
        self._remedy.setWordWrap(True)
        self._remedy.setProperty("role", "muted")
        for label in (self._what, self._remedy):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Dismiss"))
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.clicked.connect(self._put_away)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._what)
        words.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def tell(self, topic: str, what: str, remedy: str = "", tone: Tone = Tone.WARNING,
             offers: tuple[Offer, ...] = ()) -> None:
        """Show a message, replacing the one before."""
        self.topic, self._tone = topic, tone
        what, remedy = told(what), told(remedy)
        self._what.setText(what)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for offer in offers:
            button = QPushButton(offer.label)
            button.clicked.connect(self._put_away)
            button.clicked.connect(lambda _=False, run=offer.run: run())
            self._buttons.addWidget(button)
        self.setAccessibleName(f"{what} {remedy}".strip())
        self._restyle()
        self.show()
        self.raise_()
        self.resized.emit()

    def sentence(self) -> str:
        """What is shown now; empty when nothing is."""
        return f"{self._what.text()} {self._remedy.text()}".strip() if not self.isHidden() else ""

    def dismiss(self, topic: str = "") -> None:
        """Take the message away (only one about `topic`, if that is given)."""
        if not self.isHidden() and topic in {"", self.topic}:
            self.hide()
            self.resized.emit()

    def _put_away(self) -> None:
        self.dismiss()

    def _restyle(self) -> None:
        colors = self._theme.colors
        name, color = {
            Tone.NOTE: ("info", colors.link), Tone.WARNING: ("triangle-alert", colors.warning),
            Tone.DANGER: ("circle-alert", colors.danger),
        }[self._tone]
        self._icon.setPixmap(self._theme.pixmap(name, color, 18))
        self._close.setIcon(self._theme.icon("x", colors.muted, 14))
