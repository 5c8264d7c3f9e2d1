"""The tree of the open document while one works on it: every change passes here and is announced."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QObject, Signal

from engine.api import Asset, Medium, Recipe
from engine.document.plain import LONGEST_TEXT, MOST_ITEMS
from engine.document.tree import Node, Tree


class History(QObject):
    """Holds the tree. Who shows it listens to `changed`; trees are frozen, so that nobody has to copy one."""

    changed = Signal(object)               # Tree
    thinned = Signal()                     # the oldest states went: there were too many

    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree()

    def adopt(self, tree: Tree) -> None:
        """Another document."""
        self._become(tree)

    def visit(self, recipe: Recipe) -> bool:
        """Be at the node of exactly this recipe; False when there is none."""
        node = self.tree.find(recipe)
        if node is None:
            return False
        self.move(node.id)
        return True

    def move(self, node: int) -> None:
        """Be at this node, if it is still there."""
        if node != self.tree.current and node in self.tree.nodes:
            self._become(self.tree.moved(node))

    def record(self, asset: Asset) -> Node:
        """A result stood: a child of the current node, and the current one from now on."""
        height, width = asset.pixels.shape[:2]
        texts = tuple(text[:LONGEST_TEXT] for text in asset.texts[:MOST_ITEMS])
        colors = tuple(swatch.color.lower() for swatch in asset.swatches[:MOST_ITEMS])
        size = (width, height) if asset.medium is Medium.PICTURE else None
        when = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        tree = self.tree.grown(asset.recipe, asset.medium, when, texts, colors, size)
        thinned = tree.thinned()
        self._become(thinned)
        if thinned is not tree:
            self.thinned.emit()
        return tree.nodes[tree.last]

    def picture(self, node: int, recipe: Recipe, thumbnail: bytes) -> None:
        """The thumbnail of a node is made; by now its number may be another document's."""
        found = self.tree.nodes.get(node)
        if found is not None and found.recipe is recipe:
            self._become(self.tree.changed(node, thumbnail=thumbnail))

    def pin(self, node: int) -> bool:
        """Pin a node, or take the pin off; whether it is pinned now."""
        pinned = not self.tree.nodes[node].pinned
        self._become(self.tree.changed(node, pinned=pinned))
        return pinned

    def name(self, node: int, name: str) -> None:
        """Call a node something; an empty name takes its name away."""
        if node in self.tree.nodes:
            self._become(self.tree.changed(node, name=name))

    def delete(self, node: int) -> tuple[Node, ...]:
        """Take a branch away; its nodes, for `restore`."""
        gone = self.tree.branch(node)
        self._become(self.tree.without(node))
        return gone

    def restore(self, nodes: tuple[Node, ...], current: int | None) -> None:
        """Bring a branch back."""
        self._become(self.tree.restored(nodes, current))

    def _become(self, tree: Tree) -> None:
        if tree != self.tree:
            self.tree = tree
            self.changed.emit(tree)
