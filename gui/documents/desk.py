"""The open document on the desk: in the state folder, written while one works, so that no end loses anything.

It is the same as in a file, without the zip around it: a thumbnail is written once, and only the list of states anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.document import file as documents
from engine.document.plain import digest
from engine.document.tree import Tree
from engine.errors import FileProblem
from gui.background import Background
from gui.scribe import Scribe

KEY = "desk"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Laid:
    """What lies on the desk: the tree, the file it belongs to (None: it has none yet), and whether that is behind."""

    tree: Tree
    path: Path | None = None
    unsaved: bool = False


class Desk:
    """One folder with one document in it."""

    def __init__(self, folder: Path, scribe: Scribe, background: Background) -> None:
        self._folder = folder
        self._scribe = scribe
        self._background = background
        self._written: dict[int, bytes] = {}           # the thumbnails that lie there, by node

    def load(self, then: Callable[[Laid], None]) -> None:
        """`then` hears what was left here; an empty document when there is none, or it cannot be read."""
        def laid(found: Laid) -> None:
            """Its thumbnails lie there already."""
            self._written = {node.id: node.thumbnail for node in found.tree if node.thumbnail}
            then(found)

        self._background.run(self._read, laid, lambda _: None)

    def lay(self, laid: Laid) -> None:
        """Have it written soon, on the scribe's thread: first the new thumbnails, then the list that names them."""
        for node in laid.tree:
            if node.thumbnail and self._written.get(node.id) is not node.thumbnail:
                self._written[node.id] = node.thumbnail
                path = self._folder / documents.THUMBNAILS / f"{digest(node.thumbnail)}.png"
                self._scribe.write(path, node.thumbnail)
        note = {"path": str(laid.path) if laid.path is not None else "", "unsaved": laid.unsaved}
        tree = replace(laid.tree, extra={**laid.tree.extra, KEY: note})
        self._scribe.write(self._folder / documents.CONTENT, lambda: documents.content(tree))

    def _read(self) -> Laid:
        """On a thread."""
        try:
            tree = documents.read_folder(self._folder)
        except FileProblem as problem:
            _log.warning("the document of the last session is unreadable: %s", problem)
            self._put_aside()
            tree = None
        if tree is None:
            return Laid(Tree())
        for path in documents.loose(self._folder, tree):
            path.unlink(missing_ok=True)
        note = tree.extra.get(KEY)
        known = note if isinstance(note, dict) else {}
        where = known.get("path")
        tree = replace(tree, extra={key: value for key, value in tree.extra.items() if key != KEY})
        return Laid(tree, Path(where) if isinstance(where, str) and where else None, bool(known.get("unsaved")))

    def _put_aside(self) -> None:
        """What cannot be read is not written over."""
        damaged = self._folder / documents.CONTENT
        damaged.replace(damaged.with_suffix(".damaged.json"))
