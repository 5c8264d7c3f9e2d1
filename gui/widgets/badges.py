"""What must be known about the picture on the canvas: that it is a draft, that it lies outside what the model knows."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.api import Asset
from gui.theme import Theme

EDGE, FAR = 1.0, 1.5
"""In units of the distance that 99 of 100 of the model's own samples stay under."""


class Place(StrEnum):
    """Where a picture lies with respect to the training cloud."""

    USUAL = "usual"
    UNUSUAL = "unusual"
    FAR = "far"


def place_of(distance: float) -> Place:
    """The word for a distance; 1.0 is the edge."""
    return Place.USUAL if distance <= EDGE else Place.UNUSUAL if distance <= FAR else Place.FAR


def place_words(place: Place) -> str:
    """One or two words for the screen."""
    translate = QCoreApplication.translate
    return {Place.USUAL: translate("Badges", "Usual"), Place.UNUSUAL: translate("Badges", "Unusual"),
            Place.FAR: translate("Badges", "Far out")}[place]


def place_help(distance: float) -> str:
    """What the word means, honestly."""
    return QCoreApplication.translate(
        "Badges", "<p>Distance from the middle of what this model makes by itself: <b>{0}</b>. 99 of 100 of its own "
        "pictures stay under 1. Beyond that it has seen little, and pictures may fall apart; whether you like them is "
        "yours to say.</p>").format(f"{distance:.2f}")


class Pill(QFrame):
    """A short remark with round ends; perhaps with one thing to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("pill")
        self._icon = QLabel()
        self._words = QLabel()
        self.button = QPushButton()
        self.button.setObjectName("pillButton")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 10, 4)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        row.addWidget(self.button)
        self.button.hide()
        self.hide()

    def tell(self, words: str, icon: QPixmap) -> None:
        """Show `words` after `icon`."""
        self._words.setText(words)
        self._icon.setPixmap(icon)
        self.setAccessibleName(words)

    def words(self) -> str:
        """What is shown now; empty when nothing is."""
        return self._words.text() if not self.isHidden() else ""


class Badges(QWidget):
    """The remarks in the lower left corner of the canvas."""

    resized = Signal()
    back_wanted = Signal(float)            # the distance to come back from
    run_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._distance: float | None = None
        self._draft = 0                    # longest side of the draft that is shown, 0 without one
        self._place = Place.USUAL
        self.draft = Pill(self)
        self.place = Pill(self)
        self.changed = Pill(self)
        self.partial = Pill(self)
        self.place.button.setText(self.tr("Bring back"))
        self.place.button.setToolTip(self.tr("Pull the sliders and the start towards the middle, in one step"))
        self.place.button.show()
        self.draft.setToolTip(self.tr(
            "A smaller picture, while you drag or from the history; the real one follows when you let go or press Run"))
        self.changed.button.setText(self.tr("Run"))
        self.changed.button.show()
        self.changed.setToolTip(self.tr("The settings were changed after this result was made"))
        self.partial.setToolTip(self.tr("A look at unfinished work: it is still being made"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for pill in (self.partial, self.draft, self.place, self.changed):
            row.addWidget(pill)
        self.changed.button.clicked.connect(self.run_wanted)
        self.place.button.clicked.connect(self._back)
        theme.changed.connect(self._restyle)
        self.hide()

    def show_asset(self, asset: Asset) -> None:
        """What there is to remark about this picture."""
        self._distance = asset.distance
        place = Place.USUAL if asset.distance is None else place_of(asset.distance)
        draft = max(asset.pixels.shape[:2]) if asset.draft else 0
        if asset.distance is not None and place is not Place.USUAL:
            self.place.setToolTip(place_help(asset.distance))
        if (draft, place) == (self._draft, self._place):
            return
        self._draft, self._place = draft, place
        self.draft.setVisible(bool(draft))
        self.place.setVisible(place is not Place.USUAL)
        self._settle()

    def show_run(self, *, changed: bool, partial: str = "") -> None:
        """Whether the result is of other settings than the present ones; what unfinished work is at."""
        if changed == (not self.changed.isHidden()) and partial == self.partial.words():
            return
        self.changed.setVisible(changed)
        self.partial.tell(partial, self._theme.pixmap("image", self._theme.colors.link, 14))
        self.partial.setVisible(bool(partial))
        self._settle()

    def clear(self) -> None:
        """Nothing to remark: there is no result."""
        self._draft, self._place = 0, Place.USUAL
        for pill in (self.draft, self.place, self.changed, self.partial):
            pill.hide()
        self.hide()

    def _settle(self) -> None:
        """As large as what is shown now."""
        self._restyle()
        pills = (self.draft, self.place, self.changed, self.partial)
        self.setVisible(any(not pill.isHidden() for pill in pills))
        for row in (*(pill.layout() for pill in pills), self.layout()):
            if row is not None:
                row.activate()             # or the size of what is shown now would be known too late
        self.resized.emit()

    def _restyle(self) -> None:
        """The words with their icons in the colours of the theme."""
        theme = self._theme
        color = theme.colors.danger if self._place is Place.FAR else theme.colors.warning
        self.place.tell(place_words(self._place), theme.pixmap("triangle-alert", color, 14))
        self.changed.tell(self.tr("Changed since this result"), theme.pixmap("pencil", theme.colors.warning, 14))
        self.draft.tell(self.tr("Draft · {0} px").format(self._draft), theme.pixmap("image", theme.colors.muted, 14))

    def _back(self) -> None:
        if self._distance is not None:
            self.back_wanted.emit(self._distance)
