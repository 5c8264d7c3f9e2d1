"""A mark for texts that are translated later, typed as our checker wants it."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """`text` as it is; Qt's translation tool finds such calls by their name and lists the text under `context`."""
    del context
    return text
