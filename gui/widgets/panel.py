"""The control panel: built from a package's declared controls alone, grouped, in the order of the declaration."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from engine.api import Control, PackageInfo, Value
from gui.properties import Words, visible
from gui.theme import Theme
from gui.widgets.fields import FIELDS, Field, FieldContext, SeedField, SliderField


class Group(QWidget):
    """A heading that folds away the fields below it."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._head = QToolButton()
        self._head.setObjectName("groupHeader")
        self._head.setText(title)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setCheckable(True)
        self._head.setChecked(True)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(4, 4, 0, 6)
        self._column.setSpacing(13)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)
        self._head.setVisible(bool(title))
        self._head.toggled.connect(self._fold)
        theme.changed.connect(self._restyle)
        self._restyle()

    def add(self, field: Field) -> None:
        """One more field at the end."""
        self._column.addWidget(field)

    def has_something(self) -> bool:
        """Whether any field is meant to be seen."""
        return any(not field.isHidden() for field in self._body.findChildren(
            Field, options=Qt.FindChildOption.FindDirectChildrenOnly))

    def _fold(self, open_: bool) -> None:
        self._body.setVisible(open_)
        self._restyle()

    def _restyle(self) -> None:
        name = "chevron-down" if self._head.isChecked() else "chevron-right"
        self._head.setIcon(self._theme.icon(name, self._theme.colors.muted, 14))


class ControlPanel(QScrollArea):
    """Fields for every control of the open package."""

    edited = Signal(str, object, object)       # name, value, gesture number
    lock_toggled = Signal(str)
    new_seed_wanted = Signal()
    previous_seed_wanted = Signal()

    def __init__(self, theme: Theme, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # Starting from the clock: numbers of an earlier window must not fold into those of this one.
        self._context = FieldContext(theme, words, itertools.count(time.monotonic_ns()))
        self._fields: dict[str, Field] = {}
        self._groups: list[Group] = []
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
        body = QWidget()
        body.setObjectName("panelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 10, 14, 14)
        column.setSpacing(10)
        self._fields, self._groups = {}, []
        groups: dict[str, Group] = {}
        for control in controls:
            if control.group not in groups:
                groups[control.group] = Group(self._context.words.text(control.group), self._theme)
                column.addWidget(groups[control.group])
            groups[control.group].add(self._make(control))
        self._groups = list(groups.values())
        column.addStretch(1)
        self.setWidget(body)

    def field(self, name: str) -> Field:
        """The field of a control. Raises KeyError."""
        return self._fields[name]

    def show_values(self, values: Mapping[str, Value], names: frozenset[str]) -> None:
        """Show the controls `names` at their `values`, and only those fields that count now."""
        for name in names & self._fields.keys():
            self._fields[name].show_value(values[name])
        plain = dict(values)
        if any(field.control.shown_when and field.control.shown_when[0] in names for field in self._fields.values()):
            for field in self._fields.values():
                field.setVisible(visible(field.control, plain))
            for group in self._groups:
                group.setVisible(group.has_something())

    def show_locks(self, locked: frozenset[str]) -> None:
        """Padlocks."""
        for name, field in self._fields.items():
            if isinstance(field, SliderField):
                field.show_lock(name in locked)

    def _make(self, control: Control) -> Field:
        field = FIELDS[control.kind](control, self._context)
        field.edited.connect(self.edited)
        if isinstance(field, SliderField):
            field.lock_toggled.connect(self.lock_toggled)
        if isinstance(field, SeedField):
            field.new_wanted.connect(self.new_seed_wanted)
            field.previous_wanted.connect(self.previous_seed_wanted)
        self._fields[control.name] = field
        return field
