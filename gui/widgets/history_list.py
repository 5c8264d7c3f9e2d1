"""The history as a list of small results, oldest above: branches run beside them as lanes, a click goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme
from gui.widgets.faces import paint_stripes, paint_text
from gui.widgets.lanes import Edge, Lanes, lay

ROW = 62
FACE = QSize(72, 52)
LANE, INSET, DOT = 10, 14, 3.5
MOST_LANES = 5
HOVER_MS = 380
ROUND = 5.0


@dataclass(frozen=True)
class Card:
    """One state, ready to be painted. `image` is asked for when it is painted."""

    id: int
    parent: int | None
    title: str
    note: str
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    pinned: bool = False
    named: bool = False


class HistoryList(QWidget):
    """All cards of a document. It decides nothing: gestures go out as signals with the id of a card."""

    chosen = Signal(int)
    marked = Signal(object)                # tuple of the ids that are picked out for a comparison
    menu_wanted = Signal(int, QPoint)
    delete_wanted = Signal(int)
    hovered = Signal(int, QPoint)          # id and where its card ends on the screen; 0: none any more
    stirred = Signal(int)                  # the row that should be seen, as its lower edge

    def __init__(self, theme: Theme, portrait: Callable[[int], QImage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._portrait = portrait
        self._cards: tuple[Card, ...] = ()
        self._lanes = Lanes()
        self._rows: dict[int, int] = {}
        self._current = 0
        self._line: frozenset[int] = frozenset()       # the current one and all it came of
        self._picked: tuple[int, ...] = ()
        self._over = -1
        self._at = -1                                  # the row that the keys point to
        self._patience = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._patience.timeout.connect(self._linger)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("History"))
        theme.changed.connect(self.update)

    @property
    def cards(self) -> tuple[Card, ...]:
        """What is shown, oldest first."""
        return self._cards

    @property
    def picked(self) -> tuple[int, ...]:
        """The cards that are picked out for a comparison, at most two."""
        return self._picked

    def show_cards(self, cards: Sequence[Card], current: int) -> None:
        """These cards; the current one is brought into sight when it has changed."""
        moved = current != self._current
        if [(card.id, card.parent) for card in cards] != [(card.id, card.parent) for card in self._cards]:
            self._lanes = lay([(card.id, card.parent) for card in cards])
            self._rows = {card.id: row for row, card in enumerate(cards)}
        self._cards, self._current = tuple(cards), current
        self._line = self._ancestry(current)
        self._picked = tuple(each for each in self._picked if each in self._rows)
        self._at = min(self._at, len(cards) - 1)
        self.setFixedHeight(max(1, len(cards) * ROW))
        if moved:
            self._at = self._rows.get(current, -1)
            self.stirred.emit((self._at + 1) * ROW)
        self.update()

    def pick(self, *ids: int) -> None:
        """Pick cards out, at most two; none: let go of all."""
        self._picked = tuple(ids[-2:])
        self.update()
        self.marked.emit(self._picked)

    def sizeHint(self) -> QSize:
        """As high as there are cards."""
        return QSize(272, max(1, len(self._cards) * ROW))

    def minimumSizeHint(self) -> QSize:
        """Narrow is possible."""
        return QSize(150, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the rows that are to be seen: lines first, then cards over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        first, last = event.rect().top() // ROW, event.rect().bottom() // ROW
        for row in range(max(0, first), min(len(self._cards), last + 1)):
            self._paint_back(painter, row)
        for edge in sorted(self._lanes.edges, key=self._lit):
            if edge.bottom >= first and edge.top <= last:
                self._paint_edge(painter, edge)
        for row in range(max(0, first), min(len(self._cards), last + 1)):
            self._paint_card(painter, row)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The card under the mouse; after a while it is looked at."""
        self._point(int(event.position().y()) // ROW)

    def leaveEvent(self, event: QEvent) -> None:
        """No card is under the mouse."""
        super().leaveEvent(event)
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there; with Ctrl pick it out."""
        self._rest()
        row = int(event.position().y()) // ROW
        if event.button() != Qt.MouseButton.LeftButton or not 0 <= row < len(self._cards):
            return
        self._at = row
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._toggle(row)
        else:
            self.chosen.emit(self._cards[row].id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a card."""
        self._rest()
        key = event.reason() == QContextMenuEvent.Reason.Keyboard
        row = self._at if key else event.pos().y() // ROW
        if 0 <= row < len(self._cards):
            at = self.mapToGlobal(self._card_box(row).center()) if key else event.globalPos()
            self.menu_wanted.emit(self._cards[row].id, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows point, Enter goes there, Space picks out, Delete takes away."""
        keys = Qt.Key
        steps = {keys.Key_Up: -1, keys.Key_Down: 1, keys.Key_Home: -len(self._cards), keys.Key_End: len(self._cards)}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier or not self._cards:
            super().keyPressEvent(event)
        elif event.key() in steps:
            self._at = min(len(self._cards) - 1, max(0, self._at + steps[keys(event.key())]))
            self.stirred.emit((self._at + 1) * ROW)
            self.update()
        elif event.key() in {keys.Key_Return, keys.Key_Enter} and self._at >= 0:
            self.chosen.emit(self._cards[self._at].id)
        elif event.key() == keys.Key_Space and self._at >= 0:
            self._toggle(self._at)
        elif event.key() == keys.Key_Delete and self._at >= 0:
            self.delete_wanted.emit(self._cards[self._at].id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys point."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Not any more."""
        super().focusOutEvent(event)
        self.update()

    def _toggle(self, row: int) -> None:
        """Picked out or not; of three the newest two stay."""
        card = self._cards[row].id
        self.pick(*((each for each in self._picked if each != card) if card in self._picked
                    else (*self._picked, card)))

    def _point(self, row: int) -> None:
        row = row if 0 <= row < len(self._cards) else -1
        if row != self._over:
            self._over = row
            self._rest()
            if row >= 0:
                self._patience.start()
            self.update()

    def _linger(self) -> None:
        if 0 <= self._over < len(self._cards):
            corner = QPoint(self.width(), self._over * ROW + ROW // 2)
            self.hovered.emit(self._cards[self._over].id, self.mapToGlobal(corner))

    def _rest(self) -> None:
        self._patience.stop()
        self.hovered.emit(0, QPoint())

    def _ancestry(self, current: int) -> frozenset[int]:
        parents = {card.id: card.parent for card in self._cards}
        found: set[int] = set()
        at: int | None = current if current in parents else None
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
        return frozenset(found)

    def _lit(self, edge: Edge) -> bool:
        """Whether an edge lies on the way to the current state; those are painted over the others."""
        return self._cards[edge.bottom].id in self._line

    def _gutter(self) -> int:
        return INSET * 2 + (min(MOST_LANES, max(1, self._lanes.count)) - 1) * LANE

    def _middle(self, row: int, lane: int) -> QPointF:
        return QPointF(INSET + min(lane, MOST_LANES - 1) * LANE, row * ROW + ROW / 2)

    def _card_box(self, row: int) -> QRect:
        return QRect(QPoint(self._gutter(), row * ROW + (ROW - FACE.height()) // 2), FACE)

    def _paint_back(self, painter: QPainter, row: int) -> None:
        colors = self._theme.colors
        here = self._cards[row].id == self._current
        if here or row == self._over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.hover if here else colors.panel))
            painter.drawRoundedRect(QRectF(4, row * ROW + 1, self.width() - 8, ROW - 2), 7, 7)

    def _paint_edge(self, painter: QPainter, edge: Edge) -> None:
        """Down the child's lane; out of the parent's in a bend."""
        colors, lit = self._theme.colors, self._lit(edge)
        start, end = self._middle(edge.top, edge.start), self._middle(edge.bottom, edge.lane)
        path = QPainterPath(start)
        if start.x() != end.x():
            turn = QPointF(end.x(), start.y() + ROW * 0.6)
            path.cubicTo(QPointF(start.x(), start.y() + ROW * 0.4), QPointF(end.x(), start.y() + ROW * 0.2), turn)
        path.lineTo(end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent if lit else colors.border_strong), 2 if lit else 1.5))
        painter.drawPath(path)

    def _paint_card(self, painter: QPainter, row: int) -> None:
        card, colors = self._cards[row], self._theme.colors
        here = card.id == self._current
        painter.setPen(QPen(QColor(colors.window), 2))
        painter.setBrush(QColor(colors.accent if card.id in self._line else colors.border_strong))
        reach = DOT + 1.5 if here else DOT
        painter.drawEllipse(self._middle(row, self._lanes.lanes[row]), reach + 1, reach + 1)
        box = self._card_box(row)
        self._paint_face(painter, card, box)
        if here or card.id in self._picked or (row == self._at and self.hasFocus()):
            strong = here or card.id in self._picked
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent if strong else colors.muted), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(-1, -1, 1, 1), ROUND + 1, ROUND + 1)
        if card.id in self._picked:
            self._paint_letter(painter, box, "AB"[self._picked.index(card.id)])
        self._paint_words(painter, card, box)

    def _paint_face(self, painter: QPainter, card: Card, box: QRect) -> None:
        colors = self._theme.colors
        path = QPainterPath()
        path.addRoundedRect(QRectF(box), ROUND, ROUND)
        painter.fillPath(path, QColor(colors.field))
        painter.save()
        painter.setClipPath(path)
        if card.texts:
            paint_text(painter, "\n".join(card.texts), box.adjusted(6, 3, -6, -3), QColor(colors.text))
        elif card.colors:
            paint_stripes(painter, card.colors, box)
        else:
            image = self._portrait(card.id)
            if not image.isNull():
                area = _fitted(image.size(), box)
                if image.hasAlphaChannel():
                    painter.fillRect(area, QColor(colors.checker_light))
                painter.drawImage(area, image)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)

    def _paint_letter(self, painter: QPainter, box: QRect, letter: str) -> None:
        """A or B in the corner of a card that is picked out."""
        colors = self._theme.colors
        tag = QRectF(box.left() + 3, box.top() + 3, 17, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor(colors.accent_text))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, letter)

    def _paint_words(self, painter: QPainter, card: Card, box: QRect) -> None:
        colors, plain = self._theme.colors, self.font()
        star = 18 if card.pinned else 0
        left, wide = box.right() + 11, self.width() - box.right() - 21
        bold = self.font()
        bold.setBold(card.named)
        line = self.fontMetrics().lineSpacing()
        top = box.center().y() - line + 1
        for font, ink, words, room, y in ((bold, colors.text, card.title, wide - star, top),
                                          (plain, colors.muted, card.note, wide, top + line)):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(0, room))
            painter.drawText(QRect(left, y, max(0, room), line), int(Qt.AlignmentFlag.AlignVCenter), shown)
        if card.pinned:
            painter.drawPixmap(self.width() - 10 - 15, top + (line - 14) // 2,
                               self._theme.pixmap("star", colors.warning, 14))


def _fitted(size: QSize, box: QRect) -> QRectF:
    """The largest place of this shape in the middle of `box`."""
    scale = min(box.width() / size.width(), box.height() / size.height())
    area = QRectF(0, 0, size.width() * scale, size.height() * scale)
    area.moveCenter(QRectF(box).center())
    return area
