"""The state of the studio: one frozen recipe per package, its undo stack and its locks. Says which fields changed."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup, QUndoStack

from engine.api import Control, ControlKind, PackageInfo, Recipe, Value
from engine.controls import check
from engine.errors import ValueProblem
from gui.marks import MarkBook, Marks, named, tidy
from gui.properties import CENTRING, Words, decimals, limits, thrown
from gui.undo import Edit, Rename

UNDO_STEPS = 500
SEEDS = 1_000_000
"""New seeds have at most six digits, so that a person can read one out; any 32-bit seed can be typed."""
CALM = 12
"""With more free directions than this each is thrown less far, so that the picture stays in what the model knows."""
BACK = 0.9
"""`bring_back` ends at this share of the edge of the training cloud."""


@dataclass
class Desk:
    """All that belongs to one opened package; kept when another one is opened, so that coming back loses nothing."""

    info: PackageInfo                        # with the names that the person gave
    own: PackageInfo                         # as the package has it
    recipe: Recipe
    stack: QUndoStack
    locked: frozenset[str] = frozenset()
    past_seeds: list[int] = field(default_factory=list)


class Session(QObject):
    """The current package and recipe. All edits pass here, become undo steps, and are announced."""

    opened = Signal(object)            # PackageInfo
    changed = Signal(object)           # frozenset of the names that changed
    locks_changed = Signal(object)     # frozenset of the locked names
    marks_changed = Signal(object)     # Marks of the open package
    relabelled = Signal(object)        # PackageInfo: a control has another name
    refused = Signal(object)           # Problem: a value that its control does not allow

    def __init__(self, words: Words, book: MarkBook, dice: random.Random | None = None) -> None:
        """`words` names the undo steps; `dice` draws seeds and random styles (tests pass their own)."""
        super().__init__()
        self.words = words
        self._book = book
        self.undo_group = QUndoGroup(self)
        self._dice = dice or random.Random()  # noqa: S311 - seeds of pictures, not secrets
        self._desks: dict[str, Desk] = {}
        self._desk: Desk | None = None
        self.gesture = 0                   # number of the gesture that edited last; 0: it was none of several ticks

    @property
    def info(self) -> PackageInfo | None:
        """The open package."""
        return self._desk.info if self._desk else None

    @property
    def recipe(self) -> Recipe | None:
        """The recipe of the picture on the canvas."""
        return self._desk.recipe if self._desk else None

    @property
    def locked(self) -> frozenset[str]:
        """Names of the sliders that `randomise` leaves alone."""
        return self._desk.locked if self._desk else frozenset()

    @property
    def marks(self) -> Marks:
        """What the person made of the open package's sliders."""
        return self._book.of(self._desk.info.digest) if self._desk else Marks()

    def known(self, digest: str) -> PackageInfo | None:
        """A package that was open since the start, with the names that the person gave."""
        desk = self._desks.get(digest)
        return desk.info if desk is not None else None

    def open(self, info: PackageInfo, recipe: Recipe | None = None) -> None:
        """Make `info` the current package, at `recipe`, or where it was left, or at its defaults."""
        desk = self._desks.get(info.digest)
        if desk is None:
            stack = QUndoStack(self.undo_group)
            stack.setUndoLimit(UNDO_STEPS)
            desk = self._desks[info.digest] = Desk(info, info, recipe or info.default_recipe(), stack)
            recipe = None
        desk.own = info
        desk.info = named(info, self._book.of(info.digest))
        self._desk = desk
        self.undo_group.setActiveStack(desk.stack)
        self.opened.emit(desk.info)
        self.locks_changed.emit(desk.locked)
        self.changed.emit(frozenset(desk.recipe.values))
        if recipe is not None:
            self.restore(recipe, self.tr("Restore"))

    def edit(self, name: str, value: Value, gesture: int = 0) -> None:
        """Set one control; edits with the same non-zero `gesture` are one undo step."""
        desk = self._desk
        control = desk.info.control(name) if desk else None
        if desk is None or control is None:
            return
        try:
            value = check(control, value)
        except ValueProblem as error:
            self.refused.emit(error.problem())
            return
        self._push(desk.recipe.with_values({name: value}), self.words.edit(control, value), gesture)

    def edit_many(self, values: Mapping[str, Value], text: str) -> None:
        """Set several controls as one undo step called `text`."""
        if self._desk:
            self._push(self._desk.recipe.with_values(values), text, 0)

    def restore(self, recipe: Recipe, text: str) -> None:
        """Make `recipe` (of the open package) the current one, undoably."""
        self._push(recipe, text, 0)

    def reset(self) -> None:
        """All controls back to the package's defaults."""
        if self._desk:
            self._push(self._desk.info.default_recipe(), self.tr("Reset everything"), 0)

    def toggle_lock(self, name: str) -> None:
        """Lock or unlock a slider against `randomise`."""
        if self._desk:
            self._desk.locked = self._desk.locked ^ {name}
            self.locks_changed.emit(self._desk.locked)

    def rename(self, name: str, label: str) -> None:
        """Call a control `label` from now on, undoably; an empty label is the package's own name again."""
        desk = self._desk
        own = desk.own.control(name) if desk else None
        if desk is None or own is None:
            return
        label = tidy(label)
        label = "" if label == self.words.label(own) else label
        before = self.marks.names.get(name, "")
        if label != before:
            old = self.words.label(desk.info.control(name) or own)
            text = self.tr("Rename “{0}” to “{1}”").format(old, label or self.words.label(own))
            desk.stack.push(Rename(lambda name, label: self._name(desk, name, label), name, before, label, text))

    def mark(self, kind: str, name: str) -> None:
        """Turn a mark on or off: `kind` is "favourites", "hidden" or "strips"."""
        if self._desk:
            marks = self.marks
            self._book.put(self._desk.info.digest, replace(marks, **{kind: getattr(marks, kind) ^ {name}}))
            self.marks_changed.emit(self.marks)

    def randomise(self) -> None:
        """New positions for all sliders but locked and hidden ones: normal along directions, else near the default."""
        desk = self._desk
        if desk is None:
            return
        out = desk.locked | self.marks.hidden
        free = [control for control in desk.info.controls if thrown(control) and control.name not in out]
        many = sum(control.kind is ControlKind.DIRECTION for control in free)
        reach = min(1.0, math.sqrt(CALM / max(1, many)))
        if free:
            self.edit_many({control.name: self._draw(control, reach) for control in free},
                           self.tr("Randomise sliders"))

    def bring_back(self, distance: float) -> None:
        """Pull everything that leads away from the mean towards it: from `distance` (1 is the edge) to well inside.

        The way from the mean is the sum of what truncation leaves of the start and the steps along the directions, so
        that one factor on all of them is that factor on the distance.
        """
        desk = self._desk
        if desk is None or distance <= BACK:
            return
        share = BACK / distance
        pulled = {control.name: round(float(value) * share, decimals(control)) for control in desk.info.controls
                  if control.kind is ControlKind.DIRECTION or control.name in CENTRING
                  if isinstance(value := desk.recipe.values[control.name], int | float)}
        self.edit_many(pulled, self.tr("Bring back"))

    def new_seed(self) -> None:
        """Another seed; the present one can be had again with `previous_seed`."""
        control = self._seed_control()
        if self._desk and control:
            self._desk.past_seeds.append(self._seed(control))
            self.edit(control.name, self._dice.randrange(SEEDS))

    def previous_seed(self) -> None:
        """Back to the seed before the last `new_seed`, leaving every slider as it is."""
        control = self._seed_control()
        if self._desk and control and self._desk.past_seeds:
            self.edit(control.name, self._desk.past_seeds.pop())

    def _seed_control(self) -> Control | None:
        controls = self._desk.info.controls if self._desk else ()
        return next((control for control in controls if control.kind is ControlKind.SEED), None)

    def _seed(self, control: Control) -> int:
        value = self._desk.recipe.values[control.name] if self._desk else 0
        return int(value) if isinstance(value, int) else 0

    def _draw(self, control: Control, reach: float) -> float:
        low, high = limits(control)
        if control.kind is ControlKind.DIRECTION:
            drawn = self._dice.gauss(0.0, 1.0) * reach
        else:
            middle = float(control.default) if isinstance(control.default, int | float) else (low + high) / 2
            drawn = self._dice.triangular(low, high, middle)
        return round(min(high, max(low, drawn)), decimals(control))

    def _name(self, desk: Desk, name: str, label: str) -> None:
        self._book.put(desk.own.digest, self._book.of(desk.own.digest).renamed(name, label))
        desk.info = named(desk.own, self._book.of(desk.own.digest))
        if desk is self._desk:
            self.relabelled.emit(desk.info)

    def _push(self, after: Recipe, text: str, gesture: int) -> None:
        desk = self._desk
        if desk and after != desk.recipe:
            self.gesture = gesture
            desk.stack.push(Edit(self._become, desk.recipe, after, text, gesture))

    def _become(self, recipe: Recipe) -> None:
        desk = self._desk
        if desk is None:
            return
        before, desk.recipe = desk.recipe, recipe
        names = before.values.keys() | recipe.values.keys()
        self.changed.emit(frozenset(n for n in names if before.values.get(n) != recipe.values.get(n)))
