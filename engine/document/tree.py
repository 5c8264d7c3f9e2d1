"""The tree of a document: one frozen node per result that stood, and the one that is worked on.

Every change gives a new `Tree` and leaves the old one as it is: taking something back, comparing with what was saved,
and writing on another thread then need no copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.api import Medium, Recipe

MOST = 500
"""So many nodes are kept; of more, the oldest go that nobody pinned or named and from which nothing branches."""
MOST_NAME = 80
"""Letters of a name."""


@dataclass(frozen=True)
class Node:
    """One result: the recipe, what it looks like in small, and what a person made of it."""

    id: int                                  # counts up: a later node has a greater one
    parent: int | None
    recipe: Recipe
    medium: Medium = Medium.PICTURE
    when: str = ""                           # UTC, "2026-11-23T04:05:06Z"
    thumbnail: bytes = b""                   # a PNG as `engine.document.thumbnail` writes it; texts have none
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()             # "#rrggbb"
    size: tuple[int, int] | None = None      # width and height of the picture, in pixels
    name: str = ""
    pinned: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)     # what a later version wrote beside it

    @property
    def held(self) -> bool:
        """Whether a person said that it stays."""
        return self.pinned or bool(self.name)


@dataclass(frozen=True)
class Tree:
    """Nodes by id, in the order in which they came; a parent always comes before its children."""

    nodes: Mapping[int, Node] = field(default_factory=dict)
    current: int | None = None
    last: int = 0                            # the greatest id that was ever given
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nobody changes it from outside."""
        if not isinstance(self.nodes, MappingProxyType):
            object.__setattr__(self, "nodes", MappingProxyType(dict(self.nodes)))

    def __len__(self) -> int:
        """How many nodes."""
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        """The nodes, oldest first."""
        return iter(self.nodes.values())

    @property
    def now(self) -> Node | None:
        """The current node."""
        return self.nodes[self.current] if self.current is not None else None

    def find(self, recipe: Recipe) -> Node | None:
        """The node of exactly this recipe, the current one before others, the newest before older ones."""
        if self.now is not None and self.now.recipe.same(recipe):
            return self.now
        return next((node for node in reversed(tuple(self))
                     if node.recipe.digest == recipe.digest and node.recipe.same(recipe)), None)

    def children(self, node: int | None) -> tuple[Node, ...]:
        """What came of a node, oldest first; of None: the roots."""
        return tuple(child for child in self if child.parent == node)

    def branch(self, node: int) -> tuple[Node, ...]:
        """A node and all that came of it, oldest first."""
        found = {node}
        for child in self:                   # parents come first, so that one pass is enough
            if child.parent in found:
                found.add(child.id)
        return tuple(each for each in self if each.id in found)

    def grown(self, recipe: Recipe, medium: Medium, when: str, texts: tuple[str, ...] = (),
              colors: tuple[str, ...] = (), size: tuple[int, int] | None = None) -> Tree:
        """With one more child of the current node, which is the current one then."""
        made = Node(self.last + 1, self.current, recipe, medium, when, texts=texts, colors=colors, size=size)
        return replace(self, nodes={**self.nodes, made.id: made}, current=made.id, last=made.id)

    def moved(self, node: int) -> Tree:
        """With another current node. Raises KeyError when there is no such node."""
        return replace(self, current=self.nodes[node].id)

    def changed(self, node: int, *, name: str | None = None, pinned: bool | None = None,
                thumbnail: bytes | None = None) -> Tree:
        """With another name, pin or thumbnail of a node. Raises KeyError when there is no such node."""
        old = self.nodes[node]
        new = replace(old, name=old.name if name is None else tidy(name),
                      pinned=old.pinned if pinned is None else pinned,
                      thumbnail=old.thumbnail if thumbnail is None else thumbnail)
        return replace(self, nodes={**self.nodes, node: new})

    def without(self, node: int) -> Tree:
        """Without a branch; where the current node was in it, its parent is the current one (or the newest left)."""
        gone = {each.id for each in self.branch(node)}
        left = {each.id: each for each in self if each.id not in gone}
        current = self.current
        if current in gone:
            parent = self.nodes[node].parent
            current = parent if parent is not None else max(left, default=None)
        return replace(self, nodes=left, current=current)

    def restored(self, nodes: Iterable[Node], current: int | None) -> Tree:
        """With nodes that were taken away before; those whose parent has gone since become roots."""
        merged = dict(sorted({**{node.id: node for node in nodes}, **self.nodes}.items()))
        merged = {each.id: each if each.parent is None or each.parent in merged else replace(each, parent=None)
                  for each in merged.values()}
        return replace(self, nodes=merged, current=current if current in merged else self.current)

    def thinned(self, most: int = MOST) -> Tree:
        """With at most `most` nodes, as far as nobody holds more of them.

        The oldest go first: ends of branches, and links with one child, which goes to its grandparent then.
        """
        over = len(self) - most
        if over <= 0:
            return self
        nodes = dict(self.nodes)
        counts = dict.fromkeys(nodes, 0)
        for node in self:
            if node.parent is not None:
                counts[node.parent] += 1
        for node in self:
            if over <= 0:
                break
            if node.held or node.id == self.current or counts[node.id] > 1:
                continue
            gone = nodes.pop(node.id)
            over -= 1
            child = next((each for each in nodes.values() if each.parent == gone.id), None)
            if child is not None:
                nodes[child.id] = replace(child, parent=gone.parent)
            elif gone.parent is not None:
                counts[gone.parent] -= 1
        return replace(self, nodes=nodes)


def tidy(name: str) -> str:
    """A name on one line and not too long."""
    return " ".join(name.split())[:MOST_NAME].strip()
