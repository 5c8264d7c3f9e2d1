"""Which versions are at work: ours, Python's, and the libraries that matter. Imports none of those."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from engine.provenance import SOFTWARE

LIBRARIES = ("numpy", "onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "pillow", "msgspec", "tokenizers",
             "PySide6-Essentials", "torch")


def software_line() -> str:
    """What `atelier --version` prints."""
    return f"{SOFTWARE} (Python {platform.python_version()})"


def installed(distribution: str) -> str | None:
    """The version of an installed distribution, or None."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str | None]:
    """Name -> version, None for what is not installed."""
    found: dict[str, str | None] = {"program": SOFTWARE, "python": platform.python_version(),
                                    "system": platform.platform(),
                                    "frozen": "yes" if getattr(sys, "frozen", False) else "no"}
    return found | {name: installed(name) for name in LIBRARIES}
