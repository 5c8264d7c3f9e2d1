"""What came of bringing a model in: the verdict with pictures and figures, or what went wrong and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.converting.messages import Converted, Failed, Pair, Picture, Precision
from gui.dialogs.import_words import command_in, precision_words, share, told_plainly, verdict_words
from gui.properties import told
from gui.theme import Theme
from gui.widgets.amounts import duration, size
from gui.widgets.banner import Tone
from gui.widgets.disclosure import Disclosure
from gui.widgets.notice import Notice
from gui.widgets.pair_view import PairView

ICON = 34
PAIR_SIDE = 84
PAIRS = 3
ROW = 26


def image_of(picture: Picture) -> QImage:
    """A small picture as Qt has it, with memory of its own; null when its size and bytes disagree."""
    if len(picture.pixels) != picture.width * picture.height * 3 or not picture.pixels:
        return QImage()
    return QImage(picture.pixels, picture.width, picture.height, 3 * picture.width,
                  QImage.Format.Format_RGB888).copy()


class ImportEnd(QWidget):
    """One result."""

    open_wanted = Signal(str)              # package folder
    report_wanted = Signal(str)            # HTML file
    make_wanted = Signal(str)              # a precision that was measured but not made
    again_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._good = True
        self._report = ""
        self._icon = QLabel()
        self._title = QLabel(wordWrap=True)
        self._title.setProperty("role", "title")
        self._words = QLabel(wordWrap=True)
        self._words.setProperty("role", "muted")
        self._what = QLabel(wordWrap=True)
        for label in (self._title, self._words, self._what):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._pairs = QWidget()
        self._pairs_row = QHBoxLayout(self._pairs)
        self._pairs_row.setContentsMargins(0, 0, 0, 0)
        self._pairs_row.setSpacing(18)
        self._figures = QWidget()
        self._command = Notice(theme)
        self._command.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))
        self.details = Disclosure(self.tr("Details"), theme)
        self.report = QPushButton(self.tr("Open report"))
        self.again = QPushButton(self.tr("Back"))
        self.close_ = QPushButton(self.tr("Close"))
        self.close_.setProperty("primary", True)
        self._arrange()
        self.report.clicked.connect(lambda: self.report_wanted.emit(self._report))
        self.again.clicked.connect(self.again_wanted)
        self.close_.clicked.connect(self.closed)
        theme.changed.connect(self._restyle)

    def show_converted(self, made: Converted, name: str) -> None:
        """A package is on the shelf."""
        verdict, grounds = verdict_words(made)
        self._tell(verdict, grounds, good=True)
        waits = "" if made.runs else self.tr(
            "This version cannot run models of this kind yet: the package waits on the shelf.")
        here = self.tr("“{0}” is among your models.").format(name)
        self._what.setText(f"{here} {waits}".strip())
        self._show_pairs(made.pairs)
        self._show_figures(made)
        self._command.tell("")
        took = self.tr("Made in {0}, with {1} of memory at most.").format(duration(made.seconds), size(made.peak_bytes))
        self.details.tell((*map(told_plainly, made.notes), *((took,) if made.peak_bytes else ())))
        self._offer(made.report_html, back=False)

    def show_failed(self, failed: Failed, title: str, *, back: bool) -> None:
        """Nothing was made; `back` offers the page before."""
        problem = failed.problem
        command = command_in(problem)
        self._tell(title, problem.subject, good=False)
        self._what.setText(told_plainly(problem.what if command else problem.sentence()))
        self._show_pairs(())
        self._show_figures(None)
        self._command.tell(told(problem.remedy).replace("`", "") if command else "", "", Tone.NOTE, command)
        # The trace of a fault of ours is in the log alone.
        self.details.tell((problem.detail,) if problem.detail and problem.code != "bug" else ())
        self._offer(failed.report_html, back=back)

    def told(self) -> tuple[str, str]:
        """The headline, and what is said below it."""
        return self._title.text(), " ".join(label.text() for label in (self._words, self._what) if label.text())

    def pairs(self) -> tuple[PairView, ...]:
        """The pictures that are shown."""
        return tuple(self._pairs.findChildren(PairView))

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._words)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.report)
        foot.addStretch(1)
        foot.addWidget(self.again)
        foot.addWidget(self.close_)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._what)
        column.addWidget(self._command)
        column.addWidget(self._pairs)
        column.addWidget(self._figures)
        column.addWidget(self.details)
        column.addStretch(1)
        column.addLayout(foot)

    def _tell(self, title: str, words: str, *, good: bool) -> None:
        self._good = good
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._restyle()

    def _offer(self, report: str, *, back: bool) -> None:
        self._report = report
        self.report.setVisible(bool(report))
        self.again.setVisible(back)

    def _show_pairs(self, pairs: tuple[Pair, ...]) -> None:
        while (item := self._pairs_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.setParent(None)
                old.deleteLater()
        for pair in pairs[:PAIRS]:
            view = PairView(self._theme, PAIR_SIDE)
            view.show_pair(image_of(pair.torch), image_of(pair.package), (self.tr("PyTorch"), self.tr("Package")))
            if pair.difference is not None:
                view.setToolTip(self.tr("Mean difference: {0} of 255 steps").format(f"{pair.difference:.2g}"))
            self._pairs_row.addWidget(view)
        self._pairs_row.addStretch(1)
        self._pairs.setVisible(bool(pairs))

    def _show_figures(self, made: Converted | None) -> None:
        """A row for each precision: size, largest difference, time, against PyTorch, and the one to take."""
        old, self._figures = self._figures, QWidget()
        if made is not None and made.figures:
            grid = QGridLayout(self._figures)
            grid.setContentsMargins(0, 4, 0, 0)
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(6)
            heads = (self.tr("Precision"), self.tr("Size"), self.tr("Difference"), self.tr("Time"), self.tr("Speed"))
            for column, head in enumerate(heads):
                grid.addWidget(_quiet(head), 0, column)
            for row, precision in enumerate(made.figures, 1):
                self._figure_row(grid, row, precision, made)
            grid.setColumnStretch(len(heads) + 1, 1)
        layout = self.layout()
        if layout is not None:
            layout.replaceWidget(old, self._figures)
        self._figures.setVisible(made is not None and bool(made.figures))
        old.deleteLater()

    def _figure_row(self, grid: QGridLayout, row: int, precision: Precision, made: Converted) -> None:
        figures = made.figures[precision]
        time = "–" if figures.milliseconds is None else self.tr("{0} ms").format(f"{figures.milliseconds:.3g}")
        speed = "–" if figures.speed_over_torch is None else self.tr("{0} × PyTorch").format(
            f"{figures.speed_over_torch:.1f}")
        words = (precision_words(precision)[0], size(figures.bytes), share(figures.error), time, speed)
        grid.setRowMinimumHeight(row, ROW)
        for column, text in enumerate(words):
            grid.addWidget(QLabel(text), row, column)
        folder = made.folders.get(precision, "")
        if folder and made.runs and len(made.folders) > 1:
            button = QPushButton(self.tr("Open"))
            button.setFlat(True)
            button.setAccessibleName(self.tr("Open {0}").format(precision_words(precision)[0]))
            button.clicked.connect(lambda: self.open_wanted.emit(folder))
            grid.addWidget(button, row, len(words))
        elif figures.verdict == "pass" and not folder:
            button = QPushButton(self.tr("Make it too"))
            button.setFlat(True)
            button.setAccessibleName(self.tr("Make {0} too").format(precision_words(precision)[0]))
            button.clicked.connect(lambda: self.make_wanted.emit(precision))
            grid.addWidget(button, row, len(words))
        if figures.verdict == "fail" or precision == made.recommended:
            chip = QLabel(self.tr("Did not pass") if figures.verdict == "fail" else self.tr("Recommended"))
            chip.setObjectName("chip" if figures.verdict == "pass" else "badChip")
            if figures.verdict == "pass":
                chip.setToolTip(self.tr("The smallest that passed. The larger ones are nearer to the original."))
            grid.addWidget(chip, row, len(words) + 1, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _restyle(self) -> None:
        name, color = (("circle-check", self._theme.colors.good) if self._good
                       else ("circle-alert", self._theme.colors.danger))
        self._icon.setPixmap(self._theme.pixmap(name, color, ICON))


def _quiet(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "muted")
    return label
