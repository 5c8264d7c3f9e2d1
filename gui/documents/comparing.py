"""Two states side by side: where their pictures come from, what differs, and which one goes on.

Thumbnails never stand in for pictures: what is not at hand is made by the engine, and until then it is said so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize

from engine.api import Asset, Medium, Problem
from engine.document.tree import Node
from engine.errors import PackageError
from gui.documents.changes import changes
from gui.documents.models import Models
from gui.documents.timeline import Timeline
from gui.pictures import prepare
from gui.workspaces.compare import CompareWorkspace, Side

if TYPE_CHECKING:
    from gui.studio import Studio

PLACE, CREATE = "compare", "create"


class Comparer(QObject):
    """Fills the page, asks for pictures, and leads back to the stage. It outlives windows."""

    def __init__(self, studio: Studio, timeline: Timeline, models: Models) -> None:
        super().__init__()
        self._studio, self._timeline, self._models = studio, timeline, models
        self._page: CompareWorkspace | None = None
        self._nodes: tuple[Node, Node] | None = None
        self._asked: dict[int, int] = {}               # request -> side
        timeline.compare_wanted.connect(self.show)
        studio.parts.bridge.rendered.connect(self._rendered)
        studio.parts.bridge.failed.connect(self._failed)

    def show(self, one: Node, other: Node) -> None:
        """Compare two states in the window."""
        self.rest()
        window = self._studio.window
        self._nodes = (one, other)
        window.go(PLACE)
        if self._page is None:
            return
        self._page.show_sides((self._side(one), self._side(other)), self._rows(one, other))
        for place, node in enumerate(self._nodes):
            if node.medium is Medium.PICTURE:
                self._bring(place, node)

    def make(self) -> CompareWorkspace:
        """The page of the present window."""
        page = self._page = CompareWorkspace(self._studio.parts.theme)
        page.used.connect(self._use)
        page.made_wanted.connect(self._ask)
        page.left.connect(lambda: self._studio.window.go(CREATE))
        return page

    def moved(self, place: str) -> None:
        """The window shows something else: nobody waits for these pictures any more."""
        if place != PLACE:
            self.rest()

    def rest(self) -> None:
        """Give up what was asked for."""
        for request in self._asked:
            self._studio.parts.bridge.cancel(request)
        self._asked.clear()

    def detach(self) -> None:
        """The window goes, and its page with it."""
        self.rest()
        self._page = None

    def _side(self, node: Node) -> Side:
        return Side(self._timeline.title(node), node.medium, node.size or (1, 1), node.texts, node.colors)

    def _rows(self, one: Node, other: Node) -> list[tuple[str, str, str]]:
        """What differs; between models only that, since nothing else can be set against one another."""
        info = self._models.of(one.recipe)
        if one.recipe.digest != other.recipe.digest:
            beside = self._models.of(other.recipe)
            names = [found.name if found is not None else node.recipe.package
                     for found, node in ((info, one), (beside, other))]
            return [(self.tr("Model"), names[0], names[1])]
        return [(change.label, change.before, change.after)
                for change in changes(self._studio.words, info, one.recipe, other.recipe)]

    def _bring(self, place: int, node: Node) -> None:
        """A picture that is at hand; else it is asked for, of slow models only when somebody wants it."""
        known = self._known(node)
        page, info = self._page, self._models.of(node.recipe)
        if page is None:
            return
        if known is not None:
            page.show_picture(place, prepare(known, QSize()).image)
        elif info is None or info.live:
            self._ask(place)
        else:
            page.tell(place, self.tr("This model is slow, and its picture is not at hand any more."))
            page.offer(place, can=True)

    def _known(self, node: Node) -> Asset | None:
        workspace = self._studio.workspace
        shown = workspace.asset
        if shown is not None and not shown.draft and shown.recipe.same(node.recipe):
            return shown
        return workspace.runs.known(node.recipe)

    def _ask(self, place: int) -> None:
        """Have it made, by its own model, whether that is open or not."""
        page, bridge = self._page, self._studio.parts.bridge
        if page is None or self._nodes is None:
            return
        recipe = self._nodes[place].recipe
        page.offer(place, can=False)
        page.tell(place, self.tr("The picture is being made…"))
        if self._studio.session.known(recipe.digest) is None:
            try:
                bridge.open(str(Path(self._studio.parts.shelf.find(recipe.package, recipe.digest))))
            except PackageError as error:
                page.tell(place, error.problem().what)
                return
        self._asked[bridge.picture(recipe)] = place

    def _rendered(self, request: int, asset: Asset) -> None:
        place = self._asked.pop(request, None)
        if place is not None and self._page is not None:
            self._page.show_picture(place, prepare(asset, QSize()).image)

    def _failed(self, request: int, problem: Problem) -> None:
        place = self._asked.pop(request, None)
        if place is not None and self._page is not None:
            self._page.tell(place, problem.what)
            self._page.offer(place, can=True)

    def _use(self, place: int) -> None:
        """Go on with one of the two."""
        if self._nodes is not None:
            self._studio.window.go(CREATE)
            self._timeline.go(self._nodes[place].id)
