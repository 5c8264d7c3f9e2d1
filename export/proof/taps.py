"""Looks at the inner values of a graph while it runs: a fixed scatter of numbers from each, in one run.

Every float value of the main graph gets a tap that gathers numbers at the same pseudo-random places whatever its size,
so that a network of any size can be watched and two programs (torch, ONNX Runtime) pick the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from engine.runtime import library
from engine.runtime.providers import Options, Runtime
from export.scatter import places

_FLOATS = frozenset({TensorProto.FLOAT, TensorProto.FLOAT16})
_PLACES, _SHAPE = "tap|places", "tap|flat"


def inner_values(path: Path, inputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Value name -> its numbers at the scattered places, for every float value, in the order of the nodes.

    `inputs` are by name. Raises ModelError's causes (`library.errors()`) where the graph does not run.
    """
    model = onnx.load(str(path), load_external_data=False)
    names = _tap(model)
    watched = path.with_name(f".tapped-{path.name}")     # beside the original, where its weight files are found
    try:
        onnx.save(model, watched)
        session = library.onnxruntime().InferenceSession(str(watched), _options(), providers=["CPUExecutionProvider"])
    finally:
        watched.unlink(missing_ok=True)
    values = session.run([f"{name}|tap" for name in names], dict(inputs))
    return {name: np.asarray(value, np.float32) for name, value in zip(names, values, strict=True)}


def _tap(model: ModelProto) -> list[str]:
    """Add the taps, in place; the names of the values that have one."""
    inferred = onnx.shape_inference.infer_shapes(model)
    kinds = {info.name: info.type.tensor_type.elem_type for info in (*inferred.graph.value_info, *model.graph.output)}
    names = [name for node in model.graph.node for name in node.output if kinds.get(name) in _FLOATS]
    model.graph.initializer.extend([numpy_helper.from_array(places(), _PLACES),
                                    numpy_helper.from_array(np.array([-1]), _SHAPE)])
    for name in names:
        flat, count, where, taken = (f"{name}|{word}" for word in ("flat", "count", "where", "taken"))
        model.graph.node.extend([
            helper.make_node("Reshape", [name, _SHAPE], [flat], flat),
            helper.make_node("Size", [name], [count], count),
            helper.make_node("Mod", [_PLACES, count], [where], where),
            helper.make_node("Gather", [flat, where], [taken], taken),
            helper.make_node("Cast", [taken], [f"{name}|tap"], f"{name}|tap", to=TensorProto.FLOAT)])
        model.graph.output.append(helper.make_tensor_value_info(f"{name}|tap", TensorProto.FLOAT, [None]))
    return names


def _options() -> Any:
    """Without optimisation, so that every value of the file really exists."""
    options = Runtime(Options(provider="cpu", threads=1)).session_options()
    options.graph_optimization_level = library.onnxruntime().GraphOptimizationLevel.ORT_DISABLE_ALL
    return options
