"""Painting a mask: the source picture on the canvas under a brush; every stroke is an undo step of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from engine.api import Control, ControlKind
from gui.session import Session
from gui.sources import Sources
from gui.theme import Theme
from gui.widgets.fields import MaskField
from gui.widgets.panel import ControlPanel
from gui.widgets.stage import Stage

if TYPE_CHECKING:
    from gui.widgets.mask_bar import MaskBar
    from gui.widgets.mask_tool import MaskTool


class Masking(QObject):
    """Begins and ends painting, and keeps brush and recipe the same."""

    began = Signal()                       # the source is on the canvas, under the brush
    ended = Signal()                       # the canvas is free for the result again

    def __init__(self, session: Session, sources: Sources, stage: Stage, panel: ControlPanel, theme: Theme,
                 parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._sources = sources
        self._stage = stage
        self._panel = panel
        self._theme = theme
        self._name = ""                    # of the mask's control while it is painted
        self._source = ""                  # the key of the picture on the canvas
        self._mask = ""                    # the key that the brush's mask has
        self._stroke = 0                   # strokes are stored aside: only the newest becomes the recipe's
        self._bar: MaskBar | None = None
        self.tool: MaskTool | None = None
        panel.paint_wanted.connect(self._wanted)
        panel.invert_wanted.connect(self._invert)
        session.changed.connect(self._changed)
        session.opened.connect(lambda _: self.end())

    @property
    def painting(self) -> bool:
        """Whether the canvas is being painted on, or will be in a moment."""
        return bool(self._name)

    @property
    def bar(self) -> MaskBar | None:
        """The brush's settings, while there is a brush."""
        return self._bar

    def begin(self, name: str) -> None:
        """Paint the mask `name`: the source picture is asked for, and comes with the brush."""
        source = self._value_of(ControlKind.IMAGE)
        if not source or self._name:
            return
        self._name, self._source = name, source
        self._show_field(on=True)
        self._sources.large(source, lambda image: self._arrived(source, image))

    def end(self) -> None:
        """Lay the brush down; the canvas is the result's again."""
        if not self._name:
            return
        self._show_field(on=False)
        self._name = self._source = self._mask = ""
        self._stage.canvas.take_tool(None)
        self.tool = None
        if self._bar is not None:
            self._stage.show_bar(None)
            self._bar.deleteLater()
            self._bar = None
        self.ended.emit()

    def _wanted(self, name: str, on: bool) -> None:
        if on:
            self.begin(name)
        else:
            self.end()

    def _arrived(self, source: str, image: QImage) -> None:
        """The source picture is here: brush and bar come up, with the mask that there is."""
        if source != self._source or not self._name:
            return
        from gui.widgets.mask_bar import MaskBar
        from gui.widgets.mask_tool import MaskTool

        self._stage.show_canvas()
        self._stage.empty.hide()
        self._stage.canvas.show_picture(image, 0, None, QSize())
        tool = self.tool = MaskTool(image.width(), image.height())
        tool.stroked.connect(self._stroked)
        self._stage.canvas.take_tool(tool)
        self._bar = MaskBar(tool, self._theme, self._stage)
        self._bar.done.connect(self.end)
        self._stage.show_bar(self._bar)
        self._stage.canvas.setFocus()
        self._load(self._value(self._name))
        self.began.emit()

    def _stroked(self) -> None:
        """Store the mask aside, then make it the recipe's."""
        if self.tool is None:
            return
        self._stroke += 1
        stroke, name = self._stroke, self._name
        if self.tool.empty:
            self._take(name, "", stroke)
        else:
            self._sources.store_drawn(self.tool.image(), lambda key: self._take(name, key, stroke))

    def _take(self, name: str, key: str, stroke: int) -> None:
        if stroke != self._stroke:
            return                         # a newer stroke is on its way and holds this one
        if name == self._name:
            self._mask = key
        self._session.edit(name, key)

    def _changed(self, names: frozenset[str]) -> None:
        """Undo, redo, Clear in the panel, or another source, while painting."""
        if not self._name:
            return
        if self._value_of(ControlKind.IMAGE) != self._source:
            name = self._name
            self.end()
            self.begin(name)
        elif self._name in names and self._value(self._name) != self._mask:
            self._load(self._value(self._name))

    def _load(self, key: str) -> None:
        """The brush goes on from the recipe's mask."""
        self._mask = key
        self._stroke += 1                  # a stroke that is still being stored is undone with this
        if self.tool is None:
            return
        if key:
            self._sources.large(key, lambda image: self._loaded(key, image))
        else:
            self.tool.load(_black())

    def _loaded(self, key: str, image: QImage) -> None:
        if self.tool is not None and key == self._mask:
            self.tool.load(image)

    def _invert(self, name: str) -> None:
        """Without the brush: the mask of the recipe, inside out."""
        if self.tool is not None:
            self.tool.invert()
            return
        key = self._value(name)
        if key:
            self._sources.large(key, lambda image: self._inverted(name, key, image))

    def _inverted(self, name: str, key: str, image: QImage) -> None:
        if self._value(name) != key:
            return
        mask = image.convertToFormat(QImage.Format.Format_Grayscale8)
        mask.invertPixels()
        self._sources.store_drawn(mask, lambda made: self._session.edit(name, made))

    def _show_field(self, *, on: bool) -> None:
        field = next((field for field in self._panel.fields() if field.control.name == self._name), None)
        if isinstance(field, MaskField):
            field.show_painting(on)

    def _value(self, name: str) -> str:
        recipe = self._session.recipe
        return str(recipe.values.get(name, "")) if recipe is not None else ""

    def _value_of(self, kind: ControlKind) -> str:
        """The value of the first control of a kind; empty when there is none."""
        control = control_of(self._session, kind)
        return self._value(control.name) if control is not None else ""


def control_of(session: Session, kind: ControlKind) -> Control | None:
    """The first control of a kind in the open package."""
    controls = session.info.controls if session.info is not None else ()
    return next((control for control in controls if control.kind is kind), None)


def _black() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_Grayscale8)
    image.fill(0)
    return image
