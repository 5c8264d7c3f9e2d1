"""The box that a prompt is typed into: it grows with its text, weights words by key, and shows what they mean."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from engine.prompting.weighting import nudge
from gui.theme import Theme
from gui.widgets.boxes import WordsBox

FEWEST, MOST = 3, 12
"""Lines that the box is high."""
STEP = 0.1
PADDING = 16
_NUMBER = r"-?[0-9]*\.?[0-9]+"
_MARKS = re.compile(rf"\\.|[()\[\]{{}}|]|::|(?<=:)\s*{_NUMBER}(?=\s*\))|{_NUMBER}(?=::)|:(?=\s*{_NUMBER}\s*\))")


class Highlighter(QSyntaxHighlighter):
    """Brackets are quiet, weights stand out, alternatives have their colour, what is cut is grey and struck out."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._cut = -1                     # where the part begins that the model does not read; -1: nowhere
        theme.changed.connect(self.rehighlight)

    def show_cut(self, start: int) -> None:
        """From `start` on (-1: nowhere) nothing is read any more."""
        if start != self._cut:
            self._cut = start
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """One paragraph."""
        colors = self._theme.colors
        quiet, weight, choice = (self._format(color) for color in (colors.muted, colors.link, colors.good))
        weight.setFontWeight(QFont.Weight.DemiBold)
        for match in _MARKS.finditer(text):
            mark = match[0]
            if mark.startswith("\\"):
                continue
            shape = choice if mark in {"{", "}", "|", "::"} else quiet if mark in "()[]:" else weight
            self.setFormat(match.start(), len(mark), shape)
        first = self.currentBlock().position()
        if 0 <= self._cut < first + len(text):
            gone = self._format(colors.disabled)
            gone.setFontStrikeOut(True)
            start = max(0, self._cut - first)
            self.setFormat(start, len(text) - start, gone)

    @staticmethod
    def _format(color: str) -> QTextCharFormat:
        shape = QTextCharFormat()
        shape.setForeground(QColor(color))
        return shape


class PromptEdit(WordsBox):
    """Plain text; Ctrl+Up and Ctrl+Down weigh the word or the selection, Alt+Up and Alt+Down go through the past."""

    past_wanted = Signal(int)              # 1: one older, -1: one newer
    left = Signal()                        # the keyboard has gone elsewhere

    def __init__(self, theme: Theme, fewest: int = FEWEST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fewest = fewest
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)     # undo is the studio's
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.marks = Highlighter(self.document(), theme)
        self.textChanged.connect(self.grow)
        self.grow()

    def event(self, event: QEvent) -> bool:
        """Leave undo, redo and Run to the window; the keys of this box are its own."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            if (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
                    or (enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier)):
                event.ignore()
                return False
            if self._own(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Weights and the past; all else is typing."""
        if not self._own(event):
            super().keyPressEvent(event)
            return
        up = event.key() == Qt.Key.Key_Up
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.past_wanted.emit(1 if up else -1)
        else:
            self.weigh(STEP if up else -STEP)

    def weigh(self, step: float) -> None:
        """More or less weight for the selection, or for the word that the cursor is at."""
        cursor = self.textCursor()
        before = self.toPlainText()
        text, start, end = nudge(before, cursor.selectionStart(), cursor.selectionEnd(), step)
        if text != before:
            self.replace(text)
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def replace(self, text: str) -> None:
        """Another text, as if it had been typed."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing is over."""
        super().focusOutEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere in another width."""
        super().resizeEvent(event)
        self.grow()

    def grow(self) -> None:
        """As high as the text, within limits."""
        lines = max(self._fewest, min(MOST, round(self.document().size().height())))
        height = round(QFontMetricsF(self.font()).lineSpacing() * lines + PADDING)
        if height != self.height():
            self.setFixedHeight(height)
        over = self.document().size().height() > MOST
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if over else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    @staticmethod
    def _own(event: QKeyEvent) -> bool:
        """Whether the key is one of this box's own."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return (event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
                and held in {Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier})
