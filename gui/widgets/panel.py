"""The control panel: built from a package's declared controls alone, grouped, in the order of the declaration."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.api import Control, ControlKind, PackageInfo, Value
from gui.properties import Words, visible
from gui.theme import Theme
from gui.widgets.fields import (
    FIELDS,
    AxesField,
    Field,
    FieldContext,
    ImageField,
    MaskField,
    PointField,
    SeedField,
    SliderField,
)
from gui.widgets.group import Group
from gui.widgets.sections import sections

MARKS = ("favourites", "hidden", "strips")


class ControlPanel(QScrollArea):
    """Fields for every control of the open package."""

    edited = Signal(str, object, object)       # name, value, gesture number
    lock_toggled = Signal(str)
    new_seed_wanted = Signal()
    previous_seed_wanted = Signal()
    held = Signal(bool)                        # a slider was taken, or let go
    renamed = Signal(str, str)                 # control, name
    mark_toggled = Signal(str, str)            # which mark, control
    picture_given = Signal(str, object)        # control; Path, bytes of a file, or QImage
    canvas_wanted = Signal(str)                # control: the picture on the canvas is to be the source
    paint_wanted = Signal(str, bool)           # control: painting its mask is to begin, or end
    invert_wanted = Signal(str)

    def __init__(self, theme: Theme, words: Words, portrait: Callable[[str], QImage] | None = None,
                 history: Callable[[str], Sequence[str]] | None = None, parent: QWidget | None = None) -> None:
        """`portrait` tells small pictures by value, `history` what was written in a prompt before."""
        super().__init__(parent)
        self._theme = theme
        # Starting from the clock: numbers of an earlier window must not fold into those of this one.
        self._context = FieldContext(theme, words, itertools.count(time.monotonic_ns()))
        if portrait is not None and history is not None:
            self._context = FieldContext(theme, words, self._context.gestures, portrait, history)
        self._controls: tuple[Control, ...] = ()
        self._fields: dict[str, Field] = {}
        self._groups: dict[str, Group] = {}
        self._marks: Mapping[str, Collection[str]] = dict.fromkeys(MARKS, ())
        self._values: Mapping[str, Value] = {}
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(296)
        self.setAccessibleName(self.tr("Controls"))
        self.set_controls(())

    def set_package(self, info: PackageInfo) -> None:
        """Build the fields of `info`."""
        self.set_controls(info.controls)

    def set_controls(self, controls: tuple[Control, ...]) -> None:
        """Build the fields of these controls, replacing all others."""
        self._body = QWidget()
        self._body.setObjectName("panelBody")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(12, 10, 14, 14)
        self._column.setSpacing(10)
        self._controls = controls
        self._fields = {control.name: self._make(control) for control in controls}
        self._groups = {}
        self._values = {control.name: control.default for control in controls}
        self._arrange()
        self.setWidget(self._body)

    def relabel(self, info: PackageInfo) -> None:
        """Show the names that controls have now."""
        self._controls = info.controls
        for control in info.controls:
            field = self._fields.get(control.name)
            if field is not None and field.control != control:
                field.relabel(control)

    def show_marks(self, favourites: Collection[str], hidden: Collection[str], strips: Collection[str]) -> None:
        """Which sliders come first, which are put away, which show their filmstrip."""
        moved = (set(favourites), set(hidden)) != (set(self._marks["favourites"]), set(self._marks["hidden"]))
        self._marks = {"favourites": favourites, "hidden": hidden, "strips": strips}
        for name, field in self._fields.items():
            if isinstance(field, SliderField) and field.control.kind is ControlKind.DIRECTION:
                field.show_marks(frozenset(mark for mark in MARKS if name in self._marks[mark]))
        if moved:
            self._arrange()

    def field(self, name: str) -> Field:
        """The field of a control. Raises KeyError."""
        return self._fields[name]

    def fields(self) -> tuple[Field, ...]:
        """All fields, in the order of the declaration."""
        return tuple(self._fields.values())

    def flush(self) -> None:
        """Announce what was typed and still waits for a pause."""
        for field in self._fields.values():
            field.flush()

    def show_portrait(self, value: str) -> None:
        """The small picture of `value` is there now: fields that hold it show it."""
        for name, field in self._fields.items():
            if self._values.get(name) == value:
                field.show_value(value)

    def sliders(self) -> tuple[SliderField, ...]:
        """The fields that are sliders."""
        return tuple(field for field in self._fields.values() if isinstance(field, SliderField))

    def groups(self) -> tuple[Group, ...]:
        """The headings, from the top."""
        return tuple(self._groups.values())

    def show_values(self, values: Mapping[str, Value], names: frozenset[str]) -> None:
        """Show the controls `names` at their `values`, and only those fields that count now."""
        self._values = values
        for name in names & self._fields.keys():
            self._fields[name].show_value(values[name])
        for field in self._fields.values():
            if isinstance(field, PointField):
                field.show_seed(values.get("seed"))
            elif isinstance(field, MaskField):
                field.show_source(self._has_source())
        told = any((field.control.shown_when and field.control.shown_when[0] in names)
                   or (field.control.kind is ControlKind.IMAGE and field.control.name in names)
                   for field in self._fields.values())
        if told or any(not self._fields[name].isVisibleTo(self._body) for name in names & self._fields.keys()):
            self._consider()

    def show_locks(self, locked: frozenset[str]) -> None:
        """Padlocks."""
        for name, field in self._fields.items():
            if isinstance(field, SliderField):
                field.show_lock(name in locked)

    def _arrange(self) -> None:
        """Put every field under its heading; headings that were unfolded stay so."""
        opened = {key for key, group in self._groups.items() if group.opened}
        old = list(self._groups.values())
        while self._column.takeAt(0) is not None:
            pass
        self._groups = {}
        for section in sections(self._controls, self._marks["favourites"], self._marks["hidden"]):
            title = section.title if section.key.startswith("*") else self._context.words.text(section.title)
            group = self._groups[section.key] = Group(title, self._theme, section.few, section.help, self._body)
            group.show_all(section.key in opened)
            for name in section.names:
                group.add(self._fields[name])
            self._column.addWidget(group)
        self._column.addStretch(1)
        for group in old:
            group.hide()
            group.deleteLater()
        self._consider()

    def _consider(self) -> None:
        """Only what counts now is shown; without a source picture nothing else under its heading does."""
        plain = dict(self._values)
        waiting = {control.group for control in self._controls if control.kind is ControlKind.IMAGE
                   and not plain.get(control.name)}
        counting = frozenset(control.name for control in self._controls if visible(control, plain)
                             and (control.kind is ControlKind.IMAGE or control.group not in waiting))
        for group in self._groups.values():
            group.consider(counting)

    def _has_source(self) -> bool:
        """Whether there is a picture that a mask can lie over."""
        return any(control.kind is ControlKind.IMAGE and self._values.get(control.name) for control in self._controls)

    def _make(self, control: Control) -> Field:
        field = FIELDS[control.kind](control, self._context)
        field.edited.connect(self.edited)
        if isinstance(field, SliderField):
            field.lock_toggled.connect(self.lock_toggled)
            field.held.connect(self.held)
            field.renamed.connect(self.renamed)
            field.mark_toggled.connect(self.mark_toggled)
        if isinstance(field, SeedField):
            field.new_wanted.connect(self.new_seed_wanted)
            field.previous_wanted.connect(self.previous_seed_wanted)
        if isinstance(field, ImageField):
            field.given.connect(self.picture_given)
            field.canvas_wanted.connect(self.canvas_wanted)
        if isinstance(field, MaskField):
            field.paint_wanted.connect(self.paint_wanted)
            field.invert_wanted.connect(self.invert_wanted)
        if isinstance(field, AxesField):
            field.held.connect(self.held)
        return field
