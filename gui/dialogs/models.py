"""The shelf: choose a model to open, bring one in, remove one that was added."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QMessageBox,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.errors import AtelierError
from engine.packages.shelf import Shelf, ShelfEntry
from gui.models.shelf import ENTRY_ROLE, ShelfModel
from gui.properties import told
from gui.theme import Theme
from gui.widgets.faces import paint_fitted

CARD = QSize(520, 96)
PICTURE = QSize(124, 76)


class Card(QStyledItemDelegate):
    """Paints one package: its picture, name, version and summary, or what is wrong with it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All alike."""
        del option, index
        return CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        """Card with picture at the left and three lines of words."""
        colors = self._theme.colors
        state = option.state
        box: QRect = option.rect.adjusted(4, 4, -4, -4)
        entry = index.data(ENTRY_ROLE)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent if chosen else colors.border), 2 if chosen else 1))
        painter.setBrush(QColor(colors.hover if over or chosen else colors.field))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        inset = (box.height() - PICTURE.height()) // 2
        picture = QRect(box.topLeft() + QPoint(8, inset), PICTURE)
        self._paint_picture(painter, picture, index.data(Qt.ItemDataRole.DecorationRole))
        if isinstance(entry, ShelfEntry):
            self._paint_words(painter, box.adjusted(PICTURE.width() + 22, 9, -12, -9), entry)
        painter.restore()

    def _paint_picture(self, painter: QPainter, box: QRect, icon: object) -> None:
        colors = self._theme.colors
        painter.setPen(Qt.PenStyle.NoPen)
        if isinstance(icon, QIcon) and not icon.isNull():
            paint_fitted(painter, icon, box, QColor(colors.checker_light))
        else:
            painter.setBrush(QColor(colors.hover))
            painter.drawRoundedRect(box, 4, 4)
            mark = self._theme.pixmap("package", colors.muted, 24)
            painter.drawPixmap(box.center().x() - 12, box.center().y() - 12, mark)

    def _paint_words(self, painter: QPainter, box: QRect, entry: ShelfEntry) -> None:
        colors = self._theme.colors
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain, small = QFont(painter.font()), self._theme.small(painter.font())
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        top = QRect(box.left(), box.top(), box.width(), painter.fontMetrics().height())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, painter.fontMetrics().elidedText(
            entry.name, Qt.TextElideMode.ElideRight, box.width()))
        painter.setFont(plain)
        words, shade = ((told(entry.problem.what), colors.danger) if entry.problem else
                        (told(entry.summary), colors.muted))
        painter.setPen(QColor(shade))
        line = painter.fontMetrics().height()
        # Two lines: a little less than twice the width, because words are not broken.
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width() * 1.82))
        painter.drawText(QRect(box.left(), top.bottom() + 3, box.width(), 2 * line + 2),
                         Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap, fitting)
        painter.setFont(small)
        painter.setPen(QColor(colors.muted))
        facts = " · ".join(word for word in (entry.version, entry.family, entry.license) if word)
        painter.drawText(QRect(box.left(), box.bottom() - line, box.width(), line),
                         Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, facts)


class ModelsDialog(QDialog):
    """Emits what was chosen; opening and adding are done by others."""

    chosen = Signal(object)            # Path of the package folder
    import_wanted = Signal()

    def __init__(self, shelf: Shelf, model: ShelfModel, theme: Theme, current: str,
                 parent: QWidget | None = None) -> None:
        """`current` is the digest of the open package."""
        super().__init__(parent)
        self._shelf, self._model = shelf, model
        self.setWindowTitle(self.tr("Models"))
        self.resize(600, 460)
        self._list = QListView()
        self._list.setModel(model)
        self._list.setItemDelegate(Card(theme, self._list))
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName(self.tr("Models"))
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        add = QPushButton(self.tr("Import…"))
        self._remove = QPushButton(self.tr("Remove"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._open = buttons.button(QDialogButtonBox.StandardButton.Open)
        foot = QHBoxLayout()
        foot.addWidget(add)
        foot.addWidget(self._remove)
        foot.addStretch(1)
        foot.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(self._list, 1)
        column.addWidget(self._hint)
        column.addLayout(foot)
        add.clicked.connect(self._add)
        self._remove.clicked.connect(self._ask_remove)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._list.activated.connect(lambda _: self.accept())
        self._list.selectionModel().currentChanged.connect(lambda *_: self._consider())
        model.modelReset.connect(lambda: self._select(current))
        self._select(current)

    def accept(self) -> None:
        """Open the chosen package, if it can be opened."""
        entry = self._entry()
        if entry is not None and entry.problem is None:
            super().accept()
            self.chosen.emit(entry.folder)

    def _entry(self) -> ShelfEntry | None:
        index = self._list.currentIndex()
        return self._model.entry(index.row()) if index.isValid() else None

    def _select(self, digest: str) -> None:
        row = max(0, self._model.row_of(digest))
        self._list.setCurrentIndex(self._model.index(row, 0))
        self._consider()

    def _consider(self) -> None:
        entry = self._entry()
        self._open.setEnabled(entry is not None and entry.problem is None)
        self._remove.setEnabled(entry is not None and not entry.bundled)
        if entry is None:
            self._hint.setText(self.tr("No models yet. Import a checkpoint, an ONNX file or a package, or drop one on "
                                       "the window."))
        elif entry.problem:
            self._hint.setText(told(entry.problem.remedy))
        else:
            self._hint.setText(self.tr("To bring in a checkpoint, an ONNX file or a package, drop it on the window."))

    def _add(self) -> None:
        self.reject()
        self.import_wanted.emit()

    def _ask_remove(self) -> None:
        entry = self._entry()
        if entry is None:
            return
        asked = QMessageBox.question(self, self.tr("Remove model"), self.tr(
            "Remove “{0}” from your models? Pictures made with it stay, but cannot be made again without it."
        ).format(entry.name))
        if asked == QMessageBox.StandardButton.Yes:
            try:
                self._shelf.remove(entry.folder.name)
            except AtelierError as error:
                QMessageBox.warning(self, self.tr("Remove model"), told(str(error)))
            self._model.refresh()
