"""Controls in a person's words: labels, value texts and group names in the language of the screen.

Everything is read from the `Control` that the model's family declared; a new family needs no line here.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.api import Choice, Control, ControlKind, Value
from gui.marking import QT_TRANSLATE_NOOP

CONTEXT = "Controls"
OWN = "own"
"""The locale of a label that a person gave: it stands in every language."""
ON, OFF = QT_TRANSLATE_NOOP("Controls", "on"), QT_TRANSLATE_NOOP("Controls", "off")
CHANGED, TAKEN_AWAY = QT_TRANSLATE_NOOP("Controls", "changed"), QT_TRANSLATE_NOOP("Controls", "taken away")
SHOWN = 25
"""So many letters of a text stand in an undo label."""
SLIDERS = frozenset({ControlKind.SLIDER, ControlKind.DIRECTION})
STILL = frozenset({"Sampling", "Source", "Text"})
"""Headings under which sliders are left alone by "Randomise"."""
COUNTING = frozenset({"count", "variation"})
"""Sliders that it leaves alone as well: how many, and how far from the seed that was chosen."""
CENTRING = frozenset({"variety", "psi"})
"""Sliders that say how far from the mean a picture starts; every family with a latent space has one of them."""


def told(text: str) -> str:
    """A sentence, note or remedy of the engine, in the language of the screen where it is known (gui/sentences.py)."""
    return QCoreApplication.translate("Told", text) if text else ""


def thrown(control: Control) -> bool:
    """Whether "Randomise" may move a control: sliders that say what is made, not how carefully or from what."""
    return control.kind in SLIDERS and control.group not in STILL and control.name not in COUNTING


class Words:
    """The words of controls in one locale ("en", "zh_CN" ...)."""

    def __init__(self, locale: str) -> None:
        """`locale` picks from `Control.labels`; texts without one go through the studio's own translations."""
        self.locale = locale

    def label(self, item: Control | Choice) -> str:
        """The name of a control or of one of its options."""
        labels = item.labels
        return (labels.get(OWN) or labels.get(self.locale) or labels.get(self.locale.split("_")[0])
                or self.text(item.label))

    def text(self, source: str) -> str:
        """A package's English text (group, help, slider end), translated when the studio knows it."""
        return QCoreApplication.translate(CONTEXT, source) if source else ""

    def choice(self, control: Control, value: Value) -> str:
        """The label of the option `value`."""
        found = next((choice for choice in control.choices if choice.value == value), None)
        return self.label(found) if found else str(value)

    def value(self, control: Control, value: Value) -> str:
        """A value as a person reads it: "+1.20 σ", "1024 × 512", "Line"."""
        if isinstance(value, tuple):
            return f"{value[0]} × {value[1]}"
        if isinstance(value, bool):
            return self.text(ON if value else OFF)
        if control.kind in SLIDERS:
            return number_text(control, float(value))
        if control.kind in {ControlKind.CHOICE, ControlKind.COLOR}:
            return self.choice(control, value)
        text = " ".join(str(value).split())
        if control.kind in {ControlKind.IMAGE, ControlKind.MASK}:
            return self.text(CHANGED if text else TAKEN_AWAY)
        text = text if len(text) <= SHOWN else f"{text[:SHOWN - 1]}…"
        return f"“{text}”" if control.kind in {ControlKind.TEXT, ControlKind.PROMPT} else text

    def edit(self, control: Control, value: Value) -> str:
        """The undo label of setting `control` to `value`: "Weight +1.20 σ"."""
        return f"{self.label(control)} {self.value(control, value)}"


def decimals(control: Control) -> int:
    """Digits after the point that the step of a slider asks for."""
    step = control.step or 0.01
    return max(0, min(4, len(f"{step:.4f}".rstrip("0").split(".")[1])))


def limits(control: Control) -> tuple[float, float]:
    """The range of a slider; a direction without one goes three sigma each way."""
    low = -3.0 if control.minimum is None else control.minimum
    high = 3.0 if control.maximum is None else control.maximum
    return low, high


def number_text(control: Control, value: float) -> str:
    """A slider's value with sign (where negative ones exist) and unit."""
    low, _ = limits(control)
    sign = "+" if low < 0 else ""
    text = f"{value:{sign}.{decimals(control)}f}"
    if float(text) == 0:
        text = text.lstrip("+-")
    return f"{text} {control.unit}".strip().replace("-", "−")


def visible(control: Control, values: dict[str, Value]) -> bool:
    """Whether `control` counts for these values (its `shown_when`)."""
    if control.shown_when is None:
        return True
    name, wanted = control.shown_when
    return str(values.get(name, "")) in wanted
