"""From the start of the process to the first window and to the first picture, over the same in forty bare lines.

The yardstick opens an empty Qt window, then imports ONNX Runtime, loads the same graph and runs it once, all in one
process. The packaged program is measured too where `dist/latent-atelier` exists.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Bench, Pair, Row, main, row

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "dist" / "latent-atelier" / ("latent-atelier.exe" if os.name == "nt" else "latent-atelier")
YARDSTICK = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
graph, threads, report = sys.argv[1], int(sys.argv[2]), sys.argv[3]
app = QApplication([])
class Window(QMainWindow):
    shown = False
    def paintEvent(self, event):
        if not self.shown:
            self.shown = True
            QTimer.singleShot(0, self.go_on)
    def go_on(self):
        window = time.time()
        import numpy, onnxruntime
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(graph, settings, providers=["CPUExecutionProvider"])
        feeds = {}
        for port in session.get_inputs():
            shape = [side if isinstance(side, int) else 1 for side in port.shape]
            feeds[port.name] = numpy.zeros(shape, numpy.float32 if "float" in port.type else numpy.int64)
        session.run(None, feeds)
        with open(report, "w") as file:
            json.dump({"window": window, "picture": time.time()}, file)
        app.quit()
window = Window()
window.resize(1280, 820)
window.show()
app.exec()
"""


def measure(bench: Bench) -> list[Row]:
    """Two rows from the source checkout, and two from the built folder where there is one."""
    from engine.packages.manifest import load_manifest

    folder = Path(bench.package.folder)
    graph = folder / next(iter(load_manifest(folder).graphs.values())).file
    times = max(3, bench.pairs // 10)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        bare = [sys.executable, "-c", YARDSTICK, str(graph), str(bench.threads)]
        programs = {"source": [sys.executable, str(ROOT / "atelier.py")]}
        if BUILT.exists():
            programs["packaged"] = [str(BUILT)]
        for name, command in programs.items():
            _prepare(Path(scratch) / name, folder, bench.threads)
            pairs = [_both(command, bare, Path(scratch), name) for _ in range(times + 1)][1:]  # the first fills caches
            for mark in ("window", "picture"):
                chosen: list[Pair] = [(ours[mark], other[mark]) for ours, other in pairs]
                rows.append(row(f"start to first {mark}, {name} / bare program", "s", chosen))
    return rows


def _prepare(home: Path, folder: Path, threads: int) -> None:
    """Settings as after a first session: this package, these threads."""
    (home / "config").mkdir(parents=True)
    settings = {"package": str(folder), "threads": threads, "device": "cpu"}
    (home / "config" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def _both(command: list[str], bare: list[str], scratch: Path, name: str) -> tuple[dict[str, float], dict[str, float]]:
    report = scratch / "report.json"
    ours = _timed(command, report, {"LATENT_ATELIER_PROBE": str(report), "LATENT_ATELIER_HOME": str(scratch / name)})
    return ours, _timed([*bare, str(report)], report, {})


def _timed(command: list[str], report: Path, extra: dict[str, str]) -> dict[str, float]:
    """Seconds from here to each mark that the program reported."""
    report.unlink(missing_ok=True)
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **extra}
    begun = time.time()
    subprocess.run(command, env=environment, check=True, timeout=120, cwd=ROOT, capture_output=True)
    marks = json.loads(report.read_text(encoding="utf-8"))
    return {mark: moment - begun for mark, moment in marks.items()}


if __name__ == "__main__":
    main(measure, __doc__)
