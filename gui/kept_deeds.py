"""What a person does with what was kept: looks for it, brings it back, rates, tags, copies, forgets, uses it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from engine.api import ControlKind, Medium, Progress
from engine.library.records import Count, Entry, Order, Query
from gui.deeds import show_folder
from gui.masking import control_of
from gui.models.kept import NEWEST, KeptModel
from gui.window import CREATE, LIBRARY

if TYPE_CHECKING:
    from engine.library.gathering import Gathered
    from engine.library.library import Library
    from gui.studio import Studio
    from gui.widgets.library_bar import Filters
    from gui.window import MainWindow
    from gui.workspaces.library import LibraryWorkspace

ALL = Query(order=Order.NEWEST, limit=None)
MOST_KIN = 12
COMPARED = 500
"""Of more that are chosen only so many are asked what they have in common."""
LARGE = 640
"""Longest side of the picture in the details."""


class KeptDeeds(QObject):
    """The hands of the strip and of the library's page."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._desk = studio.desk
        self._page: LibraryWorkspace | None = None
        self._model: KeptModel | None = None
        studio.kept.unpictured.connect(studio.keepsakes.portray)
        studio.collector.gathered.connect(self._gathered)
        studio.collector.progressed.connect(self._progressed)
        self._desk.altered.connect(self._count)
        self._desk.changed.connect(self._changed)

    # The strip

    def seek_in_strip(self, words: str) -> None:
        """The newest again, or what is like these words."""
        self._studio.seeker.seek(self._studio.kept, Query(words, order=Order.LIKENESS) if words.strip() else NEWEST)

    def recall_row(self, row: int) -> None:
        """A click on the strip."""
        entry = self._studio.kept.entry(row)
        if entry is not None:
            self._studio.keepsakes.recall(entry)

    def show_strip_menu(self, row: int, at: QPoint, parent: QWidget) -> None:
        """A right-click on the strip."""
        entry = self._studio.kept.entry(row)
        if entry is not None:
            self.menu((entry,), parent).popup(at)

    # The page

    def page(self, window: MainWindow) -> LibraryWorkspace:
        """The library's page of a window; made when somebody first goes there, and anew in another language."""
        from gui.workspaces.library import LibraryWorkspace

        studio = self._studio
        studio.collector.open()
        if self._model is None:
            self._model = KeptModel(self._desk, ALL, self)
            self._model.unpictured.connect(studio.keepsakes.portray)
        side = studio.parts.settings.number("thumb_size")
        page = self._page = LibraryWorkspace(self._model, studio.parts.theme, side)
        page.destroyed.connect(lambda: self._forget_page(page))
        page.bar.asked.connect(self.seek)
        page.cleared.connect(page.bar.clear)
        page.restore_wanted.connect(studio.keepsakes.recall)
        page.rated.connect(self.rate)
        page.forget_wanted.connect(lambda ids: self._with(ids, lambda entries: self.forget(entries, window)))
        page.copy_wanted.connect(lambda ids: self._with(ids, self.copy))
        page.chosen.connect(self._chosen)
        page.menu_wanted.connect(lambda at: self._with(page.ids(), lambda found: self.menu(found, window).popup(at)))
        page.folder_wanted.connect(self.add_folder)
        page.dropped.connect(studio.collector.gather)
        page.cancel_wanted.connect(studio.collector.cancel)
        page.sized.connect(lambda side: studio.parts.settings.set("thumb_size", side))
        page.details.tag_added.connect(lambda tag: self.tag(page.ids(), tag))
        page.details.tag_removed.connect(lambda tag: self.untag(page.ids(), tag))
        page.details.kin_chosen.connect(self.go_to)
        window.moved.connect(self._entered)
        self._count()
        self._model.refresh()
        return page

    def seek(self, filters: Filters) -> None:
        """Other words or choices above the grid."""
        if self._page is None or self._model is None:
            return
        order = Order(filters.order) if filters.order else Order.LIKENESS
        query = Query(filters.words, filters.package, filters.medium, filters.rating, filters.tags,
                      True if filters.missing else None, order=order, limit=None)
        self._page.show_filtered(not filters.empty)
        self._studio.seeker.seek(self._model, query)

    def seek_in_page(self) -> None:
        """Put the keyboard into the page's search box."""
        if self._page is not None:
            self._page.bar.seek()

    def rate(self, ids: Sequence[int], stars: int) -> None:
        """So many stars."""
        if ids:
            self._desk.tell(lambda library: library.rate(ids, stars), frozenset(ids))

    def tag(self, ids: Sequence[int], tag: str) -> None:
        """One tag more."""
        if ids:
            self._desk.tell(lambda library: library.tag(ids, tag), frozenset(ids))

    def untag(self, ids: Sequence[int], tag: str) -> None:
        """One tag less."""
        if ids:
            self._desk.tell(lambda library: library.untag(ids, tag), frozenset(ids))

    def copy(self, entries: Sequence[Entry]) -> None:
        """For other programs."""
        self._studio.teller.toast(self._studio.keepsakes.copy(entries))

    def forget(self, entries: Sequence[Entry], parent: QWidget) -> None:
        """Out of the library, if the person means it; the files stay."""
        if len(entries) == 1:
            words = self.tr("Take “{0}” out of the library?").format(entries[0].path.name)
        else:
            words = self.tr("Take %n results out of the library?", "", len(entries))
        more = self.tr("Rating and tags are lost. The file itself stays where it is.")
        asked = QMessageBox.question(parent, self.tr("Forget"), f"{words}\n\n{more}")
        if asked == QMessageBox.StandardButton.Yes:
            ids = [entry.id for entry in entries]
            self._desk.tell(lambda library: library.forget(ids))

    def add_folder(self) -> None:
        """A folder of kept files."""
        studio = self._studio
        folder = QFileDialog.getExistingDirectory(studio.window, self.tr("Add folder"), str(studio.keeper.folder()))
        if folder:
            studio.collector.gather((Path(folder),))

    def go_to(self, key: int) -> None:
        """Show one entry in the grid, whatever is looked for there."""
        self._studio.window.go(LIBRARY)
        page = self._page
        if page is not None and not page.choose(key):
            page.model.listed.connect(lambda: page.choose(key), Qt.ConnectionType.SingleShotConnection)
            page.bar.clear()

    def find_similar(self, entry: Entry) -> None:
        """What means something like it, the likest first."""
        self._studio.window.go(LIBRARY)
        if self._page is not None and self._model is not None:
            self._page.bar.rest()
            self._page.show_filtered(True)
            self._studio.seeker.similar(self._model, entry)
            self._studio.teller.toast(self.tr("The likest to “{0}” first").format(entry.path.name),
                                      self.tr("Show everything"), self._page.bar.clear)

    def menu(self, entries: Sequence[Entry], parent: QWidget) -> QMenu:
        """What can be done with entries."""
        menu, one = QMenu(parent), entries[0] if len(entries) == 1 else None
        if one is not None:
            self._fill_one(menu, one)
        clipboard = QGuiApplication.clipboard()
        texts = [text for entry in entries for text in entry.texts]
        colors = [color for entry in entries for color in entry.colors]
        add = self._adder(menu)
        add(self.tr("Copy"), lambda: self.copy(entries))
        if texts:
            add(self.tr("Copy text"), lambda: clipboard.setText("\n".join(texts)))
        if colors:
            add(self.tr("Copy colours"), lambda: clipboard.setText(" ".join(colors)))
        if one is not None:
            add(self.tr("Copy recipe"), lambda: clipboard.setText(one.recipe.canonical()))
            add(self.tr("Show in folder"), lambda: show_folder(one.path.parent))
        stars = menu.addMenu(self.tr("Rating"))
        for count in range(5, -1, -1):
            stars.addAction("★" * count or self.tr("None")).triggered.connect(
                lambda _=False, count=count: self.rate([entry.id for entry in entries], count))
        menu.addSeparator()
        add(self.tr("Forget…"), lambda: self.forget(entries, parent))
        return menu

    def _fill_one(self, menu: QMenu, entry: Entry) -> None:
        """What is done with a single one."""
        studio, add = self._studio, self._adder(menu)
        add(self.tr("Restore"), lambda: studio.keepsakes.recall(entry))
        control = control_of(studio.session, ControlKind.IMAGE)
        if entry.medium is Medium.PICTURE and control is not None and not entry.missing:
            add(self.tr("Use as source picture"), lambda: self._use(control.name, entry))
        if entry.colors:
            if studio.palettes.takes():
                add(self.tr("Recolour with it"), lambda: self._recolour(entry))
            others = menu.addMenu(self.tr("Use palette"))
            others.aboutToShow.connect(lambda: studio.palettes.fill(others, entry.colors))
        menu.addSeparator()
        if studio.seeker.means:
            add(self.tr("Find similar"), lambda: self.find_similar(entry))
        if studio.window.place != LIBRARY:
            add(self.tr("Show in the library"), lambda: self.go_to(entry.id))
        menu.addSeparator()

    def _adder(self, menu: QMenu) -> Callable[[str, Callable[[], object]], None]:
        def add(words: str, run: Callable[[], object]) -> None:
            """One entry of the menu."""
            menu.addAction(words).triggered.connect(lambda _=False: run())

        return add

    def _use(self, control: str, entry: Entry) -> None:
        """A kept picture is what the open model starts from."""
        self._studio.window.go(CREATE)
        self._studio.keepsakes.descend(entry)
        self._studio.giver.give(control, entry.path)

    def _recolour(self, entry: Entry) -> None:
        """The open model has the colours of a kept palette."""
        self._studio.window.go(CREATE)
        self._studio.keepsakes.descend(entry)
        self._studio.palettes.use(entry.colors)

    def _entered(self, place: str) -> None:
        """The page is shown: are the files still there?"""
        if place == LIBRARY and self._model is not None and self._page is not None:
            self._page.grid.setFocus()
            self._desk.ask(lambda library: library.ids(ALL), self._studio.collector.look, kind="files")

    def _with(self, ids: Sequence[int], then: Callable[[Sequence[Entry]], object]) -> None:
        """Go on with the entries of these ids."""
        def go_on(entries: Sequence[Entry]) -> None:
            """They are here."""
            if entries:
                then(entries)

        if ids:
            self._desk.ask(lambda library: library.entries(ids), go_on)

    def _progressed(self, progress: Progress | None) -> None:
        if self._page is not None:
            self._page.show_progress(progress)

    def _gathered(self, found: Gathered) -> None:
        added = self.tr("%n added", "", len(found.added))
        known = self.tr("%n known before", "", found.known) if found.known else ""
        passed = self.tr("%n without a recipe", "", found.passed) if found.passed else ""
        self._studio.teller.toast(" · ".join(filter(None, (added, known, passed))))

    def _count(self) -> None:
        """Models and tags above the grid."""
        if self._page is not None:
            self._desk.ask(lambda library: (library.packages(), library.tags()), self._counted, kind="counts")

    def _counted(self, answer: tuple[Sequence[Count], Sequence[Count]]) -> None:
        from gui.widgets.library_bar import Choice

        if self._page is not None:
            packages, tags = ([Choice(count.key, count.name, count.count) for count in counts] for counts in answer)
            self._page.bar.show_packages(packages)
            self._page.bar.show_tags(tags)
            self._page.details.tags.offer([choice.name for choice in tags])

    def _changed(self, ids: frozenset[int]) -> None:
        if self._page is not None and ids & set(self._page.ids()):
            self._chosen(self._page.ids())

    def _chosen(self, ids: tuple[int, ...]) -> None:
        """Show what is known of what is chosen."""
        page = self._page
        if page is None:
            return
        if not ids:
            page.details.show_nothing()
        elif len(ids) == 1:
            self._desk.ask(lambda library: _family(library, ids[0]), self._show_one, kind="details")
        else:
            self._desk.ask(lambda library: library.entries(ids[:COMPARED]),
                           lambda entries: self._show_many(entries, len(ids)), kind="details")

    def _show_one(self, family: tuple[Entry | None, Sequence[Entry], Sequence[Entry]]) -> None:
        from gui.kept_facts import details_of, face_of

        entry, parents, children = family
        page = self._page
        if page is None or entry is None or page.ids() != (entry.id,):
            return
        page.details.show_one(details_of(entry, page.model.icon(entry.id), self._studio.words))
        page.details.show_kin(*([face_of(other, page.model.icon(other.id)) for other in kin]
                                for kin in (parents, children)))
        if entry.medium is Medium.PICTURE and not entry.missing and entry.path.suffix.lower() == ".png":
            self._studio.sources.look(entry.path, LARGE, lambda image, *_: self._enlarge(entry.id, image), _nothing)

    def _show_many(self, entries: Sequence[Entry], count: int) -> None:
        if self._page is not None:
            ratings, tags = {entry.rating for entry in entries}, [set(entry.tags) for entry in entries]
            common = sorted(set.intersection(*tags)) if tags else []
            self._page.details.show_many(self.tr("%n results", "", count),
                                         ratings.pop() if len(ratings) == 1 else 0, common)

    def _enlarge(self, key: int, image: QImage) -> None:
        if self._page is not None and self._page.ids() == (key,):
            self._page.details.portrait.show_large(image)

    def _forget_page(self, page: LibraryWorkspace) -> None:
        if self._page is page:
            self._page = None


def _family(library: Library, key: int) -> tuple[Entry | None, Sequence[Entry], Sequence[Entry]]:
    """On the library's thread: an entry, what it was made from, and what was made from it."""
    return library.entry(key), library.parents(key)[:MOST_KIN], library.children(key)[:MOST_KIN]


def _nothing() -> None:
    """The small picture must do."""
