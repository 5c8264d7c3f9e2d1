"""The canvas with what lies over it: cards or swatches in its place, the empty state, banner, toast and busy line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.api import Asset, Medium
from gui.theme import Theme
from gui.widgets.badges import Badges
from gui.widgets.banner import Banner
from gui.widgets.canvas import Canvas
from gui.widgets.toast import Toast

if TYPE_CHECKING:
    from gui.widgets.palette_board import PaletteBoard
    from gui.widgets.text_board import TextBoard

EDGE = 14
BUSY_AFTER_MS = 250
BUSY_TICK_MS = 33


class BusyLine(QWidget):
    """A thin line that runs along the top edge while a picture is long in coming."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._phase = 0.0
        self._busy = False
        self._share: float | None = None   # 0..1 of the work, where that is known
        self._patience = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._patience.timeout.connect(self._appear)
        self._tick = QTimer(self, interval=BUSY_TICK_MS)
        self._tick.timeout.connect(self._advance)
        self.setFixedHeight(3)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether something is waited for, shown or not yet."""
        return self._busy

    def set_busy(self, busy: bool) -> None:
        """Begin to wait, or stop."""
        self._busy = busy
        self._share = None
        if not busy:
            self._patience.stop()
            self._tick.stop()
            self.hide()
        elif self.isHidden() and not self._patience.isActive():
            self._patience.start()

    def show_share(self, share: float | None) -> None:
        """How much of the work is done, 0..1; None: nobody knows, the line runs."""
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bright stretch on a dim line."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colors.track))
        if self._share is not None:
            painter.fillRect(QRectF(0, 0, self.width() * self._share, self.height()), QColor(self._theme.colors.accent))
            painter.end()
            return
        width = self.width() * 0.25
        painter.fillRect(QRectF((self.width() + width) * self._phase - width, 0, width, self.height()),
                         QColor(self._theme.colors.accent))
        painter.end()

    def _appear(self) -> None:
        self._phase = 0.0
        self.show()
        self.raise_()
        self._tick.start()

    def _advance(self) -> None:
        self._phase = (self._phase + BUSY_TICK_MS / 1300) % 1.0
        if self._share is None:
            self.update()


class EmptyState(QWidget):
    """What the canvas says before there is a picture."""

    wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._button = QPushButton(self.tr("Open a model…"))
        self._button.setProperty("primary", True)
        self._button.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        for widget in (self._icon, self._title, self._words):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def tell(self, title: str, words: str, button: bool) -> None:
        """Change the words; with or without the button."""
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._button.setVisible(button)

    def _restyle(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("image", self._theme.colors.border_strong, 48))


class Stage(QWidget):
    """The canvas and its overlays, each kept in its place when the window changes."""

    open_wanted = Signal()
    keep_wanted = Signal(object)           # which cards, as places; empty: all
    use_menu_wanted = Signal(object, object)   # the menu to fill, the colours of the palette shown

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts: TextBoard | None = None
        self._palette: PaletteBoard | None = None
        self._bar: QWidget | None = None   # of a tool
        self.canvas = Canvas(theme, self)
        self.empty = EmptyState(theme, self)
        self.banner = Banner(theme, self)
        self.toast = Toast(self)
        self.busy = BusyLine(theme, self)
        self.badges = Badges(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.empty.wanted.connect(self.open_wanted)
        self.banner.resized.connect(self._place)
        self.toast.resized.connect(self._place)
        self.badges.resized.connect(self._place)

    @property
    def texts(self) -> TextBoard:
        """The cards; made (and imported) for the first texts."""
        from gui.widgets.text_board import TextBoard

        if self._texts is None:
            self._texts = TextBoard(self._theme, self)
            self._put(self._texts)
        return self._texts

    @property
    def palette_board(self) -> PaletteBoard:
        """The swatches; made (and imported) for the first palette."""
        from gui.widgets.palette_board import PaletteBoard

        if self._palette is None:
            self._palette = PaletteBoard(self._theme, self)
            self._palette.use_menu_wanted.connect(self.use_menu_wanted)
            self._put(self._palette)
        return self._palette

    @property
    def board(self) -> TextBoard | PaletteBoard | None:
        """What stands in the canvas's place now, if anything does."""
        return next((board for board in (self._texts, self._palette) if board and not board.isHidden()), None)

    def show_board(self, asset: Asset) -> None:
        """Cards or swatches in the canvas's place."""
        shown: TextBoard | PaletteBoard
        if asset.medium is Medium.TEXT:
            shown = self.texts
            shown.show_texts(asset.texts, asset.recipe.fingerprint(), partial=asset.partial)
        else:
            shown = self.palette_board
            shown.show_swatches(asset.swatches, partial=asset.partial)
        if self.board is not shown:
            self.show_canvas()
            shown.show()
        self.empty.hide()

    def show_canvas(self) -> None:
        """The canvas itself."""
        for board in (self._texts, self._palette):
            if board is not None:
                board.hide()

    def show_bar(self, bar: QWidget | None) -> None:
        """A tool's settings along the upper edge, or none any more."""
        if self._bar is not None:
            self._bar.hide()
        self._bar = bar
        if bar is not None:
            bar.show()
            bar.raise_()
        self._place()

    def clear(self) -> None:
        """Nothing: the result was another package's."""
        self.show_canvas()
        self.canvas.clear()
        self.badges.clear()

    def waiting(self, title: str, words: str = "", button: bool = False) -> None:
        """Say why there is no picture (does nothing while there is one)."""
        self.empty.tell(title, words, button)
        self.empty.setVisible(not self.canvas.has_picture and self.board is None)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Overlays follow the edges."""
        super().resizeEvent(event)
        self._place()

    def _put(self, board: TextBoard | PaletteBoard) -> None:
        board.hide()
        board.stackUnder(self.empty)
        board.told.connect(self.toast.tell)
        board.keep_wanted.connect(self.keep_wanted)
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        self.busy.setGeometry(0, 0, width, self.busy.height())
        wide = min(680, width - 2 * EDGE)
        tall = self.banner.heightForWidth(wide)
        self.banner.setGeometry((width - wide) // 2, EDGE, wide, tall if tall > 0 else self.banner.sizeHint().height())
        top = 0 if self.banner.isHidden() else self.banner.geometry().bottom() + 1    # cards stay clear of it
        for board in (self._texts, self._palette):
            if board is not None:
                board.setGeometry(0, top, width, height - top)
        if self._bar is not None:
            self._bar.adjustSize()
            self._bar.move(max(0, (width - self._bar.width()) // 2), EDGE)
        self.toast.adjustSize()
        self.toast.move((width - self.toast.width()) // 2, height - self.toast.height() - EDGE)
        self.badges.adjustSize()
        self.badges.move(EDGE, height - self.badges.height() - EDGE)
        room = min(420, width - 2 * EDGE)
        self.empty.setGeometry((width - room) // 2, max(0, (height - 260) // 2), room, 260)
