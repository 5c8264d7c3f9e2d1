"""Texts as cards: names as tiles, sentences as lines, long texts in a column; copied, starred and kept one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme

NAME, SENTENCE = 40, 160
"""Up to so many letters a text is shown as a tile, or as a line; beyond, as a column."""
TILE = 300
"""The width that a tile asks for at least."""
COLUMN = 760
LINES = 14
"""A long text shows so many lines until it is unfolded."""


class Card(QFrame):
    """One text and what can be done with it."""

    copy_wanted = Signal(int)
    keep_wanted = Signal(int)
    star_toggled = Signal(int)
    stepped = Signal(int, int)             # from which card, how many on

    def __init__(self, place: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._theme = theme
        self._text = ""
        self._whole = False
        self.setObjectName("textCard")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._more = QPushButton(self.tr("Show all"))
        self._more.setFlat(True)
        self._more.setObjectName("more")
        self._star = self._tool(self.tr("Star (S)"), checkable=True)
        self._copy = self._tool(self.tr("Copy (Enter)"))
        self._keep = self._tool(self.tr("Keep this one (K)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 8, 10)
        row.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._words, 1)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(column, 1)
        row.addSpacing(8)
        for button in (self._star, self._copy, self._keep):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._more.hide()
        self._more.clicked.connect(self._unfold)
        self._star.clicked.connect(lambda: self.star_toggled.emit(self._place))
        self._copy.clicked.connect(lambda: self.copy_wanted.emit(self._place))
        self._keep.clicked.connect(lambda: self.keep_wanted.emit(self._place))
        self.restyle()

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show_text(self, text: str, size: float, *, partial: bool) -> None:
        """The text, `size` times as large as usual; while it is `partial` it cannot be kept."""
        if text != self._text:
            self._text = text
            self._words.setText(text)
            self.setAccessibleName(text)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * size)
        if font != self._words.font():
            self._words.setFont(font)
        for button in (self._star, self._keep):
            button.setEnabled(not partial)
        self._fold()

    def show_star(self, starred: bool) -> None:
        """Starred or not."""
        self._star.setChecked(starred)
        self.restyle()

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        colors = self._theme.colors
        on = self._star.isChecked()
        self._star.setIcon(self._theme.icon("star", colors.warning if on else colors.muted, 15))
        self._copy.setIcon(self._theme.icon("copy", colors.muted, 15))
        self._keep.setIcon(self._theme.icon("download", colors.muted, 15))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the next card; Enter copies, S stars, K keeps."""
        keys = Qt.Key
        steps = {keys.Key_Down: 2, keys.Key_Up: -2, keys.Key_Right: 1, keys.Key_Left: -1}
        if event.matches(QKeySequence.StandardKey.Copy) or event.key() in {keys.Key_Return, keys.Key_Enter}:
            self.copy_wanted.emit(self._place)
        elif event.key() == keys.Key_S and self._star.isEnabled():
            self.star_toggled.emit(self._place)
        elif event.key() == keys.Key_K and self._keep.isEnabled():
            self.keep_wanted.emit(self._place)
        elif event.key() in steps:
            self.stepped.emit(self._place, steps[keys(event.key())])
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Copy."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.copy_wanted.emit(self._place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has other lines."""
        super().resizeEvent(event)
        self._fold()

    def _tool(self, name: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setFixedSize(27, 27)
        button.setCheckable(checkable)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _fold(self) -> None:
        high = self._words.fontMetrics().lineSpacing() * LINES
        long = self._words.heightForWidth(max(1, self._words.width())) > high * 1.15
        self._more.setVisible(long and not self._whole)
        self._words.setMaximumHeight(16_777_215 if self._whole or not long else high)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | (
            Qt.AlignmentFlag.AlignTop if long else Qt.AlignmentFlag.AlignVCenter))

    def _unfold(self) -> None:
        self._whole = True
        self._fold()
        self.setFocus()


class TextBoard(QWidget):
    """All cards of one result, under a line that says how many and what can be done with all."""

    told = Signal(str)                     # a word of success for the toast
    keep_wanted = Signal(object)           # tuple of places; empty: all

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("board")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._texts: tuple[str, ...] = ()
        self._cards: list[Card] = []
        self._starred: frozenset[int] = frozenset()
        self._stars: dict[str, frozenset[int]] = {}    # by the key of the result
        self._key = ""
        self._columns = 0
        self._partial = False
        self._head = QWidget()
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._copy = QPushButton(self.tr("Copy all"))
        self._keep = QPushButton(self.tr("Keep all"))
        self._body = QWidget()
        self._body.setObjectName("plain")
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, 0, 12)
        self._grid.setSpacing(10)
        self._scroll = QScrollArea()
        self._arrange()
        self._copy.clicked.connect(self._copy_all)
        self._keep.clicked.connect(lambda: self.keep_wanted.emit(tuple(sorted(self._starred))))
        theme.changed.connect(self._restyle)

    def _arrange(self) -> None:
        self._scroll.setObjectName("plain")
        self._scroll.setWidget(self._body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().installEventFilter(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._count, 1)
        head.addWidget(self._copy)
        head.addWidget(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 0)
        column.setSpacing(14)
        column.addWidget(self._head)
        column.addWidget(self._scroll, 1)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards, in order."""
        return tuple(self._cards)

    @property
    def starred(self) -> Collection[int]:
        """The places of the starred cards."""
        return self._starred

    def texts(self) -> tuple[str, ...]:
        """What the cards say."""
        return self._texts

    def show_texts(self, texts: Sequence[str], key: str, *, partial: bool = False) -> None:
        """These texts; cards that are there already are used again, so that what streams in does not flicker.

        `key` names the result: its stars come back with it.
        """
        if key != self._key:
            self._key = key
            self._starred = self._stars.get(key, frozenset())
            self._scroll.verticalScrollBar().setValue(0)
        self._texts, self._partial = tuple(texts), partial
        while len(self._cards) > len(texts):
            card = self._cards.pop()
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
            self._columns = 0
        while len(self._cards) < len(texts):
            self._cards.append(self._make())
            self._columns = 0
        longest = max((len(text) for text in texts), default=0)
        size = 1.5 if longest <= NAME else 1.2 if longest <= SENTENCE else 1.08
        for place, (card, text) in enumerate(zip(self._cards, texts, strict=True)):
            card.show_text(text, size, partial=partial)
            card.show_star(place in self._starred)
        self._lay()
        self._tell()

    def copy(self) -> None:
        """The card with the keyboard, or all."""
        place = next((place for place, card in enumerate(self._cards) if card.hasFocus()), -1)
        if place >= 0:
            self._copy_one(place)
        else:
            self._copy_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width may hold another number of tiles."""
        if event.type() == QEvent.Type.Resize:
            self._lay()
        return super().eventFilter(watched, event)

    def _make(self) -> Card:
        card = Card(len(self._cards), self._theme)
        card.copy_wanted.connect(self._copy_one)
        card.keep_wanted.connect(lambda place: self.keep_wanted.emit((place,)))
        card.star_toggled.connect(self._star)
        card.stepped.connect(self._step)
        return card

    def _lay(self) -> None:
        """Names side by side, all else below one another."""
        short = max((len(text) for text in self._texts), default=0) <= NAME
        width = self._scroll.viewport().width()
        columns = max(1, min(4, width // TILE)) if short and len(self._cards) > 1 else 1
        for part in (self._head, self._body):
            part.setMaximumWidth(16_777_215 if columns > 1 else COLUMN)
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, int(column < columns))
        rows = -(-len(self._cards) // columns)
        for row in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(row, int(row == rows))

    def _tell(self) -> None:
        stars = len(self._starred)
        words = self.tr("%n text(s)", "", len(self._texts))
        self._count.setText(self.tr("{0}, still being written").format(words) if self._partial else words)
        self._keep.setText(self.tr("Keep %n starred", "", stars) if stars else self.tr("Keep all"))
        self._keep.setEnabled(not self._partial and bool(self._texts))
        self._copy.setEnabled(bool(self._texts))

    def _star(self, place: int) -> None:
        self._starred = self._starred ^ {place}
        self._stars[self._key] = self._starred
        self._cards[place].show_star(place in self._starred)
        self._tell()

    def _step(self, place: int, by: int) -> None:
        """To a neighbour: one on or back, or a row down or up."""
        to = place + (by if abs(by) == 1 else by // 2 * max(1, self._columns))
        if 0 <= to < len(self._cards):
            self._cards[to].setFocus()
            self._scroll.ensureWidgetVisible(self._cards[to])

    def _copy_one(self, place: int) -> None:
        QGuiApplication.clipboard().setText(self._texts[place])
        self.told.emit(self.tr("Text copied"))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._texts))
        self.told.emit(self.tr("%n text(s) copied", "", len(self._texts)))

    def _restyle(self) -> None:
        for card in self._cards:
            card.restyle()
