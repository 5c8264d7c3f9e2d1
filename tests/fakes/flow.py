"""Tiny flow packages, built in code: a material whose tone is told by mix and settings, and a disc of one ink."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import NodeProto, helper

from engine.packages.manifest import manifest_digest
from tests.fakes.sentences import DIM
from tests.fakes.styles import _graph, pack

SIDE, MULTIPLE, FIELD = 16, 8, 24
CLASSES = ("brick", "moss", "sand")
SETTINGS = ("scale", "wear")
HEAD = {"format": 1, "version": "1.0.0", "family": "flow", "summary": "For tests.", "license": "CC0-1.0"}


def tiny_material(folder: Path, encoder: Path | None, **flow: Any) -> Path:
    """Half of the noise stays; the tone is what mix and settings say. `encoder`: a package that reads its prompts;
    `flow`: more of that part of the manifest.
    """
    rng = np.random.RandomState(1)
    constants = {"kinds": np.array([[0.6, 0.1], [-0.6, 0.2], [0.1, -0.4]], np.float32),
                 "turns": np.array([[0.3, 0.0], [0.0, 0.5]], np.float32), "places": np.array([2, 3], np.int64),
                 "half": np.float32(0.5)}
    nodes = [
        helper.make_node("MatMul", ["mix", "kinds"], ["kind"]),
        helper.make_node("MatMul", ["settings", "turns"], ["turn"]),
        helper.make_node("Add", ["kind", "turn"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "places"], ["level"]),
        helper.make_node("Mul", ["sample", "half"], ["less"]),
        helper.make_node("Sub", ["level", "less"], ["velocity"]),
        helper.make_node("Mul", ["time", "half"], ["unused"]),
    ]
    tile = ["batch", 2, "height", "width"]
    graphs: dict[str, Any] = {"velocity": _graph(
        {"sample": ("float32", tile), "time": ("float32", ["batch"]),
         "mix": ("float32", ["batch", len(CLASSES)]), "settings": ("float32", ["batch", len(SETTINGS)])},
        {"velocity": ("float32", tile)}, nodes, constants)}
    manifest: dict[str, Any] = {
        **HEAD, "id": folder.name, "name": "Tiny materials",
        "flow": {"channels": 2, "width": SIDE, "height": SIDE, "multiple": MULTIPLE, "steps": 4, "guidance": 1.5,
                 "settings": [{"id": name, "label": name.title(), "low": 0.0, "high": 1.0, "default": 0.5}
                              for name in SETTINGS], **flow},
        "image": {"width": SIDE, "height": SIDE, "channels": 1, "range": [-1.0, 1.0], "content": "material",
                  "tileable": True},
        "controls": {"classes": [{"id": name, "label": name.title()} for name in CLASSES]}}
    if encoder is not None:
        graphs["reader"] = _reader(rng)
        manifest["prompt"] = {"encoder": encoder.name, "digest": manifest_digest(encoder), "dim": DIM,
                              "examples": ["red house", "blue cat"]}
    return pack(folder, manifest, graphs, {})


def _reader(rng: np.random.RandomState) -> Any:
    """A prompt's numbers, mixed."""
    constants = {"a": 4 * rng.randn(DIM, len(CLASSES)).astype(np.float32),
                 "b": rng.randn(DIM, len(SETTINGS)).astype(np.float32),
                 "c": 0.1 * rng.randn(DIM, 15).astype(np.float32), "base": np.full(15, 0.3, np.float32),
                 "shape": np.array([-1, 5, 3], np.int64)}
    nodes = [
        helper.make_node("MatMul", ["prompt", "a"], ["raw_mix"]), helper.make_node("Softmax", ["raw_mix"], ["mix"]),
        helper.make_node("MatMul", ["prompt", "b"], ["raw_settings"]),
        helper.make_node("Sigmoid", ["raw_settings"], ["settings"]),
        helper.make_node("MatMul", ["prompt", "c"], ["raw"]), helper.make_node("Add", ["raw", "base"], ["sum"]),
        helper.make_node("Reshape", ["sum", "shape"], ["palette"]),
    ]
    return _graph({"prompt": ("float32", ["batch", DIM])},
                  {"mix": ("float32", ["batch", len(CLASSES)]), "settings": ("float32", ["batch", len(SETTINGS)]),
                   "palette": ("float32", ["batch", 5, 3])}, nodes, constants)


def tiny_drawing(folder: Path, encoder: Path) -> Path:
    """A disc that the prompt and one of two manners make larger or smaller."""
    rng = np.random.RandomState(2)
    y, x = np.mgrid[:FIELD, :FIELD].astype(np.float32) - (FIELD - 1) / 2
    latent = ["batch", 3, 4, 4]
    velocity: list[NodeProto] = [
        helper.make_node("MatMul", ["prompt", "words"], ["said"]),
        helper.make_node("Gather", ["manners", "condition"], ["manner"]),
        helper.make_node("Add", ["said", "manner"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "places"], ["level"]),
        helper.make_node("Sub", ["level", "sample"], ["velocity"]),
        helper.make_node("Mul", ["time", "time"], ["unused"]),
    ]
    told = {"words": rng.randn(DIM, 3).astype(np.float32),
            "manners": np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]], np.float32), "places": np.array([2, 3], np.int64)}
    decoder = [
        helper.make_node("ReduceMean", ["latent", "axes"], ["size"], keepdims=1),
        helper.make_node("Mul", ["size", "little"], ["change"]),
        helper.make_node("Add", ["disc", "change"], ["image"]),
    ]
    disc = ((7 - np.hypot(x, y)) / 8)[None, None].astype(np.float32)
    graphs = {
        "velocity": _graph({"sample": ("float32", latent), "time": ("float32", ["batch"]),
                            "prompt": ("float32", ["batch", DIM]), "condition": ("int64", ["batch"])},
                           {"velocity": ("float32", latent)}, velocity, told),
        "decoder": _graph({"latent": ("float32", latent)}, {"image": ("float32", ["batch", 1, FIELD, FIELD])}, decoder,
                          {"axes": np.array([1, 2, 3], np.int64), "little": np.float32(0.2), "disc": disc}),
    }
    manifest = {
        **HEAD, "id": folder.name, "name": "Tiny drawings",
        "flow": {"channels": 3, "width": 4, "height": 4, "steps": 3, "guidance": 1.0},
        "image": {"width": FIELD, "height": FIELD, "channels": 1, "range": [-1.0, 1.0], "content": "distance_field"},
        "field": {"spread": 8.0},
        "prompt": {"encoder": encoder.name, "digest": manifest_digest(encoder), "dim": DIM},
        "controls": {"classes": [{"id": "fine", "label": "Fine"}, {"id": "bold", "label": "Bold"}]}}
    return pack(folder, manifest, graphs, {})
