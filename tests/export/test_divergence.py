"""Where a conversion goes wrong: faults planted in real exports are found at their node and their layer."""

from __future__ import annotations

import numpy as np
import pytest

from export.parity.judge import judge
from export.proof.ask import proved, subject

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def converted(tmp_path_factory, painted, spelled):
    """Parts with their graphs and references; what is damaged are copies."""
    from export.reference import save_reference
    from tests.fakes.parts import painter, speller

    folder = tmp_path_factory.mktemp("reference")
    return {part.role: (part, traced, save_reference(part, folder, count=1))
            for part, traced in ((painter(), painted), (speller(), spelled))}


def report(converted, role, folder, damage):
    """The report on a graph that `damage` changed."""
    import dataclasses

    import onnx

    from export.divergence import first_divergence

    part, traced, reference = converted[role]
    model = onnx.load(str(traced.path))
    damage(model)
    path = folder / traced.path.name
    onnx.save(model, path)
    figures = proved((subject(role, reference, {"fp32": (traced.graph, folder)}),), folder / "proof")
    place = first_divergence({role: (part, dataclasses.replace(traced, path=path), reference)}, figures, folder)
    return judge(figures, source={}, divergence=place).report


def change_weight(name, amount=0.5):
    from onnx import numpy_helper

    def damage(model):
        tensor = next(tensor for tensor in model.graph.initializer if tensor.name == name)
        values = numpy_helper.to_array(tensor).copy()
        values.flat[values.size // 2] += amount
        tensor.CopyFrom(numpy_helper.from_array(values, name))

    return damage


def change_operator(name, operator):
    def damage(model):
        next(node for node in model.graph.node if node.name == name).op_type = operator

    return damage


def test_a_sound_conversion_has_no_divergence(converted, tmp_path):
    found = report(converted, "decoder", tmp_path, lambda _: None)
    assert (found["verdict"], found["first_divergence"]) == ("pass", None)


@pytest.mark.parametrize(("weight", "node", "layer"), [
    ("fc.weight", "fc/Gemm", "fc"),
    ("up.0.weight", "up.1/ConvTranspose", "up.1"),     # the normalisation behind it was folded into it
    ("up.3.weight", "up.3/Conv", "up.3")])
def test_a_changed_weight_is_found_in_its_layer(converted, tmp_path, weight, node, layer):
    found = report(converted, "decoder", tmp_path, change_weight(weight))
    assert found["verdict"] == "fail"
    place = found["first_divergence"]
    assert (place["part"], place["node"], place["layer"], place["kind"]) == ("decoder", node, layer, "value")
    assert place["error"] > 1e-4


@pytest.mark.parametrize(("node", "operator", "layer"), [("up.2/Relu", "Softplus", "up.2"), ("Tanh", "Erf", "")])
def test_a_wrong_operator_is_found(converted, tmp_path, node, operator, layer):
    found = report(converted, "decoder", tmp_path, change_operator(node, operator))
    assert found["verdict"] == "fail"
    assert (found["first_divergence"]["node"], found["first_divergence"]["layer"]) == (node, layer)
    assert found["first_divergence"]["operator"] == operator


def test_a_recurrent_net_names_the_module(converted, tmp_path):
    found = report(converted, "step", tmp_path, change_weight("head.bias"))
    assert found["verdict"] == "fail"
    assert found["first_divergence"]["layer"] == "head"


def test_a_graph_that_fails_while_it_runs_names_the_node(converted, tmp_path):
    def damage(model):
        from onnx import numpy_helper

        node = next(node for node in model.graph.node if node.op_type == "Reshape")
        shape = next(tensor for tensor in model.graph.initializer if tensor.name == node.input[1])
        shape.CopyFrom(numpy_helper.from_array(np.array([3, 4, 4, 4]), shape.name))

    found = report(converted, "decoder", tmp_path, damage)
    assert found["verdict"] == "fail"
    assert "batch 1" in found["precision"]["fp32"]["why"][0]
    place = found["first_divergence"]
    assert (place["node"], place["operator"], place["kind"]) == ("Reshape", "Reshape", "run")


def test_invalid_numbers_are_found_where_they_begin(converted, tmp_path):
    found = report(converted, "decoder", tmp_path, change_weight("up.3.bias", float("nan")))
    assert "NaN" in found["precision"]["fp32"]["why"][0]
    assert found["first_divergence"]["node"] == "up.3/Conv"
    assert found["first_divergence"]["error"] is None


def test_a_rewriting_that_is_wrong_in_torch_is_called_that(converted, tmp_path):
    import torch
    from torch import nn

    from export.divergence import first_divergence
    from export.reference import save_reference
    from tests.fakes.parts import changed

    part, traced, _ = converted["decoder"]

    class Other(nn.Module):
        def forward(self, latent: torch.Tensor, gain: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            image, mean = part.module(latent, gain)
            return image * 0.9, mean

    apart = changed(part, reference=Other())
    reference = save_reference(apart, tmp_path / "reference", count=1)
    figures = proved((subject("decoder", reference, {"fp32": (traced.graph, traced.path.parent)}),), tmp_path / "proof")
    place = first_divergence({"decoder": (apart, traced, reference)}, figures, tmp_path)
    assert place["kind"] == "rewriting"
