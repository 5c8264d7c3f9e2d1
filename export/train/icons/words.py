"""The phrases an icon answers: its name with its tags, and what a person would say for a compound name."""

from __future__ import annotations

from typing import Final

from export.train.icons.dataset import Item

_MOST_TAGS: Final = 6
_MARKS: Final = {
    "off": ("{} crossed out", "no {}"),
    "plus": ("{} with a plus", "add {}"),
    "add": ("{} with a plus", "add {}"),
    "minus": ("{} with a minus", "remove {}"),
    "remove": ("{} with a minus", "remove {}"),
    "check": ("{} with a check mark", "{} done"),
    "tick": ("{} with a check mark", "{} done"),
    "x": ("{} with a cross", "delete {}"),
    "cancel": ("{} with a cross", "delete {}"),
    "heart": ("{} with a heart", "favourite {}"),
    "favourite": ("{} with a heart", "favourite {}"),
    "star": ("{} with a star", "starred {}"),
    "search": ("{} with a magnifying glass", "find {}"),
    "up": ("{} with an arrow up", "upload {}"),
    "down": ("{} with an arrow down", "download {}"),
    "upload": ("{} with an arrow up", "upload {}"),
    "download": ("{} with an arrow down", "download {}"),
    "pin": ("{} with a map pin", "pinned {}"),
    "question": ("{} with a question mark", "unknown {}"),
    "exclamation": ("{} with an exclamation mark", "{} warning"),
    "alert": ("{} with an exclamation mark", "{} warning"),
    "cog": ("{} with a gear", "{} settings"),
    "setting": ("{} with a gear", "{} settings"),
    "code": ("{} with code",),
    "dollar": ("{} with a dollar sign", "{} price"),
    "bolt": ("{} with a lightning bolt", "fast {}"),
    "pause": ("{} with a pause sign", "paused {}"),
    "edit": ("{} with a pencil", "edit {}"),
    "share": ("{} with a share sign", "share {}"),
    "lock": ("{} with a lock", "locked {}"),
    "circle": ("{} in a circle", "round {}"),
    "square": ("{} in a square", "boxed {}"),
    "user": ("{} with a person",),
    "clock": ("{} with a clock",),
    "smile": ("smiling {}",),
}  # fmt: skip
"""What the last word of a compound name means in a sentence."""

_FRAMES: Final = ("circle", "square")


def name_of(item: Item) -> str:
    """The plain name."""
    return " ".join(item.name.split())


def tags_of(item: Item) -> str:
    """Its tags in one line; empty where nobody gave any."""
    return ", ".join([tag for tag in item.tags if not tag.isdigit()][:_MOST_TAGS])


def sayings(item: Item) -> tuple[str, ...]:
    """What else one says for a compound: "camera off" is "camera crossed out" and "no camera"."""
    name = name_of(item)
    head, _, last = name.rpartition(" ")
    first, _, rest = name.partition(" ")
    if first in _FRAMES and rest and last not in _MARKS:
        head, last = rest, first
    return tuple(form.format(head) for form in _MARKS.get(last, ())) if head else ()
