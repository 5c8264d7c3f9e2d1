"""One side of a comparison that is not of two pictures: texts as cards, colours as large swatches, or a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.widgets.palette_board import ink_on

NAME = 28
"""Texts up to so many letters are names, and written large."""
SWATCH = 62


class CompareSheet(QScrollArea):
    """A column of cards under a letter and a name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plain")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._image = QImage()
        self._face: QLabel | None = None

    def show_texts(self, title: str, texts: Sequence[str]) -> None:
        """Cards of text."""
        column = self._begin(title)
        for text in texts:
            card = QLabel(text)
            card.setObjectName("card")
            card.setTextFormat(Qt.TextFormat.PlainText)
            card.setWordWrap(True)
            card.setContentsMargins(14, 10, 14, 10)
            card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if len(text) <= NAME:
                font = card.font()
                font.setPointSizeF(font.pointSizeF() * 1.25)
                card.setFont(font)
            column.addWidget(card)
        column.addStretch(1)

    def show_colors(self, title: str, colors: Sequence[str]) -> None:
        """Swatches with their numbers, without gaps: they are compared with one another."""
        column = self._begin(title)
        column.setSpacing(0)
        for color in colors:
            swatch = QLabel(color)
            swatch.setMinimumHeight(SWATCH)
            swatch.setContentsMargins(14, 0, 14, 0)
            swatch.setStyleSheet(f"background: {color}; color: {ink_on(color).name()};")
            swatch.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(swatch, 1)
        column.addStretch(0)

    def show_words(self, title: str, words: str) -> None:
        """Why there is nothing to be seen yet."""
        column = self._begin(title)
        label = QLabel(words)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(label, 1)

    def show_picture(self, title: str, image: QImage) -> None:
        """A picture, beside what is none."""
        column = self._begin(title)
        self._image, self._face = image, QLabel()
        self._face.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._face, 1)
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture follows."""
        super().resizeEvent(event)
        self._draw()

    def _begin(self, title: str) -> QVBoxLayout:
        self._face = None
        body = QWidget()
        body.setObjectName("plain")
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        head = QLabel(title)
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setProperty("role", "heading")
        head.setContentsMargins(0, 0, 0, 6)
        column.addWidget(head)
        self.setWidget(body)
        return column

    def _draw(self) -> None:
        if self._face is None or self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = QSize(max(40, self.viewport().width() - 60), max(40, self.viewport().height() - 70)) * ratio
        pixmap = QPixmap.fromImage(self._image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio,
                                                      Qt.TransformationMode.SmoothTransformation))
        pixmap.setDevicePixelRatio(ratio)
        self._face.setPixmap(pixmap)
