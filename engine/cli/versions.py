"""Which versions are at work: ours, Python's, and the libraries that matter. Reads metadata, imports none of them."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("numpy", "onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "pillow", "msgspec",
             "PySide6-Essentials", "torch")


def software_line() -> str:
    """What `atelier --version` prints."""
    return f"Latent Atelier {installed('latent-atelier') or 'development'} (Python {platform.python_version()})"


def installed(distribution: str) -> str | None:
    """The version of an installed distribution, or None."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def versions() -> dict[str, str | None]:
    """Name -> version, None for what is not installed."""
    found: dict[str, str | None] = {"latent-atelier": installed("latent-atelier"),
                                    "python": platform.python_version(), "system": platform.platform(),
                                    "frozen": "yes" if getattr(sys, "frozen", False) else "no"}
    return found | {name: installed(name) for name in LIBRARIES}
