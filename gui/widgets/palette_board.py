"""A palette as large swatches with names: a click copies a colour; the whole of it is copied, used and kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Swatch
from gui.theme import Theme
from gui.widgets.swatches import PALETTE_KIND

ROUND = 8.0
TALLEST = 460
HALF = 0.179
"""Above this luminance black words have more contrast than white ones."""


def ink_on(color: str) -> QColor:
    """Black or white, whichever is read better on `color`."""
    shade = QColor(color)
    parts = [(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB
             for part in (shade.redF(), shade.greenF(), shade.blueF())]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return QColor("#101114") if light > HALF else QColor("#ffffff")


def palette_mime(colors: Sequence[str]) -> QMimeData:
    """A palette for dragging and for the clipboard: for ourselves, and as text for others."""
    data = QMimeData()
    data.setData(PALETTE_KIND, " ".join(colors).encode())
    data.setText(" ".join(colors))
    return data


def stripes(colors: Sequence[str], size: QSize) -> QPixmap:
    """The colours side by side, with round corners."""
    pixmap = QPixmap(size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, size.width(), size.height()), ROUND / 2, ROUND / 2)
    painter.setClipPath(path)
    wide = size.width() / max(1, len(colors))
    for place, color in enumerate(colors):
        painter.fillRect(QRectF(place * wide, 0, wide + 1, size.height()), QColor(color))
    painter.end()
    return pixmap


class SwatchCard(QWidget):
    """One colour, its name and its number."""

    chosen = Signal(int)
    dragged = Signal()
    stepped = Signal(int, int)

    def __init__(self, place: int, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._theme = theme
        self._swatch = Swatch("#000000")
        self._from: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 120)
        self.setMaximumHeight(TALLEST)

    def show_swatch(self, swatch: Swatch) -> None:
        """Another colour."""
        self._swatch = swatch
        self.setAccessibleName(f"{swatch.name}, {swatch.color}" if swatch.name else swatch.color)
        self.setToolTip(self.tr("{0}: click to copy").format(swatch.color))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colour; below, name and number."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setPen(QPen(QColor(self._theme.colors.border), 1))
        painter.setBrush(QColor(self._swatch.color))
        painter.drawRoundedRect(box, ROUND, ROUND)
        painter.setPen(ink_on(self._swatch.color))
        words = box.adjusted(14, 14, -12, -14)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.05)
        painter.setFont(font)
        number = painter.fontMetrics().height()
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), self._swatch.color)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        painter.setFont(font)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
        painter.drawText(words.adjusted(0, 0, 0, -number - 4), int(flags), self._swatch.name)
        if self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.colors.accent if self.hasFocus() else self._theme.colors.muted), 2))
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), ROUND, ROUND)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """A ring under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No ring any more."""
        super().leaveEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps a click, perhaps a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from the press it is a drag of the whole palette."""
        if self._from is None:
            return
        if (event.position().toPoint() - self._from).manhattanLength() >= QApplication.startDragDistance():
            self._from = None
            self.dragged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click copies."""
        if event.button() == Qt.MouseButton.LeftButton and self._from is not None:
            self._from = None
            self.chosen.emit(self._place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter copies, arrows go to the neighbours."""
        keys = Qt.Key
        copy = event.matches(QKeySequence.StandardKey.Copy)
        if copy or event.key() in {keys.Key_Return, keys.Key_Enter, keys.Key_Space}:
            self.chosen.emit(self._place)
        elif event.key() in {keys.Key_Left, keys.Key_Right}:
            self.stepped.emit(self._place, 1 if event.key() == keys.Key_Right else -1)
        else:
            super().keyPressEvent(event)


class PaletteBoard(QWidget):
    """The swatches, under a line of what can be done with all of them."""

    told = Signal(str)                     # a word of success for the toast
    keep_wanted = Signal(object)           # tuple: empty, all
    use_menu_wanted = Signal(object, object)   # the QMenu to fill, the colours

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("board")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._swatches: tuple[Swatch, ...] = ()
        self._cards: list[SwatchCard] = []
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self._copy = QPushButton(self.tr("Copy all"))
        self._use = QPushButton(self.tr("Use palette"))
        self._use.setToolTip(self.tr("Give these colours to a model that takes a palette"))
        self._menu = QMenu(self)
        self._use.setMenu(self._menu)
        self._keep = QPushButton(self.tr("Keep"))
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._count, 1)
        for button in (self._copy, self._use, self._keep):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 22, 28, 28)
        column.setSpacing(14)
        column.addLayout(head)
        column.addStretch(1)
        column.addLayout(self._row, 40)
        column.addStretch(1)
        self._copy.clicked.connect(self.copy)
        self._keep.clicked.connect(lambda: self.keep_wanted.emit(()))
        self._menu.aboutToShow.connect(lambda: self.use_menu_wanted.emit(self._menu, self.colors()))
        theme.changed.connect(self.update)

    @property
    def cards(self) -> tuple[SwatchCard, ...]:
        """The swatches' cards."""
        return tuple(self._cards)

    def colors(self) -> list[str]:
        """"#rrggbb" of each swatch."""
        return [swatch.color for swatch in self._swatches]

    def show_swatches(self, swatches: Sequence[Swatch], *, partial: bool = False) -> None:
        """Other colours."""
        self._swatches = tuple(swatches)
        while len(self._cards) > len(swatches):
            card = self._cards.pop()
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self._cards) < len(swatches):
            card = SwatchCard(len(self._cards), self._theme)
            card.chosen.connect(self._copy_one)
            card.stepped.connect(self._step)
            card.dragged.connect(self._drag)
            self._cards.append(card)
            self._row.addWidget(card)
        for card, swatch in zip(self._cards, swatches, strict=True):
            card.show_swatch(swatch)
        self._count.setText(self.tr("%n colour(s)", "", len(swatches)))
        self._keep.setEnabled(not partial)

    def copy(self) -> None:
        """All numbers."""
        QGuiApplication.clipboard().setMimeData(palette_mime(self.colors()))
        self.told.emit(self.tr("%n colour(s) copied", "", len(self._swatches)))

    def _copy_one(self, place: int) -> None:
        QGuiApplication.clipboard().setText(self._swatches[place].color)
        self.told.emit(self.tr("{0} copied").format(self._swatches[place].color))

    def _step(self, place: int, by: int) -> None:
        if 0 <= place + by < len(self._cards):
            self._cards[place + by].setFocus()

    def _drag(self) -> None:
        drag = QDrag(self)
        drag.setMimeData(palette_mime(self.colors()))
        drag.setPixmap(stripes(self.colors(), QSize(120, 40)))
        drag.exec(Qt.DropAction.CopyAction)
