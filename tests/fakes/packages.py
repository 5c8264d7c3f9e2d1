"""Builders of sound tiny packages. Each takes the folder to fill (made if missing) and returns it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto
from PIL import Image

from tests.fakes import graphs

CHARACTERS = "AHIOLTno.1"
"""What `tiny_glyphs` can write."""

SPREAD = 4.0
BASELINE = 25.0
ORIGIN = 6.0
CAP_HEIGHT = 18.0
_WIDTHS = {"A": 1.0, "H": 1.0, "I": 0.35, "O": 1.05, "L": 0.8, "T": 0.9, "n": 0.75, "o": 0.75, ".": 0.3, "1": 0.5}


GLYPHS: dict[str, Any] = {"characters": CHARACTERS, "cap_height": CAP_HEIGHT, "baseline": BASELINE, "origin": ORIGIN,
          "advance_unit": "cap_height", "space_advance": 0.4, "ascent": 1.1, "descent": 0.3,
          "sample": "HAnoI1."}


def tiny_glyphs(folder: Path, *, id: str = "tiny-glyphs", version: str = "1.0.0",  # noqa: A002 - the manifest's word
                nodes: list[NodeProto] | None = None, constants: graphs.Constants | None = None,
                functions: Any = (), middles: NDArray[np.float32] | None = None, **changes: Any) -> Path:
    """A distance-field decoder: 32x32, 8 latent numbers, ten letters, directions weight, slant and width.

    With `middles` (cap heights, one a letter) the graph says where the ink stands, as centred alphabets do.
    """
    constants = glyph_constants() if constants is None else constants
    outputs = {"image": _port("field", ["batch", 1, graphs.SIDE, graphs.SIDE]), "advance": _port("advance", ["batch"])}
    graph_outputs = graphs.GLYPH_OUTPUTS
    if middles is not None:
        nodes, constants = graphs.middle_nodes(), {**constants, "middles": middles}
        outputs["middle"], graph_outputs = _port("middle", ["batch"]), [*graph_outputs, ("middle", ["batch"])]
    model = graphs.model(graphs.glyph_nodes() if nodes is None else nodes, constants, graph_outputs,
                         condition="character", functions=functions)
    manifest = {
        "format": 1, "id": id, "name": "Tiny glyphs", "version": version, "family": "decoder",
        "summary": "Ten letters for tests.", "license": "CC0-1.0", "credit": "Made in code.",
        "latent": {"dim": graphs.DIM, "prior": "normal", "spaces": ["z"], "mean": None, "truncation": 0.8},
        "image": {"width": graphs.SIDE, "height": graphs.SIDE, "channels": 1, "range": [-1.0, 1.0], "layout": "NCHW",
                  "content": "distance_field", "tileable": False},
        "field": {"spread": SPREAD},
        "glyphs": GLYPHS,
        "controls": {"directions": [
            _direction("weight", "Weight", "字重", 0, "Thin", "Heavy"),
            _direction("slant", "Slant", "倾斜", 1, "Back", "Forward"),
            _direction("width", "Width", "宽度", 2, "Narrow", "Wide")]},
        "source": {"recipe": "tests"},
        **changes,
    }
    condition = {"name": "character", "dtype": "int64", "shape": ["batch"]}
    return write_package(folder, manifest, model, outputs, condition)


def tiny_color(folder: Path, *, id: str = "tiny-color", version: str = "1.0.0",  # noqa: A002 - the manifest's word
               nodes: list[NodeProto] | None = None, constants: graphs.Constants | None = None,
               functions: Any = (), **changes: Any) -> Path:
    """A colour decoder: RGB 32x32, 8 latent numbers, three classes, one direction."""
    model = graphs.model(graphs.color_nodes() if nodes is None else nodes,
                         graphs.color_constants(3) if constants is None else constants,
                         graphs.COLOR_OUTPUTS, condition="kind", functions=functions)
    manifest = {
        "format": 1, "id": id, "name": "Tiny colour", "version": version, "family": "decoder",
        "summary": "Stripes for tests.", "license": "CC0-1.0", "credit": "Made in code.",
        "latent": {"dim": graphs.DIM},
        "image": {"width": graphs.SIDE, "height": graphs.SIDE, "channels": 3, "range": [-1.0, 1.0]},
        "controls": {"directions": [_direction("warmth", "Warmth", "色温", 0, "Cool", "Warm")],
                     "classes": [{"id": name, "label": name.title(), "labels": {"zh_CN": chinese}}
                                 for name, chinese in (("waves", "波浪"), ("stripes", "条纹"), ("bars", "栅栏"))]},
        **changes,
    }
    outputs = {"image": _port("image", ["batch", 3, graphs.SIDE, graphs.SIDE])}
    condition = {"name": "kind", "dtype": "int64", "shape": ["batch"]}
    return write_package(folder, manifest, model, outputs, condition)


def slow(folder: Path, *, iterations: int = 2**62, **changes: Any) -> Path:
    """`tiny_glyphs` that runs (by default) for ever, and stops when ONNX Runtime is told to terminate."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    graphs.delayed(nodes, constants, iterations)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, **{"id": "slow", **changes})


def slow_load(folder: Path, *, seconds: float = 60.0, **changes: Any) -> Path:
    """`tiny_glyphs` that passes every check and then loads for about `seconds` on one core; only a kill stops it."""
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    graphs.slow_to_load(nodes, constants, seconds)
    return tiny_glyphs(folder, nodes=nodes, constants=constants, **{"id": "slow-load", **changes})


def glyph_constants() -> graphs.Constants:
    """The weights of `tiny_glyphs`."""
    fields = np.stack([_field(character) for character in CHARACTERS])
    return graphs.glyph_constants(fields, np.array([_WIDTHS[character] for character in CHARACTERS]))


def write_package(folder: Path, manifest: dict[str, Any], model: ModelProto, outputs: dict[str, Any],
                  condition: dict[str, Any] | None) -> Path:
    """Write graph, directions, texts, preview and a manifest with the right digests."""
    folder.mkdir(parents=True, exist_ok=True)
    graph = model.SerializeToString()
    (folder / "decoder.onnx").write_bytes(graph)
    np.save(folder / "directions.npy", np.eye(graphs.DIM, dtype=np.float32))
    (folder / "LICENSE.txt").write_text("CC0-1.0\n", encoding="utf-8")
    Image.new("L", (8, 8), 128).save(folder / "preview.png")
    inputs: dict[str, Any] = {"latent": _port("latent", ["batch", graphs.DIM])}
    if condition:
        inputs["condition"] = condition
    entry = {"file": "decoder.onnx", **listed(folder / "decoder.onnx"), "inputs": inputs, "outputs": outputs}
    files = {name: listed(folder / name) for name in ("directions.npy", "LICENSE.txt", "preview.png")}
    whole = {"graphs": {"decoder": entry}, "files": files, "preview": "preview.png", **manifest}
    rewrite_manifest(folder, whole)
    return folder


def listed(path: Path) -> dict[str, Any]:
    """The manifest's entry of a file: digest and size."""
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def read_manifest_dict(folder: Path) -> dict[str, Any]:
    """The manifest as plain JSON, to be changed and written back."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def rewrite_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Replace the manifest."""
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


def replace_graph(folder: Path, data: bytes) -> Path:
    """Other bytes as the graph, with the right digest."""
    (folder / "decoder.onnx").write_bytes(data)
    manifest = read_manifest_dict(folder)
    manifest["graphs"]["decoder"].update(listed(folder / "decoder.onnx"))
    rewrite_manifest(folder, manifest)
    return folder


def _direction(id: str, label: str, chinese: str, row: int, low: str, high: str) -> dict[str, Any]:  # noqa: A002
    return {"id": id, "label": label, "labels": {"zh_CN": chinese}, "help": f"{low} to {high.lower()}", "row": row,
            "sigma": 1.0, "range": [-3.0, 3.0], "low": low, "high": high, "evidence": "by construction"}


def _port(name: str, shape: list[Any]) -> dict[str, Any]:
    return {"name": name, "dtype": "float32", "shape": shape}


def _field(character: str) -> NDArray[np.float32]:
    """The distance field of a letter made of bars and rings; 1.0 is `SPREAD` pixels, positive inside."""
    y, x = np.mgrid[0:graphs.SIDE, 0:graphs.SIDE].astype(np.float32) + 0.5
    top, bottom, left = BASELINE - CAP_HEIGHT, BASELINE, ORIGIN + 1.0
    right = ORIGIN + _WIDTHS[character] * CAP_HEIGHT - 1.0
    middle = (top + bottom) / 2

    def bar(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float32]:
        dx, dy = np.maximum(x0 - x, x - x1), np.maximum(y0 - y, y - y1)
        outside = np.hypot(np.maximum(dx, 0), np.maximum(dy, 0))
        return -(outside + np.minimum(np.maximum(dx, dy), 0))

    def ring(cx: float, cy: float, rx: float, ry: float) -> NDArray[np.float32]:
        radius = np.hypot((x - cx) / rx, (y - cy) / ry)
        return 1.5 - np.abs(radius - 1) * min(rx, ry)

    stem, low = 3.0, bottom - 12.0
    shapes = {
        "A": lambda: [bar(left, top, left + stem, bottom), bar(right - stem, top, right, bottom),
                      bar(left, top, right, top + stem), bar(left, middle, right, middle + stem)],
        "H": lambda: [bar(left, top, left + stem, bottom), bar(right - stem, top, right, bottom),
                      bar(left, middle - 1.5, right, middle + 1.5)],
        "I": lambda: [bar(left, top, left + stem, bottom)],
        "O": lambda: [ring((left + right) / 2, middle, (right - left) / 2 - 1.5, CAP_HEIGHT / 2 - 1.5)],
        "L": lambda: [bar(left, top, left + stem, bottom), bar(left, bottom - stem, right, bottom)],
        "T": lambda: [bar((left + right - stem) / 2, top, (left + right + stem) / 2, bottom),
                      bar(left, top, right, top + stem)],
        "n": lambda: [bar(left, low, left + stem, bottom), bar(right - stem, low, right, bottom),
                      bar(left, low, right, low + stem)],
        "o": lambda: [ring((left + right) / 2, (low + bottom) / 2, (right - left) / 2 - 1.5, 4.5)],
        ".": lambda: [bar(left, bottom - stem, left + stem, bottom)],
        "1": lambda: [bar(right - stem, top, right, bottom), bar(left, top, right, top + stem)],
    }
    field = np.maximum.reduce(shapes[character]())
    return np.clip(field / SPREAD, -1, 1).astype(np.float32)
