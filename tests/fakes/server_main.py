"""The real engine server around scripted hands: recipes and folder names say what goes wrong.

Run as `python -m tests.fakes.server_main`. A recipe's value `do` is one of the methods of `Script`; a package folder's
name may be `hang`, `abort` or `broken`, anything else opens; `slow` is not live.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import stat
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import atomic, server
from engine.api import Asset, Control, ControlKind, Device, Medium, PackageInfo, Plan, Progress, PromptReading, Recipe
from engine.errors import DiskFull, FileProblem, ModelError, PackageError
from engine.progress import ProgressSink
from engine.workshop import Filed, Found, already_there

FOREVER_S = 1000.0


class Script:
    """What a recipe can ask for by its value `do`; each method makes trouble or returns to let the picture be made."""

    def ok(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Make the picture at once."""

    def slow(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Take `seconds`, in steps, and hear a cancel."""
        end = time.monotonic() + float(recipe.values["seconds"])
        while time.monotonic() < end:
            progress.stepped(Progress(1, 100, "slow"))
            time.sleep(0.005)

    def steps(self, recipe: Recipe, progress: ProgressSink) -> None:
        """`steps` steps of `seconds` each, as a slow model; in a step a cancel is heard as ONNX Runtime hears it."""
        total = int(recipe.values["steps"])
        for done in range(total):
            progress.stepped(Progress(done, total, f"Step {done + 1} of {total}"))
            if progress.watched:
                pixels = np.full((1, 1, 1), done, np.uint8)
                progress.show(Asset(recipe, pixels, medium=Medium.TEXT, texts=("so far",), partial=True))
            stopped = threading.Event()
            with progress.cancel.attached(stopped.set):
                stopped.wait(float(recipe.values["seconds"]))
            progress.check()
            if str(done) == recipe.values.get("hang_at"):
                time.sleep(FOREVER_S)
            if str(done) == recipe.values.get("die_at"):
                os.abort()

    def hang(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Tell that it began, and never come back, deaf to cancels."""
        progress.stepped(Progress(0, 1, "hang"))
        time.sleep(FOREVER_S)

    def abort(self, recipe: Recipe, progress: ProgressSink) -> None:
        """SIGABRT, as a failed assertion in a C++ library."""
        os.abort()

    def segv(self, recipe: Recipe, progress: ProgressSink) -> None:
        """A real null pointer."""
        ctypes.string_at(0)

    def die_once(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Abort the first time only; `marker` is the file that remembers."""
        marker = Path(str(recipe.values["marker"]))
        if not marker.exists():
            marker.touch()
            os.abort()

    def full(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Make the picture; writing it will find the disk full."""

    def fail(self, recipe: Recipe, progress: ProgressSink) -> None:
        """The model's own fault."""
        raise ModelError("The model made no sense of it.", "Use another seed.")

    def bug(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Our fault."""
        raise ZeroDivisionError

    def hog(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Ask for a pebibyte."""
        np.empty(1 << 50, np.uint8)

    def chatter(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Print on standard output from Python and from C."""
        print("a library says hello")
        os.write(1, b"and so does C\n")

    def garbage(self, recipe: Recipe, progress: ProgressSink) -> None:
        """Write rubbish into the event pipe."""
        for descriptor in range(3, 32):
            try:
                if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                    os.write(descriptor, b"this is not a frame, by no means")
            except OSError:
                continue


class FakeHands:
    """Scripted hands."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def prepare(self) -> tuple[Device, Mapping[str, str]]:
        """At once; fails when the environment says so."""
        if os.environ.get("LATENT_ATELIER_FAKE") == "no runtime":
            raise ModelError("ONNX Runtime is not installed.", "Install one of its packages.")
        return Device("auto", "FakeProvider", "Fake device"), {"fake": "1"}

    def open(self, folder: str) -> PackageInfo:
        """By the folder's name."""
        name = Path(folder).name
        if name == "hang":
            time.sleep(FOREVER_S)
        if name == "abort":
            os.abort()
        if name == "broken":
            raise PackageError("The package is broken.", "Get it again.", folder)
        self._open.add(name)
        controls = (Control("seed", ControlKind.SEED, "Seed", 0), Control("do", ControlKind.TEXT, "Do", "ok"),
                    Control("seconds", ControlKind.SLIDER, "Seconds", 0.0, minimum=0.0, maximum=100.0))
        return PackageInfo(name, name, "1", "fake", "sha256:0", "", "", "", folder, controls, live=name != "slow")

    def render(self, recipe: Recipe, progress: ProgressSink, *, draft: bool = False) -> Asset:
        """Script first, then a picture whose pixels tell the seed; a draft is 2 x 2."""
        if recipe.package not in self._open:
            raise PackageError("That package is not open.", "Open it.")
        print("rendering", recipe.values.get("seed"), file=sys.stderr)
        getattr(Script(), str(recipe.values.get("do", "ok")))(recipe, progress)
        size = (2, 2) if draft else recipe.values.get("size", (4, 4))
        assert isinstance(size, tuple)
        pixels = np.full((size[1], size[0], 4), int(recipe.values.get("seed", 0)) % 256, np.uint8)
        return Asset(recipe, pixels, 1.0, 2.0, "FakeProvider", draft=draft, full=(4, 4) if draft else None)

    def encode(self, recipe: Recipe, path: str, progress: ProgressSink) -> Found:
        """Script first, then a seed that is the length of the file's name."""
        getattr(Script(), str(recipe.values.get("do", "ok")))(recipe, progress)
        pixels = np.zeros((4, 4, 3), np.uint8)
        return Found({"seed": len(Path(path).name)}, pixels, pixels + np.uint8(1), {"psnr": 48.0}, ("a note",))

    def write(self, asset: Asset, path: str, *, overwrite: bool, retried: bool, card: int | None = None) -> Filed:
        """The recipe's text as the file."""
        time.sleep(float(asset.recipe.values.get("write_seconds", 0.0)))
        if asset.recipe.values.get("do") == "full":
            raise DiskFull("The disk is full.", "Free some space.", path)
        data = asset.recipe.canonical().encode()
        if not (retried and already_there(Path(path), data)):
            atomic.write_file(Path(path), data, overwrite=overwrite)
        return Filed(len(data), hashlib.sha256(data).hexdigest())

    def consider(self, recipe: Recipe) -> Plan:
        """As many steps as the recipe says, and its prompt."""
        prompt = str(recipe.values.get("prompt", ""))
        return Plan({"prompt": PromptReading(prompt, len(prompt.split()), 77)}, int(recipe.values.get("steps", 0)), 1.5)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Lengths as vectors."""
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    def look(self, path: str, longest: int) -> tuple[NDArray[np.uint8], tuple[int, int]]:
        """A white picture as wide as may be."""
        if not Path(path).exists():
            raise FileProblem("It is not there.", "Choose another.", path)
        return np.full((1, longest, 3), 255, np.uint8), (2 * longest, 2)

    def devices(self) -> tuple[Device, ...]:
        """One."""
        return (Device("auto", "FakeProvider", "Fake device"),)


if __name__ == "__main__":
    server.main(hands=FakeHands())
