"""Undo steps. A step replaces the frozen recipe; the ticks of one drag fold into one step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from engine.api import Recipe

MERGING = 1
"""Qt only tries to fold steps whose ids are equal and not -1."""


class Edit(QUndoCommand):
    """One change of the recipe. Steps with the same non-zero `gesture` become one."""

    def __init__(self, apply: Callable[[Recipe], None], before: Recipe, after: Recipe, text: str, gesture: int) -> None:
        """`apply` makes a recipe the current one; `text` is what the Edit menu calls this step."""
        super().__init__(text)
        self._apply = apply
        self._before = before
        self.after = after
        self.gesture = gesture

    def id(self) -> int:
        """Whether this step may fold into the one before."""
        return MERGING if self.gesture else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the newer tick of the same drag; a drag that ends where it began leaves no step."""
        if not isinstance(other, Edit) or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setText(other.text())
        self.setObsolete(self.after == self._before)
        return True

    def undo(self) -> None:
        """Back to the recipe before."""
        self._apply(self._before)

    def redo(self) -> None:
        """Forward again (Qt also calls this when the step is pushed)."""
        self._apply(self.after)


class Rename(QUndoCommand):
    """A control got another name on this desk."""

    def __init__(self, apply: Callable[[str, str], None], name: str, before: str, after: str, text: str) -> None:
        """`apply(name, label)` names a control; an empty label is the package's own."""
        super().__init__(text)
        self._apply = apply
        self._name = name
        self._before, self._after = before, after

    def undo(self) -> None:
        """The name before."""
        self._apply(self._name, self._before)

    def redo(self) -> None:
        """The new name."""
        self._apply(self._name, self._after)
