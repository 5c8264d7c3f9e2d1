"""A slider with typed value, reset and padlock; directions count in sigma."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from engine.api import Control, Value
from gui.properties import decimals, limits
from gui.widgets.boxes import RealBox
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.track import Track


class ValueBox(RealBox):
    """A signed number with a real minus; zero shows no sign."""

    def textFromValue(self, value: float) -> str:
        """Signed where the range has two sides, with a real minus."""
        sign = "+" if self.minimum() < 0 and round(value, self.decimals()) else ""
        text = f"{value:{sign}.{self.decimals()}f}"
        return (text.lstrip("-") if float(text) == 0 else text).replace("-", "−")

    def valueFromText(self, text: str) -> float:
        """Inverse of `textFromValue`; also takes a typed hyphen or comma."""
        number = text.removesuffix(self.suffix()).replace("−", "-").replace(",", ".").strip()
        try:
            return float(number)
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Any start of a number is welcome while typing."""
        bare = text.removesuffix(self.suffix()).strip()
        good = all(letter in "+-−0123456789., " for letter in bare)
        whole = good and any(letter.isdigit() for letter in bare)
        states = QValidator.State
        return states.Acceptable if whole else states.Intermediate if good else states.Invalid, text, position


class SliderField(Field):
    """Name, value, reset and lock in one line; the track below; the words of its ends under it."""

    lock_toggled = Signal(str)

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        low, high = limits(control)
        self._default = float(control.default) if isinstance(control.default, int | float) else 0.0
        self._track = Track(low, high, control.step or 0.01, context.theme)
        self._track.set_origin(self._default)
        self._track.setAccessibleName(context.words.label(control))
        self._box = self._make_box(low, high)
        self._reset = self.tool("rotate-ccw", self.tr("Reset (double-click)"))
        self._lock = self.tool("lock-open", self.tr("Lock: keep this value when randomising"), checkable=True)
        self._arrange()
        self._track.pressed.connect(self.gesture.begin)
        self._track.released.connect(self.gesture.end)
        self._track.moved.connect(self._moved)
        self._track.reset_wanted.connect(self.reset)
        self._box.valueChanged.connect(self._typed)
        self._reset.clicked.connect(self.reset)
        self._lock.clicked.connect(lambda: self.lock_toggled.emit(control.name))
        self.show_value(control.default)

    @property
    def track(self) -> Track:
        """The slider itself."""
        return self._track

    def show_value(self, value: Value) -> None:
        """Move track and number without announcing it."""
        number = float(value) if isinstance(value, int | float) else self._default
        self._track.set_real(number)
        with QSignalBlocker(self._box):
            self._box.setValue(number)
        self._reset.setEnabled(number != self._default)

    def show_lock(self, locked: bool) -> None:
        """Closed or open padlock."""
        self._lock.setChecked(locked)
        self.restyle()

    def reset(self) -> None:
        """The default, as one undo step of its own."""
        self.gesture.end()
        self.edit(self.control.default)
        self.gesture.end()

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.context.theme
        locked = self._lock.isChecked()
        self._reset.setIcon(theme.icon("rotate-ccw", theme.colors.muted, 14))
        self._lock.setIcon(theme.icon("lock" if locked else "lock-open",
                                      theme.colors.link if locked else theme.colors.muted, 14))

    def _make_box(self, low: float, high: float) -> ValueBox:
        box = ValueBox(low, high, self.tr("{0}, value").format(self.context.words.label(self.control)))
        box.setObjectName("value")
        box.setDecimals(decimals(self.control))
        box.setSingleStep(max(self.control.step or 0.01, (high - low) / 60))
        box.setSuffix(f" {self.control.unit}" if self.control.unit else "")
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setFixedWidth(78)
        return box

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.title())
        head.addStretch(1)
        for widget in (self._box, self._reset, self._lock):
            head.addWidget(widget)
        grid.addLayout(head, 0, 0, 1, 2)
        grid.addWidget(self._track, 1, 0, 1, 2)
        ends = ((self.control.low, Qt.AlignmentFlag.AlignLeft), (self.control.high, Qt.AlignmentFlag.AlignRight))
        for column, (word, side) in enumerate(ends):
            if word:
                label = QLabel(self.context.words.text(word))
                label.setProperty("role", "muted")
                label.setFont(self.context.theme.small(self.font()))
                grid.addWidget(label, 2, column, side)

    def _moved(self, value: float) -> None:
        value = round(value, decimals(self.control))
        with QSignalBlocker(self._box):
            self._box.setValue(value)
        self.edit(value)

    def _typed(self, value: float) -> None:
        self.edit(round(value, decimals(self.control)))
