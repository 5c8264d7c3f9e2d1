"""A package's controls as a table for people and as plain data for programs."""

from __future__ import annotations

import shlex
from typing import Any

from engine.api import Control, ControlKind, Medium, PackageInfo
from engine.cli.console import table
from engine.controls import allowed, shown_value
from engine.framing import plain as as_data

_EXAMPLES = 3


def package_document(info: PackageInfo) -> dict[str, Any]:
    """Everything about a package as a JSON object, controls included."""
    document: dict[str, Any] = as_data(info)
    return document


def try_words(info: PackageInfo, typed: str) -> str:
    """A command that shows at once what the model does; `typed` is its id or its folder."""
    words = ["atelier", "render", typed]
    prompt = info.control("prompt")
    if prompt is not None and prompt.kind is ControlKind.PROMPT:
        example = next((choice.value for choice in prompt.choices), "") or str(prompt.default) or "a quiet morning"
        words += ["--prompt", example]
    return shlex.join(words if info.medium is not Medium.PICTURE else [*words, "-o", f"{info.id}.png"])


def control_table(info: PackageInfo, width: int | None = None) -> list[str]:
    """Per control: the name for --set, the default, what is allowed, what it does; wrapped to `width` columns."""
    rows = [("NAME", "DEFAULT", "ALLOWED", "WHAT IT DOES")]
    rows += [(control.name, shown_value(control, control.default), allowed(control), meaning(control))
             for control in info.controls]
    return table(rows, width)


def meaning(control: Control) -> str:
    """The label, its help or the words at its ends, and when it counts."""
    words = control.label
    if control.help:
        words += f": {control.help}"
    elif control.low and control.high:
        words += f": {control.low} - {control.high}"
    if control.kind is ControlKind.PROMPT and control.choices:
        words += f" For example: {'; '.join(choice.value for choice in control.choices[:_EXAMPLES])}."
    if control.shown_when:
        name, values = control.shown_when
        words += f" (when {name} is {' or '.join(value or 'empty' for value in values)})"
    return words
