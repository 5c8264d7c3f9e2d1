"""Four-bit weights: how they are laid out, how near they are, and what the report says of the loss."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.packages.graphscan import scan_graph
from export.parity.judge import judge
from export.precision import blockwise
from export.precision.loss import loss_of
from export.precision.request import made, wish
from export.precision.weights import load, save
from export.proof.ask import proved, subjects
from tests.fakes import graphs_to_shrink as shrink


def dequantised(matrix):
    levels, scales, zeros = blockwise.quantised(matrix)
    whole = (levels.astype(np.float32) - zeros[..., None]) * scales[..., None]
    return whole.reshape(matrix.shape[1], -1)[:, :matrix.shape[0]].T


@pytest.mark.parametrize("rows", [32, 70, 256])
def test_each_weight_is_off_by_less_than_its_blocks_range_allows(rows):
    matrix = np.random.RandomState(0).randn(rows, 40).astype(np.float32)
    error = dequantised(matrix) - matrix
    assert np.sqrt(np.square(error).mean()) < 0.085, "of a spread of 1: a block is about four wide, in fifteen steps"
    assert np.abs(error).max() < 0.5


def test_a_narrower_range_is_taken_where_it_fits_better():
    matrix = np.random.RandomState(1).laplace(size=(512, 32)).astype(np.float32)
    plain = blockwise._rounded(matrix.T.reshape(32, -1, blockwise.BLOCK), np.float32(1.0))
    before = ((plain[0] - plain[2][..., None]) * plain[1][..., None]).reshape(32, -1).T
    assert np.square(dequantised(matrix) - matrix).mean() < 0.97 * np.square(before - matrix).mean()


def test_zeros_and_one_sign_only_survive():
    assert not dequantised(np.zeros((64, 3), np.float32)).any()
    one_sided = np.abs(np.random.RandomState(2).randn(64, 3)).astype(np.float32)
    assert (dequantised(one_sided) >= 0).all()


def test_two_levels_share_a_byte_the_first_below():
    assert blockwise.packed(np.array([[1, 2, 3]], np.uint8)).tolist() == [[0x21, 0x03]]


@pytest.fixture(scope="module")
def tower(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tower")
    entry, index = shrink.answered(shrink.tower(), folder)
    result = made((wish("part", folder, entry, index, ("fp32", "int4")),), folder / "made")
    return result, judge(proved(subjects({"part": index}, result), folder / "proof"), source={}).report


def test_the_runtime_multiplies_with_them_and_keeps_the_tolerance(tower):
    result, report = tower
    found = report["precision"]
    assert found["int4"]["verdict"] == "pass"
    assert found["int4"]["bytes"] < 0.3 * found["fp32"]["bytes"]
    errors = [output["relative"] for output in found["int4"]["outputs"].values()]
    assert 1e-4 < max(errors) < 0.35
    path = f"{result.folders['part']['int4']}/{result.graphs['part']['int4']['file']}"
    model = onnx.load(path)
    assert {node.op_type for node in model.graph.node} >= {"MatMulNBits"}
    assert [port.name for port in model.graph.output] == [port.name for port in onnx.load(
        f"{result.folders['part']['fp32']}/{result.graphs['part']['fp32']['file']}").graph.output]


def test_a_head_that_is_the_table_of_tokens_as_well_becomes_four_bits_and_the_table_halves(tmp_path):
    dice = np.random.RandomState(3)
    weights = {"table": dice.randn(200, 64).astype(np.float32)}
    nodes = [("Gather", ["table", "tokens"], ["x"], {}), ("Transpose", ["table"], ["turned"], {"perm": [1, 0]}),
             ("MatMul", ["x", "turned"], ["logits"], {})]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node(kind, reads, gives, name=gives[0], **more) for kind, reads, gives, more in nodes], "g",
        [onnx.helper.make_tensor_value_info("tokens", 7, ["batch", "time"])],
        [onnx.helper.make_tensor_value_info("logits", 1, ["batch", "time", 200])],
        [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()])
    path = tmp_path / "g.onnx"
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10), path)
    model = load(path)
    assert blockwise.share(model) == 1.0
    blockwise.store_four(model)
    save(model, tmp_path / "four.onnx")
    made_graph = onnx.load(tmp_path / "four.onnx").graph
    assert sorted(node.op_type for node in made_graph.node) == ["Cast", "Gather", "MatMulNBits"]
    table = next(one for one in made_graph.initializer if list(one.dims) == [200, 64])
    assert table.data_type == onnx.TensorProto.FLOAT16
    assert [port.name for port in made_graph.output] == ["logits"]


def test_what_loses_quality_is_never_recommended(tower):
    assert tower[1]["recommended"] == "fp32"


def test_the_engine_admits_the_graph(tower, tmp_path):
    result, _ = tower
    scan_graph(Path(result.folders["part"]["int4"]) / result.graphs["part"]["int4"]["file"], {})


def test_the_loss_in_words_of_the_field():
    exact = np.log(np.array([[[0.5, 0.25, 0.25], [0.2, 0.4, 0.4001]]]))
    reduced = np.log(np.array([[[0.25, 0.5, 0.25], [0.2, 0.4, 0.4001]]]))
    found = loss_of([(exact, reduced)])
    entropy = -(0.5 * math.log(0.5) + 0.5 * math.log(0.25)), -(0.2 * math.log(0.2) + 0.8 * math.log(0.4))
    extra = 0.5 * math.log(2) - 0.25 * math.log(2)
    assert found.exact == pytest.approx(math.exp(sum(entropy) / 2), rel=1e-3)
    assert found.reduced == pytest.approx(math.exp((sum(entropy) + extra) / 2), rel=1e-3)
    assert (found.agreement, found.places) == (0.5, 2)
    spread = np.sqrt((np.var(exact[0, 0]) + np.var(exact[0, 1])) / 2)
    assert found.spread == pytest.approx(np.sqrt(2 * math.log(2) ** 2 / 6) / spread)


@pytest.mark.torch
def test_a_model_that_does_not_come_in_four_bits_says_so_before_anything_is_made():
    from engine.converting.messages import ConvertRequest
    from engine.errors import ConversionError
    from export.adapters.base import Built
    from export.convert import check_precisions
    from tests.fakes.parts import painter

    built = Built((painter(),), {})
    check_precisions(ConvertRequest("gan.pt", precisions=("fp32", "int8")), built)
    with pytest.raises(ConversionError, match="does not come in int4") as caught:
        check_precisions(ConvertRequest("gan.pt", precisions=("fp32", "int4")), built)
    assert caught.value.remedy == "Choose from fp32, fp16, int8."
