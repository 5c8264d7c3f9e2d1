"""Tracing: graphs with the ports of their slots, nothing of the machine inside, the same bytes for the same weights."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import ConversionError
from engine.packages.graphscan import scan_graph

pytestmark = pytest.mark.torch
HOUSE = Path(__file__).resolve().parents[2]


def loaded(traced):
    import onnx

    return onnx.load(str(traced.path))


def test_the_graph_object_is_what_the_manifest_wants(painted):
    import msgspec

    from engine.packages.parts import Graph

    graph = msgspec.convert(painted.graph, Graph)
    data = painted.path.read_bytes()
    assert (graph.file, graph.bytes, graph.sha256) == ("decoder.onnx", len(data), hashlib.sha256(data).hexdigest())
    assert graph.inputs["latent"].shape == ("batch", 8)
    assert graph.outputs["image"].shape == ("batch", 3, 8, 8)
    assert not graph.external
    scan_graph(painted.path)


def test_versions_and_free_dimensions(painted, spelled):
    for traced in (painted, spelled):
        model = loaded(traced)
        assert model.ir_version <= 10
        assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 18)]
        assert not model.functions
        assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    assert loaded(spelled).graph.output[0].type.tensor_type.shape.dim[1].dim_param == "time"


def test_nothing_tells_of_the_machine_or_of_torch(painted, spelled):
    for traced in (painted, spelled):
        data = traced.path.read_bytes()
        for word in (str(HOUSE), "site-packages", "stack_trace", "torch", "tests.fakes", ".py", str(Path.home())):
            assert word.encode() not in data, word


def test_nodes_bear_the_names_of_their_layers(painted, spelled):
    assert {"fc/Gemm", "up.1/ConvTranspose", "up.2/Relu", "up.3/Conv"} <= {n.name for n in loaded(painted).graph.node}
    names = [node.name for node in loaded(spelled).graph.node]
    assert {"emb/Gather", "rnn/GRU", "rnn/GRU_2", "head/MatMul"} <= set(names)
    assert len(names) == len(set(names))


def test_layers_that_nobody_uses_are_left_out(painted):
    names = {tensor.name for tensor in loaded(painted).graph.initializer}
    assert "fc.weight" in names
    assert not any(name.startswith("unused") for name in names)


def test_an_inner_value_never_bears_the_name_of_a_port(painted):
    made = [name for node in loaded(painted).graph.node for name in node.output]
    assert len(made) == len(set(made))
    assert made.count("conv2d") == 1
    last = next(node for node in loaded(painted).graph.node if "conv2d" in node.output)
    assert last.op_type == "ReduceMean"


def test_the_same_weights_give_the_same_bytes_in_another_process(painted, tmp_path):
    code = ("import sys, pathlib; from export.trace import trace; from tests.fakes.parts import painter, stack; "
            "trace(stack(), pathlib.Path(sys.argv[1])); trace(painter(), pathlib.Path(sys.argv[1]))")
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=HOUSE, timeout=120)
    assert (tmp_path / "decoder.onnx").read_bytes() == painted.path.read_bytes()


def test_a_size_that_tracing_fixes_is_an_error(tmp_path):
    import torch
    from torch import nn

    from export.adapters.base import Part, Slot
    from export.trace import trace

    class Fixed(nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
            return (x.reshape(3, 4) * 2,)

    part = Part("fixed", Fixed(), (Slot("x", "float32", ("batch", 4)),), (Slot("y", "float32", ("batch", 4)),),
                example={"batch": 3})
    with pytest.raises(ConversionError, match=r"could not turn “fixed” into a graph|fixed a size"):
        trace(part, tmp_path)


def test_an_output_of_another_type_than_promised_is_an_error(tmp_path):
    from export.adapters.base import Slot
    from export.trace import trace
    from tests.fakes.parts import changed, speller

    slots = (Slot("logits", "float32", ("batch", "time", 12)), Slot("next", "float32", ("batch", 2, 16)))
    with pytest.raises(ConversionError, match="logits"):
        trace(changed(speller(), outputs=slots), tmp_path)


def test_a_writer_can_keep_the_weights_beside_the_graph(tmp_path):
    from onnxscript import ir

    from export.trace import trace
    from tests.fakes.parts import speller

    def beside(model, path):
        ir.save(model, path, external_data="step.data", size_threshold_bytes=256)
        return ("step.data",)

    traced = trace(speller(), tmp_path, writer=beside)
    assert traced.graph["external"]["step.data"]["bytes"] == (tmp_path / "step.data").stat().st_size > 0
    assert traced.path.stat().st_size < 20000
