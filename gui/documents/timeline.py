"""The history on the screen: its cards in words, going to a state, naming, pinning, deleting, looking."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QDateTime, QLocale, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QInputDialog, QMenu

from engine.api import Asset, ControlKind, Medium, PackageInfo, Swatch
from engine.controls import check_recipe
from engine.document import thumbnail
from engine.document.tree import Node, Tree
from engine.errors import ValueProblem
from gui.documents.changes import Change, changes
from gui.documents.history import History
from gui.documents.models import Models
from gui.documents.recorder import Recorder
from gui.pictures import image_of, prepare
from gui.widgets.history_list import Card

if TYPE_CHECKING:
    from gui.studio import Studio
    from gui.widgets.history_panel import HistoryPanel

MOST_FACES = 400
"""Decoded thumbnails that are remembered: 240 x 240 pixels are 230 kB."""
IN_PANEL = ("pin_state", "compare_states")


class Timeline(QObject):
    """Between the history, its panel and the stage. It outlives windows."""

    compare_wanted = Signal(object, object)    # two Nodes

    def __init__(self, studio: Studio, history: History, recorder: Recorder, models: Models) -> None:
        super().__init__()
        self._studio, self._history, self._recorder = studio, history, recorder
        self._models = models
        self._panel: HistoryPanel | None = None
        self._cards: dict[int, tuple[Node, Node | None, Card]] = {}
        self._faces: OrderedDict[int, tuple[bytes, QImage]] = OrderedDict()
        self._due = 0                                  # the state that one is on the way to
        history.changed.connect(self._show)
        history.thinned.connect(self._thinned)
        models.known.connect(self.reword)
        studio.opener.opened.connect(lambda _: QTimer.singleShot(0, self, self._present))
        self._told = False

    # The panel

    def attach(self) -> HistoryPanel:
        """A panel for the present window."""
        from gui.widgets.history_panel import HistoryPanel

        studio = self._studio
        panel = HistoryPanel(studio.parts.theme, self.face, [studio.actions[name] for name in IN_PANEL])
        panel.list.chosen.connect(self.go)
        panel.list.menu_wanted.connect(self._menu)
        panel.list.delete_wanted.connect(self.delete)
        panel.list.hovered.connect(self._look)
        self._panel = panel
        self.reword()
        return panel

    def detach(self) -> None:
        """The window goes, and its panel with it."""
        self._panel = None

    def reword(self) -> None:
        """Other words: another language, or a package whose controls are known now."""
        self._cards.clear()
        self._show(self._history.tree)

    def face(self, node: int) -> QImage:
        """The decoded thumbnail of a node; null while there is none, and for what is no thumbnail."""
        data = self._history.tree.nodes[node].thumbnail
        known = self._faces.get(node)
        if known is None or known[0] is not data:
            try:
                image = image_of(thumbnail.read(data)) if data else QImage()
            except ValueError:
                image = QImage()
            known = self._faces[node] = data, image
            while len(self._faces) > MOST_FACES:
                self._faces.popitem(last=False)
        return known[1]

    def title(self, node: Node) -> str:
        """What a state is called on the screen."""
        return self._card(self._history.tree, node).title

    def _show(self, tree: Tree) -> None:
        if self._panel is not None:
            self._panel.list.show_cards([self._card(tree, node) for node in tree], tree.current or 0)
            self._panel.show_count(len(tree))

    def _card(self, tree: Tree, node: Node) -> Card:
        """The card of a node, made anew when it or its parent is another one."""
        parent = tree.nodes.get(node.parent) if node.parent is not None else None
        known = self._cards.get(node.id)
        if known is not None and known[0] is node and known[1] is parent:
            return known[2]
        steps = [change.step for change in self.steps(node)]
        info = self._models.of(node.recipe)
        lines = steps or [info.name if info is not None else node.recipe.package]
        more = " · ".join(lines[1:]) or self._asked(node, info, steps) or self._when(node)
        title, note = (node.name, lines[0]) if node.name else (lines[0], more)
        card = Card(node.id, node.parent, title, note, node.texts, node.colors, node.pinned, bool(node.name))
        self._cards[node.id] = node, parent, card
        return card

    def steps(self, node: Node) -> tuple[Change, ...]:
        """What was changed for a state against its parent; nothing for the first one of a model."""
        tree = self._history.tree
        parent = tree.nodes.get(node.parent) if node.parent is not None else None
        if parent is None or parent.recipe.digest != node.recipe.digest:
            return ()
        return changes(self._studio.words, self._models.of(node.recipe), parent.recipe, node.recipe)

    def _asked(self, node: Node, info: PackageInfo | None, steps: list[str]) -> str:
        """Of a model's first state: what was asked of it in words, if it takes any."""
        if steps or info is None:
            return ""
        words = self._studio.words
        return next((words.value(control, value) for control in info.controls if control.kind is ControlKind.PROMPT
                     if (value := node.recipe.values.get(control.name))), "")

    def _when(self, node: Node) -> str:
        """The time of day; of other days the date with it."""
        then = QDateTime.fromString(node.when, Qt.DateFormat.ISODate).toLocalTime()
        locale = QLocale(self._studio.words.locale)
        if not then.isValid():
            return ""
        today = then.date() == QDateTime.currentDateTime().date()
        return locale.toString(then.time(), "HH:mm") if today else locale.toString(then, "d MMM, HH:mm")

    def _look(self, node: int, at: QPoint) -> None:
        panel, found = self._panel, self._history.tree.nodes.get(node)
        if panel is None:
            return
        if found is None:
            panel.look.hide()
            return
        card, info = self._card(self._history.tree, found), self._models.of(found.recipe)
        name = info.name if info is not None else found.recipe.package
        lines = [change.step for change in self.steps(found)] or list(found.texts) or list(found.colors)
        lines = lines[1:] if lines and lines[0] == card.title else lines
        panel.show_look(self.face(node), card.title, " · ".join(filter(None, (name, self._when(found)))), lines, at)

    # Going

    def go(self, node: int) -> None:
        """Bring a state back exactly, whichever model it is of; what stands now is recorded first."""
        self._recorder.settle()
        studio, found = self._studio, self._history.tree.nodes.get(node)
        if found is None:
            return
        self._due = node
        info = studio.session.info
        if info is None or info.digest != found.recipe.digest:
            studio.opener.restore_recipe(found.recipe, self.title(found))
            return
        try:
            wanted = check_recipe(info, found.recipe)
        except ValueProblem as error:
            studio.teller.refuse(error.problem())
            return
        studio.session.restore(wanted, self.tr("Go to “{0}”").format(self.title(found)))
        self._present()

    def step(self, way: str) -> None:
        """To the parent, the newest child, or the branch beside ("parent", "child", "previous", "next")."""
        self._recorder.settle()
        tree = self._history.tree
        now = tree.now
        if now is None:
            return
        wanted = now.parent
        if way == "child":
            children = tree.children(now.id)
            wanted = children[-1].id if children else None
        elif way in {"previous", "next"}:
            beside = [node.id for node in tree.children(now.parent)]
            place = beside.index(now.id) + (1 if way == "next" else -1)
            wanted = beside[place] if 0 <= place < len(beside) else None
        if wanted is not None:
            self.go(wanted)

    def _present(self) -> None:
        """One has arrived. A slow model's result is not made again: what is known of it is shown, marked as a draft."""
        studio, node = self._studio, self._history.tree.nodes.get(self._due)
        recipe, runs = studio.session.recipe, studio.workspace.runs
        if node is None or recipe is None or not recipe.same(node.recipe):
            return
        self._due = 0
        self._history.move(node.id)
        if runs.live or runs.state.running or runs.shows(recipe):
            return
        shown = self._small(node)
        if shown is not None:
            studio.workspace.show_result(prepare(shown, QSize()))
            runs.adopt(recipe)
            studio.consider()

    def _small(self, node: Node) -> Asset | None:
        """What is known of a result: its texts and colours whole, of a picture the thumbnail."""
        point = np.full((1, 1, 3), 255, np.uint8)
        if node.medium is Medium.TEXT:
            return Asset(node.recipe, point, medium=node.medium, texts=node.texts) if node.texts else None
        if node.medium is Medium.PALETTE:
            swatches = tuple(Swatch(color) for color in node.colors)
            return Asset(node.recipe, point, medium=node.medium, swatches=swatches) if swatches else None
        try:
            pixels = thumbnail.read(node.thumbnail)
        except ValueError:
            return None
        return Asset(node.recipe, pixels, draft=True, full=node.size or (pixels.shape[1], pixels.shape[0]))

    # What is done with a state

    def present(self) -> Node | None:
        """The node of the present state, recorded if it has not been."""
        self._recorder.settle()
        return self._history.tree.now

    def pin(self, node: int = 0) -> None:
        """Pin a state, or take the pin off; 0: the present one."""
        now = self._history.tree.nodes.get(node) or self.present()
        if now is not None:
            pinned = self._history.pin(now.id)
            words = self.tr("Pinned: “{0}”") if pinned else self.tr("No longer pinned: “{0}”")
            self._studio.teller.toast(words.format(self.title(now)))

    def name(self, node: int = 0) -> None:
        """Ask what a state shall be called; 0: the present one."""
        now = self._history.tree.nodes.get(node) or self.present()
        if now is None:
            return
        dialog = QInputDialog(self._studio.window)
        dialog.setWindowTitle(self.tr("Name this state"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(now.name)
        dialog.resize(340, dialog.sizeHint().height())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda words: self._history.name(now.id, words))
        dialog.open()

    def delete(self, node: int = 0) -> None:
        """Take a branch away; a button brings it back. 0: from the present state on."""
        now = self._history.tree.nodes.get(node) or self.present()
        if now is None:
            return
        current = self._history.tree.current
        gone = self._history.delete(now.id)
        self._studio.teller.toast(self.tr("%n state(s) deleted", "", len(gone)), self.tr("Undo"),
                                  lambda: self._history.restore(gone, current))

    def compare(self, node: int = 0) -> None:
        """Two states that are picked out; else one and the present one; else the present one and the one before."""
        now, nodes = self.present(), self._history.tree.nodes
        picked = self._panel.list.picked if self._panel is not None else ()
        others = [picked[0], picked[-1]] if len(picked) > 1 and not node else [node or (picked[0] if picked else 0)]
        if now is not None and len(others) == 1:
            others = [others[0] if others[0] not in {0, now.id} else now.parent or 0, now.id]
        if len(others) > 1 and all(each in nodes for each in others) and others[0] != others[1]:
            self.compare_wanted.emit(nodes[others[0]], nodes[others[1]])
        else:
            self._studio.teller.toast(self.tr("There is nothing to compare with yet: pick two states with Ctrl"))

    def _menu(self, node: int, at: QPoint) -> None:
        found, studio = self._history.tree.nodes[node], self._studio
        entries: list[tuple[str, Callable[[], object], bool]] = [
            (self.tr("Go to this state"), lambda: self.go(node), True),
            (self.tr("Compare with the present state"), lambda: self.compare(node), node != self._history.tree.current),
            (self.tr("Unpin") if found.pinned else self.tr("Pin"), lambda: self.pin(node), True),
            (self.tr("Name…"), lambda: self.name(node), True),
            (self.tr("Keep as a file"), lambda: self._keep(found), True),
            (self.tr("Delete branch"), lambda: self.delete(node), True)]
        menu = QMenu(studio.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, run, can in entries:
            action = menu.addAction(words)
            action.setEnabled(can)
            action.triggered.connect(lambda _=False, run=run: run())
        menu.popup(at)

    def _keep(self, node: Node) -> None:
        """Into the keep folder; the engine makes it again for that, if it has its package open."""
        if self._studio.session.known(node.recipe.digest) is None:
            self.go(node.id)
        self._studio.keeper.keep(node.recipe, node.medium)

    def _thinned(self) -> None:
        """Say once that the oldest states go."""
        if not self._told:
            self._told = True
            self._studio.teller.toast(self.tr(
                "The history is full: the oldest states go, but for pinned and named ones"))
