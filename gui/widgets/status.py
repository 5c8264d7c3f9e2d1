"""The status bar: how the engine is, on which device models run, how long the last picture took, zoom and size."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from engine.api import Asset, Device, Medium
from gui.properties import told
from gui.theme import Theme
from gui.widgets.amounts import duration
from gui.widgets.badges import place_help, place_of, place_words

DOT = 8
LONG_MS = 10_000


class EngineState(StrEnum):
    """What the engine is at, as far as a person cares."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class Dot(QWidget):
    """A coloured dot; the words beside it say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state = EngineState.STARTING
        self.setFixedSize(DOT, DOT)

    def show_state(self, state: EngineState) -> None:
        """Green, amber or red."""
        self._state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One circle."""
        del event
        colors = self._theme.colors
        shade = {EngineState.READY: colors.good, EngineState.STOPPED: colors.danger}.get(self._state, colors.warning)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shade))
        painter.drawEllipse(QRectF(0, 0, DOT, DOT))
        painter.end()


class StatusStrip(QWidget):
    """Everything in the status bar, in one row."""

    work_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = Dot(theme)
        self._engine = QLabel()
        self._batch = QLabel()
        self._work = QToolButton()
        self._work.setObjectName("statusWork")
        self._work.setFixedHeight(QLabel("X").sizeHint().height())   # no higher than the words beside it
        self._work.hide()
        self._work.clicked.connect(self.work_clicked)
        self._place = QLabel()
        self._size, self._zoom, self._time, self._device = (QLabel() for _ in range(4))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(7)
        row.addWidget(self._dot)
        row.addWidget(self._engine)
        row.addSpacing(14)
        row.addWidget(self._work)
        row.addWidget(self._batch, 1)
        for label, wide in ((self._place, 0), (self._size, 90), (self._zoom, 48), (self._time, 92), (self._device, 60)):
            label.setProperty("role", "muted")
            label.setMinimumWidth(wide)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addSpacing(10)
            row.addWidget(label)
        self._zoom.setToolTip(self.tr("Zoom: pixels of the screen per pixel of the picture"))
        self._time.setToolTip(self.tr("Time of the last result inside the model"))
        self._size.setToolTip(self.tr("Size of the result"))
        self.show_engine(EngineState.STARTING)

    def show_engine(self, state: EngineState, words: str = "") -> None:
        """The engine's state; `words` replace the usual ones."""
        usual = {
            EngineState.STARTING: self.tr("Engine is starting"), EngineState.READY: self.tr("Ready"),
            EngineState.RESTARTING: self.tr("Engine is being started again"),
            EngineState.STOPPED: self.tr("Engine stopped"),
        }
        self._dot.show_state(state)
        self._engine.setText(words or usual[state])

    def show_device(self, device: Device, requested: str) -> None:
        """What runs models; when it is not what was asked for, both, with the reason as tool tip."""
        asked = device.requested not in {"auto", ""} and bool(device.why)
        text = self.tr("{0} (asked for: {1})").format(told(device.name), requested) if asked else told(device.name)
        self._device.setText(text)
        lines = (self.tr("Requested: {0}").format(requested), self.tr("Running on: {0}").format(device.actual),
                 told(device.why))
        self._device.setToolTip("\n".join(line for line in lines if line))

    def show_nothing(self) -> None:
        """There is no result: no time, no size, no place."""
        for label in (self._size, self._time, self._place):
            label.setText("")
        self._zoom.hide()

    def show_asset(self, asset: Asset) -> None:
        """Time and size of the result that is shown."""
        height, width = asset.pixels.shape[:2] if asset.full is None else asset.full[::-1]
        self._size.setText({
            Medium.PICTURE: f"{width} × {height} px", Medium.TEXT: self.tr("%n text(s)", "", len(asset.texts)),
            Medium.PALETTE: self.tr("%n colour(s)", "", len(asset.swatches))}[asset.medium])
        self._zoom.setVisible(asset.medium is Medium.PICTURE)
        self._place.setVisible(asset.distance is not None)
        if asset.distance is not None:
            self._place.setText(place_words(place_of(asset.distance)))
            self._place.setToolTip(place_help(asset.distance))
        self._time.setText(self._model_time(asset.model_ms))

    def _model_time(self, took: float) -> str:
        """Milliseconds with two digits at least; from ten seconds on as a person says it."""
        if took >= LONG_MS:
            return self.tr("model {0}").format(duration(took / 1000))
        return self.tr("model {0} ms").format(f"{took:.1f}" if took < 10 else f"{took:.0f}")  # noqa: PLR2004

    def show_batch(self, done: int, total: int) -> None:
        """A batch at work in the background; nothing when `total` is 0."""
        self._batch.setText(self.tr("Batch: {0} of {1}").format(done, total) if total else "")

    def show_work(self, words: str) -> None:
        """A conversion at work in the background, as a button that shows it; nothing when empty."""
        self._work.setText(words)
        self._work.setToolTip(self.tr("Show the conversion"))
        self._work.setVisible(bool(words))

    def show_zoom(self, zoom: float) -> None:
        """Zoom in percent."""
        self._zoom.setText(f"{zoom * 100:.0f} %")

    def texts(self) -> tuple[str, ...]:
        """All that is shown, from left to right."""
        return tuple(label.text() for label in (self._engine, self._size, self._zoom, self._time, self._device))
