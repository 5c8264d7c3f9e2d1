"""Tags as small chips, and a line to write new ones: Enter or a comma adds, the cross of a chip takes away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.flow import FlowLayout

WIDEST = 190
"""Of a chip's word, in logical pixels."""
LONGEST = 60


class TagLine(QLineEdit):
    """Emits each tag that was written."""

    written = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A comma ends a tag as Enter does."""
        if event.text() in {",", "，", ";", "；"}:
            self.finish()
        else:
            super().keyPressEvent(event)

    def finish(self) -> None:
        """What is written is a tag now."""
        words = " ".join(self.text().split())
        self.clear()
        if words:
            self.written.emit(words)


class TagEdit(QWidget):
    """The tags of what is chosen."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tags: tuple[str, ...] = ()
        self.line = TagLine()
        self.line.setPlaceholderText(self.tr("Add a tag"))
        self.line.setAccessibleName(self.tr("Add a tag"))
        self.line.setMaxLength(LONGEST)
        self.line.returnPressed.connect(self.line.finish)
        self.line.written.connect(self.added)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._chips)
        column.addWidget(self.line)
        theme.changed.connect(self._restyle)

    def show_tags(self, tags: Sequence[str]) -> None:
        """These, and no others."""
        self._tags = tuple(tags)
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for tag in tags:
            self._flow.addWidget(self._chip(tag))
        self._chips.setVisible(bool(tags))
        self._chips.updateGeometry()

    def offer(self, tags: Sequence[str]) -> None:
        """Tags that are in use, to complete what is written."""
        completer = QCompleter(list(tags), self.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.line.setCompleter(completer)

    def _restyle(self) -> None:
        self.show_tags(self._tags)

    def _chip(self, tag: str) -> QFrame:
        chip = QFrame()
        chip.setObjectName("tagChip")
        words = QLabel(self.fontMetrics().elidedText(tag, Qt.TextElideMode.ElideRight, WIDEST))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setToolTip(tag)
        cross = QToolButton()
        cross.setIcon(self._theme.icon("x", self._theme.colors.muted, 10))
        cross.setIconSize(QSize(10, 10))
        cross.setToolTip(self.tr("Take the tag “{0}” away").format(tag))
        cross.setAccessibleName(self.tr("Take the tag “{0}” away").format(tag))
        cross.clicked.connect(lambda: self.removed.emit(tag))
        row = QHBoxLayout(chip)
        row.setContentsMargins(8, 1, 2, 1)
        row.setSpacing(1)
        row.addWidget(words)
        row.addWidget(cross)
        return chip
