"""The window that brings a model in: look at it, show what it is, convert it, tell what came of it.

It blocks nothing, and closing it stops nothing that is being made.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine.converting.messages import Converted, ConvertRequest, Failed, Inspection, Precision, Told
from gui.dialogs.import_card import ImportCard
from gui.dialogs.import_end import ImportEnd
from gui.dialogs.import_run import ImportRun
from gui.dialogs.import_words import shortened, steps_of
from gui.theme import Theme

CARD, RUN, END = 0, 1, 2
WIDE, LOW, HIGH = 660, 250, 690
"""Size of the window in logical pixels: as wide, and as high as its page asks for between these."""
CANCELLED = "cancelled"


class ImportWindow(QWidget):
    """Three pages. What they ask for goes out as signals; what comes of it comes in by `show_…`."""

    convert_wanted = Signal(object)        # ConvertRequest
    cancel_wanted = Signal()
    open_wanted = Signal(str)              # package folder
    report_wanted = Signal(str)            # HTML file

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Dialog)     # it stays above the main window; it blocks nothing
        self.setWindowTitle(self.tr("Import model"))
        self.resize(WIDE, LOW)
        self._inspection: Inspection | None = None
        self._name = ""
        self._request: ConvertRequest | None = None
        self.card, self.run, self.end = ImportCard(theme), ImportRun(theme), ImportEnd(theme)
        self.pages = QStackedWidget()
        for page in (self.card, self.run, self.end):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.addWidget(self.pages)
        self.card.wanted.connect(self._begin)
        self.card.given_up.connect(self.close)
        self.run.cancel_wanted.connect(self.cancel_wanted)
        self.end.open_wanted.connect(self.open_wanted)
        self.end.report_wanted.connect(self.report_wanted)
        self.end.make_wanted.connect(self._make_too)
        self.end.again_wanted.connect(lambda: self._turn(CARD, HIGH))
        self.end.closed.connect(self.close)

    def show_looking(self, path: Path) -> None:
        """A file is being looked at."""
        self._inspection = None
        self._name = shortened(path.name)
        self.run.begin(self.tr("Looking at “{0}”").format(self._name))
        self._turn(RUN, LOW)

    def show_inspection(self, inspection: Inspection, provider: str) -> None:
        """It is known what the file is; `provider` is what models run on here."""
        self._inspection = inspection
        self.card.show_inspection(inspection, provider)
        self._turn(CARD, HIGH if inspection.blocked is None else HIGH - 180)

    def show_told(self, told: Told) -> None:
        """The work goes on."""
        self.run.show_told(told)

    def show_converted(self, made: Converted) -> None:
        """It is done."""
        self.end.show_converted(made, self._name)
        self._turn(END, 300 + (120 if made.pairs else 0) + 30 * len(made.figures))

    def show_failed(self, failed: Failed) -> None:
        """It was refused, did not succeed, or was cancelled."""
        if failed.problem.code == CANCELLED:
            if self._inspection is None:
                self.close()
            else:
                self._turn(CARD, HIGH)
            return
        title = (self.tr("“{0}” was not taken in").format(self._name) if self._inspection is None
                 else self.tr("“{0}” could not be converted").format(self._name))
        self.end.show_failed(failed, title, back=self._inspection is not None)
        self._turn(END, LOW + 60)

    def showEvent(self, event: QShowEvent) -> None:
        """In the middle of the main window."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is not None and not event.spontaneous():
            self.move(parent.frameGeometry().center() - self.rect().center())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, as in a dialog; Return is the button that has the focus, else Convert."""
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif isinstance(focus, QPushButton | QToolButton):
            focus.click()
        elif self.pages.currentIndex() == CARD:
            self.card.convert.click()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody waits for a look at a file any more; a conversion goes on."""
        if self.pages.currentIndex() == RUN and self._inspection is None:
            self.cancel_wanted.emit()
        super().closeEvent(event)

    def _turn(self, page: int, height: int) -> None:
        """Show a page, at the height it needs, inside the screen."""
        self.pages.setCurrentIndex(page)
        before = self.height()
        self.resize(max(WIDE, self.width()), max(LOW, min(HIGH, height)))
        if self.isVisible() and self.height() > before:
            screen, frame = self.screen().availableGeometry(), self.frameGeometry()
            raised = self.y() - (self.height() - before) // 2      # it grows about its middle
            self.move(self.x(), max(screen.top(), min(raised, screen.bottom() - frame.height())))

    def _make_too(self, precision: Precision) -> None:
        """The same model once more, in another precision."""
        if self._request is not None:
            self._begin(replace(self._request, precisions=(precision,)))

    def _begin(self, request: ConvertRequest) -> None:
        self._name, self._request = request.name, request
        self.run.begin(self.tr("Converting “{0}”").format(request.name), steps_of(self._inspection))
        self._turn(RUN, 480)
        self.convert_wanted.emit(request)
