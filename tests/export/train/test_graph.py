"""Half-precision weights in a graph that computes in single precision."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.torch


def small_model():
    """y = x @ large + small."""
    from onnx import TensorProto, helper, numpy_helper

    large = np.linspace(-1, 1, 256, dtype=np.float32).reshape(16, 16)
    small = np.ones(16, np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "large"], ["m"]), helper.make_node("Add", ["m", "small"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 16])],
        [numpy_helper.from_array(large, "large"), numpy_helper.from_array(small, "small")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def test_large_weights_become_halves_behind_a_cast_and_small_ones_stay():
    import onnx
    from onnx import TensorProto

    from export.train.glyphs.graph import store_half

    model = small_model()
    store_half(model)
    onnx.checker.check_model(model, full_check=True)
    kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    assert kinds == {"large.half": TensorProto.FLOAT16, "small": TensorProto.FLOAT}
    assert [node.op_type for node in model.graph.node] == ["Cast", "MatMul", "Add"]
    assert list(model.graph.node[0].output) == ["large"]


def test_the_graph_still_computes_the_same():
    from onnx.reference import ReferenceEvaluator

    from export.train.glyphs.graph import store_half

    model = small_model()
    x = np.random.default_rng(0).standard_normal((3, 16)).astype(np.float32)
    before = ReferenceEvaluator(model).run(None, {"x": x})[0]
    store_half(model)
    after = ReferenceEvaluator(model).run(None, {"x": x})[0]
    assert after.dtype == np.float32
    assert np.abs(after - before).max() < 5e-3
