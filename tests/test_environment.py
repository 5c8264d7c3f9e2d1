"""What the pinned libraries must not do to us; each test is a fault that was really met."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

RUNTIMES = {"onnxruntime", "onnxruntime-gpu", "onnxruntime-directml"}


def test_a_signal_keeps_the_references_of_true() -> None:
    # PySide6 6.12.0 takes one with every emit; Python 3.11 aborts when they are used up, after about a thousand.
    code = """
import sys
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal(bool)
bell = Bell()
bell.rung.connect(lambda on: None)
before = sys.getrefcount(True)
for _ in range(20_000):
    bell.rung.emit(True)
print(abs(sys.getrefcount(True) - before))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) < 100


def test_exactly_one_runtime_is_installed() -> None:
    # Two of them overwrite each other's files without a word, and `pip check` stays green.
    here = {distribution.name.lower() for distribution in metadata.distributions()} & RUNTIMES
    assert len(here) == 1
