"""The forms one by one: stored weights, dead weights, rounding, delicate steps. No runtime, no torch."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnxscript import ir

from export.precision.computed import delicate_nodes
from export.precision.prune import prune
from export.precision.quantised import fixed_nodes, shares
from export.precision.rounding import rounded
from export.precision.stored import levels, scales, store_eight, store_half
from export.precision.weights import load, save, write_apart
from tests.fakes import graphs_to_shrink as shrink


def value_of(model, **inputs):
    return ReferenceEvaluator(model).run(None, inputs)[0]


def through(model, change):
    """The protobuf model after `change` of its in-memory form; what `change` answered."""
    inside = ir.from_proto(model)
    answer = change(inside)
    return ir.to_proto(inside), answer


def test_eight_bits_are_off_by_half_a_level_of_their_block_at_most():
    numbers = np.random.default_rng(0).standard_normal((6, 48)) * np.logspace(-9, 3, 6)[:, None]
    numbers = numbers.astype(np.float32)
    numbers[2] = 0
    found, (scale, factor) = levels(numbers, 16), scales(numbers, 16)
    assert found.shape == (18, 16)
    assert (found.dtype, scale.dtype) == (np.int8, np.float16)
    rows = numbers.reshape(18, 16)
    exact = scale.astype(np.float32) * factor
    assert (np.abs(found * exact - rows) <= exact * 0.6).all()
    assert (np.abs(found * exact - rows)[-3:] <= np.abs(rows[-3:]).max(1, keepdims=True) / 250).all()
    assert (found[6:9] == 0).all()


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1.0, 1e5])
def test_weights_of_any_size_keep_their_digits(size):
    numbers = np.random.default_rng(0).standard_normal((4, 16)).astype(np.float32) * np.float32(size)
    found, (scale, factor) = levels(numbers, 16), scales(numbers, 16)
    again = found * (scale.astype(np.float32) * factor)
    assert np.abs(again - numbers).max() < np.abs(numbers).max() / 250


@pytest.mark.parametrize(("change", "kind", "near"), [(store_half, "FLOAT16", 2e-3), (store_eight, "INT8", 3e-2)])
def test_stored_weights_compute_nearly_the_same(change, kind, near):
    before = shrink.tower()
    x = np.random.default_rng(1).standard_normal((3, 128)).astype(np.float32)
    after, _ = through(before, change)
    kinds = [onnx.TensorProto.DataType.Name(tensor.data_type) for tensor in after.graph.initializer]
    assert kinds.count(kind) == 3
    right = value_of(before, x=x)
    assert 0 < np.abs(value_of(after, x=x) - right).max() < near * np.ptp(right)


def test_each_block_has_its_own_scale():
    """A weight whose rows differ a thousandfold keeps its small rows."""
    before = shrink.drawing()
    kernel = next(tensor for tensor in before.graph.initializer if tensor.name == "k1")
    values = numpy_helper.to_array(kernel) * np.logspace(-3, 0, 32)[:, None, None, None]
    kernel.CopyFrom(numpy_helper.from_array(values.astype(np.float32), "k1"))
    after, _ = through(before, store_eight)
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in after.graph.initializer}
    assert found["k1.eight"].shape == (32 * 32 * 9 // 16, 16)
    again = (found["k1.eight"] * found["k1.scale"].astype(np.float32) * found["k1.factor"]).reshape(values.shape)
    assert np.abs(again[0] - values[0]).max() < 0.01 * np.abs(values[0]).max()


def test_the_smallest_weights_may_be_spared():
    model = ir.from_proto(shrink.drawing())
    store_eight(model, 0.3)                           # k0 2304, k1 9216, k2 864 numbers: the first and the last
    assert {name for name in model.graph.initializers if name.endswith(".eight")} == {"k1.eight"}
    assert {name for name in model.graph.initializers if name.endswith(".half")} == {"k0.half"}


def test_what_no_input_reaches_is_computed_once_and_left_alone():
    nodes = [("MatMul", ["tile", "w"], "kernel", {}), ("MatMul", ["x", "kernel"], "y", {})]
    weights = {"tile": np.ones((8, 8), np.float32), "w": np.ones((8, 8), np.float32)}
    model = ir.from_proto(shrink.graph(nodes, weights, {"x": ["batch", 8]}, {"y": ["batch", 8]}))
    assert fixed_nodes(model) == {"kernel/MatMul"}
    assert shares(model) == {}


def test_weights_over_two_gigabytes_would_lie_beside_the_graph(tmp_path, monkeypatch):
    monkeypatch.setattr("export.precision.weights.LARGEST_WHOLE", 10_000)
    model = ir.from_proto(shrink.tower())
    store_half(model)
    assert save(model, tmp_path / "tower.onnx") == ("tower.data",)
    again = load(tmp_path / "tower.onnx")
    kept = again.graph.initializers["w0.half"].const_value
    original = {tensor.name: numpy_helper.to_array(tensor) for tensor in shrink.tower().graph.initializer}
    np.testing.assert_array_equal(kept.numpy(), original["w0"].astype(np.float16))


def test_a_graph_whose_weights_lay_beside_it_stands_alone_elsewhere(tmp_path):
    (tmp_path / "a").mkdir()
    assert write_apart(ir.from_proto(shrink.tower()), tmp_path / "a" / "tower.onnx", "other.data") == ("other.data",)
    assert save(load(tmp_path / "a" / "tower.onnx"), tmp_path / "b" / "tower.onnx") == ()
    (tmp_path / "a" / "other.data").unlink()
    x = np.ones((1, 128), np.float32)
    np.testing.assert_array_equal(value_of(onnx.load(tmp_path / "b" / "tower.onnx"), x=x),
                                  value_of(shrink.tower(), x=x))


def with_dead_channels():
    """Three of 32 channels are zero by their weights, two others are never read, and a kernel is there twice."""
    model = shrink.drawing()
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor).copy()
        if tensor.name in ("k0", "b0"):
            values[[3, 7, 9]] = 0
        if tensor.name == "k1":
            values[:, [20, 21]] = 0
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    return model


def test_dead_channels_are_left_out_and_nothing_changes():
    before = with_dead_channels()
    after, saved = through(before, prune)
    shapes = {tensor.name: tuple(tensor.dims) for tensor in after.graph.initializer}
    assert shapes["k0"] == (27, 8, 3, 3)
    assert shapes["b0"] == (27,)
    assert shapes["k1"] == (32, 27, 3, 3)
    assert saved == 5 * 4 * (8 * 9 + 1 + 32 * 9)
    x = np.random.default_rng(0).standard_normal((2, 8, 16, 16)).astype(np.float32)
    np.testing.assert_allclose(value_of(after, x=x), value_of(before, x=x), atol=1e-6)


def test_a_zero_channel_with_a_bias_is_alive():
    before = with_dead_channels()
    bias = next(tensor for tensor in before.graph.initializer if tensor.name == "b0")
    bias.CopyFrom(numpy_helper.from_array(np.full(32, 0.5, np.float32), "b0"))
    after, _ = through(before, prune)
    assert {tensor.name: tensor.dims[0] for tensor in after.graph.initializer}["k0"] == 30


def test_a_sigmoid_wakes_a_zero_channel():
    before = with_dead_channels()
    next(node for node in before.graph.node if node.name == "r0/Relu").op_type = "Sigmoid"
    after, _ = through(before, prune)
    assert {tensor.name: tensor.dims[0] for tensor in after.graph.initializer}["k0"] == 30


def test_a_channel_that_somebody_else_reads_stays():
    before = with_dead_channels()
    before.graph.output.append(helper.make_tensor_value_info("r0", 1, ["batch", 32, 16, 16]))
    after, saved = through(before, prune)
    assert saved == 0
    assert len(after.graph.initializer) == 4


def test_second_copies_and_unused_weights_go():
    model = shrink.tower(depth=2)
    copy = numpy_helper.to_array(model.graph.initializer[0])
    for tensor in model.graph.initializer:
        if tensor.name == "w1":
            tensor.CopyFrom(numpy_helper.from_array(copy, "w1"))
    model.graph.initializer.append(numpy_helper.from_array(np.ones(50, np.float32), "nobody"))
    after, saved = through(model, prune)
    assert saved == 128 * 128 * 4 + 200
    x = np.ones((1, 128), np.float32)
    np.testing.assert_array_equal(value_of(after, x=x), value_of(model, x=x))


def test_rounding_is_that_of_half_precision_after_every_step():
    model = shrink.tower(width=32, depth=2)
    floats = [*(tensor.name for tensor in model.graph.initializer), "x", "g0", "r0", "y"]
    after, _ = through(model, lambda inside: rounded(inside, set(), floats) and None)
    w = {tensor.name: numpy_helper.to_array(tensor).astype(np.float16).astype(np.float32)
         for tensor in model.graph.initializer}
    x = np.random.default_rng(0).standard_normal((2, 32)).astype(np.float32)

    def half(value):
        return value.astype(np.float16).astype(np.float32)

    hidden = half(np.maximum(half(half(x) @ w["w0"] + w["b0"]), 0))
    right = half(hidden @ w["w1"] + w["b1"])
    onnx.checker.check_model(after)
    np.testing.assert_allclose(value_of(after, x=x), right, rtol=2e-3, atol=1e-6)
    assert np.array_equal(value_of(after, x=x), half(value_of(after, x=x)))


def test_a_node_that_is_left_single_is_not_rounded():
    model = shrink.tower(width=32, depth=1)
    x = np.random.default_rng(0).standard_normal((2, 32)).astype(np.float32)
    after, _ = through(model, lambda inside: rounded(inside, {"y/Gemm"}, ["x", "w0", "b0", "y"]) and None)
    np.testing.assert_array_equal(value_of(after, x=x), value_of(model, x=x))


def test_phases_epsilons_and_large_values_are_delicate():
    nodes = [("Mul", ["t", "frequency"], "phase", {}), ("Unsqueeze", ["phase", "axis"], "row", {}),
             ("Sin", ["row"], "wave", {}), ("MatMul", ["wave", "w"], "m", {}), ("Add", ["m", "epsilon"], "safe", {}),
             ("Mul", ["m", "m"], "huge", {}), ("Relu", ["m"], "plain", {})]
    weights = {"frequency": np.ones(4, np.float32), "axis": np.array([1]), "w": np.ones((4, 4), np.float32),
               "epsilon": np.float32(1e-8)}
    model = shrink.graph(nodes, weights, {"t": ["batch", 4]}, {"plain": ["batch", 1, 4]})
    tensors = {name: ir.tensor(value) for name, value in weights.items()}
    found = delicate_nodes(model, {"huge": 1e6, "m": 3.0}, tensors)
    assert found == {"phase/Mul", "row/Unsqueeze", "wave/Sin", "safe/Add", "huge/Mul"}
