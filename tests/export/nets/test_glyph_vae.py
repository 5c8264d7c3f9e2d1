"""The shipped network: one way to draw, background that stays background, and styles moved by the prior."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def model():
    """Small enough to be quick, random enough to differ from character to character."""
    import torch

    from export.nets.glyph_vae import GlyphVae

    torch.manual_seed(0)
    made = GlyphVae(characters=7, style=5).eval()
    torch.nn.init.normal_(made.decoder.leave.weight, 0.0, 0.2)
    return made.requires_grad_(requires_grad=False)


def test_an_alphabet_is_its_characters_one_by_one(model):
    import torch

    style, chosen = torch.randn(2, 5), torch.tensor([4, 0, 6])
    codes, metrics = model.decoder.alphabet(style, chosen)
    for number, character in enumerate(chosen.tolist()):
        code, metric = model.decoder(style, torch.full((2,), character))
        assert torch.allclose(codes[:, number], code, atol=1e-5)
        assert torch.allclose(metrics[:, number], metric, atol=1e-5)


def test_the_shipped_decoder_draws_what_was_evaluated(model):
    import torch

    from export.nets.glyph_vae import GlyphDecoder

    mean, spread = torch.randn(5), torch.randn(5, 5)
    z = torch.randn(3, 5)
    field, advance, middle = GlyphDecoder(model, mean, spread)(z, torch.tensor([1, 2, 3]))
    fields, metrics = model.draw(z @ spread + mean, torch.tensor([1, 2, 3]))
    assert field.shape == (3, 1, 128, 128)
    assert float(field.abs().max()) <= 1.0
    for row in range(3):
        assert torch.allclose(field[row, 0], fields[row, row], atol=1e-4)
        assert torch.allclose(torch.stack([advance[row], middle[row]]), metrics[row, row], atol=1e-5)


def test_smoothing_leaves_background_and_straight_edges_alone():
    import torch

    from export.nets.glyph_vae import Smoothing

    smoothing = Smoothing()
    background = torch.full((1, 1, 32, 32), -1.0)
    assert torch.allclose(smoothing(background), background, atol=1e-6)
    ramp = torch.linspace(-0.9, 0.9, 32).expand(1, 1, 32, 32)
    assert torch.allclose(smoothing(ramp)[..., 4:-4, 4:-4], ramp[..., 4:-4, 4:-4], atol=1e-5)


def test_an_unseen_character_counts_as_an_average_one(model):
    import torch

    codes, metrics = torch.randn(2, 7, 1024), torch.randn(2, 7, 2)
    seen = torch.ones(2, 7)
    seen[:, 3] = 0.0
    first, _ = model.encoder(codes, metrics, seen)
    changed = codes.clone()
    changed[:, 3] += 5.0
    second, _ = model.encoder(changed, metrics, seen)
    assert torch.allclose(first, second, atol=1e-5)
