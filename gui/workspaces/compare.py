"""Two states beside one another: what they look like, and below, which controls differ, with both values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import Medium
from gui.theme import Theme
from gui.widgets.banner import Banner
from gui.widgets.compare_sheet import CompareSheet
from gui.widgets.compare_view import LETTERS, CompareView, Mode
from gui.widgets.stage import EDGE
from gui.widgets.toast import Toast

LABELS = 170
"""Width of the column of labels."""
MOST_ROWS = 190
"""The table of differences is at most so high; more of it is scrolled to."""


@dataclass(frozen=True)
class Side:
    """One of the two."""

    title: str
    medium: Medium
    size: tuple[int, int] = (1, 1)
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()


class CompareWorkspace(QWidget):
    """The page. It decides nothing: what a person wants goes out as signals."""

    used = Signal(int)                     # go on with this one, 0 or 1
    made_wanted = Signal(int)              # this one's picture may be made, though that takes its time
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sides: tuple[Side, Side] | None = None
        self.view = CompareView(theme)
        self.sheets = (CompareSheet(), CompareSheet())
        self._pages = QStackedWidget()
        self._modes = {Mode.SIDES: QToolButton(), Mode.WIPE: QToolButton()}
        self._zoom, self._hint = QLabel(), QLabel()
        self._make = (QPushButton(self.tr("Make A")), QPushButton(self.tr("Make B")))
        self._use = (QPushButton(self.tr("Use A")), QPushButton(self.tr("Use B")))
        self._rows = QWidget()
        self._scroll = QScrollArea()
        self._differs = QLabel()
        self.toast = Toast(self)
        self.banner = Banner(theme, self)
        self._arrange()
        self.view.zoomed.connect(lambda zoom: self._zoom.setText(f"{round(zoom * 100)} %"))
        for place in (0, 1):
            self._use[place].clicked.connect(lambda _=False, place=place: self.used.emit(place))
            self._make[place].clicked.connect(lambda _=False, place=place: self.made_wanted.emit(place))
        self.toast.resized.connect(self._place)
        self.banner.resized.connect(self._place)

    def show_sides(self, sides: tuple[Side, Side], rows: Sequence[tuple[str, str, str]]) -> None:
        """Another comparison; `rows` are labels with both values. Pictures follow by `show_picture`."""
        self._sides = sides
        pictures = all(side.medium is Medium.PICTURE for side in sides)
        self._pages.setCurrentIndex(0 if pictures else 1)
        for part in (*self._modes.values(), self._zoom, self._hint):
            part.setVisible(pictures)
        self.view.begin((sides[0].title, sides[1].title), sides[0].size)
        for place, side in enumerate(sides):
            self.offer(place, can=False)
            if side.medium is Medium.TEXT:
                self.sheets[place].show_texts(self._head(place), side.texts)
            elif side.medium is Medium.PALETTE:
                self.sheets[place].show_colors(self._head(place), side.colors)
        self._fill(rows)
        self.view.setFocus()

    def show_picture(self, place: int, image: QImage) -> None:
        """The full picture of a side."""
        self.offer(place, can=False)
        self.view.show_picture(place, image)
        if self._pages.currentIndex():
            self.sheets[place].show_picture(self._head(place), image)

    def tell(self, place: int, words: str) -> None:
        """Why a side has no picture yet."""
        self.view.tell(place, words)
        if self._pages.currentIndex():
            self.sheets[place].show_words(self._head(place), words)

    def offer(self, place: int, *, can: bool) -> None:
        """Whether this side's picture waits for somebody to want it made."""
        self._make[place].setVisible(can)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Toast and banner follow the edges."""
        super().resizeEvent(event)
        self._place()

    def _head(self, place: int) -> str:
        return f"{LETTERS[place]}  {self._sides[place].title}" if self._sides is not None else ""

    def _arrange(self) -> None:
        sheets = QWidget()
        sheets.setObjectName("board")
        sheets.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(sheets)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for sheet in self.sheets:
            row.addWidget(sheet, 1)
        self._pages.addWidget(self.view)
        self._pages.addWidget(sheets)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._pages, 1)
        column.addWidget(self._foot())

    def _bar(self) -> QWidget:
        bar = QFrame()
        bar.setObjectName("compareBar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 6, 10, 6)
        row.setSpacing(6)
        title = QLabel(self.tr("Compare"))
        title.setProperty("role", "heading")
        row.addWidget(title)
        row.addSpacing(10)
        group = QButtonGroup(self)
        for mode, words in ((Mode.SIDES, self.tr("Side by side")), (Mode.WIPE, self.tr("One over the other"))):
            button = self._modes[mode]
            button.setText(words)
            button.setCheckable(True)
            button.setChecked(mode is Mode.SIDES)
            button.setProperty("choice", "true")
            button.clicked.connect(lambda _=False, mode=mode: self.view.set_mode(mode))
            group.addButton(button)
            row.addWidget(button)
        self._zoom.setProperty("role", "muted")
        row.addSpacing(6)
        row.addWidget(self._zoom)
        row.addStretch(1)
        self._hint.setText(self.tr("Hold Space: each in the other's place"))
        self._hint.setProperty("role", "muted")
        row.addWidget(self._hint)
        row.addSpacing(6)
        leave = QPushButton(self.tr("Close"))
        leave.setToolTip("Esc")
        leave.clicked.connect(self.left)
        row.addWidget(leave)
        return bar

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setObjectName("compareFoot")
        column = QVBoxLayout(foot)
        column.setContentsMargins(14, 8, 14, 10)
        column.setSpacing(4)
        self._scroll.setObjectName("plain")
        self._scroll.setWidget(self._rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QGridLayout()
        _columns(head)
        self._differs.setProperty("role", "heading")
        head.addWidget(self._differs, 0, 0)
        for place in (0, 1):
            row = QHBoxLayout()
            row.setSpacing(8)
            letter = QLabel(LETTERS[place])
            letter.setProperty("role", "heading")
            for each in (letter, self._use[place], self._make[place]):
                row.addWidget(each)
            row.addStretch(1)
            head.addLayout(row, 0, place + 1)
        column.addLayout(head)
        column.addWidget(self._scroll)
        return foot

    def _fill(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """The table anew: a label and two values in a row."""
        self._rows = QWidget()
        self._rows.setObjectName("plain")
        grid = QGridLayout(self._rows)
        _columns(grid)
        self._differs.setText(self.tr("What differs") if rows else self.tr("Nothing differs"))
        for place, cells in enumerate(rows):
            for column, words in enumerate(cells):
                label = QLabel(words)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                if column == 0:
                    label.setProperty("role", "muted")
                grid.addWidget(label, place, column)
        grid.setRowStretch(len(rows), 1)
        self._scroll.setWidget(self._rows)
        line = self.fontMetrics().lineSpacing() + 4
        self._scroll.setFixedHeight(min(MOST_ROWS, len(rows) * line + 4))

    def _place(self) -> None:
        width, height = self.width(), self.height()
        wide = min(680, width - 2 * EDGE)
        tall = self.banner.heightForWidth(wide)
        self.banner.setGeometry((width - wide) // 2, EDGE, wide, tall if tall > 0 else self.banner.sizeHint().height())
        self.toast.adjustSize()
        self.toast.move((width - self.toast.width()) // 2, height - self.toast.height() - EDGE)


def _columns(grid: QGridLayout) -> None:
    """A narrow column for labels, and the rest for both values alike."""
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(3)
    grid.setColumnMinimumWidth(0, LABELS)
    for column, stretch in enumerate((0, 1, 1)):
        grid.setColumnStretch(column, stretch)
