"""A start-up probe for benchmarks: with LATENT_ATELIER_PROBE=FILE the studio tells what showed when, and closes.

The file is one JSON object with two moments in seconds since the epoch: `window` (the first window is on the screen)
and `picture` (so is the first picture). The starter of the program knows when it began.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui.widgets.canvas import Canvas

VARIABLE = "LATENT_ATELIER_PROBE"


class Probe(QObject):
    """Watches one window from its first paint to the first picture; a child of that window."""

    def __init__(self, window: QWidget, canvas: Canvas, report: Path) -> None:
        super().__init__(window)
        self._window = window
        self._report = report
        self._shown: float | None = None
        window.installEventFilter(self)
        canvas.painted.connect(self._finish)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the first paint; the timer runs once the paint has reached the screen."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._note_window)
        return False

    def _note_window(self) -> None:
        self._shown = time.time()

    def _finish(self) -> None:
        now = time.time()
        self._report.write_text(json.dumps({"window": self._shown or now, "picture": now}), encoding="utf-8")
        QTimer.singleShot(0, self._window, self._window.close)


def attach(window: QWidget, canvas: Canvas) -> None:
    """Start a probe when the environment asks for one; otherwise nothing."""
    report = os.environ.get(VARIABLE)
    if report:
        Probe(window, canvas, Path(report))
