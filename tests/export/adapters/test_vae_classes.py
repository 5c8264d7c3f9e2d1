"""A VAE that is told which class to draw: the class's vector in front of the latent numbers."""

from __future__ import annotations

import pytest

from export.adapters.registry import recognised
from export.adapters.vae import Vae

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("order", ["as stored", "alphabetical"])
def test_a_conditional_vae_is_rebuilt_with_its_classes(order):
    import torch

    from export.train.digits.vae import LATENT
    from export.train.digits.vae import Vae as Theirs
    from tests.fakes import public_nets as nets

    theirs = nets.lively(Theirs())
    source = nets.shuffled(theirs) if order == "alphabetical" else nets.checkpoint(theirs)
    detection = recognised(source)
    assert detection.adapter == "vae"
    assert detection.title.endswith("10 classes")
    assert detection.sizes["latent"] == LATENT
    built = Vae().build(source, detection)
    decoder, encoder = built.parts
    points, kinds = torch.randn(4, LATENT), torch.tensor([0, 3, 9, 3])
    wanted = theirs.draw(points, kinds)
    assert float(wanted.std()) > 0.01
    assert torch.allclose(decoder.module(points, kinds)[0], wanted, atol=1e-5)
    assert float((wanted[1] - theirs.draw(points, torch.tensor([0, 4, 9, 3]))[1]).abs().max()) > 0.01, "classes count"
    pictures = torch.rand(2, 1, 28, 28)
    for ours, other in zip(encoder.module(pictures), theirs.encode(pictures), strict=True):
        assert torch.allclose(ours, other, atol=1e-4)
    assert [entry["id"] for entry in built.manifest["controls"]["classes"]] == [str(digit) for digit in range(10)]
