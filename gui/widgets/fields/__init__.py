"""The fields of the control panel, one per kind of control."""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import ControlKind
from gui.widgets.fields.axes_field import AxesField
from gui.widgets.fields.base import Field, FieldContext
from gui.widgets.fields.choice_field import ChoiceField
from gui.widgets.fields.color_field import ColorField
from gui.widgets.fields.image_field import ImageField
from gui.widgets.fields.mask_field import MaskField
from gui.widgets.fields.palette_field import PaletteField
from gui.widgets.fields.point_field import PointField
from gui.widgets.fields.prompt_field import PromptField
from gui.widgets.fields.seed_field import SeedField
from gui.widgets.fields.size_field import SizeField
from gui.widgets.fields.slider_field import SliderField
from gui.widgets.fields.text_field import TextField
from gui.widgets.fields.toggle_field import ToggleField

__all__ = ["FIELDS", "AxesField", "Field", "FieldContext", "ImageField", "MaskField", "PointField", "PromptField",
           "SeedField", "SliderField"]

FIELDS: Mapping[ControlKind, type[Field]] = {
    ControlKind.SLIDER: SliderField,
    ControlKind.DIRECTION: SliderField,
    ControlKind.CHOICE: ChoiceField,
    ControlKind.TOGGLE: ToggleField,
    ControlKind.SEED: SeedField,
    ControlKind.TEXT: TextField,
    ControlKind.SIZE: SizeField,
    ControlKind.COLOR: ColorField,
    ControlKind.LATENT: PointField,
    ControlKind.PROMPT: PromptField,
    ControlKind.IMAGE: ImageField,
    ControlKind.MASK: MaskField,
    ControlKind.PALETTE: PaletteField,
    ControlKind.AXES: AxesField,
}
