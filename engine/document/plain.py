"""A tree as plain JSON and back: versioned, what a later version added is kept, what cannot be is refused."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.api import RECIPE_VERSION, Medium, Recipe
from engine.document.tree import MOST_NAME, Node, Tree

FORMAT = 1
MOST_NODES = 10_000
MOST_ITEMS = 256                         # texts or colours of one node
LONGEST_TEXT = 100_000
LONGEST_SIDE = 1 << 20
_LARGEST_ID = 2 ** 53
_COLOR = re.compile(r"#[0-9a-f]{6}")
_WHEN = re.compile(r"[0-9T:Z-]{0,24}")
_OURS = frozenset({"format", "current", "last", "nodes"})
_NODES = frozenset({"id", "parent", "recipe", "medium", "when", "thumbnail", "texts", "colors", "size", "name",
                    "pinned"})
Thumbnail = Callable[[str], bytes]
"""Finds a thumbnail by the SHA-256 of its bytes; nothing where there is none."""


class NewerFormat(ValueError):
    """Written by a later version, in a way that this one would misread."""


@functools.lru_cache(maxsize=1024)
def digest(data: bytes) -> str:
    """The name of a thumbnail: 64 hex digits. A document is written often, with thumbnails that stay the same."""
    return hashlib.sha256(data).hexdigest()


def to_plain(tree: Tree) -> dict[str, Any]:
    """The JSON object of a tree; thumbnails by name."""
    return {**tree.extra, "format": FORMAT, "current": tree.current, "last": tree.last,
            "nodes": [_plain_node(node) for node in tree]}


def from_plain(data: Mapping[str, Any], thumbnail: Thumbnail) -> Tree:
    """The inverse. Raises NewerFormat, or ValueError with a short reason."""
    version = data.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise NewerFormat(f"format {version}")
    if version != FORMAT or isinstance(version, bool):
        raise ValueError("it does not say which format it has")
    listed = data.get("nodes")
    if not isinstance(listed, list) or len(listed) > MOST_NODES:
        raise ValueError(f"it has no list of at most {MOST_NODES:,} states")
    try:
        read = sorted((_node(each, thumbnail) for each in listed), key=lambda node: node.id)
    except (KeyError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"a state in it is not whole ({type(error).__name__}: {error})") from error
    nodes: dict[int, Node] = {}
    for node in read:
        if node.id in nodes or (node.parent is not None and node.parent not in nodes):
            raise ValueError(f"its state {node.id} has no place in the tree")
        nodes[node.id] = node
    current, last = data.get("current"), data.get("last", 0)
    if current is not None and current not in nodes:
        raise ValueError("its current state is not in it")
    greatest = max(nodes, default=0)
    last = last if type(last) is int and greatest <= last <= _LARGEST_ID else greatest
    return Tree(nodes, current, last, {key: value for key, value in data.items() if key not in _OURS})


def _plain_node(node: Node) -> dict[str, Any]:
    plain: dict[str, Any] = {**node.extra, "id": node.id, "parent": node.parent, "recipe": node.recipe.to_dict(),
                             "medium": node.medium.value}
    rest = {"when": node.when, "thumbnail": digest(node.thumbnail) if node.thumbnail else "",
            "texts": list(node.texts), "colors": list(node.colors), "size": list(node.size or ()), "name": node.name,
            "pinned": node.pinned}
    return {**plain, **{key: value for key, value in rest.items() if value}}


def _node(data: Any, thumbnail: Thumbnail) -> Node:
    """One node of what may say anything."""
    number, parent, raw = data["id"], data["parent"], data["recipe"]
    if type(number) is not int or not 0 < number <= _LARGEST_ID:
        raise ValueError("the number of a state is none")
    if parent is not None and (type(parent) is not int or parent >= number):
        raise ValueError(f"its state {number} comes before what it came of")
    pinned, when, name = data.get("pinned", False), data.get("when", ""), data.get("name", "")
    if type(pinned) is not bool or not (isinstance(when, str) and _WHEN.fullmatch(when)):
        raise ValueError(f"its state {number} is not whole")
    if not isinstance(name, str) or len(name) > 4 * MOST_NAME:
        raise ValueError(f"the name of its state {number} is none")
    return Node(number, parent, _recipe(raw), Medium(data["medium"]), when, thumbnail(_name(data.get("thumbnail", ""))),
                _items(data.get("texts", []), None), _items(data.get("colors", []), _COLOR), _size(data.get("size")),
                name, pinned, {key: value for key, value in data.items() if key not in _NODES})


def _recipe(raw: Any) -> Recipe:
    """A recipe with plain values only; whether its package has such controls is asked when it is shown."""
    version = raw["version"]
    if type(version) is not int or not isinstance(raw["values"], dict):
        raise ValueError("a recipe in it has another form than a recipe")
    if version > RECIPE_VERSION:
        raise NewerFormat(f"recipe version {version}")
    for value in raw["values"].values():
        pair = isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)  # noqa: PLR2004
        if not pair and not isinstance(value, bool | int | float | str):
            raise ValueError("a recipe in it holds a value that no control has")
    if not isinstance(raw["package"], str) or not isinstance(raw["digest"], str):
        raise ValueError("a recipe in it names no model")  # noqa: TRY004 - a fault of the file
    return Recipe.from_dict(raw)


def _items(listed: Any, pattern: re.Pattern[str] | None) -> tuple[str, ...]:
    """Texts or colours."""
    if not isinstance(listed, list) or len(listed) > MOST_ITEMS:
        raise ValueError("a state in it has too many parts")
    for item in listed:
        if not isinstance(item, str) or len(item) > LONGEST_TEXT or (pattern and not pattern.fullmatch(item)):
            raise ValueError("a state in it holds a text or a colour that is none")
    return tuple(listed)


def _size(value: Any) -> tuple[int, int] | None:
    """Width and height, where they are told."""
    if value is None:
        return None
    width, height = value
    if type(width) is not int or type(height) is not int or not (0 < width <= LONGEST_SIDE >= height > 0):
        raise ValueError("a state in it has a size that no picture has")
    return width, height


def _name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"([0-9a-f]{64})?", value):
        raise ValueError("a thumbnail in it has another name than thumbnails have")
    return value
