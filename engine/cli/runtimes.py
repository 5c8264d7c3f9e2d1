"""Which ONNX Runtimes are installed: two of them overwrite each other's files in silence, and none means no engine."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import distributions


def runtimes() -> list[str]:
    """The installed distributions that bring the module `onnxruntime`, as "name version"."""
    return sorted({f"{one.name} {one.version}" for one in distributions() if _is_runtime(one.name)})


def clash(installed: Iterable[str] | None = None) -> list[str]:
    """Sentences about a missing or doubled runtime; none when there is exactly one. A frozen program brings its own."""
    if getattr(sys, "frozen", False):
        return []
    found = runtimes() if installed is None else sorted(installed)
    if not found:
        return ["No ONNX Runtime is installed: no model can run. Install one with `pip install -e '.[cpu]'`."]
    if len(found) == 1:
        return []
    names = [one.split()[0] for one in found]
    sentence = (f"{len(found)} ONNX Runtimes are installed ({', '.join(found)}) and overwrite each other's files. "
                f"Remove all with `pip uninstall -y {' '.join(names)}`, then install exactly one.")
    return [sentence]


def _is_runtime(name: str | None) -> bool:
    plain = (name or "").lower().replace("_", "-")
    return plain == "onnxruntime" or (plain.startswith("onnxruntime-")
                                      and plain.split("-")[1] in {"gpu", "directml", "openvino", "qnn", "rocm",
                                                                  "migraphx", "training", "silicon", "cann", "winml",
                                                                  "windowsml", "azure"})
