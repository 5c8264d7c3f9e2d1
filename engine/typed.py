"""What a person typed for a control, on the command line or in a table: a path to a source picture counts as one."""

from __future__ import annotations

from pathlib import Path

from engine import media
from engine.api import Control, ControlKind, Value
from engine.controls import parse

_SOURCES = (ControlKind.IMAGE, ControlKind.MASK)
_NOTHING = ("", "none")


def typed(control: Control, text: str, folder: Path) -> Value:
    """The value that `text` stands for; the file of a source picture, relative to `folder`, goes into the media folder.

    Raises ValueProblem, and FileProblem for a picture that cannot be read.
    """
    plain = text.strip()
    if control.kind not in _SOURCES or plain.lower() in _NOTHING or media.is_key(plain.lower()):
        return parse(control, text)
    return media.put_file(folder / Path(plain).expanduser())
