"""Cutting the beginning out of a graph: the ports of the part, the weights of the whole, or a sentence."""

from __future__ import annotations

from dataclasses import replace

import onnx
import pytest

from engine.errors import ConversionError
from engine.packages.graphscan import scan_graph

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def halves(tmp_path_factory):
    """A network of two layers, a part that is its first layer, and the graphs of both."""
    import torch
    from torch import nn

    from export.adapters.base import Cut, Part, Slot
    from export.trace import trace_all

    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(8, 64), nn.Linear(64, 400)

        def forward(self, x: torch.Tensor, late: torch.Tensor) -> tuple[torch.Tensor]:
            return (self.second(torch.relu(self.first(x))) + late,)

    torch.manual_seed(0)
    module = Two()
    x = Slot("x", "float32", ("batch", 8))
    whole = Part("whole", module, (x, Slot("late", "float32", ("batch", 400))), (Slot("y", "float32", ("batch", 400)),),
                 example={"batch": 2})
    piece = Part("piece", module.first, (x,), (Slot("inner", "float32", ("batch", 64)),), example={"batch": 2},
                 cut=Cut("whole", "first"))
    folder = tmp_path_factory.mktemp("halves")
    return whole, piece, list(trace_all((whole, piece), folder))


def test_a_piece_has_its_own_ports_and_only_what_leads_to_its_end(halves):
    _, _, (whole, piece) = halves
    graph = onnx.load(piece.path, load_external_data=False).graph
    assert [port.name for port in graph.input] == ["x"]
    assert [port.name for port in graph.output] == ["inner"]
    assert [node.name for node in graph.node] == ["first/Gemm"]
    assert sorted(tensor.name for tensor in graph.initializer) == ["first.bias", "first.weight"]
    assert piece.graph["outputs"]["inner"]["shape"] == ["batch", 64]
    assert whole.graph["outputs"]["y"]["shape"] == ["batch", 400]


def test_both_use_one_file_of_weights_and_pass_the_check_of_packages(halves):
    _, _, (whole, piece) = halves
    assert whole.graph["external"] == piece.graph["external"]
    for traced in (whole, piece):
        scan_graph(traced.path, {name: file["bytes"] for name, file in traced.graph["external"].items()})
    held = {tensor.name: tensor for tensor in onnx.load(piece.path).graph.initializer}
    assert list(held["first.weight"].dims) in ([64, 8], [8, 64])


def test_a_piece_computes_what_its_module_does(halves, tmp_path):
    from export.proof.ask import proved, subject
    from export.reference import save_reference

    first, second, graphs = halves
    subjects = [subject(part.role, save_reference(part, tmp_path, count=2), {"fp32": (one.graph, one.path.parent)})
                for part, one in zip((first, second), graphs, strict=True)]
    whole, piece = proved(tuple(subjects), tmp_path / "proof").parts
    found = piece.outcomes["fp32"]["CPUExecutionProvider"]
    assert found.faults == ()
    assert found.outputs["inner"].relative < 1e-6
    shared = graphs[0].graph["external"]["whole-shared.data"]["bytes"]
    assert whole.bytes["fp32"] == graphs[0].graph["bytes"] + shared
    assert piece.bytes["fp32"] == graphs[1].graph["bytes"]  # the weights count once


def test_an_end_that_is_not_there_is_told(halves):
    from export.adapters.base import Cut
    from export.cut import cut_out

    _, part, (whole, _) = halves
    with pytest.raises(ConversionError, match="third"):
        cut_out(replace(part, cut=Cut("whole", "third")), whole.path, whole.path.with_name("none.onnx"))
    assert not whole.path.with_name("none.onnx").exists()


def test_an_input_that_does_not_reach_the_end_is_told(halves):
    from export.adapters.base import Slot
    from export.cut import cut_out

    _, part, (whole, _) = halves
    more = replace(part, inputs=(*part.inputs, Slot("late", "float32", ("batch", 400))))
    with pytest.raises(ConversionError, match="inputs"):
        cut_out(more, whole.path, whole.path.with_name("none.onnx"))
