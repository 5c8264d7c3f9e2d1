"""A conversion at work: its steps, how far it is, how long it will take, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.converting.messages import Told
from gui.dialogs.import_words import particular, step_words, told_plainly
from gui.theme import Theme
from gui.widgets.amounts import duration

MARK = 16
PARTS = 1000


class ImportRun(QWidget):
    """Steps with marks, a bar, the time left."""

    cancel_wanted = Signal()
    hide_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: tuple[str, ...] = ()
        self._rows: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        self._now = ""                     # the farthest step: parts of a model take turns with the middle ones
        self._fraction = -1.0
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("role", "title")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, PARTS)
        self._left = QLabel()
        self._left.setProperty("role", "muted")
        self._remark = QLabel(wordWrap=True)
        self._remark.setProperty("role", "muted")
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._list = QWidget()
        self._note = QLabel(wordWrap=True)
        self._note.setProperty("role", "muted")
        self.cancel = QPushButton(self.tr("Cancel"))
        foot = QHBoxLayout()
        foot.addWidget(self._note, 1)
        foot.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._bar)
        column.addWidget(self._left)
        column.addSpacing(6)
        column.addWidget(self._list)
        column.addWidget(self._remark)
        column.addStretch(1)
        column.addLayout(foot)
        self.cancel.clicked.connect(self._cancel)
        theme.changed.connect(self._restyle)

    def begin(self, title: str, steps: tuple[str, ...] = ()) -> None:
        """A new piece of work; without steps it only looks at a file, and nobody knows for how long."""
        self._title.setText(title)
        self._now = ""
        self._fraction = -1.0
        self._left.setText("")
        self._remark.setText("")
        self._bar.setRange(0, 0)           # until the converter says how far it is, it is only known to be at work
        self.cancel.setEnabled(True)
        self._note.setText(self.tr("You can go on working, or close this window: the conversion continues.")
                           if steps else "")
        self._build(steps)
        if steps:
            self._now = steps[0]
            self._left.setText(self.tr("Starting…"))
            self._restyle()

    def show_told(self, told: Told) -> None:
        """Where the work is."""
        if told.step not in self._steps and self._steps:
            self._build((*self._steps, told.step))
        if self._steps and self._steps.index(told.step) > self._steps.index(self._now):
            self._now = told.step
        if self._steps:
            self._bar.setRange(0, PARTS)
            self._bar.setValue(round(told.fraction * PARTS))
        if self.cancel.isEnabled() and told.fraction != self._fraction:
            # Between two parts the estimate only grows with the waiting: it is told when something is done.
            self._fraction = told.fraction
            self._left.setText(self.tr("{0} left").format(duration(told.seconds_left))
                               if told.seconds_left is not None else "")
        for step, (_, _, words) in self._rows.items():
            words.setText(particular(told.words) if step == self._now else "")
        self._restyle()

    def show_note(self, words: str) -> None:
        """A remark of the converter."""
        self._remark.setText(told_plainly(words))

    def told(self) -> tuple[str, str, str]:
        """Title, present step and the time left, as shown."""
        return self._title.text(), self._now, self._left.text()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._left.setText(self.tr("Stopping…"))
        self.cancel_wanted.emit()

    def _build(self, steps: tuple[str, ...]) -> None:
        self._steps = steps
        old, self._list = self._list, QWidget()
        grid = QGridLayout(self._list)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(9)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        self._rows = {}
        for row, step in enumerate(steps):
            mark, name, words = QLabel(), QLabel(step_words(step)), QLabel()
            mark.setFixedSize(MARK, MARK)
            words.setProperty("role", "muted")
            words.setTextFormat(Qt.TextFormat.PlainText)
            for column, label in enumerate((mark, name, words)):
                grid.addWidget(label, row, column)
            self._rows[step] = (mark, name, words)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(old, self._list)
        old.deleteLater()
        self._restyle()

    def _restyle(self) -> None:
        """Marks: done, at work, to come."""
        colors = self._theme.colors
        at = self._steps.index(self._now) if self._now in self._steps else -1
        for place, step in enumerate(self._steps):
            mark, name, _ = self._rows[step]
            icon, color = (("circle-check", colors.good) if place < at else ("circle-dot", colors.link)
                           if place == at else ("circle", colors.border_strong))
            mark.setPixmap(self._theme.pixmap(icon, color, MARK))
            role = "" if place < at else "heading" if place == at else "muted"
            if name.property("role") != role:
                name.setProperty("role", role)
                name.style().polish(name)
