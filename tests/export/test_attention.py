"""Attention as one operator of the runtime: where a part asks for it, only plain attention, and the same answer."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ConversionError

pytestmark = pytest.mark.torch
HOUSE = Path(__file__).resolve().parents[2]
RUN = """
import sys, numpy as np, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
np.save(sys.argv[3], session.run(None, {"x": np.load(sys.argv[2])})[0])
"""


def attending(*, causal: bool = False, scale: float | None = None, attends: bool = True):
    """A layer of attention of three heads as a part."""
    import torch
    from torch import nn

    from export.adapters.base import Part, Slot

    class Attending(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mix = nn.Linear(12, 36)

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor]:
            parts = self.mix(x).view(x.shape[0], x.shape[1], 3, 3, 4).permute(2, 0, 3, 1, 4)
            found = nn.functional.scaled_dot_product_attention(*parts, is_causal=causal, scale=scale)
            return (found.transpose(1, 2).flatten(2),)

    torch.manual_seed(2)
    slot = Slot("x", "float32", ("batch", "tokens", 12))
    return Part("unet", Attending().eval(), (slot,), (replace(slot, role="y"),), example={"batch": 2, "tokens": 5},
                attends=attends)


def operators(traced) -> list[str]:
    import onnx

    return [node.op_type for node in onnx.load(str(traced.path)).graph.node]


@pytest.mark.parametrize("scale", [None, 0.1])
def test_the_operator_answers_as_pytorch_does_at_every_length(tmp_path, scale):
    import torch

    from export.trace import trace

    part = attending(scale=scale)
    traced = trace(part, tmp_path)
    assert "MultiHeadAttention" in operators(traced)
    assert "Softmax" not in operators(traced)
    x = np.random.default_rng(0).standard_normal((3, 9, 12), np.float32)
    np.save(tmp_path / "x.npy", x)
    subprocess.run([sys.executable, "-c", RUN, str(traced.path), str(tmp_path / "x.npy"), str(tmp_path / "y.npy")],
                   check=True, timeout=120)
    with torch.no_grad():
        wanted = part.module(torch.from_numpy(x))[0].numpy()
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), wanted, atol=1e-5)


def test_who_does_not_ask_gets_plain_operators(tmp_path):
    from export.trace import trace

    found = operators(trace(attending(attends=False), tmp_path))
    assert "Softmax" in found
    assert "MultiHeadAttention" not in found


def test_attention_that_looks_back_only_is_refused(tmp_path):
    from export.trace import trace

    with pytest.raises(ConversionError, match="could not turn"):
        trace(attending(causal=True), tmp_path)


def test_the_graph_may_be_opened(tmp_path):
    from engine.packages.graphscan import scan_graph
    from export.trace import trace

    traced = trace(attending(), tmp_path)
    scan_graph(traced.path)
    assert json.dumps(traced.graph)
