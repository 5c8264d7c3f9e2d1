"""Run and Cancel for models that take their time: the forecast before, the steps and the time left during a run."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.api import Plan, Progress
from gui.properties import told
from gui.theme import Theme
from gui.widgets.amounts import duration, size

TICK_MS = 1000
FINE = 1000
_STEP = re.compile(r"Step (\d+) of (\d+)")


@dataclass(frozen=True)
class RunState:
    """How things stand between the recipe and the result on the canvas."""

    live: bool = True                      # every change is answered at once: there is nothing to run
    running: bool = False
    changed: bool = False                  # the result is of another recipe than the present one
    progress: Progress | None = None
    plan: Plan | None = None


def forecast_words(plan: Plan | None) -> str:
    """What a run would take, as far as it is known."""
    translate = QCoreApplication.translate
    if plan is None:
        return ""
    parts = []
    if plan.steps > 1:
        parts.append(translate("RunBar", "{0} steps").format(plan.steps))
    if plan.seconds is not None:
        words = duration(plan.seconds)
        parts.append(translate("RunBar", "about {0}").format(words) if plan.seconds >= 1 else words)
    if plan.bytes is not None:
        parts.append(translate("RunBar", "{0} of memory").format(size(plan.bytes)))
    return " · ".join(parts)


def step_words(progress: Progress) -> str:
    """Which step it is at, in the language of the screen."""
    translate = QCoreApplication.translate
    match = _STEP.fullmatch(progress.label)
    done, total = (match[1], match[2]) if match else (str(progress.done), str(progress.total))
    if match or not progress.label:
        return translate("RunBar", "Step {0} of {1}").format(done, total)
    return translate("Controls", progress.label)


class RunBar(QFrame):
    """At the foot of the panel; hidden while the open model answers by itself."""

    run_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, theme: Theme, keys: str = "", parent: QWidget | None = None) -> None:
        """`keys` is the shortcut of Run, as this system writes it."""
        super().__init__(parent)
        self.setObjectName("runBar")
        self._theme = theme
        self._state = RunState()
        self._heard = time.monotonic()     # when the time left was told
        self._run = QPushButton()
        self._run.setProperty("primary", True)
        self._run.setText(f" {self.tr('Run')}")
        self._run.setAccessibleName(self.tr("Run"))
        self._run.setToolTip(self.tr("Make the result of these settings ({0})").format(keys))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setToolTip(self.tr("Stop at once; the result before stays (Esc)"))
        self._line = QProgressBar()
        self._line.setTextVisible(False)
        self._line.setAccessibleName(self.tr("Progress"))
        self._words = QLabel()
        self._left = QLabel()
        self._notes = QLabel()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._count)
        self._arrange()
        self._run.clicked.connect(self.run_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_state(self._state)

    def _arrange(self) -> None:
        small = self._theme.small(self.font())
        for label in (self._words, self._left, self._notes):
            label.setProperty("role", "muted")
            label.setFont(small)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._notes.setProperty("role", "warning")
        self._notes.setWordWrap(True)
        self._words.setMinimumWidth(10)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._run, 1)
        buttons.addWidget(self._line, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons.addWidget(self._cancel)
        told = QHBoxLayout()
        told.addWidget(self._words, 1)
        told.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 14, 10)
        column.setSpacing(5)
        column.addWidget(self._notes)
        column.addLayout(buttons)
        column.addLayout(told)

    @property
    def run(self) -> QPushButton:
        """The Run button."""
        return self._run

    @property
    def cancel(self) -> QPushButton:
        """The Cancel button."""
        return self._cancel

    def show_state(self, state: RunState) -> None:
        """Forecast, or progress."""
        if state.progress is not self._state.progress:
            self._heard = time.monotonic()
        self._state = state
        self.setVisible(not state.live)
        if state.live:
            self._tick.stop()
            return
        keyboard = self.window().focusWidget() in {self._run, self._cancel}
        self._run.setVisible(not state.running)
        self._line.setVisible(state.running)
        self._cancel.setVisible(state.running)
        if keyboard:                       # one button takes the other's place
            (self._cancel if state.running else self._run).setFocus()
        notes = state.plan.notes if state.plan is not None and not state.running else ()
        self._notes.setText("\n".join(map(told, notes)))
        self._notes.setVisible(bool(notes))
        if state.running:
            self._show_progress(state.progress)
        else:
            self._tick.stop()
            self._words.setText(forecast_words(state.plan))
            self._left.setText("")

    def texts(self) -> tuple[str, str]:
        """Forecast or step, and the time left."""
        return self._words.text(), self._left.text()

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is None:
            self._line.setRange(0, 0)      # runs to and fro
            self._words.setText(self.tr("Waiting for the engine"))
            self._left.setText("")
            return
        self._line.setRange(0, FINE)
        self._line.setValue(round(FINE * progress.done / max(1, progress.total)))
        self._words.setText(step_words(progress))
        self._count()
        if not self._tick.isActive():
            self._tick.start()

    def _count(self) -> None:
        """The time left, counted down between two steps."""
        progress = self._state.progress
        if progress is None or progress.seconds_left is None:
            self._left.setText("")
            return
        left = max(0.0, progress.seconds_left - (time.monotonic() - self._heard))
        self._left.setText(self.tr("{0} left").format(duration(left)) if left > 0 else "")

    def _restyle(self) -> None:
        self._run.setIcon(self._theme.icon("play", self._theme.colors.accent_text, 15))
