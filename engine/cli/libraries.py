"""System libraries that the window needs, asked of the loader without importing Qt."""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec

DEBIAN = {
    "libGL.so.1": "libgl1", "libEGL.so.1": "libegl1", "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1", "libxkbcommon.so.0": "libxkbcommon0", "libdbus-1.so.3": "libdbus-1-3",
}
"""What Qt needs even without a display: library -> the Debian and Ubuntu package that holds it."""

X11 = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
"""What a window on X11 needs on top."""


def qt_installed() -> bool:
    """Whether PySide6 is here (it is not imported)."""
    return find_spec("PySide6") is not None


def missing(libraries: dict[str, str]) -> dict[str, str]:
    """The part of `libraries` that this system's loader does not find; empty on Windows and macOS."""
    return {name: package for name, package in libraries.items() if not _loads(name)} if sys.platform == "linux" else {}


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
