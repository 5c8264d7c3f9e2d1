"""Free text of several lines; a burst of typing is one preview per pause and one undo step."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.api import Control, Value
from gui.widgets.boxes import WordsBox
from gui.widgets.fields.base import Field, FieldContext

DEBOUNCE_MS = 120
SHOW_COUNT_FROM = 0.8


class Lines(WordsBox):
    """A text box about three lines high whose Tab moves on and whose undo is the studio's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFixedHeight(round(QFontMetricsF(self.font()).lineSpacing() * 3 + 20))

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, where typing is one step among the others."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and (
                event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)):
            event.ignore()
            return False
        return super().event(event)


class TextField(Field):
    """Name, text box, and a count when the text nears its greatest length."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._most = int(control.maximum or 0)
        self._box = Lines()
        self._box.setAccessibleName(context.words.label(control))
        self._box.setToolTip(self.toolTip())
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._count.setFont(context.theme.small(self.font()))
        head = QHBoxLayout()
        head.addWidget(self.title(), 1)
        head.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._box)
        self._wait = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._wait.timeout.connect(self._send)
        self._box.textChanged.connect(self._typed)
        self.show_value(control.default)

    def show_value(self, value: Value) -> None:
        """Show the text; the cursor stays where it can."""
        if self._box.toPlainText() == str(value):
            return
        self._wait.stop()
        position = self._box.textCursor().position()
        self._box.blockSignals(True)
        self._box.setPlainText(str(value))
        self._box.blockSignals(False)
        cursor = self._box.textCursor()
        cursor.setPosition(min(position, len(self._box.toPlainText())))
        self._box.setTextCursor(cursor)
        self._tell_count()

    def _typed(self) -> None:
        text = self._box.toPlainText()
        if self._most and len(text) > self._most:
            cursor = self._box.textCursor()
            cursor.setPosition(self._most)
            cursor.movePosition(cursor.MoveOperation.End, cursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            return
        self._tell_count()
        self._wait.start()

    def _tell_count(self) -> None:
        length = len(self._box.toPlainText())
        near = bool(self._most) and length >= self._most * SHOW_COUNT_FROM
        self._count.setText(f"{length} / {self._most}" if near else "")

    def flush(self) -> None:
        """Announce what was typed, now."""
        if self._wait.isActive():
            self._wait.stop()
            self._send()

    def _send(self) -> None:
        self.edit(self._box.toPlainText())
