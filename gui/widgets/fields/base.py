"""What every field of the control panel shares: one control, values in, `edited` out, ticks grouped into gestures."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from engine.api import Control, Value
from gui.properties import Words
from gui.theme import Theme

PAUSE = 0.8
"""Key presses and wheel ticks closer together than this many seconds are one undo step."""


def _no_portrait(_: str) -> QImage:
    return QImage()


def _no_history(_: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class FieldContext:
    """What a field needs besides its control."""

    theme: Theme
    words: Words
    gestures: Iterator[int]            # fresh gesture numbers, unique within the window
    portrait: Callable[[str], QImage] = _no_portrait   # the small picture of a latent point, or of a picture in use
    history: Callable[[str], Sequence[str]] = _no_history   # what was written in a prompt before, the newest first


class Gesture:
    """Numbers the gestures of one field: everything from press to release, or ticks in quick succession."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._number = 0
        self._held = False
        self._last = float("-inf")

    def begin(self) -> None:
        """A press: all edits until `end` belong together."""
        self._number = next(self._numbers)
        self._held = True

    def end(self) -> None:
        """The release: the next edit starts anew."""
        self._held = False
        self._last = float("-inf")

    @property
    def held(self) -> bool:
        """Between press and release."""
        return self._held

    def number(self) -> int:
        """The number for an edit that happens now."""
        now = time.monotonic()
        if not self._held and now - self._last > PAUSE:
            self._number = next(self._numbers)
        self._last = now
        return self._number


class Field(QWidget):
    """One control on screen. `edited` carries name, value and gesture number; `show_value` never emits it."""

    edited = Signal(str, object, object)   # gesture numbers pass as objects: they outgrow a C int

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self.context = context
        self.gesture = Gesture(context.gestures)
        self.setObjectName(f"field:{control.name}")
        if control.help:
            # Rich text, because Qt only breaks the lines of rich tool tips.
            self.setToolTip(f"<p>{html.escape(context.words.text(control.help))}</p>")
        context.theme.changed.connect(self.restyle)

    def show_value(self, value: Value) -> None:
        """Show `value` without announcing it; every kind of field does it its own way."""

    def flush(self) -> None:
        """Announce what still waits for a pause; fields that never wait do nothing."""

    def relabel(self, control: Control) -> None:
        """The control has another name; every kind of field that can be renamed shows it."""
        self.control = control

    def restyle(self) -> None:
        """Draw icons again in the colours of the theme."""

    def edit(self, value: Value) -> None:
        """Announce a value that the person set."""
        self.edited.emit(self.control.name, value, self.gesture.number())

    def title(self) -> QLabel:
        """The control's name as a label."""
        label = QLabel(self.context.words.label(self.control))
        label.setToolTip(self.toolTip())
        return label

    def tool(self, icon: str, name: str, checkable: bool = False) -> QToolButton:
        """A small borderless icon button with an accessible name."""
        button = QToolButton()
        button.setIcon(self.context.theme.icon(icon, self.context.theme.colors.muted, 14))
        button.setAutoRaise(True)
        button.setCheckable(checkable)
        button.setFixedSize(24, 24)
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button
