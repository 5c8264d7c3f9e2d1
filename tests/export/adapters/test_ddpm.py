"""DDPM folders: recognised, the same numbers as diffusers, also from ONNX Runtime at other sizes."""

from __future__ import annotations

import pytest

from engine.errors import CheckpointError
from export.adapters.ddpm import Ddpm
from export.adapters.registry import recognised
from export.checkpoint.open import open_source

pytestmark = pytest.mark.torch


@pytest.mark.parametrize(("labels", "alone"), [(None, False), (5, True)])
def test_a_denoiser_is_rebuilt_from_its_folder(tmp_path, labels, alone):
    import torch
    from diffusers import UNet2DModel

    from tests.fakes.diffusion import ddpm

    path = ddpm(tmp_path / "ddpm", labels=labels, alone=alone)
    source = open_source(path)
    detection = recognised(source)
    assert detection.adapter == "ddpm"
    assert {name: detection.sizes[name] for name in ("side", "channels", "classes")} == {
        "side": 8, "channels": 3, "classes": labels or 0}
    built = Ddpm().build(source, detection)
    theirs = UNet2DModel.from_pretrained(path if alone else path / "unet").eval()
    given = (torch.randn(3, 3, 4, 8), torch.tensor([3.0, 500.0, 999.0]))
    chosen = torch.tensor([0, 4, 2])
    with torch.no_grad():
        wanted = theirs(*given, class_labels=chosen if labels else None).sample
        found = built.parts[0].module(*given, *((chosen,) if labels else ()))[0]
    assert float(wanted.std()) > 0.1
    assert torch.allclose(found, wanted, atol=1e-5)
    assert built.manifest["diffusion"]["scheduler"] == ({} if alone else {"_class_name": "DDPMScheduler",
                                                                          "clip_sample": True})


def test_the_graph_computes_the_same_at_every_size(tmp_path):
    from export.proof.ask import proved, subject
    from export.reference import save_reference
    from export.trace import trace
    from tests.fakes.diffusion import ddpm

    source = open_source(ddpm(tmp_path / "ddpm"))
    part = Ddpm().build(source, Ddpm().detect(source)).parts[0]
    reference = save_reference(part, tmp_path / "reference", count=2)
    traced = trace(part, tmp_path)
    figures = proved((subject("unet", reference, {"fp32": (traced.graph, tmp_path)}),), tmp_path / "proof",
                     providers=("cpu",))
    for outcome in figures.parts[0].outcomes["fp32"].values():
        assert not outcome.faults
        assert len(outcome.sizes) == 2
        assert outcome.outputs["noise"].relative <= 1e-4


def test_an_odd_number_of_channels_is_refused(tmp_path):
    from tests.fakes.diffusion import ddpm

    source = open_source(ddpm(tmp_path / "ddpm"))
    detection = Ddpm().detect(source)
    odd = type(detection)(**{**detection.__dict__, "sizes": {**detection.sizes, "prediction": "flow"}})
    with pytest.raises(CheckpointError, match="flow"):
        Ddpm().build(source, odd)
