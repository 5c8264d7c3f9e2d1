"""The first page of the batch window: which seeds, which folder, which names; examples and forecast while one types."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import ControlKind, Medium, PackageInfo, Recipe
from gui.background import Background
from gui.engine_bridge.jobs import (
    DEFAULT_TEMPLATE,
    ENDINGS,
    MAX_ROWS,
    WORDS,
    Draft,
    Forecast,
    JobPlan,
    Wish,
    draft,
    gathers,
)
from gui.properties import Words, told
from gui.settings import Settings
from gui.widgets.amounts import duration, results, size
from gui.widgets.boxes import WholeBox

SETTLE_MS = 350
SHOWN_NAMES = 3
COUNT, LIST = 0, 1


class BatchForm(QWidget):
    """Builds a plan from what is typed. `planned` tells the plan, or None while something is wrong."""

    planned = Signal(object)               # JobPlan or None
    resumable = Signal(object)             # JobPlan found unfinished in the folder, or None

    def __init__(self, settings: Settings, words: Words, keep_folder: Path, background: Background,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._words = words
        self._info: PackageInfo | None = None
        self._recipe: Recipe | None = None
        self._background = background
        self._asked = self._answered = 0
        self.plan: JobPlan | None = None
        self._about = QLabel(wordWrap=True)
        self._kind = QButtonGroup(self)
        self._first = WholeBox(0, 2**31 - 1, self.tr("First seed"))
        self._count = WholeBox(1, MAX_ROWS, self.tr("How many"))
        self._count.setValue(100)
        self._list = QLineEdit("1, 5, 9..20")
        self._folder = QLineEdit(settings.text("batch_folder") or str(keep_folder / "batch"))
        self._template = QLineEdit(settings.text("batch_template") or DEFAULT_TEMPLATE)
        self._into = QComboBox()
        self._file = QLineEdit()
        self._unit = QLabel()
        self._names = QLabel(wordWrap=True)
        self._forecast = QLabel(wordWrap=True)
        self._menu = QMenu(self)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._consider)
        self._arrange()
        self._into.currentIndexChanged.connect(lambda _: self._choose_rows())
        for line in (self._list, self._folder, self._template, self._file):
            line.textChanged.connect(lambda _: self._settle.start())
        for box in (self._first, self._count):
            box.valueChanged.connect(lambda _: self._settle.start())
        self._kind.idToggled.connect(lambda *_: self._settle.start())

    def show_recipe(self, info: PackageInfo, recipe: Recipe) -> None:
        """The settings that every picture of the batch will have, but for the seed."""
        self._info, self._recipe = info, recipe
        told = [self._words.edit(control, recipe.values[control.name]) for control in info.controls
                if recipe.values[control.name] != control.default and control.kind is not ControlKind.SEED]
        words = ", ".join(told) if told else self.tr("default settings")
        self._about.setText(f"{info.name}: {words}")
        self._unit.setText({Medium.TEXT: self.tr("texts, from seed"), Medium.PALETTE: self.tr("palettes, from seed"),
                            Medium.PICTURE: self.tr("pictures, from seed")}[info.medium])
        self._file.setPlaceholderText(info.id)
        self._choose_rows()
        self._fill_menu(info)
        seed = recipe.values.get("seed")
        if isinstance(seed, int):
            self._first.setValue(min(seed, self._first.maximum()))
        self.consider_now()

    def show_forecast(self, told: Forecast) -> None:
        """How many, how long, how large, whether the disk has room."""
        live = self._info is None or self._info.live
        parts = [results(told.count, self._info.medium if self._info else Medium.PICTURE)]
        if told.seconds is not None:
            words = duration(told.seconds)
            parts.append(self.tr("about {0}").format(words) if told.seconds >= 1 else words)
        elif not live:
            parts.append(self.tr("time not known before the first run"))
        if told.bytes is not None:
            parts.append(self.tr("about {0}").format(size(told.bytes)))
        if told.free_bytes is not None:
            parts.append(self.tr("{0} free").format(size(told.free_bytes)))
        self._forecast.setText(" · ".join(parts))
        self._role(self._forecast, "muted" if told.fits else "danger")

    def remember(self) -> None:
        """Keep folder and template for the next time."""
        self._settings.set("batch_folder", self._folder.text().strip())
        self._settings.set("batch_template", self._template.text())
        if self._info is not None and gathers(self._info):
            self._settings.set("batch_into", self._into.currentData())

    def set_folder(self, folder: str) -> None:
        """Fill in the folder."""
        self._folder.setText(folder)

    def set_seeds(self, text: str) -> None:
        """Choose the list, with this text."""
        self._kind.button(LIST).setChecked(True)
        self._list.setText(text)

    def set_template(self, text: str) -> None:
        """Fill in the template."""
        self._template.setText(text)

    def set_into(self, ending: str, name: str = "") -> None:
        """A file for each (no ending), or one for all, perhaps with a name."""
        self._into.setCurrentIndex(self._into.findData(ending))
        self._file.setText(name)

    def folder(self) -> str:
        """The folder that is filled in."""
        return str(Path(self._folder.text().strip()).expanduser().absolute()) if self._folder.text().strip() else ""

    def told(self) -> tuple[str, str]:
        """What stands under the names and in the forecast."""
        return self._names.text(), self._forecast.text()

    @property
    def settled(self) -> bool:
        """Whether everything typed has been planned."""
        return not self._settle.isActive() and self._answered == self._asked

    def consider_now(self) -> None:
        """Do not wait for the person to stop typing."""
        self._settle.stop()
        self._consider()

    def _consider(self) -> None:
        """Have it planned anew, off the GUI thread: a hundred thousand rows take seconds. The newest answer counts."""
        if self._info is None or self._recipe is None:
            return
        self._asked += 1
        asked = self._asked
        by_list = self._kind.checkedId() == LIST
        wish = Wish(self._info, self._recipe, self._list.text() if by_list else None, self._first.value(),
                    self._count.value(), self.folder(), self._template.text(), self._ending(),
                    self._file.text().strip())
        self._background.run(lambda: draft(wish), lambda done: self._drafted(asked, done),
                             lambda problem: self._drafted(asked, Draft(None, None, None, problem.sentence())))

    def _drafted(self, asked: int, done: Draft) -> None:
        """Say what the names will be, or what is wrong."""
        if asked != self._asked:
            return
        self._answered = asked
        self.resumable.emit(done.unfinished)
        if done.plan is None or done.forecast is None:
            self._fail(told(done.fault) or self.tr("Choose a folder."))
            return
        self.plan = done.plan
        target = done.plan.target
        names = done.forecast.names if target is None else (target.name,)
        shown = (*names[:SHOWN_NAMES], "…", names[-1]) if len(names) > SHOWN_NAMES + 1 else names
        self._names.setText("\n".join(shown))
        self._role(self._names, "muted")
        self.show_forecast(done.forecast)
        self.planned.emit(self.plan)

    def _fail(self, sentence: str) -> None:
        self.plan = None
        self._names.setText(sentence)
        self._role(self._names, "danger")
        self._forecast.setText("")
        self.planned.emit(None)

    def _ending(self) -> str:
        """Of the one file that takes all rows; empty where each has its own."""
        return str(self._into.currentData()) if self._info is not None and gathers(self._info) else ""

    def _choose_rows(self) -> None:
        """The lines that fit what is open and chosen."""
        one = bool(self._ending())
        self._form.setRowVisible(self._into, self._info is not None and gathers(self._info))
        self._form.setRowVisible(self._file, one)
        self._form.setRowVisible(self._names_row, not one)
        self._settle.start()

    def _role(self, label: QLabel, role: str) -> None:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)

    def _fill_menu(self, info: PackageInfo) -> None:
        """What can stand in a name, with the value it has now."""
        self._menu.clear()
        for word in (*WORDS, *(control.name for control in info.controls)):
            control = info.control(word)
            spec = ":06" if control and control.kind is ControlKind.SEED else ""
            label = f"{{{word}}}\t{self._words.label(control)}" if control else f"{{{word}}}"
            self._menu.addAction(label).triggered.connect(
                lambda _=False, token=f"{{{word}{spec}}}": self._template.insert(token))

    def _seeds_row(self) -> QHBoxLayout:
        kinds = QFrame()
        kinds.setObjectName("segment")
        row = QHBoxLayout(kinds)
        row.setContentsMargins(2, 2, 2, 2)
        for number, text in ((COUNT, self.tr("Count")), (LIST, self.tr("List"))):
            button = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(number == COUNT)
            button.setMinimumWidth(70)
            self._kind.addButton(button, number)
            row.addWidget(button)
        pages = QStackedWidget()
        pages.addWidget(self._count_page())
        pages.addWidget(self._list)
        pages.setFixedHeight(30)
        self._kind.idToggled.connect(lambda number, on: pages.setCurrentIndex(number) if on else None)
        seeds = QHBoxLayout()
        seeds.addWidget(kinds)
        seeds.addSpacing(6)
        seeds.addWidget(pages, 1)
        return seeds

    def _arrange(self) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(8)
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        folder.addWidget(self._folder, 1)
        folder.addWidget(browse)
        names = self._names_row = QHBoxLayout()
        names.setSpacing(8)
        insert = QPushButton(self.tr("Insert"))
        insert.setMenu(self._menu)
        names.addWidget(self._template, 1)
        names.addWidget(insert)
        for widget, name in ((self._list, self.tr("Seeds")), (self._folder, self.tr("Folder")),
                             (self._template, self.tr("File names")), (self._into, self.tr("Save as")),
                             (self._file, self.tr("File name"))):
            widget.setAccessibleName(name)
        self._role(self._names, "muted")
        self._role(self._forecast, "muted")
        for ending, choice in (("", self.tr("A file for each")), (ENDINGS[0], self.tr("One table for all (CSV)")),
                               (ENDINGS[1], self.tr("One document for all (JSON)"))):
            self._into.addItem(choice, ending)
        self._into.setCurrentIndex(self._into.findData(self._settings.text("batch_into")))
        form = self._form = QFormLayout()
        form.setHorizontalSpacing(18)
        form.setVerticalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Settings"), self._about)
        form.addRow(self.tr("Seeds"), self._seeds_row())
        form.addRow(self.tr("Folder"), folder)
        form.addRow(self.tr("Save as"), self._into)
        form.addRow(self.tr("File names"), names)
        form.addRow(self.tr("File name"), self._file)
        form.addRow("", self._names)
        form.addRow(self.tr("Forecast"), self._forecast)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)

    def _count_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        for box in (self._count, self._first):
            box.setFixedWidth(92)
        for widget in (self._count, self._unit, self._first):
            row.addWidget(widget)
        row.addStretch(1)
        return page

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for the batch"), self._folder.text())
        if folder:
            self._folder.setText(folder)
