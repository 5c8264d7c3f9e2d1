"""The way to the part that needs torch: it runs as a program of its own, so that torch never meets ONNX Runtime."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engine.errors import BundleMissing, ExitCode

ROOT = Path(__file__).resolve().parents[2]


def require(extra: str) -> None:
    """Raise BundleMissing with the way to get it when torch is not here. `extra` is "export" or "train"."""
    if getattr(sys, "frozen", False):
        raise BundleMissing("This download has no PyTorch, which this verb needs.",
                            f"Set up the source checkout with `pip install -e '.[cpu,{extra}]'` and run it there.")
    if find_spec("torch") is None:
        raise BundleMissing("PyTorch, which this verb needs, is not installed.",
                            f"Install the bundle with `{sys.executable} -m pip install -e '.[cpu,{extra}]'` in {ROOT}.")


def forward(module: str, arguments: Sequence[str]) -> int:
    """Run `python -m module arguments...` on this terminal and return its exit code; Ctrl-C reaches it as well."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    child = subprocess.Popen([sys.executable, "-m", module, *arguments], env={**os.environ, "PYTHONPATH": path})
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            continue  # the child got the same Ctrl-C and is saving its state
        return int(ExitCode.CANCELLED) if code in {-2, int(ExitCode.CANCELLED)} else abs(code)
