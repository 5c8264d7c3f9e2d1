"""Writes the package of a foreign language model: the graph under its plain name, its weights, its tokenizer."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import PackageError
from engine.packages.foreign_make import Label, weight_files
from engine.packages.foreign_text import TOKENIZER, Step, TextFolder
from engine.packages.graphscan import scan_graph
from engine.packages.making import VERSION, listed, write_manifest
from engine.packages.onnxedit import Edit, edited
from engine.packages.onnxfile import Port

GRAPH = "step.onnx"
_TOKENIZER_BYTES = 64 << 20


def make_text(model: TextFolder, step: Step, label: Label, out: Path) -> None:
    """Fill the new folder `out` with one of the model's graphs. Raises PackageError, OSError."""
    out.mkdir()
    graph = step.graph
    places = weight_files(graph, GRAPH)
    for place, plain in places.items():
        shutil.copyfile(graph.path.parent / place, out / plain, follow_symlinks=False)
    if places:
        edited(graph.path, out / GRAPH, Edit(places=places))
    else:
        shutil.copyfile(graph.path, out / GRAPH)
    external = {plain: listed(out / plain) for plain in places.values()}
    scan_graph(out / GRAPH, {plain: entry["bytes"] for plain, entry in external.items()})
    entry = {"file": GRAPH, **listed(out / GRAPH),
             "inputs": {role: _entry(port) for role, port in step.inputs.items()},
             "outputs": {role: _entry(port) for role, port in step.outputs.items()},
             **({"external": external} if external else {})}
    files: dict[str, Any] = {}
    if model.tokenizer is not None:
        if model.tokenizer.stat().st_size > _TOKENIZER_BYTES:
            raise PackageError(f"“{TOKENIZER}” is larger than any tokenizer.", "Download the folder again.",
                               str(model.tokenizer))
        shutil.copyfile(model.tokenizer, out / TOKENIZER, follow_symlinks=False)
        files[TOKENIZER] = listed(out / TOKENIZER)
    write_manifest(out, {
        "format": 1, "id": label.id, "name": label.name, "version": VERSION, "family": "text",
        "summary": label.summary, "license": label.license, "credit": label.credit, "graphs": {"step": entry},
        "files": files, "controls": {"defaults": dict(model.defaults)}, "text": msgspec.to_builtins(model.text(step)),
        "source": {"onnx": model.source, "file": graph.path.name, "producer": graph.producer}})


def _entry(port: Port) -> dict[str, Any]:
    """The manifest's words for a port."""
    return {"name": port.name, "dtype": port.dtype, "shape": list(port.shape or ())}
