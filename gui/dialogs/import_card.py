"""What a dropped file is and what will be made of it; nothing begins before the person says so."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.converting.messages import ConvertRequest, Inspection, Precision
from gui.dialogs.import_form import ImportForm
from gui.dialogs.import_words import advised, code_words, command_in, kind_words, precision_words, told_plainly
from gui.properties import told
from gui.theme import Theme
from gui.widgets.amounts import size
from gui.widgets.banner import Tone
from gui.widgets.disclosure import Disclosure
from gui.widgets.notice import Notice

MEGA = 1e6
ICON = 40


class ImportCard(QWidget):
    """One inspection. `wanted` carries the request once the person asks for it."""

    wanted = Signal(object)                # ConvertRequest
    given_up = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inspection: Inspection | None = None
        self._boxes: dict[Precision, QCheckBox] = {}
        self._icon = QLabel()
        self._title = _label("title")
        self._about = _label("muted")
        self._why = Disclosure(self.tr("How it was recognised"), theme)
        self._assumed = Disclosure(self.tr("Assumed, because the file does not say"), theme)
        self._code, self._warning, self._blocked = Notice(theme), Notice(theme), Notice(theme)
        self._blocked.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))
        self.form = ImportForm()
        self._makes = _Table()
        self._precisions = QWidget()
        self._precisions_column = QVBoxLayout(self._precisions)
        self._precisions_column.setContentsMargins(0, 0, 0, 0)
        self._precisions_column.setSpacing(6)
        self._missing = QLabel(wordWrap=True)
        self._missing.setProperty("role", "muted")
        self.convert = QPushButton()
        self.convert.setProperty("primary", True)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._arrange()
        self.form.changed.connect(self._consider)
        self.convert.clicked.connect(self._ask)
        self._cancel.clicked.connect(self.given_up)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_inspection(self, inspection: Inspection, provider: str) -> None:
        """Another file; `provider` is what models run on here."""
        self._inspection = inspection
        path = Path(inspection.path)
        self._title.setText(told_plainly(inspection.title).replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}"))
        facts = (path.name, kind_words(inspection.kind), size(inspection.bytes) if inspection.bytes else "")
        self._about.setText(" · ".join(fact for fact in facts if fact))
        sizes = tuple(f"{told(name)}: {value}" for name, value in inspection.sizes.items())
        self._why.tell(tuple(map(told_plainly, (*inspection.reasons, *inspection.notes, *sizes))))
        self._assumed.tell(tuple(map(told_plainly, inspection.guesses)))
        self._code.tell(code_words() if inspection.code_found else "")
        first, *rest = map(told_plainly, inspection.warnings or ("",))
        self._warning.tell(first, " ".join(rest), Tone.WARNING)
        blocked = inspection.blocked
        self._blocked.tell(blocked.what if blocked else "", told(blocked.remedy).replace("`", "") if blocked else "",
                           Tone.WARNING, command_in(blocked) if blocked else "")
        self.form.show_inspection(inspection)
        self._makes.show_rows(tuple(
            (told_plainly(making.words) or making.role, making.role,
             "" if making.megabytes is None else size(making.megabytes * MEGA)) for making in inspection.makes))
        self._makes_title.setVisible(bool(inspection.makes))
        self._offer(inspection.precisions, advised(inspection.precisions, provider))
        for widget in (self.form, self._asked_title):
            widget.setVisible(blocked is None)
        self.convert.setText(self.tr("Convert") if inspection.needs_torch else self.tr("Add to my models"))
        self.convert.setVisible(blocked is None)
        self._cancel.setText(self.tr("Cancel") if blocked is None else self.tr("Close"))
        self._scroll.verticalScrollBar().setValue(0)
        (self.form.license if blocked is None else self._cancel).setFocus()
        self._consider()

    def chosen(self) -> tuple[Precision, ...]:
        """The precisions that are ticked."""
        return tuple(precision for precision, box in self._boxes.items() if box.isChecked())

    def box(self, precision: Precision) -> QCheckBox:
        """The tick of a precision. Raises KeyError."""
        return self._boxes[precision]

    def notices(self) -> tuple[str, ...]:
        """The remarks that are shown."""
        return tuple(notice.sentence() for notice in (self._code, self._warning, self._blocked) if notice.sentence())

    def missing(self) -> str:
        """Why one cannot go on yet."""
        return self._missing.text()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._title)
        words.addWidget(self._about)
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self._asked_title = _heading(self.tr("About the model"))
        self._makes_title = _heading(self.tr("What will be made"))
        self._precisions_title = _heading(self.tr("Precision"))
        body = QWidget()
        body.setObjectName("plain")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 12, 4)
        inside.setSpacing(10)
        inside.addLayout(head)
        for widget in (self._why, self._assumed, self._code, self._warning, self._blocked, self._asked_title, self.form,
                       self._makes_title, self._makes, self._precisions_title, self._precisions):
            inside.addWidget(widget)
        inside.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("plain")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._missing, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self.convert)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)

    def _offer(self, precisions: tuple[Precision, ...], best: Precision) -> None:
        while (item := self._precisions_column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._boxes = {}
        several = len(precisions) > 1 and self._inspection is not None and self._inspection.blocked is None
        self._precisions_title.setVisible(several)
        self._precisions.setVisible(several)
        for precision in precisions:
            name, remark = precision_words(precision)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            box = self._boxes[precision] = QCheckBox(name)
            box.setChecked(precision == precisions[0])
            box.toggled.connect(self._consider)
            note = QLabel(remark)
            note.setProperty("role", "muted")
            line.addWidget(box)
            line.addWidget(note)
            if precision == best:
                chip = QLabel(self.tr("Recommended here"))
                chip.setObjectName("chip")
                line.addWidget(chip)
            line.addStretch(1)
            self._precisions_column.addWidget(row)
        if several:
            told = QLabel(self.tr("Each becomes a model of its own, and each is compared with the original."))
            told.setProperty("role", "muted")
            told.setWordWrap(True)
            self._precisions_column.addWidget(told)

    def _consider(self) -> None:
        missing = self.form.missing()
        if not missing and not self.chosen():
            missing = self.tr("Choose at least one precision.")
        blocked = self._inspection is None or self._inspection.blocked is not None
        self._missing.setText("" if blocked else missing)
        self.convert.setEnabled(not missing and not blocked)

    def _ask(self) -> None:
        if self._inspection is not None and self.convert.isEnabled():
            answers = self.form.answers()
            self.wanted.emit(ConvertRequest(
                self._inspection.path, name=answers["name"], license=answers["license"], credit=answers["credit"],
                family=self._inspection.family, arch=self._inspection.adapter if self._inspection.needs_torch else "",
                precisions=self.chosen(), answers=answers))

    def _restyle(self) -> None:
        self._icon.setPixmap(self._theme.pixmap("package", self._theme.colors.link, ICON))


class _Table(QWidget):
    """Rows of words, a quieter word, and a size at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_rows(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        """Replace all rows."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for row, (words, role, amount) in enumerate(rows):
            cells = (QLabel(words), QLabel(role if role != words else ""), QLabel(amount))
            for column, cell in enumerate(cells):
                cell.setTextFormat(Qt.TextFormat.PlainText)
                if column:
                    cell.setProperty("role", "muted")
                self._grid.addWidget(cell, row, column)
            cells[2].setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setVisible(bool(rows))


def _label(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 6, 0, 0)
    return label
