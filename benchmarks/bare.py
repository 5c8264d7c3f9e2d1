"""The yardstick: a process that runs the same graph with nothing around it. `Bare` starts it and asks.

It renders a recipe once to learn what the family feeds the graph, then repeats exactly those feeds through a plain
`InferenceSession`. Times are taken inside this process, so that the pipe is not part of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.api import Recipe


class Bare:
    """The yardstick process, as a context manager. All times are milliseconds."""

    def __init__(self, folder: str, threads: int) -> None:
        self._command = [sys.executable, "-m", "benchmarks.bare", folder, str(threads)]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.communicate()

    def render(self, recipe: Recipe) -> float:
        """Render in process, through the family; what it fed the graph is what `run` repeats."""
        return self._ask({"do": "render", "recipes": [recipe.to_dict()]})

    def run(self) -> float:
        """One bare `session.run` with the last recipe's feeds."""
        return self._ask({"do": "run"})

    def learn(self, recipes: Sequence[Recipe]) -> None:
        """Render these once, keeping feeds and pixels for `produce`."""
        self._ask({"do": "render", "recipes": [recipe.to_dict() for recipe in recipes]})

    def produce(self, folder: Path) -> float:
        """Bare inference and Pillow's encoding to files, one after the other in one loop, for all that was learned."""
        return self._ask({"do": "produce", "folder": str(folder)})

    def _ask(self, question: dict[str, Any]) -> float:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("use it in a with block")
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        return float(json.loads(process.stdout.readline())["ms"])


class _Loop:
    """The other side of `Bare`."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime

        from engine.families.registry import family_of
        from engine.packages.describe import describe
        from engine.packages.manifest import load_manifest
        from engine.runtime.providers import Options, Runtime
        from engine.runtime.session import Session

        runtime = Runtime(Options(threads=threads))
        manifest = load_manifest(folder)
        self._info = describe(folder)
        self._model = family_of(manifest, str(folder)).open(folder, manifest, runtime)
        self._inputs: dict[str, str] = {}
        self._feeds: dict[str, Any] = {}
        self._learned: list[tuple[dict[str, Any], Any]] = []
        graph = next(iter(manifest.graphs.values()))
        names = {role: port.name for role, port in graph.inputs.items()}
        real = Session.run

        def recording(session: Session, feeds: Any, cancel: Any = None) -> Any:
            self._feeds = {names[role]: value.copy() for role, value in feeds.items()}
            return real(session, feeds, cancel)

        Session.run = recording  # type: ignore[assignment, method-assign]
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(str(folder / graph.file), settings,
                                                     providers=[runtime.device.actual])

    def answer(self, question: dict[str, Any]) -> float:
        """Do what is asked; milliseconds."""
        from engine.progress import ProgressSink

        if question["do"] == "run":
            begun = time.perf_counter()
            self._session.run(None, self._feeds)
            return (time.perf_counter() - begun) * 1000
        if question["do"] == "produce":
            return self._produce(Path(question["folder"]))
        self._learned = []
        begun = time.perf_counter()
        for recipe in question["recipes"]:
            asset = self._model.render(Recipe.from_dict(recipe), ProgressSink())
            self._learned.append((self._feeds, asset.colors()))
        return (time.perf_counter() - begun) * 1000

    def _produce(self, folder: Path) -> float:
        from PIL import Image

        from engine.writers.png import LEVEL

        begun = time.perf_counter()
        for number, (feeds, pixels) in enumerate(self._learned):
            self._session.run(None, feeds)
            Image.fromarray(pixels).save(folder / f"{number}.png", compress_level=LEVEL)
        return (time.perf_counter() - begun) * 1000


def _serve() -> None:
    loop = _Loop(Path(sys.argv[1]), int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps({"ms": loop.answer(json.loads(line))}), flush=True)


if __name__ == "__main__":
    _serve()
