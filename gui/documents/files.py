"""Files of documents: new, open, save, those of late; asks before states that no file has are left behind."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from engine.api import Problem
from engine.document import file as documents
from engine.document.tree import Node, Tree
from engine.errors import FileProblem
from gui.documents.desk import Desk, Laid
from gui.documents.history import History

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.studio import Studio

RECENT = 8
_log = logging.getLogger(__name__)
WORTH_ASKING = 3
"""A document without a file is asked about from so many states on: fewer are where one began."""
_ASK = QMessageBox.StandardButton


class Files(QObject):
    """Which file the document belongs to, and the ways between the two."""

    titled = Signal()                      # another name, or saved, or not saved any more
    opened = Signal(object)                # Tree: another document is on the desk

    def __init__(self, studio: Studio, history: History, desk: Desk, settle: Callable[[], None]) -> None:
        """`settle` records what stands now."""
        super().__init__()
        self._studio, self._history, self._desk, self._settle = studio, history, desk, settle
        self.path: Path | None = None
        self._saved: Mapping[int, Node] | None = history.tree.nodes    # None: behind, as it was left
        self._marked = False
        history.changed.connect(self._changed)

    @property
    def unsaved(self) -> bool:
        """Whether there are states, names or pins that the file does not have."""
        return self._saved is None or _said(self._history.tree.nodes) != _said(self._saved)

    def found(self, laid: Laid) -> None:
        """What the last session left on the desk."""
        self.path = laid.path
        self._saved = None if laid.unsaved else laid.tree.nodes
        self._history.adopt(laid.tree)
        self._tell()

    def new(self) -> None:
        """An empty document, which begins with what stands now."""
        if self.may_leave():
            self._become(Tree(), None)
            self._studio.teller.toast(self.tr("New document"))

    def open(self, path: Path) -> None:
        """Another document; read aside."""
        if self.may_leave():
            self._studio.background.run(lambda: documents.read(path), lambda tree: self._opened(tree, path),
                                        lambda problem: self._not_opened(path, problem))

    def choose(self) -> None:
        """Ask for a document, or for a kept file whose state is wanted."""
        path, _ = QFileDialog.getOpenFileName(self._studio.window, self.tr("Open"), str(self._folder()), self.tr(
            "Documents and kept results (*.atelier *.png *.txt *.json *.csv *.gpl *.css)"))
        if path:
            self._studio.opener.receive(Path(path))

    def save(self) -> bool:
        """Into its file, asking for one if it has none; False when the person would rather not, or the disk refuses."""
        return self._write(self.path) if self.path is not None else self.save_as()

    def save_as(self) -> bool:
        """Into another file."""
        start = self.path or self._folder() / f"{self.tr('Untitled')}{documents.SUFFIX}"
        chosen, _ = QFileDialog.getSaveFileName(self._studio.window, self.tr("Save document"), str(start),
                                                self.tr("Latent Atelier document (*.atelier)"))
        if not chosen:
            return False
        path = Path(chosen)
        return self._write(path if path.suffix == documents.SUFFIX else path.with_name(path.name + documents.SUFFIX))

    def may_leave(self) -> bool:
        """Ask before another document takes this one's place."""
        self._settle()
        if not self.unsaved or (self.path is None and len(self._history.tree) < WORTH_ASKING):
            return True
        return self._ask(self.tr("Save the history of this document first?"), lambda: None)

    def may_close(self) -> bool:
        """Ask before the window closes on a file that is behind. What has no file stays on the desk."""
        self._settle()
        if self.path is None or not self.unsaved:
            return True
        return self._ask(self.tr("Save the changes to “{0}” before closing?").format(self.path.stem), self._let_go)

    def fill(self, menu: QMenu) -> None:
        """The documents of late."""
        menu.clear()
        for path in self.recent():
            action = menu.addAction(path.stem.replace("&", "&&"))
            action.setToolTip(str(path))
            action.setEnabled(path != self.path)
            action.triggered.connect(lambda _=False, path=path: self.open(path))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def recent(self) -> list[Path]:
        """The newest first."""
        return [Path(line) for line in self._studio.parts.settings.text("recent_documents").splitlines() if line]

    def _ask(self, words: str, let_go: Callable[[], None]) -> bool:
        """Save, or `let_go`; False: stay."""
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Document"), words,
                          _ASK.Save | _ASK.Discard | _ASK.Cancel, self._studio.window)
        box.setDefaultButton(_ASK.Save)
        for button, label in ((_ASK.Save, self.tr("Save")), (_ASK.Discard, self.tr("Do not save")),
                              (_ASK.Cancel, self.tr("Cancel"))):
            box.button(button).setText(label)
        answer = _ASK(box.exec())
        if answer == _ASK.Discard:
            let_go()
            return True
        return answer == _ASK.Save and self.save()

    def _let_go(self) -> None:
        """The person let the changes go: the next time it is as the file has it."""
        if self.path is None:
            return
        try:
            tree = documents.read(self.path)
        except FileProblem as error:                   # it is gone: what lies on the desk is all there is
            _log.warning("%s", error)
            return
        session, now = self._studio.session, tree.now
        if now is not None and session.info is not None and now.recipe.digest == session.info.digest:
            session.restore(now.recipe, "")
        self._desk.lay(Laid(tree, self.path))

    def _write(self, path: Path) -> bool:
        self._settle()
        tree = self._history.tree
        try:
            missing = documents.save(tree, path)
        except FileProblem as error:
            self._studio.teller.refuse(error.problem())
            return False
        self.path, self._saved = path, tree.nodes
        self._remember(path)
        self._tell()
        words = self.tr("Saved “{0}”").format(path.stem)
        if missing:
            words = self.tr("{0}, without %n source picture(s) that this machine does not have", "",
                            len(missing)).format(words)
        self._studio.teller.toast(words)
        return True

    def _opened(self, tree: Tree, path: Path) -> None:
        self._become(tree, path)
        self._remember(path)
        self._studio.teller.toast(self.tr("Opened “{0}”").format(path.stem))

    def _not_opened(self, path: Path, problem: Problem) -> None:
        if not path.exists():
            self._studio.parts.settings.set("recent_documents", "\n".join(
                str(each) for each in self.recent() if each != path))
        self._studio.teller.refuse(problem)

    def _become(self, tree: Tree, path: Path | None) -> None:
        self.path, self._saved = path, tree.nodes
        self._history.adopt(tree)
        self._tell()
        self.opened.emit(tree)

    def _remember(self, path: Path) -> None:
        known = [path.absolute(), *(each for each in self.recent() if each != path.absolute())]
        self._studio.parts.settings.set("recent_documents", "\n".join(map(str, known[:RECENT])))

    def _folder(self) -> Path:
        """Where documents lie, if nothing else is said: beside the last one, else where results are kept."""
        known = self.path.parent if self.path is not None else next((path.parent for path in self.recent()), None)
        if known is not None and known.is_dir():
            return known
        folder = self._studio.keeper.folder()
        return folder if folder.is_dir() else Path.home()

    def _changed(self, _tree: Tree) -> None:
        if self.unsaved != self._marked:
            self._tell()
        else:
            self._desk.lay(Laid(self._history.tree, self.path, self.unsaved))

    def _tell(self) -> None:
        self._marked = self.unsaved
        self._desk.lay(Laid(self._history.tree, self.path, self._marked))
        self.titled.emit()


def _said(nodes: Mapping[int, Node]) -> dict[int, tuple[int | None, str, bool]]:
    """What of states a person would miss: which there are, and what they made of them. A recipe never changes."""
    return {node.id: (node.parent, node.name, node.pinned) for node in nodes.values()}
