"""How large the inner values of a graph become on real inputs, measured in one run without keeping any of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, helper
from onnxscript import ir

from engine.runtime import library
from engine.runtime.providers import Options, Runtime
from export.samples import Arrays


def largest(path: Path, runs: Iterable[Arrays]) -> dict[str, float]:
    """Value name -> largest magnitude over all runs; infinite where a value is not finite."""
    model = onnx.load(str(path))
    names = float_values(model)
    for name in names:
        model.graph.node.extend([
            helper.make_node("Abs", [name], [f"{name}|abs"], f"{name}|Abs"),
            helper.make_node("ReduceMax", [f"{name}|abs"], [f"{name}|max"], f"{name}|ReduceMax", keepdims=0)])
        model.graph.output.append(helper.make_tensor_value_info(f"{name}|max", TensorProto.FLOAT, []))
    session = _session(model)
    found = dict.fromkeys(names, 0.0)
    wanted = [f"{name}|max" for name in names]
    for inputs in runs:
        for name, value in zip(names, session.run(wanted, inputs), strict=True):
            number = float(value) if np.isfinite(value) else float("inf")
            found[name] = max(found[name], number)
    return found


def float_values(model: ModelProto) -> list[str]:
    """The float32 values that nodes of the main graph yield, in order."""
    inferred = onnx.shape_inference.infer_shapes(model, data_prop=False)
    floats = {info.name for info in (*inferred.graph.value_info, *inferred.graph.output)
              if info.type.tensor_type.elem_type == TensorProto.FLOAT}
    return [name for node in model.graph.node for name in node.output if name in floats]


def float_ports(model: ir.Model) -> list[str]:
    """The float32 inputs and weights of a graph."""
    return [value.name or "" for value in (*model.graph.inputs, *model.graph.initializers.values())
            if value.dtype == ir.DataType.FLOAT]


def _session(model: ModelProto) -> Any:
    """A session without optimisation, so that every value of the file really exists."""
    module = library.onnxruntime()
    options = Runtime(Options(provider="cpu", threads=1)).session_options()
    options.graph_optimization_level = module.GraphOptimizationLevel.ORT_DISABLE_ALL
    return module.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
