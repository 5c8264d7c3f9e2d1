"""StyleGAN2 as graphs: traced here, run by ONNX Runtime in a process of its own, at batches that were not traced."""

from __future__ import annotations

import numpy as np
import onnx
import pytest

from tests.fakes import stylegan2 as fake

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def proof(tmp_path_factory):
    """A conditional NVIDIA network with tiles and a preview of 8 pixels, and synthesis in rosinality's convention."""
    from export.adapters import stylegan2_parts
    from export.adapters.stylegan2 import StyleGAN2
    from export.nets import winograd
    from export.proof.ask import proved, subject
    from export.reference import save_reference
    from export.trace import trace_all

    folder = tmp_path_factory.mktemp("stylegan2")
    adapter, subjects, graphs, entries = StyleGAN2(), [], {}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(winograd, "_LEAST_CHANNELS", 8)
        patch.setattr(stylegan2_parts, "_FROM", 16)
        patch.setattr(stylegan2_parts, "_PREVIEW", 8)
        for name, tensors in (("nvidia", fake.nvidia(side=16, classes=3)), ("rosinality", fake.rosinality(side=8))):
            source = fake.checkpoint(tensors)
            parts = adapter.build(source, adapter.detect(source)).parts[name != "nvidia":]
            home = folder / name
            home.mkdir()
            for part, traced in zip(parts, trace_all(parts, home), strict=True):
                reference = save_reference(part, home, count=2)
                subjects.append(subject(part.role, reference, {"fp32": (traced.graph, home)}))
                graphs[name, part.role] = onnx.load(traced.path)
                entries[name, part.role] = traced.graph
    return proved(tuple(subjects), folder / "proof"), graphs, entries


def test_every_graph_is_the_network_at_every_batch(proof):
    figures, _, _ = proof
    assert [part.role for part in figures.parts] == ["mapping", "synthesis", "preview", "synthesis"]
    for part in figures.parts:
        found = part.outcomes["fp32"]["CPUExecutionProvider"]
        assert found.faults == ()
        assert [size["batch"] for size in found.sizes] == [1, 3]
        assert all(output.relative < 1e-4 for output in found.outputs.values())


def test_no_class_and_no_noise_is_ignored(proof):
    _, graphs, _ = proof
    used = {name for node in graphs["nvidia", "synthesis"].graph.node for name in node.input}
    assert {"ws", *(f"noise_{number}" for number in range(5))} <= used
    assert "condition" in {name for node in graphs["nvidia", "mapping"].graph.node for name in node.input}


def test_kernels_never_change(proof):
    _, graphs, _ = proof
    graph = graphs["nvidia", "synthesis"].graph
    constants = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    kernels = [node.input[1] for node in graph.node if node.op_type in ("Conv", "ConvTranspose")]
    assert set(kernels) <= set(constants)
    assert [36, 1, 6, 6] in [constants[kernel] for kernel in kernels]  # the layer of 16 x 16 goes in tiles


def test_the_epsilon_of_the_mapping_is_still_there(proof):
    _, graphs, _ = proof
    values = [onnx.numpy_helper.to_array(tensor) for tensor in graphs["nvidia", "mapping"].graph.initializer]
    assert any(value.size == 1 and np.isclose(value.item(), 64e-8, rtol=1e-3, atol=0) for value in values)


def test_the_preview_is_a_beginning_of_synthesis_and_shares_its_weights(proof):
    _, graphs, entries = proof
    whole, piece = graphs["nvidia", "synthesis"].graph, graphs["nvidia", "preview"].graph
    assert {node.name for node in piece.node} < {node.name for node in whole.node}
    assert [port.name for port in piece.input] == ["ws", "noise_0", "noise_1", "noise_2"]
    assert entries["nvidia", "preview"]["inputs"]["ws"]["shape"] == ["batch", 4, 48]
    assert entries["nvidia", "preview"]["external"] == entries["nvidia", "synthesis"]["external"]
    assert list(entries["nvidia", "preview"]["external"]) == ["synthesis-shared.data"]
    assert not entries["rosinality", "synthesis"]["external"]  # nothing is cut from that one
