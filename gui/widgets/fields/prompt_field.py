"""A prompt: a box with a memory, what the model makes of it below, examples while it is empty.

The negative prompt is the same, folded away while there is none.
"""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.api import Control, PromptReading, Value
from gui.properties import told
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.flow import FlowLayout
from gui.widgets.prompt_edit import PromptEdit

PAUSE_MS = 300
"""A pause of typing this long sends the prompt."""
NEGATIVE = "negative"
"""The name of the control for what a picture must not show."""
EXAMPLES, REMEMBERED = 6, 20
SHORT, CUT_SHORT = 30, 60


class PromptField(Field):
    """Name, history and count; the box; reading, cut and notes; chips with examples."""

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._most = int(control.maximum or 0)
        self._folds = control.name == NEGATIVE
        self._at = -1                      # place in the history; -1: what is being written
        self._draft = ""
        self._reading: PromptReading | None = None
        self._box = PromptEdit(context.theme, 2 if self._folds else 3)
        self._box.setAccessibleName(context.words.label(control))
        self._box.setToolTip(self._keys())
        hint = _first_sentence(context.words.text(control.help)) or self.tr("Say what you want")
        self._box.setPlaceholderText("" if self._folds else hint)
        self._head = QToolButton()
        self._past = self.tool("history", self.tr("Earlier prompts (Alt+Up, Alt+Down)"))
        self._count, self._reads, self._cut, self._remarks = (QLabel() for _ in range(4))
        self._chips = QWidget()
        self._arrange()
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self._send)
        self._box.textChanged.connect(self._typed)
        self._box.left.connect(self.flush)
        self._box.past_wanted.connect(self._step)
        self._past.clicked.connect(self._show_past)
        self._head.toggled.connect(self._fold)
        self.show_value(control.default)
        self._fold(not self._folds)

    @property
    def box(self) -> PromptEdit:
        """The box itself."""
        return self._box

    def show_value(self, value: Value) -> None:
        """Show the prompt; the cursor stays where it can, and a negative prompt that is there is unfolded."""
        text = str(value)
        if self._folds and text:
            self._head.setChecked(True)
        if self._box.toPlainText() == text:
            return
        self._wait.stop()
        self._at = -1
        position = self._box.textCursor().position()
        self._box.blockSignals(True)
        self._box.setPlainText(text)
        self._box.blockSignals(False)
        cursor = self._box.textCursor()
        cursor.setPosition(min(position, len(text)))
        self._box.setTextCursor(cursor)
        self._box.grow()
        self._tell()

    def show_reading(self, reading: PromptReading | None) -> None:
        """What the model makes of the prompt; None: nothing is known."""
        self._reading = reading
        self._tell()

    def flush(self) -> None:
        """Announce what was typed, now."""
        if self._wait.isActive():
            self._wait.stop()
            self._send()

    def told(self) -> tuple[str, str, str]:
        """What stands around the box: count, reading, cut."""
        return self._count.text(), self._reads.text(), self._cut.text()

    def chips(self) -> tuple[QPushButton, ...]:
        """The examples that can be chosen now."""
        return tuple(chip for chip in self._chips.findChildren(QPushButton) if not self._chips.isHidden())

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        self._past.setIcon(theme.icon("history", theme.colors.muted, 14))
        name = "chevron-down" if self._head.isChecked() else "chevron-right"
        self._head.setIcon(theme.icon(name, theme.colors.muted, 14))

    def _arrange(self) -> None:
        small = self.context.theme.small(self.font())
        for label, role in ((self._count, "muted"), (self._reads, "muted"), (self._cut, "warning"),
                            (self._remarks, "warning")):
            label.setProperty("role", role)
            label.setFont(small)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self._reads, self._cut, self._remarks):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._head.setObjectName("fold")
        self._head.setText(self.context.words.label(self.control))
        self._head.setToolTip(self.toolTip())
        self._head.setCheckable(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setVisible(self._folds)
        title = self.title()
        title.setVisible(not self._folds and self.control.label != self.control.group)
        foot = QHBoxLayout()
        foot.setSpacing(4)
        foot.addWidget(self._count, 1)
        foot.addWidget(self._past)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._box)
        column.addLayout(foot)
        for widget in (self._reads, self._cut, self._remarks, self._chips):
            column.addWidget(widget)
        self._fill_chips()

    def _fill_chips(self) -> None:
        row = FlowLayout(self._chips)
        for choice in self.control.choices[:EXAMPLES]:
            label = self.context.words.label(choice)
            chip = QPushButton(_short(label, SHORT).replace("&", "&&"))
            chip.setObjectName("example")
            chip.setFont(self.context.theme.small(self.font()))
            chip.setToolTip(choice.value)
            chip.setAccessibleName(self.tr("Example: {0}").format(label))
            chip.clicked.connect(lambda _=False, text=choice.value: self._take(text))
            row.addWidget(chip)

    def _keys(self) -> str:
        keys = self.tr("Ctrl+Up and Ctrl+Down weigh the word at the cursor, Alt+Up brings an earlier prompt back, "
                       "Ctrl+Return runs.")
        return f"{self.toolTip()}<p>{keys}</p>"

    def _typed(self) -> None:
        text = self._box.toPlainText()
        if self._most and len(text) > self._most:
            cursor = self._box.textCursor()
            cursor.setPosition(self._most)
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            return
        self._tell()
        self._wait.start()

    def _tell(self) -> None:
        """Count, reading, cut and chips follow the text and what is known of it."""
        text, reading = self._box.toPlainText(), self._reading
        shown = self._head.isChecked() or not self._folds
        count = reads = cut = remarks = ""
        if reading is not None and text.strip():
            count = (self.tr("{0} / {1} tokens").format(reading.tokens, reading.limit) if reading.limit
                     else self.tr("%n token(s)", "", reading.tokens))
            if "{" in text and reading.text.strip() != text.strip():
                reads = self.tr("This seed reads: {0}").format(" ".join(reading.text.split()))
            if reading.cut.strip():
                cut = self.tr("Not read any more: “{0}”").format(_short(reading.cut, CUT_SHORT))
            remarks = "\n".join(map(told, reading.notes))
        over = bool(cut)
        if (self._count.property("role") == "danger") != over:
            self._count.setProperty("role", "danger" if over else "muted")
            self._count.style().polish(self._count)
        self._count.setText(count)
        self._count.setVisible(shown)
        for label, words in ((self._reads, reads), (self._cut, cut), (self._remarks, remarks)):
            label.setText(words)
            label.setVisible(bool(words) and shown)
        self._cut.setToolTip(f"<p>{reading.cut}</p>" if reading is not None and cut else "")
        tail = reading.cut.strip() if reading is not None else ""
        self._box.marks.show_cut(text.rfind(tail) if tail and text.rstrip().endswith(tail) else -1)
        self._chips.setVisible(not text and shown and bool(self.control.choices))

    def _send(self) -> None:
        self.edit(self._box.toPlainText())

    def _take(self, text: str) -> None:
        """A whole other prompt, as one undo step."""
        self.gesture.end()
        self._box.replace(text)
        self.flush()
        self.gesture.end()
        self._box.setFocus()

    def _step(self, by: int) -> None:
        """Through the history: older is up."""
        past = self._history()
        at = max(-1, min(len(past) - 1, self._at + by))
        if at == self._at:
            return
        if self._at < 0:
            self._draft = self._box.toPlainText()
        self._box.replace(self._draft if at < 0 else past[at])
        self._at = at

    def _history(self) -> list[str]:
        """Earlier prompts, the newest first, without the one that is being written."""
        now = self._draft if self._at >= 0 else self._box.toPlainText()
        return [text for text in self.context.history(self.control.name) if text != now]

    def _show_past(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for text in self._history()[:REMEMBERED]:
            action = menu.addAction(_short(text, CUT_SHORT).replace("&", "&&"))
            action.setToolTip(text)
            action.triggered.connect(lambda _=False, text=text: self._take(text))
        if menu.isEmpty():
            menu.addAction(self.tr("No earlier prompts yet")).setEnabled(False)
        if self.control.choices:
            menu.addSection(self.tr("Examples"))
        for choice in self.control.choices[:REMEMBERED]:
            action = menu.addAction(_short(self.context.words.label(choice), CUT_SHORT).replace("&", "&&"))
            action.triggered.connect(lambda _=False, text=choice.value: self._take(text))
        menu.popup(self._past.mapToGlobal(self._past.rect().bottomLeft()))

    def _fold(self, open_: bool) -> None:
        if self._head.isChecked() != open_:
            self._head.setChecked(open_)   # comes back here
            return
        self._box.setVisible(open_)
        self._past.setVisible(open_)
        self._tell()
        self.restyle()


def _short(text: str, most: int) -> str:
    """One line of at most `most` letters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most - 1].rstrip()}…"


def _first_sentence(text: str) -> str:
    """What stands before the first full stop."""
    return re.split(r"\.\s|\.$|。", text, maxsplit=1)[0]
