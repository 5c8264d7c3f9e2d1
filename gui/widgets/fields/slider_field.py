"""A slider with typed value, reset and padlock. A direction counts in sigma, may be renamed and shows a filmstrip."""

from __future__ import annotations

import html

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QWidget

from engine.api import Control, ControlKind, Value
from gui.properties import OWN, decimals, limits, thrown
from gui.widgets.boxes import RealBox
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.name_label import NameLabel
from gui.widgets.strip import Strip
from gui.widgets.track import Track

STOPS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Where the pictures of a filmstrip stand, in sigma."""
FAVOURITES, HIDDEN, STRIPS = "favourites", "hidden", "strips"
LONG = 22
"""A name of more letters may not fit beside the number: the tool tip says it whole."""


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
    held = Signal(bool)                    # the handle was taken, or let go
    renamed = Signal(str, str)             # control, name; empty: the package's own
    mark_toggled = Signal(str, str)        # which mark, control

    def __init__(self, control: Control, context: FieldContext, parent: QWidget | None = None) -> None:
        super().__init__(control, context, parent)
        self._direction = control.kind is ControlKind.DIRECTION
        self._marks: frozenset[str] = frozenset()
        self._strip: Strip | None = None
        low, high = limits(control)
        self._default = float(control.default) if isinstance(control.default, int | float) else 0.0
        self._track = Track(low, high, control.step or 0.01, context.theme)
        self._track.set_origin(self._default)
        self._track.setAccessibleName(context.words.label(control))
        self._box = self._make_box(low, high)
        self._reset = self.tool("rotate-ccw", self.tr("Reset (double-click)"))
        self._lock = self.tool("lock-open", self.tr("Lock: keep this value when randomising"), checkable=True)
        self._film = self.tool("gallery-thumbnails", self.tr("Filmstrip: see what this slider does"), checkable=True)
        room = self._film.sizePolicy()     # kept where there is no filmstrip, so that all numbers stand in one column
        room.setRetainSizeWhenHidden(thrown(control))
        self._film.setSizePolicy(room)
        self._film.setVisible(self._direction)
        self._lock.setVisible(thrown(control))
        self._name = NameLabel(context.words.label(control), editable=self._direction)
        self._explain()
        self._arrange()
        self._name.renamed.connect(lambda text: self.renamed.emit(control.name, text))
        self._film.clicked.connect(lambda: self.mark_toggled.emit(STRIPS, control.name))
        self._track.pressed.connect(self._take)
        self._track.released.connect(self._let_go)
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
        if self._strip is not None:
            self._strip.show_value(number)

    def show_marks(self, marks: frozenset[str]) -> None:
        """Which of favourites, hidden and strips it is marked with; an open strip is under the slider."""
        self._marks = marks
        open_ = STRIPS in marks
        self._film.setChecked(open_)
        if open_ and self._strip is None:
            self._strip = self._make_strip()
        if self._strip is not None:
            self._strip.setVisible(open_)
        self.restyle()

    @property
    def strip(self) -> Strip | None:
        """The filmstrip while it is open."""
        return self._strip if STRIPS in self._marks else None

    @property
    def changed(self) -> bool:
        """Whether the slider is off its default."""
        return self._reset.isEnabled()

    def relabel(self, control: Control) -> None:
        """Show the control's new name."""
        super().relabel(control)
        name = self.context.words.label(control)
        self._name.setText(name)
        self._track.setAccessibleName(name)
        self._box.setAccessibleName(self.tr("{0}, value").format(name))
        self._explain()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What else can be done with a direction."""
        if self._direction:
            self.menu().popup(event.globalPos())
        else:
            super().contextMenuEvent(event)

    def menu(self) -> QMenu:
        """Rename, favourite, put away, filmstrip, reset."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename…")).triggered.connect(self._name.begin)
        if OWN in self.control.labels:
            menu.addAction(self.tr("Use the model's own name")).triggered.connect(
                lambda: self.renamed.emit(self.control.name, ""))
        menu.addSeparator()
        for mark, words in ((FAVOURITES, self.tr("Favourite")), (HIDDEN, self.tr("Put away")),
                            (STRIPS, self.tr("Filmstrip"))):
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(mark in self._marks)
            action.triggered.connect(lambda _=False, mark=mark: self.mark_toggled.emit(mark, self.control.name))
            menu.addAction(action)
        menu.addSeparator()
        reset = menu.addAction(self.tr("Reset"))
        reset.setEnabled(self.changed)
        reset.triggered.connect(self.reset)
        return menu

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
        open_ = self._film.isChecked()
        self._film.setIcon(theme.icon("gallery-thumbnails", theme.colors.link if open_ else theme.colors.muted, 14))
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
        head.addWidget(self._name, 1)
        for widget in (self._box, self._reset, self._lock, self._film):
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

    def _make_strip(self) -> Strip:
        low, high = limits(self.control)
        strip = Strip([min(high, max(low, stop)) for stop in STOPS], self.context.theme)
        strip.setAccessibleName(self.tr("{0}, filmstrip").format(self.context.words.label(self.control)))
        strip.show_value(self._box.value())
        strip.chosen.connect(self._jump)
        grid = self.layout()
        if isinstance(grid, QGridLayout):
            grid.addWidget(strip, 3, 0, 1, 2)
        return strip

    def _jump(self, value: float) -> None:
        self.gesture.end()
        self.show_value(value)
        self.edit(round(value, decimals(self.control)))
        self.gesture.end()

    def _explain(self) -> None:
        """The tool tip: what the package says, which layers it moves, how to make it one's own."""
        if not self._direction:
            self._name.setToolTip(self.toolTip())
            return
        words = [self.context.words.text(self.control.help)] if self.control.help else []
        if self._name.shortened or len(self._name.text()) > LONG:
            words.insert(0, self._name.text())
        if self.control.layers is not None:
            first, last = (layer + 1 for layer in self.control.layers)
            words.append(self.tr("Moves layers {0} to {1} of the model.").format(first, last) if first != last
                         else self.tr("Moves layer {0} of the model.").format(first))
        words.append(self.tr("Double-click the name to rename it, right-click for more."))
        told = "".join(f"<p>{html.escape(text)}</p>" for text in words)
        self.setToolTip(told)
        self._name.setToolTip(told)

    def _take(self) -> None:
        self.gesture.begin()
        self.held.emit(True)

    def _let_go(self) -> None:
        self.gesture.end()
        self.held.emit(False)

    def _moved(self, value: float) -> None:
        """Announce first, since a picture waits for it; the number follows."""
        value = round(value, decimals(self.control))
        self.edit(value)
        with QSignalBlocker(self._box):
            self._box.setValue(value)

    def _typed(self, value: float) -> None:
        self.edit(round(value, decimals(self.control)))
