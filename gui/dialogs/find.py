"""A picture of one's own beside what the model makes of it: look first, then take it or leave it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.api import Problem
from gui.theme import Theme
from gui.widgets.banner import Tone
from gui.widgets.notice import Notice
from gui.widgets.pair_view import PairView

SIDE = 260
CLOSE, LIKE = 5.0, 16.0
"""Mean difference in 1/255 up to which a picture counts as very close, and as similar."""
WAIT, RESULT, FAULT = 0, 1, 2


class FindDialog(QDialog):
    """Three pages: looking, before and after, or why not. `accepted` is the wish to take it."""

    given_up = Signal()

    def __init__(self, name: str, model: str, theme: Theme, parent: QWidget | None = None) -> None:
        """`name` of the picture, `model` as the person calls it."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find it in this model"))
        self.setMinimumWidth(2 * SIDE + 60)
        self._doing = QLabel(self.tr("Looking for “{0}” in “{1}”…").format(name, model), wordWrap=True)
        self._doing.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._pair = PairView(theme, SIDE)
        self._pair.setMinimumHeight(self._pair.sizeHint().height())
        self._verdict = QLabel(wordWrap=True)
        self._verdict.setProperty("role", "heading")
        self._figure = QLabel(wordWrap=True)
        self._figure.setProperty("role", "muted")
        self._fault = Notice(theme)
        self.pages = QStackedWidget()
        for widgets in ((self._doing, self._bar), (self._pair, self._verdict, self._figure), (self._fault,)):
            self.pages.addWidget(_page(*widgets))
        self.take = QPushButton(self.tr("Use it as the start"))
        self.take.setToolTip(self.tr("The point found becomes the start, all directions go to 0: one undo step"))
        self.take.setProperty("primary", True)
        self.take.setEnabled(False)
        self.take.setDefault(True)
        self._leave = QPushButton(self.tr("Cancel"))
        self._leave.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._leave)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(14)
        column.addWidget(self.pages, 1)
        column.addLayout(foot)
        self.take.clicked.connect(self.accept)
        self._leave.clicked.connect(self.reject)
        self.rejected.connect(self.given_up)

    def show_result(self, before: QImage, after: QImage, psnr: float, difference: float,
                    notes: tuple[str, ...] = ()) -> None:
        """Both pictures; `psnr` in dB, `difference` the mean in 1/255."""
        self._pair.show_pair(before, after, (self.tr("Your picture, as the model sees it"),
                                             self.tr("What the model makes of it")))
        self._verdict.setText(self.tr("Very close") if difference <= CLOSE else self.tr("Similar") if difference <= LIKE
                              else self.tr("Only roughly alike"))
        told = self.tr("Mean difference {0} of 255 steps (PSNR {1} dB). The model can only make what it has learned: "
                       "what it has never seen comes out as something like it.")
        self._figure.setText(" ".join((told.format(f"{difference:.1f}", f"{psnr:.1f}"), *notes)))
        self.take.setEnabled(True)
        self.pages.setCurrentIndex(RESULT)
        self.adjustSize()

    def show_problem(self, problem: Problem) -> None:
        """It cannot be found, and why."""
        self._fault.tell(problem.what, problem.remedy, Tone.WARNING)
        self._leave.setText(self.tr("Close"))
        self.take.hide()
        self.pages.setCurrentIndex(FAULT)

    def told(self) -> tuple[str, str]:
        """The verdict and its figures, or the problem."""
        if self.pages.currentIndex() == FAULT:
            return self._fault.sentence(), ""
        return self._verdict.text(), self._figure.text()

    @property
    def pair(self) -> PairView:
        """The two pictures."""
        return self._pair


def _page(*widgets: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return page
