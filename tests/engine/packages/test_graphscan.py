"""What may be in an ONNX file, decided without loading it; named bad files are O01 to O42 (`tests/corpus/onnx.py`)."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, external_data_helper, helper, numpy_helper

from engine.errors import PackageError
from engine.packages.graphscan import scan_graph
from tests import fakes
from tests.fakes import graphs


def tiny() -> ModelProto:
    return graphs.model(graphs.color_nodes(), graphs.color_constants(2), graphs.COLOR_OUTPUTS, condition="kind")


def scan(tmp_path: Path, model: ModelProto | bytes) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    scan_graph(path)


def test_a_plain_graph_and_a_loop_pass(tmp_path: Path):
    scan(tmp_path, tiny())
    scan_graph(fakes.slow(tmp_path / "p") / "decoder.onnx")


def test_weights_in_another_file_are_refused_wherever_they_hide(tmp_path: Path):
    plain = tiny()
    external_data_helper.set_external_data(plain.graph.initializer[0], "weights.bin")
    with pytest.raises(PackageError, match="another file"):
        scan(tmp_path, plain)

    located = tiny()
    located.graph.initializer[0].data_location = TensorProto.EXTERNAL
    with pytest.raises(PackageError, match="another file"):
        scan(tmp_path, located)

    tensor = numpy_helper.from_array(np.zeros(3, np.float32))
    external_data_helper.set_external_data(tensor, "/etc/passwd")
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    branch = helper.make_graph([constant], "b", [], [helper.make_tensor_value_info("c", TensorProto.FLOAT, [3])])
    hidden = tiny()
    hidden.graph.node.append(helper.make_node("If", ["cond"], ["z"], then_branch=branch, else_branch=branch))
    with pytest.raises(PackageError, match="another file"):
        scan(tmp_path, hidden)


def outside(**entries: str) -> ModelProto:
    """A model whose first weights lie in another file, at the place that `entries` say."""
    model = tiny()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    return model


@pytest.mark.parametrize("entries", [
    {"location": "w.data", "offset": "0", "length": "4096"}, {"location": "w.data"},
    {"location": "w.data", "offset": "4000", "length": "96"},
])
def test_weights_in_a_listed_file_pass(tmp_path: Path, entries: dict[str, str]):
    (tmp_path / "m.onnx").write_bytes(outside(**entries).SerializeToString())
    scan_graph(tmp_path / "m.onnx", {"w.data": 4096})


@pytest.mark.parametrize(("entries", "words"), [
    ({"location": "other.data"}, "does not list"), ({"location": "../w.data"}, "does not list"),
    ({"location": "/etc/passwd"}, "does not list"), ({"location": "sub/w.data"}, "does not list"),
    ({"location": "*/_ORT_MEM_ADDR_/*"}, "does not list"), ({}, "in another file"),
    ({"location": "w.data", "offset": "1", "length": "4096"}, "outside its weight file"),
    ({"location": "w.data", "offset": "-8", "length": "8"}, "outside its weight file"),
    ({"location": "w.data", "offset": str(2**62), "length": str(2**62)}, "outside its weight file"),
    ({"location": "w.data", "offset": "9" * 50}, "outside its weight file"),
    ({"location": "w.data", "length": "٣"}, "outside its weight file"),
])
def test_weights_outside_the_listed_file_are_refused(tmp_path: Path, entries: dict[str, str], words: str):
    (tmp_path / "m.onnx").write_bytes(outside(**entries).SerializeToString())
    with pytest.raises(PackageError, match=words):
        scan_graph(tmp_path / "m.onnx", {"w.data": 4096})


@pytest.mark.parametrize(("operator", "domain", "words"), [
    ("Magic", "evil.corp", "not part of ONNX"), ("EPContext", "com.microsoft", "EPContext"),
    ("PyOp", "com.microsoft", "PyOp"),
    ("TreeEnsemble", "ai.onnx.ml", "not part of ONNX"),
])
def test_operators_from_elsewhere_are_refused_even_inside_branches(tmp_path: Path, operator: str, domain: str,
                                                                   words: str):
    node = helper.make_node(operator, ["latent"], ["x"], domain=domain)
    direct = tiny()
    direct.graph.node.append(node)
    with pytest.raises(PackageError, match=words):
        scan(tmp_path, direct)
    branch = helper.make_graph([node], "b", [], [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3])])
    nested = tiny()
    nested.graph.node.append(helper.make_node("If", ["cond"], ["z"], then_branch=branch, else_branch=branch))
    with pytest.raises(PackageError, match=words):
        scan(tmp_path, nested)


@pytest.mark.parametrize(("depth", "sound"), [(3, True), (12, True), (25, False), (300, False)])
def test_functions_are_counted_once_written_out(tmp_path: Path, depth: int, *, sound: bool):
    before, functions = graphs.laughing(depth)
    nodes = graphs.color_nodes()
    graphs.rewired(nodes, before)
    model = graphs.model(nodes, graphs.color_constants(2), graphs.COLOR_OUTPUTS, condition="kind", functions=functions)
    if sound:
        scan(tmp_path, model)
    else:
        with pytest.raises(PackageError, match="unfolds"):
            scan(tmp_path, model)


@pytest.mark.parametrize("data", [b"", b"\x00", b"not onnx at all", b"\xff" * 100, b"ORTM" + bytes(100)])
def test_other_files_are_not_onnx(tmp_path: Path, data: bytes):
    with pytest.raises(PackageError, match="not a whole ONNX"):
        scan(tmp_path, data)


def test_a_damaged_file_is_refused_or_passed_but_never_breaks_the_reader(tmp_path: Path):
    sound = tiny().SerializeToString()
    chance = random.Random(7)
    remedies: set[str] = set()
    for _ in range(300):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 4, 16))):
            data[chance.randrange(min(len(data), 600))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)):]
        try:
            scan(tmp_path, bytes(data))
        except PackageError as error:
            remedies.add(error.remedy)
    assert remedies
    assert "" not in remedies
