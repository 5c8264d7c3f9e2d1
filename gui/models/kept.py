"""What the library answers, as a Qt model: all ids at once, the entries and their pictures when they are looked at.

Rows that nobody has looked at cost eight bytes; a list of 50,000 scrolls as one of fifty does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap

from engine.library.records import Entry, Meaning, Order, Query
from gui.library import Desk
from gui.thumbnails import image_of_png
from gui.widgets.faces import COLORS_ROLE, KNOWN_ROLE, MISSING_ROLE, RATING_ROLE, TEXT_ROLE
from gui.widgets.swatches import PALETTE_KIND

if TYPE_CHECKING:
    from engine.library.library import Library

AT_ONCE = 48
"""So many entries are fetched at a time: what a screen shows."""
REMEMBERED = 800
"""So many entries, with their pictures, are held: some 60 MB."""
NEWEST = Query(order=Order.NEWEST)
"""As many as lie on the strip."""
_ROOT = QModelIndex()

Row = tuple[Entry, QImage]


class KeptModel(QAbstractListModel):
    """Rows of `Entry`; the decoration is the thumbnail, dragging rows hands over their files."""

    listed = Signal()                      # the answer to the newest question is here
    unpictured = Signal(object)            # an Entry whose picture is looked at, and of which there is no small one

    def __init__(self, desk: Desk, query: Query = NEWEST, parent: QObject | None = None) -> None:
        """Empty until it is told to `refresh`, or the library is altered."""
        super().__init__(parent)
        self._desk = desk
        self._query = query
        self._question: Meaning | None = None
        self._ids: tuple[int, ...] = ()
        self._rows: OrderedDict[int, tuple[Entry, QIcon]] = OrderedDict()      # by id, the last used last
        self._wanted: dict[int, None] = {}     # ids that were looked at and are not known, the newest last
        self._fetching = False
        desk.altered.connect(self.refresh)
        desk.changed.connect(self._changed)

    def look_for(self, query: Query, question: Meaning | None = None) -> None:
        """Ask for other entries; `question` is the meaning of the query's words, once it is known."""
        self._query, self._question = query, question
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        query, question = self._query, self._question

        def work(library: Library) -> tuple[tuple[int, ...], list[Row]]:
            """All ids, and what is seen first."""
            ids = library.ids(query, question)
            return ids, _rows(library, [key for key in ids[:AT_ONCE] if key not in known])

        known = frozenset(self._rows)
        self._desk.ask(work, self._listed, kind=f"list {id(self)}")

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Thumbnail, words, colours, rating, tool tip, and the name that screen readers say."""
        if not index.isValid():
            return None
        row = self._rows.get(self._ids[index.row()])
        if row is None:
            self._want(self._ids[index.row()])
            return False if role == KNOWN_ROLE else None
        return _told(*row, role)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Rows can be chosen and dragged out."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files, for other programs (and for this window, which restores them)."""
        data = QMimeData()
        entries = [entry for index in indexes if (entry := self.entry(index.row())) is not None]
        data.setUrls([QUrl.fromLocalFile(str(entry.path)) for entry in entries if not entry.missing])
        colors = [color for entry in entries for color in entry.colors]
        if colors:
            data.setData(PALETTE_KIND, " ".join(colors).encode())
        return data

    def id_at(self, row: int) -> int:
        """The entry's id. Raises IndexError."""
        return self._ids[row]

    def row_of(self, key: int) -> int:
        """Where the entry with this id stands, or -1."""
        return self._ids.index(key) if key in self._ids else -1

    def entry(self, row: int) -> Entry | None:
        """The entry in `row`, if it is known by now. Raises IndexError."""
        row_of = self._rows.get(self._ids[row])
        return row_of[0] if row_of is not None else None

    def icon(self, key: int) -> QIcon:
        """The small picture of an entry that is shown; empty for others."""
        return self._rows[key][1] if key in self._rows else QIcon()

    def _listed(self, answer: tuple[tuple[int, ...], list[Row]]) -> None:
        ids, first = answer
        self._learn(first)
        if ids != self._ids:
            self._replace(ids)
        self.listed.emit()

    def _replace(self, ids: tuple[int, ...]) -> None:
        """One more in front or some less keeps what is chosen and where one is; anything else starts anew."""
        old = self._ids
        if len(ids) > len(old) and ids[len(ids) - len(old):] == old:
            self.beginInsertRows(QModelIndex(), 0, len(ids) - len(old) - 1)
            self._ids = ids
            self.endInsertRows()
        elif 0 < len(old) - len(ids) <= AT_ONCE and (gone := _without(old, ids)) is not None:
            for row in reversed(gone):
                self.beginRemoveRows(QModelIndex(), row, row)
                self._ids = self._ids[:row] + self._ids[row + 1:]
                self.endRemoveRows()
        else:
            self.beginResetModel()
            self._ids = ids
            self.endResetModel()

    def _want(self, key: int) -> None:
        """Somebody looked at a row that is not known: it is fetched with its neighbours, what is shown now first."""
        self._wanted.pop(key, None)
        self._wanted[key] = None
        if not self._fetching:
            self._fetching = True
            self._desk.ask(self._fetch, self._fetched, failed=lambda _: None)

    def _fetch(self, library: Library) -> list[Row]:
        """On the thread: what was wanted last, for the rest may be scrolled away by now."""
        return _rows(library, list(self._wanted)[-AT_ONCE:])

    def _fetched(self, rows: list[Row]) -> None:
        self._fetching = False
        self._wanted.clear()               # what is still seen and not known is asked for by the repaint
        self._learn(rows)
        self._announce({entry.id for entry, _ in rows})

    def _learn(self, rows: list[Row]) -> None:
        for entry, image in rows:
            self._rows[entry.id] = entry, QIcon() if image.isNull() else QIcon(QPixmap.fromImage(image))
            self._rows.move_to_end(entry.id)
            if image.isNull() and not entry.texts and not entry.colors and not entry.missing:
                self.unpictured.emit(entry)
        while len(self._rows) > REMEMBERED:
            self._rows.popitem(last=False)

    def _changed(self, ids: frozenset[int]) -> None:
        """Read again those that are held."""
        held = [key for key in ids if key in self._rows]
        if held:
            self._desk.ask(lambda library: _rows(library, held), self._fetched_again)

    def _fetched_again(self, rows: list[Row]) -> None:
        self._learn(rows)
        self._announce({entry.id for entry, _ in rows})

    def _announce(self, ids: set[int]) -> None:
        """Have rows painted again: as one stretch, which costs nothing where they are not seen."""
        places = [row for row, key in enumerate(self._ids) if key in ids] if ids else []
        if places:
            self.dataChanged.emit(self.index(places[0], 0), self.index(places[-1], 0))


def _rows(library: Library, ids: Sequence[int]) -> list[Row]:
    """On the library's thread: entries and their decoded pictures."""
    pictures = library.thumbnails(ids)
    return [(entry, image_of_png(pictures.get(entry.id, b""))) for entry in library.entries(ids)]


def _without(old: tuple[int, ...], ids: tuple[int, ...]) -> list[int] | None:
    """The rows of `old` that are not in `ids`; None when the rest stands in another order."""
    left = set(ids)
    gone = [row for row, key in enumerate(old) if key not in left]
    return gone if tuple(key for key in old if key in left) == ids else None


def _told(entry: Entry, icon: QIcon, role: int) -> object:
    """What is known of an entry, for a role."""
    answers: dict[int, Callable[[], object]] = {
        Qt.ItemDataRole.DisplayRole: lambda: entry.path.name,
        Qt.ItemDataRole.DecorationRole: lambda: None if entry.texts or entry.colors else icon,
        TEXT_ROLE: lambda: "\n".join(entry.texts),
        COLORS_ROLE: lambda: list(entry.colors),
        RATING_ROLE: lambda: entry.rating,
        MISSING_ROLE: lambda: entry.missing,
        KNOWN_ROLE: lambda: True,
        Qt.ItemDataRole.ToolTipRole: lambda: "\n".join((*entry.texts[:8], str(entry.path))),
        Qt.ItemDataRole.AccessibleTextRole: lambda: ", ".join((entry.path.name, *entry.texts[:1])),
    }
    return answers[role]() if role in answers else None

