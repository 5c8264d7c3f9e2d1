"""A heading of the control panel that folds away the fields below it, and shows the first few of many."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.fields import Field, SliderField


class Group(QWidget):
    """Fields under one heading. Beyond `few` they wait behind a button; a group of none shown starts folded."""

    def __init__(self, title: str, theme: Theme, few: int = 1000, help_: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._few = few
        self._all = False
        self._fields: list[Field] = []
        self._counting: frozenset[str] = frozenset()
        self._head = QToolButton()
        self._head.setObjectName("groupHeader")
        self._head.setText(title)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setCheckable(True)
        self._head.setChecked(few > 0)
        if help_:
            self._head.setToolTip(f"<p>{html.escape(help_)}</p>")
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(4, 4, 0, 6)
        self._column.setSpacing(13)
        self._more = QPushButton()
        self._more.setFlat(True)
        self._more.setObjectName("more")
        self._more.hide()
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)
        self._head.setVisible(bool(title))
        self._head.toggled.connect(self._fold)
        self._more.clicked.connect(self._unfold)
        theme.changed.connect(self._restyle)
        self._fold(self._head.isChecked())

    @property
    def title(self) -> str:
        """The heading."""
        return self._head.text()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What stands under the heading, in order."""
        return tuple(self._fields)

    @property
    def opened(self) -> bool:
        """Whether the fields beyond the first few are shown."""
        return self._all

    def add(self, field: Field) -> None:
        """One more field at the end."""
        self._column.insertWidget(len(self._fields), field)
        self._fields.append(field)

    def show_all(self, all_: bool) -> None:
        """Show the fields beyond the first few, or fold them."""
        self._all = all_

    def consider(self, counting: frozenset[str]) -> None:
        """Show what counts now (`counting` names the controls), the first few of it unless all are wanted."""
        self._counting = counting
        shown = 0
        rest = changed = 0
        for field in self._fields:
            counts = field.control.name in counting
            first = self._all or not self._few or shown < self._few
            field.setVisible(counts and first)
            shown += counts and first
            if counts and not first:
                rest += 1
                changed += isinstance(field, SliderField) and field.changed
        self._more.setVisible(rest > 0 or (self._all and 0 < self._few < shown))
        self._more.setText(self._words(rest, changed))
        self.setVisible(shown > 0)

    def _words(self, rest: int, changed: int) -> str:
        if self._all:
            return self.tr("Show fewer")
        more = self.tr("%n more", "", rest)
        moved = self.tr("%n set", "", changed)
        return f"{more} · {moved}" if changed else more

    def _unfold(self) -> None:
        self._all = not self._all
        self.consider(self._counting)

    def _fold(self, open_: bool) -> None:
        self._body.setVisible(open_)
        self._restyle()

    def _restyle(self) -> None:
        name = "chevron-down" if self._head.isChecked() else "chevron-right"
        self._head.setIcon(self._theme.icon(name, self._theme.colors.muted, 14))
