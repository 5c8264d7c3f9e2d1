"""Prompt sliders: from some words to others. Added, named, moved and taken away here; each drag is one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.api import Control, Value
from engine.prompting.axes import MOST_AXES, Axis, format_axes, parse_axes
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.fields.slider_field import ValueBox
from gui.widgets.name_label import NameLabel
from gui.widgets.track import Track

FAR = 2.0
"""The slider goes so far both ways; amounts beyond it can be typed elsewhere and are shown at the end."""
TICK = 0.01


class AxisRow(QWidget):
    """One prompt slider."""

    moved = Signal(float)
    taken = Signal(bool)                   # the handle was taken, or let go
    renamed = Signal(str)
    removed = Signal()

    def __init__(self, axis: Axis, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = NameLabel(axis.name, editable=True)
        self._name.setToolTip(self._ends(axis))
        self._box = ValueBox(-FAR, FAR, self.tr("{0}, value").format(axis.name))
        self._box.setObjectName("value")
        self._box.setDecimals(2)
        self._box.setSingleStep(0.1)
        self._box.setFixedWidth(64)
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._drop = field.tool("x", self.tr("Remove “{0}”").format(axis.name))
        self._track = Track(-FAR, FAR, TICK, field.context.theme)
        self._track.set_origin(0.0)
        self._track.setAccessibleName(axis.name)
        self._track.setToolTip(self._ends(axis))
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._name, 1)
        head.addWidget(self._box)
        head.addWidget(self._drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._track)
        self._name.renamed.connect(self.renamed)
        self._drop.clicked.connect(self.removed)
        self._track.pressed.connect(lambda: self.taken.emit(True))
        self._track.released.connect(lambda: self.taken.emit(False))
        self._track.reset_wanted.connect(lambda: self.moved.emit(0.0))
        self._track.moved.connect(lambda value: self.moved.emit(round(value, 2)))
        self._box.valueChanged.connect(lambda value: self.moved.emit(round(value, 2)))
        self.show_amount(axis.amount)

    @property
    def track(self) -> Track:
        """The slider itself."""
        return self._track

    @property
    def name(self) -> NameLabel:
        """Its name."""
        return self._name

    def show_amount(self, amount: float) -> None:
        """Move the handle without telling."""
        self._track.set_real(amount)
        with QSignalBlocker(self._box):
            self._box.setValue(amount)

    def restyle(self, field: Field) -> None:
        """Icons in the colours of the theme."""
        self._drop.setIcon(field.context.theme.icon("x", field.context.theme.colors.muted, 14))

    def _ends(self, axis: Axis) -> str:
        words = self.tr("From “{0}” to “{1}”: at 1 the whole way from one to the other.")
        return f"<p>{words.format(', '.join(axis.minus), ', '.join(axis.plus))}</p>"


class NewAxis(QWidget):
    """From which words to which."""

    wanted = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._minus, self._plus = QLineEdit(), QLineEdit()
        self._minus.setPlaceholderText(self.tr("from: calm, quiet"))
        self._plus.setPlaceholderText(self.tr("to: wild"))
        self._minus.setAccessibleName(self.tr("From these words"))
        self._plus.setAccessibleName(self.tr("To these words"))
        self._make = QPushButton(self.tr("Add"))
        self._make.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._minus, 1)
        row.addWidget(QLabel("→"))
        row.addWidget(self._plus, 1)
        row.addWidget(self._make)
        for box in (self._minus, self._plus):
            box.textChanged.connect(self._consider)
            box.returnPressed.connect(self._done)
        self._make.clicked.connect(self._done)

    def begin(self) -> None:
        """Empty, with the keyboard in the first box."""
        self._minus.clear()
        self._plus.clear()
        self._minus.setFocus()

    def _consider(self) -> None:
        self._make.setEnabled(bool(self._minus.text().strip() and self._plus.text().strip()))

    def _done(self) -> None:
        if self._make.isEnabled():
            self.wanted.emit(self._minus.text(), self._plus.text())


class AxesField(Field):
    """The sliders, and a form for one more."""

    held = Signal(bool)                    # a handle was taken, or let go

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._axes: tuple[Axis, ...] = ()
        self._rows: list[AxisRow] = []
        self._add = self.tool("plus", self.tr("Add a prompt slider"))
        self._add.setCheckable(True)
        self._hint = QLabel(self.tr("None yet. A prompt slider goes from some words to others."))
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setFont(context.theme.small(self.font()))
        self._form = NewAxis()
        self._fault = QLabel()
        self._fault.setProperty("role", "danger")
        self._fault.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.title(), 1)
        head.addWidget(self._add)
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._column)
        for widget in (self._hint, self._form, self._fault):
            column.addWidget(widget)
        self._form.hide()
        self._fault.hide()
        self._add.toggled.connect(self._open)
        self._form.wanted.connect(self._make)
        self.show_value(control.default)

    @property
    def rows(self) -> tuple[AxisRow, ...]:
        """The sliders that are there."""
        return tuple(self._rows)

    @property
    def form(self) -> NewAxis:
        """Where a new one is made."""
        return self._form

    def show_value(self, value: Value) -> None:
        """Show these sliders; only what differs is built anew, so that a drag keeps its handle."""
        try:
            axes = parse_axes(str(value))
        except ValueError:
            axes = ()                      # the session lets only sound ones in
        if [replace(axis, amount=0.0) for axis in axes] != [replace(axis, amount=0.0) for axis in self._axes]:
            self._build(axes)
        for row, axis in zip(self._rows, axes, strict=True):
            row.show_amount(axis.amount)
        self._axes = axes
        self._hint.setVisible(not axes and self._form.isHidden())
        self._add.setEnabled(len(axes) < MOST_AXES)

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        self._add.setIcon(self.context.theme.icon("plus", self.context.theme.colors.muted, 14))
        for row in self._rows:
            row.restyle(self)

    def _build(self, axes: Sequence[Axis]) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for place, axis in enumerate(axes):
            row = AxisRow(axis, self)
            row.moved.connect(lambda amount, place=place: self._change(place, amount=amount))
            row.renamed.connect(lambda label, place=place: self._change(place, label=" ".join(label.split())))
            row.removed.connect(lambda place=place: self._remove(place))
            row.taken.connect(self._take)
            self._column.addWidget(row)
            self._rows.append(row)

    def _open(self, open_: bool) -> None:
        self._form.setVisible(open_)
        self._fault.hide()
        self._hint.setVisible(not open_ and not self._axes)
        if open_:
            self._form.begin()

    def _make(self, minus: str, plus: str) -> None:
        ends = [tuple(word.strip() for word in side.split(",") if word.strip()) for side in (minus, plus)]
        if self._say((*self._axes, Axis(ends[0], ends[1]))):
            self._add.setChecked(False)

    def _change(self, place: int, amount: float | None = None, label: str | None = None) -> None:
        axis = self._axes[place]
        axis = replace(axis, amount=axis.amount if amount is None else amount,
                       label=axis.label if label is None or label == axis.name else label)
        self._say((*self._axes[:place], axis, *self._axes[place + 1:]), lone=amount is None)

    def _remove(self, place: int) -> None:
        self._say(self._axes[:place] + self._axes[place + 1:])

    def _say(self, axes: Sequence[Axis], *, lone: bool = True) -> bool:
        """Announce other sliders; `lone`: as an undo step of its own. Whether they can be written down."""
        try:
            text = format_axes(tuple(axes))
            parse_axes(text)
        except ValueError as error:
            self._fault.setText(str(error))
            self._fault.show()
            return False
        self._fault.hide()
        if lone:
            self.gesture.end()
        self.edit(text)
        if lone:
            self.gesture.end()
        return True

    def _take(self, taken: bool) -> None:
        if taken:
            self.gesture.begin()
        else:
            self.gesture.end()
        self.held.emit(taken)
