"""What was kept, as a Qt model: newest first, stored as readable JSON beside the thumbnails of pictures."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QIcon, QImage, QPixmap

from engine import strictjson
from engine.api import Asset, Medium, Recipe
from gui.scribe import Scribe
from gui.thumbnails import Thumbnails
from gui.widgets.filmstrip import COLORS_ROLE, TEXT_ROLE
from gui.widgets.swatches import PALETTE_KIND

MOST = 200
MAX_BYTES = 20_000_000
FILE_NAME = "kept.json"
_ROOT = QModelIndex()
_log = logging.getLogger(__name__)


LONGEST = 400
"""Letters of a text that are remembered beside its file: what a card of the strip can show."""


@dataclass(frozen=True)
class Kept:
    """One kept result: where it was written, what it was made from, and of texts and palettes what they are."""

    path: Path
    recipe: Recipe
    texts: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()

    @property
    def medium(self) -> Medium:
        """What it is."""
        return Medium.TEXT if self.texts else Medium.PALETTE if self.colors else Medium.PICTURE

    def words(self) -> str:
        """All that is written in and on it: prompts, texts, names of colours. For searching."""
        told = [str(value) for name, value in self.recipe.values.items() if name in {"prompt", "text"}]
        return ". ".join(text.strip() for text in (*told, *self.texts) if text.strip())


def kept_of(path: Path, asset: Asset, card: int | None = None) -> Kept:
    """The row of a file that holds `asset`, or of its texts only one."""
    texts = asset.texts if card is None else asset.texts[card:card + 1]
    return Kept(path, asset.recipe, tuple(text[:LONGEST] for text in texts[:8]),
                tuple(swatch.color for swatch in asset.swatches))


class KeptModel(QAbstractListModel):
    """Rows of `Kept`; the decoration is the thumbnail, dragging a row hands over the file."""

    def __init__(self, folder: Path, scribe: Scribe, parent: QObject | None = None) -> None:
        """`folder` is the studio's state folder."""
        super().__init__(parent)
        self._path = folder / FILE_NAME
        self._scribe = scribe
        self._thumbnails = Thumbnails(folder / "thumbnails", scribe)
        self._icons: dict[str, QIcon] = {}
        self._rows: list[Kept] = self._load()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:
        """How many pictures."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Thumbnail, tool tip and the name that screen readers say."""
        if not index.isValid():
            return None
        kept = self._rows[index.row()]
        told: dict[int, Callable[[], object]] = {
            Qt.ItemDataRole.DecorationRole: lambda: self._icon(kept) if kept.medium is Medium.PICTURE else None,
            TEXT_ROLE: lambda: "\n".join(kept.texts),
            COLORS_ROLE: lambda: list(kept.colors),
            Qt.ItemDataRole.ToolTipRole: lambda: "\n".join((*kept.texts, str(kept.path))),
            Qt.ItemDataRole.AccessibleTextRole: lambda: ", ".join((kept.path.name, *kept.texts[:1])),
        }
        return told[role]() if role in told else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Rows can be chosen and dragged out."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files, for other programs (and for this window, which restores them)."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._rows[index.row()].path)) for index in indexes])
        colors = [color for index in indexes for color in self._rows[index.row()].colors]
        if colors:
            data.setData(PALETTE_KIND, " ".join(colors).encode())
        return data

    def kept(self, row: int) -> Kept:
        """The picture in `row`. Raises IndexError."""
        return self._rows[row]

    def add(self, kept: Kept, image: QImage) -> None:
        """A new first row (an older row of the same file goes)."""
        for row in [i for i, old in enumerate(self._rows) if old.path == kept.path][::-1]:
            self.remove(row)
        for row in range(len(self._rows) - 1, MOST - 2, -1):
            self.remove(row)
        if not image.isNull():
            small = self._thumbnails.put(kept.recipe.fingerprint(), image)
            self._icons[kept.recipe.fingerprint()] = QIcon(QPixmap.fromImage(small))
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._rows.insert(0, kept)
        self.endInsertRows()
        self._save()

    def remove(self, row: int) -> None:
        """Take a row away; the file itself stays."""
        self.beginRemoveRows(QModelIndex(), row, row)
        gone = self._rows.pop(row)
        self.endRemoveRows()
        if all(kept.recipe != gone.recipe for kept in self._rows):
            self._thumbnails.drop(gone.recipe.fingerprint())
            self._icons.pop(gone.recipe.fingerprint(), None)
        self._save()

    def _icon(self, kept: Kept) -> QIcon:
        key = kept.recipe.fingerprint()
        if key not in self._icons:
            self._icons[key] = QIcon(QPixmap.fromImage(self._thumbnails.get(key)))
        return self._icons[key]

    def _load(self) -> list[Kept]:
        try:
            stored = strictjson.parse_object(self._path.read_bytes(), max_bytes=MAX_BYTES)
            return [_kept(row) for row in stored["kept"]][:MOST]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the list of kept pictures is unreadable and starts anew: %s", error)
            return []

    def _save(self) -> None:
        rows = [_plain(kept) for kept in self._rows]
        self._scribe.write(self._path, json.dumps({"kept": rows}, ensure_ascii=False).encode())


def _plain(kept: Kept) -> dict[str, Any]:
    """As a row lies in the file; what is empty is left out."""
    told: dict[str, Any] = {"path": str(kept.path), "recipe": kept.recipe.to_dict()}
    return told | {key: list(value) for key, value in (("texts", kept.texts), ("colors", kept.colors)) if value}


def _kept(row: dict[str, Any]) -> Kept:
    texts, colors = (tuple(str(item) for item in row.get(key, ())) for key in ("texts", "colors"))
    return Kept(Path(str(row["path"])), Recipe.from_dict(row["recipe"]), texts, colors)
