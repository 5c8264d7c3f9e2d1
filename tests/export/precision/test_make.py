"""Smaller precisions in their own process: small, near enough, range-safe, and always the same bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto

from engine.packages.graphscan import scan_graph
from export.parity.judge import judge
from export.precision.request import made, wish
from export.proof.ask import proved, subjects
from tests.fakes import graphs_to_shrink as shrink

CPU = "CPUExecutionProvider"


def shrunk(model, folder, *, picture=None, precisions=("fp16", "int8")):
    """What the makers made of a graph, and the report on it."""
    entry, index = shrink.answered(model, folder, picture=picture)
    result = made((wish("part", folder, entry, index, precisions),), folder / "made")
    figures = proved(subjects({"part": index}, result), folder / "proof")
    return result, judge(figures, source={}).report


def graph_of(result, precision):
    return onnx.load(f"{result.folders['part'][precision]}/{result.graphs['part'][precision]['file']}")


def kinds(model):
    return Counter(TensorProto.DataType.Name(tensor.data_type) for tensor in model.graph.initializer)


@pytest.fixture(scope="module")
def tower(tmp_path_factory):
    return shrunk(shrink.tower(), tmp_path_factory.mktemp("tower"))


@pytest.fixture(scope="module")
def drawing(tmp_path_factory):
    return shrunk(shrink.drawing(), tmp_path_factory.mktemp("drawing"), picture="image")


def test_every_precision_passes_and_is_smaller_than_the_one_before(tower, drawing):
    for _, report in (tower, drawing):
        found = report["precision"]
        assert [found[name]["verdict"] for name in ("fp32", "fp16", "int8")] == ["pass"] * 3
        assert found["fp16"]["bytes"] < 0.6 * found["fp32"]["bytes"]
        assert found["int8"]["bytes"] < 0.4 * found["fp32"]["bytes"]
        assert report["recommended"] == "int8"
    assert 0 < drawing[1]["precision"]["int8"]["picture_difference"]["mean"] < 2


def test_ports_stay_single_precision_and_the_engine_admits_the_graphs(tower, drawing):
    for result, _ in (tower, drawing):
        for precision in ("fp16", "int8"):
            model = graph_of(result, precision)
            assert {port.type.tensor_type.elem_type for port in (*model.graph.input, *model.graph.output)} == {1}
            assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
            onnx.checker.check_model(model, full_check=True)
            scan_graph(Path(result.folders["part"][precision]) / "part.onnx")
            assert not model.metadata_props
            assert model.producer_name == "Latent Atelier"


def test_half_precision_computes_in_half(tower):
    model = graph_of(tower[0], "fp16")
    assert kinds(model)["FLOAT16"] >= 3
    assert [node.op_type for node in model.graph.node].count("Cast") == 2
    assert "arithmetic" in tower[0].notes["part"]["fp16"][-1]


def test_matrix_products_compute_in_eight_bits_where_that_is_faster(tower):
    operators = {node.op_type for node in graph_of(tower[0], "int8").graph.node}
    assert operators & {"MatMulInteger", "Mul"}      # eight-bit arithmetic, or scales of stored weights
    assert kinds(graph_of(tower[0], "int8"))["INT8"] == 3


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    sums = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        entry, index = shrink.answered(shrink.drawing(), folder, picture="image", runs=1)
        result = made((wish("part", folder, entry, index, ("fp16",)),), folder / "made")
        sums.append(result.graphs["part"]["fp16"]["sha256"])
    assert sums[0] == sums[1]


def overflowing():
    """x · 100 squared and summed over 512 numbers, then brought back: far beyond 65504 on the way."""
    weights = {"hundred": np.float32(100.0), "small": np.float32(1e-7),
               "w": (np.random.default_rng(0).standard_normal((512, 64)) / 20).astype(np.float32)}
    nodes = [("MatMul", ["x", "w"], "m", {}), ("Mul", ["x", "hundred"], "big", {}),
             ("Mul", ["big", "big"], "square", {}), ("Mul", ["square", "small"], "back", {}),
             ("MatMul", ["back", "w"], "n", {}), ("Add", ["m", "n"], "y", {})]
    return shrink.graph(nodes, weights, {"x": ["batch", 512]}, {"y": ["batch", 64]})


def test_what_half_precision_cannot_hold_stays_single(tmp_path):
    result, report = shrunk(overflowing(), tmp_path, precisions=("fp16",))
    assert report["precision"]["fp16"]["verdict"] == "pass"
    model = graph_of(result, "fp16")
    assert kinds(model)["FLOAT16"] >= 1
    inferred = onnx.shape_inference.infer_shapes(model)
    types = {info.name: info.type.tensor_type.elem_type for info in inferred.graph.value_info}
    made_by = {name: node.op_type for node in model.graph.node for name in node.output}
    singles = {name for name, kind in types.items() if kind == TensorProto.FLOAT and made_by.get(name) == "Mul"}
    assert len(singles) == 2                          # square and back
    assert any("MatMul" in made_by.get(name, "") and kind == TensorProto.FLOAT16 for name, kind in types.items())


def test_steps_that_lose_their_digits_in_half_are_found_and_left_single(tmp_path):
    """The difference of nearly equal numbers: half precision would lose every digit of it."""
    w = np.random.default_rng(3).standard_normal((64, 64)).astype(np.float32)
    nodes = [("MatMul", ["x", "w"], "a", {}), ("Add", ["a", "far"], "added", {}), ("Sub", ["added", "far"], "near", {}),
             ("Mul", ["near", "quarter"], "y", {})]
    model = shrink.graph(nodes, {"w": w, "far": np.float32(4000), "quarter": np.float32(0.25)},
                         {"x": ["batch", 64]}, {"y": ["batch", 64]})
    result, report = shrunk(model, tmp_path, precisions=("fp16",))
    assert report["precision"]["fp16"]["verdict"] == "pass"
    assert "weights and arithmetic" in result.notes["part"]["fp16"][-1]
    types = {info.name: info.type.tensor_type.elem_type
             for info in onnx.shape_inference.infer_shapes(graph_of(result, "fp16")).graph.value_info}
    assert [name for name in ("a", "added") if types.get(name) == TensorProto.FLOAT16] == ["a"]


def test_where_half_arithmetic_cannot_be_saved_the_weights_are_only_stored_as_halves(tmp_path):
    """The input itself has more digits than half precision: no step that is left alone brings them back."""
    w = np.random.default_rng(3).standard_normal((64, 64)).astype(np.float32)
    nodes = [("MatMul", ["x", "w"], "a", {})]
    value = "a"
    for number in range(12):
        nodes += [("Add", [value, "far"], f"f{number}", {}), ("Sub", [f"f{number}", "far"], f"n{number}", {})]
        value = f"n{number}"
    nodes += [("Mul", [value, "quarter"], "y", {})]
    model = shrink.graph(nodes, {"w": w, "far": np.float32(4000), "quarter": np.float32(0.25)},
                         {"x": ["batch", 64]}, {"y": ["batch", 64]})
    result, report = shrunk(model, tmp_path, precisions=("fp16",))
    assert report["precision"]["fp16"]["verdict"] == "pass"
    assert "not good enough" in result.notes["part"]["fp16"][0]
    assert "stored" in result.notes["part"]["fp16"][-1]
    assert kinds(graph_of(result, "fp16"))["FLOAT16"] == 1
