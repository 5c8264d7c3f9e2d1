"""ONNX files as the manifest describes them: digests, sizes, and the files beside them. No torch, no runtime."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def digest(path: Path) -> dict[str, Any]:
    """`sha256` and `bytes` of a file, read in pieces."""
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def redescribed(graph: Mapping[str, Any], path: Path, beside: tuple[str, ...] = ()) -> dict[str, Any]:
    """The same ports in another file: the manifest's object for `path` and the weight files named in `beside`."""
    return {"file": path.name, **digest(path), "inputs": graph["inputs"], "outputs": graph["outputs"],
            "external": {name: digest(path.parent / name) for name in beside}}


def whole_size(graph: Mapping[str, Any], counted: set[str] | None = None) -> int:
    """Bytes of a graph with its weight files; those whose digests are in `counted` belong to a graph before it."""
    counted = set() if counted is None else counted
    files = {file["sha256"]: int(file["bytes"]) for file in graph.get("external", {}).values()}
    size = int(graph["bytes"]) + sum(count for digest, count in files.items() if digest not in counted)
    counted.update(files)
    return size
