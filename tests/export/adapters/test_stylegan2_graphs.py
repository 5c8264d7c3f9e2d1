"""StyleGAN2 as graphs: traced here, run by ONNX Runtime in a process of its own, at batches that were not traced."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from tests.fakes import stylegan2 as fake

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """Mapping and synthesis of a conditional NVIDIA network with tiles, and synthesis in rosinality's convention."""
    from export.adapters.stylegan2 import StyleGAN2
    from export.nets import winograd
    from export.proof.ask import proved, subject
    from export.reference import save_reference
    from export.trace import trace

    folder = tmp_path_factory.mktemp("stylegan2")
    adapter, subjects, graphs = StyleGAN2(), [], {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(winograd, "_LEAST_CHANNELS", 8)
        for name, tensors in (("nvidia", fake.nvidia(side=16, classes=3)), ("rosinality", fake.rosinality(side=8))):
            source = fake.checkpoint(tensors)
            for part in adapter.build(source, adapter.detect(source)).parts[name != "nvidia":]:
                home = folder / name / part.role
                home.mkdir(parents=True)
                traced = trace(part, home)
                reference = save_reference(part, home, count=2)
                subjects.append(subject(part.role, reference, {"fp32": (traced.graph, home)}))
                graphs[name, part.role] = onnx.load(traced.path)
    return proved(tuple(subjects), folder / "proof"), graphs


def test_every_graph_is_the_network_at_every_batch(proof):
    figures, _ = proof
    assert [part.role for part in figures.parts] == ["mapping", "synthesis", "synthesis"]
    for part in figures.parts:
        found = part.outcomes["fp32"]["CPUExecutionProvider"]
        assert found.faults == ()
        assert [size["batch"] for size in found.sizes] == [1, 3]
        assert all(output.relative < 1e-4 for output in found.outputs.values())


def test_no_class_and_no_noise_is_ignored(proof):
    _, graphs = proof
    used = {name for node in graphs["nvidia", "synthesis"].graph.node for name in node.input}
    assert {"ws", *(f"noise_{number}" for number in range(5))} <= used
    assert "condition" in {name for node in graphs["nvidia", "mapping"].graph.node for name in node.input}


def test_kernels_never_change(proof):
    _, graphs = proof
    graph = graphs["nvidia", "synthesis"].graph
    constants = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    kernels = [node.input[1] for node in graph.node if node.op_type in ("Conv", "ConvTranspose")]
    assert set(kernels) <= set(constants)
    assert [36, 1, 6, 6] in [constants[kernel] for kernel in kernels]  # the layer of 16 x 16 goes in tiles


def test_the_epsilon_of_the_mapping_is_still_there(proof):
    _, graphs = proof
    values = [onnx.numpy_helper.to_array(tensor) for tensor in graphs["nvidia", "mapping"].graph.initializer]
    assert any(value.size == 1 and np.isclose(value.item(), 64e-8, rtol=1e-3, atol=0) for value in values)
