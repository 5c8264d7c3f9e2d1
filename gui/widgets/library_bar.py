"""Above the library: what to look for, of which kind, and what stands first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.api import Medium
from gui.theme import Theme
from gui.widgets.filmstrip import SearchBox
from gui.widgets.flow import FlowLayout

WIDE = 250
NAME_WIDE = 220
"""The longest name of a model or a tag, in logical pixels."""
BEST = 5


@dataclass(frozen=True)
class Choice:
    """Something to choose: its key, its name, and how many have it."""

    key: str
    name: str
    count: int


@dataclass(frozen=True)
class Filters:
    """What is looked for; empty is everything."""

    words: str = ""
    medium: Medium | None = None
    package: str = ""
    rating: int = 0
    tags: tuple[str, ...] = ()
    missing: bool = False
    order: str = ""                        # a key of the orders; empty: the likest, or the newest

    @property
    def empty(self) -> bool:
        """Whether everything is shown."""
        return not (self.words or self.medium or self.package or self.rating or self.tags or self.missing)


class LibraryBar(QFrame):
    """A search box and choices, in as many lines as they need."""

    asked = Signal(object)                 # Filters
    entered = Signal()                     # the keyboard goes on to what was found

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("libraryBar")
        self._theme = theme
        self._tags: tuple[str, ...] = ()
        self._choices: tuple[Choice, ...] = ()
        self.search = SearchBox()
        self._lens = self.search.addAction(theme.icon("search", theme.colors.muted, 14),
                                           QLineEdit.ActionPosition.LeadingPosition)
        self.search.setFixedWidth(WIDE)
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(self.tr("Search by words or meaning"))
        self.search.setAccessibleName(self.tr("Search the library"))
        self.search.setToolTip(self.tr("Finds by meaning: what was asked for and what was written"))
        self.medium = self._box(self.tr("Kind"))
        self.medium.addItem(self.tr("All kinds"), None)
        for medium, words in ((Medium.PICTURE, self.tr("Pictures")), (Medium.TEXT, self.tr("Texts")),
                              (Medium.PALETTE, self.tr("Palettes"))):
            self.medium.addItem(words, medium)
        self.package = self._box(self.tr("Model"))
        self.package.addItem(self.tr("All models"), "")
        self.rating = self._box(self.tr("Rating"))
        self.rating.addItem(self.tr("Any rating"), 0)
        for stars in range(1, BEST + 1):
            self.rating.addItem("★" * stars + (self.tr(" or more") if stars < BEST else ""), stars)
        self.tags = QPushButton()
        self.tags.setObjectName("tagFilter")
        self.tags.setAccessibleName(self.tr("Tags"))
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.tags.setMenu(self._menu)
        self.order = self._box(self.tr("Sort"))
        for key, words in (("", self.tr("Best match")), ("newest", self.tr("Newest first")),
                           ("oldest", self.tr("Oldest first")), ("rating", self.tr("Best rated first")),
                           ("name", self.tr("By name"))):
            self.order.addItem(words, key)
        self.order.setCurrentIndex(1)
        self.gone = QAction(self.tr("Only missing files"), self, checkable=True)
        self._arrange()
        self._name_tags()
        theme.changed.connect(self._restyle)

    @property
    def filters(self) -> Filters:
        """What is looked for now."""
        words = " ".join(self.search.text().split())
        medium = self.medium.currentData()             # Qt hands an enum back as a plain text
        return Filters(words, Medium(medium) if medium else None, self.package.currentData(), self.rating.currentData(),
                       self._tags, self.gone.isChecked(), self.order.currentData())

    def show_packages(self, packages: Sequence[Choice]) -> None:
        """The models that made something."""
        with QSignalBlocker(self.package):
            chosen = self.package.currentData()
            while self.package.count() > 1:
                self.package.removeItem(1)
            for choice in packages:
                name = self.fontMetrics().elidedText(choice.name or choice.key, Qt.TextElideMode.ElideRight, NAME_WIDE)
                self.package.addItem(f"{name}  {choice.count}", choice.key)
            self.package.setCurrentIndex(max(0, self.package.findData(chosen)))

    def show_tags(self, tags: Sequence[Choice]) -> None:
        """The tags that something has; one that nothing has any more is not looked for."""
        self._choices = tuple(tags)
        left = {choice.key for choice in tags}
        if any(tag not in left for tag in self._tags):
            self._choose(tuple(tag for tag in self._tags if tag in left))
        self._name_tags()

    def look_for_tag(self, tag: str) -> None:
        """Only what has this tag."""
        self._choose((tag,))

    def clear(self) -> None:
        """Look for everything again."""
        self.rest()
        self._ask()

    def rest(self) -> None:
        """Empty, without asking for anything."""
        widgets = (self.search, self.medium, self.package, self.rating, self.gone, self.order)
        blockers = [QSignalBlocker(widget) for widget in widgets]
        self.search.clear()
        for box in (self.medium, self.package, self.rating):
            box.setCurrentIndex(0)
        self.gone.setChecked(False)
        self.order.setCurrentIndex(self.order.findData("newest"))
        self._tags = ()
        del blockers
        self._name_tags()

    def seek(self) -> None:
        """Put the keyboard into the search box."""
        self.search.setFocus()
        self.search.selectAll()

    def _arrange(self) -> None:
        inside = QWidget()
        flow = FlowLayout(inside, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.addWidget(inside)
        for widget in (self.search, self.medium, self.package, self.rating, self.tags, self.order):
            flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        inside.setSizePolicy(policy)
        self.search.textChanged.connect(self._type)
        self.search.left.connect(self.entered)
        for box in (self.medium, self.package, self.rating, self.order):
            box.currentIndexChanged.connect(self._ask)
        self.gone.toggled.connect(self._ask)

    def _type(self, words: str) -> None:
        """Words are answered best first, and all there is newest first, unless somebody said otherwise."""
        usual, now = ("newest", "") if words else ("", "newest")
        if self.order.currentData() == usual:
            with QSignalBlocker(self.order):
                self.order.setCurrentIndex(self.order.findData(now))
        self._ask()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _fill(self) -> None:
        """The menu of tags, with what is chosen ticked."""
        self._menu.clear()
        for choice in self._choices:
            name = self.fontMetrics().elidedText(choice.name, Qt.TextElideMode.ElideRight, NAME_WIDE)
            action = self._menu.addAction(f"{name}  {choice.count}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(choice.key in self._tags)
            action.triggered.connect(lambda on, key=choice.key: self._toggle(key, on))
        if not self._choices:
            self._menu.addAction(self.tr("No tags yet: give some in the details")).setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(self.gone)

    def _toggle(self, tag: str, on: bool) -> None:
        self._choose((*self._tags, tag) if on else tuple(other for other in self._tags if other != tag))

    def _choose(self, tags: tuple[str, ...]) -> None:
        self._tags = tags
        self._name_tags()
        self._ask()

    def _name_tags(self) -> None:
        words = ", ".join(self._tags) or self.tr("All tags")
        self.tags.setText(f"\u2002{self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, NAME_WIDE)}")
        self.tags.setToolTip(", ".join(self._tags) or self.tr("Tags"))
        self.updateGeometry()

    def _ask(self) -> None:
        self.asked.emit(self.filters)

    def _restyle(self) -> None:
        self._lens.setIcon(self._theme.icon("search", self._theme.colors.muted, 14))
