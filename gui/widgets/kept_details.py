"""Beside the library: all that is known of what is chosen, and what can be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.faces import paint_fitted, paint_stripes, paint_text
from gui.widgets.flow import FlowLayout
from gui.widgets.stars import Stars
from gui.widgets.tag_edit import TagEdit

WIDE = 300
TALL = 230
KIN = QSize(64, 48)
LINES = 8
"""Of a prompt or a text."""


@dataclass(frozen=True)
class Face:
    """What something looks like: a small picture, texts, or colours; and its id and name."""

    key: int
    name: str
    icon: QIcon
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()

    def paint(self, painter: QPainter, box: QRect, theme: Theme) -> None:
        """Within `box`."""
        if self.texts:
            paint_text(painter, "\n".join(self.texts), box.adjusted(4, 2, -4, -2), QColor(theme.colors.text))
        elif self.colors:
            paint_stripes(painter, self.colors, box)
        elif not self.icon.isNull():
            paint_fitted(painter, self.icon, box, QColor(theme.colors.checker_light))


@dataclass(frozen=True)
class Details:
    """One entry in words; `facts` are pairs of what and how much, in their order."""

    face: Face
    facts: tuple[tuple[str, str], ...]
    rating: int
    tags: tuple[str, ...]
    missing: bool


class Portrait(QWidget):
    """The face of what is chosen, large."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._face: Face | None = None
        self._large = QIcon()
        self.setFixedHeight(TALL)

    def show_face(self, face: Face) -> None:
        """Another one, small until its large picture comes."""
        if self._face is None or self._face.key != face.key:
            self._large = QIcon()
        self._face = face
        self.setAccessibleName(face.name)
        self.update()

    def show_large(self, image: QImage) -> None:
        """The picture itself."""
        self._large = QIcon(QPixmap.fromImage(image))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the grid shows it, larger."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.canvas))
        painter.drawRoundedRect(self.rect(), 6, 6)
        if self._face is not None:
            box = self.rect().adjusted(8, 8, -8, -8)
            if self._large.isNull():
                self._face.paint(painter, box, self._theme)
            else:
                paint_fitted(painter, self._large, box, QColor(self._theme.colors.checker_light))
        painter.end()


class KeptDetails(QScrollArea):
    """Shows one entry, or says how many are chosen."""

    rated = Signal(int)
    tag_added = Signal(str)
    tag_removed = Signal(str)
    restore_wanted = Signal()
    more_wanted = Signal()                 # the menu of all that can be done
    kin_chosen = Signal(int)               # id

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keptDetails")
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDE)
        self.portrait = Portrait(theme)
        self.name = _label("heading")
        self.stars = Stars(theme)
        self.tags = TagEdit(theme)
        self.gone = _label("muted")
        self.gone.setText(self.tr("The file is not where it was. Add the folder it is in now, and it is found again."))
        self.restore = QPushButton(self.tr("Restore"))
        self.restore.setProperty("primary", True)
        self.restore.setToolTip(self.tr("Bring back exactly what made it (Enter)"))
        self.more = QPushButton(self.tr("More"))
        self.more.setToolTip(self.tr("What can be done with it"))
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(5)
        self._facts.setColumnStretch(1, 1)
        self._from, self._from_row = self._kin()
        self._children, self._children_row = self._kin()
        self._arrange()
        self.stars.rated.connect(self.rated)
        self.tags.added.connect(self.tag_added)
        self.tags.removed.connect(self.tag_removed)
        self.restore.clicked.connect(self.restore_wanted)
        self.more.clicked.connect(self.more_wanted)

    def show_one(self, details: Details) -> None:
        """All of one entry; what it was made from follows by `show_kin`."""
        self.portrait.show_face(details.face)
        self._show(details.face.name, details.rating, details.tags, one=True)
        self.gone.setVisible(details.missing)
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for row, (what, words) in enumerate(details.facts):
            caption, value = QLabel(what), _label("")
            caption.setProperty("role", "muted")
            value.setText(_shortened(words))
            value.setToolTip(words if value.text() != words else "")
            self._facts.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)

    def show_many(self, words: str, rating: int, tags: Sequence[str]) -> None:
        """Several are chosen: what they have in common."""
        self._show(words, rating, tags, one=False)
        self.gone.hide()
        self.show_kin((), ())

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self._pages.setCurrentIndex(0)

    def show_kin(self, parents: Sequence[Face], children: Sequence[Face]) -> None:
        """What it was made from, and what was made from it."""
        for box, row, faces in ((self._from, self._from_row, parents), (self._children, self._children_row, children)):
            while (item := row.takeAt(0)) is not None:
                if (old := item.widget()) is not None:
                    old.hide()
                    old.deleteLater()
            for face in faces:
                row.addWidget(self._kin_button(face))
            box.setVisible(bool(faces))

    def _show(self, name: str, rating: int, tags: Sequence[str], *, one: bool) -> None:
        self._pages.setCurrentIndex(1)
        self.name.setText(name)
        self.stars.show_rating(rating)
        self.tags.show_tags(tags)
        for widget in (self.portrait, self._grid, self.restore):
            widget.setVisible(one)

    def _arrange(self) -> None:
        inside, pages = QWidget(), QWidget()
        pages.setObjectName("keptDetailsInside")
        hint = _label("muted")
        hint.setText(self.tr("Choose something to see how it was made."))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(hint)
        self._pages.addWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        self._grid = QWidget()
        self._grid.setLayout(self._facts)
        self._facts.setContentsMargins(0, 0, 0, 0)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.restore, 1)
        buttons.addWidget(self.more)
        column.addWidget(self.portrait)
        column.addWidget(self.name)
        column.addWidget(self.stars)
        column.addLayout(buttons)
        column.addWidget(self.gone)
        column.addWidget(self._grid)
        column.addWidget(self._heading(self.tr("Tags")))
        column.addWidget(self.tags)
        for box, words in ((self._from, self.tr("Made from")), (self._children, self.tr("Made from it"))):
            layout = box.layout()
            if isinstance(layout, QVBoxLayout):
                layout.insertWidget(0, self._heading(words))
            column.addWidget(box)
        column.addStretch(1)
        self.setWidget(pages)

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setProperty("role", "muted")
        return label

    def _kin(self) -> tuple[QWidget, FlowLayout]:
        box, inside = QWidget(), QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(inside)
        box.hide()
        return box, FlowLayout(inside, 5)

    def _kin_button(self, face: Face) -> QToolButton:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(KIN * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(self._theme.colors.canvas))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        face.paint(painter, QRect(2, 2, KIN.width() - 4, KIN.height() - 4), self._theme)
        painter.end()
        button = QToolButton()
        button.setIcon(QIcon(pixmap))
        button.setIconSize(KIN)
        button.setToolTip(face.name)
        button.setAccessibleName(face.name)
        button.clicked.connect(lambda: self.kin_chosen.emit(face.key))
        return button


def _label(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def _shortened(words: str) -> str:
    """So much as there is room for; a word without a space is given places to break."""
    lines = words.strip().split("\n")
    text = "\n".join(lines[:LINES]) + ("\n…" if len(lines) > LINES else "")
    text = text if len(text) <= 40 * LINES else f"{text[:40 * LINES].rstrip()}…"
    return "".join(letter + ("\u200b" if letter in "/\\_-." else "") for letter in text)
