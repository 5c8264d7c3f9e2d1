"""A drag in the real window: from the mouse event on a slider to the painted frame, over one bare `session.run`.

The studio is the real one with its real child, without a screen; after every painted frame the yardstick runs the graph
once with feeds of the same shape, so that neither side finds its caches warmer than the other. The note tells the
longest time for which the window's event loop did not turn.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks.bare import Bare
from benchmarks.measure import Bench, Pair, Row, main, percentile95, row
from engine.api import ControlKind, Recipe
from engine.packages.shelf import default_shelf
from engine.paths import config_folder, resources_folder, state_folder
from gui.engine_bridge import EngineBridge
from gui.language import Language
from gui.settings import Settings
from gui.studio import Parts, Studio
from gui.theme import Theme
from gui.widgets.track import Track

PATIENCE_MS = 30_000
WARM = 5
TICK_MS = 1
WINDOW = (1360, 860)   # without a screen the window would be as small as it can get


def measure(bench: Bench) -> list[Row]:
    """One row: milliseconds from event to frame."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as home, Bare(bench.package.folder, bench.threads) as bare:
        os.environ["LATENT_ATELIER_HOME"] = home
        hand = Hand(bench, Path(home))
        try:
            pairs: list[Pair] = []
            drawn: list[float] = []
            bare.render(hand.recipe)  # learns the feeds; dragging changes their numbers, not their shapes
            for number in range(WARM + bench.pairs):
                ours = hand.drag_one_step(number)
                drawing = hand.drawing_ms
                other = bare.run()
                if number >= WARM:
                    pairs.append((ours, other))
                    drawn.append(drawing)
        finally:
            hand.close()
    beyond = [ours - other for ours, other in pairs]
    median = sorted(beyond)[len(beyond) // 2]
    note = (f"beyond the model: {median:.1f} ms (median), {percentile95(beyond):.1f} ms (p95), of which the family's "
            f"drawing {sorted(drawn)[len(drawn) // 2]:.1f} ms; "
            f"the window's longest stall {hand.longest_stall:.0f} ms; picture {hand.size}")
    return [row("slider event to painted frame / session.run", "ms", pairs, note)]


class Hand:
    """A studio, and a hand on one of its sliders."""

    def __init__(self, bench: Bench, home: Path) -> None:
        self._app = QApplication([])
        bridge = EngineBridge()
        bridge.start("cpu", bench.threads)
        request = bridge.open(bench.package.folder)
        parts = Parts(Settings(config_folder()), bridge, Theme(self._app, resources_folder(), "dark"),
                      Language(resources_folder() / "translations"), default_shelf(), state_folder(), home / "log.txt")
        self._studio = Studio(parts)
        self._studio.begin(request, "", crashed=False)
        self._studio.window.resize(*WINDOW)
        self._studio.window.show()
        self._loop = QEventLoop()
        self._stamp = 0
        self._seen = 0.0                   # when the window had the last picture
        self._last_tick = 0.0
        self.longest_stall = 0.0
        self._studio.workspace.stage.canvas.painted.connect(self._painted)
        self._wait()
        slider = next(c.name for c in bench.package.controls if c.kind in {ControlKind.DIRECTION, ControlKind.SLIDER})
        self._track = self._studio.workspace.panel.field(slider).findChildren(Track)[0]
        self._ticker = QTimer()
        self._ticker.timeout.connect(self._tick)

    @property
    def size(self) -> str:
        """Width and height of the picture on the canvas."""
        asset = self._studio.workspace.asset
        return f"{asset.pixels.shape[1]} × {asset.pixels.shape[0]}" if asset else "none"

    @property
    def drawing_ms(self) -> float:
        """What the family did around the model for the picture on the canvas."""
        asset = self._studio.workspace.asset
        return asset.total_ms - asset.model_ms if asset else 0.0

    @property
    def recipe(self) -> Recipe:
        """The recipe on the canvas. Raises RuntimeError when nothing is open."""
        recipe = self._studio.session.recipe
        if recipe is None:
            raise RuntimeError("no package is open")
        return recipe

    def drag_one_step(self, number: int) -> float:
        """Move the held handle; milliseconds until the frame of that move has been painted."""
        width = self._track.width()
        if number == 0:
            self._app.sendEvent(self._track, self._mouse(QEvent.Type.MouseButtonPress, width / 2))
        side = 1 if number % 2 else -1
        move = self._mouse(QEvent.Type.MouseMove, width * (0.5 + 0.35 * side * (1 - number / 1000)))
        self._last_tick = time.perf_counter()
        self._ticker.start(TICK_MS)
        begun = time.perf_counter()
        self._app.sendEvent(self._track, move)
        self._wait()
        self._ticker.stop()
        return (self._seen - begun) * 1000

    def close(self) -> None:
        """Let the window and its engine go."""
        self._studio.window.close()

    def _mouse(self, kind: QEvent.Type, x: float) -> QMouseEvent:
        at = QPointF(x, self._track.height() / 2)
        held = Qt.MouseButton.LeftButton
        return QMouseEvent(kind, at, self._track.mapToGlobal(at), held, held, Qt.KeyboardModifier.NoModifier)

    def _wait(self) -> None:
        """Turn the event loop until the newest preview is painted. Raises TimeoutError when it never is."""
        impatient = QTimer(singleShot=True, interval=PATIENCE_MS)
        impatient.timeout.connect(self._loop.quit)
        impatient.start()
        while not self._stamp or self._stamp < self._studio.workspace.stamp:
            self._loop.exec()
            if not impatient.isActive():
                raise TimeoutError("the studio painted no picture")

    def _painted(self, stamp: int) -> None:
        self._seen = time.perf_counter()
        self._stamp = stamp
        self._loop.quit()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest_stall = max(self.longest_stall, (now - self._last_tick) * 1000)
        self._last_tick = now


if __name__ == "__main__":
    main(measure, __doc__)
