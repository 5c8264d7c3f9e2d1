"""Both networks as ONNX files, and what the manifest says of their ports."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from onnxscript.ir.passes import common
from torch import nn

from export.train.palettes.nets import DIM, MODES, PROMPT, Judge, Reader


def save_reader(model: Reader, path: Path) -> dict[str, Any]:
    """reader.onnx."""
    batch = {"prompt": {0: "batch"}}
    _save(model, (torch.randn(2, PROMPT),), path, batch, ["query", "weights", "means", "spreads"])
    port = {"dtype": "float32", "shape": ["batch", MODES, 3]}
    return _graph(path, {"prompt": {"name": "prompt", "dtype": "float32", "shape": ["batch", PROMPT]}},
                  {"query": {"name": "query", "dtype": "float32", "shape": ["batch", DIM]},
                   "weights": {"name": "weights", "dtype": "float32", "shape": ["batch", MODES]},
                   "means": {"name": "means", **port}, "spreads": {"name": "spreads", **port}})


def save_judge(model: Judge, path: Path) -> dict[str, Any]:
    """judge.onnx."""
    _save(model, (torch.rand(4, 5, 3),), path, {"colors": {0: "batch", 1: "count"}}, ["score"])
    return _graph(path, {"colors": {"name": "colors", "dtype": "float32", "shape": ["batch", "count", 3]}},
                  {"score": {"name": "score", "dtype": "float32", "shape": ["batch"]}})


def listed(path: Path) -> dict[str, Any]:
    """SHA-256 and size, as the manifest lists them."""
    return {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}


def _save(model: nn.Module, example: tuple[torch.Tensor, ...], path: Path, free: dict[str, dict[int, str]],
          outputs: list[str]) -> None:
    """Traced with a free batch, and the count of colours free."""
    shapes = {name: {axis: torch.export.Dim(word, min=1 if axis == 0 else 2, max=4096) for axis, word in axes.items()}
              for name, axes in free.items()}
    program = torch.onnx.export(model.eval(), example, dynamo=True, input_names=list(free), output_names=outputs,
                                dynamic_shapes=shapes, opset_version=18, external_data=False, verbose=False)
    assert program is not None  # noqa: S101 - dynamo=True always returns one
    common.ClearMetadataAndDocStringPass()(program.model)    # it would tell where on this machine the program lay
    program.model.producer_name = "Latent Atelier"
    program.save(str(path))


def _graph(path: Path, inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    return {"file": path.name, **listed(path), "inputs": inputs, "outputs": outputs}
