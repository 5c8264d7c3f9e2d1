"""Previews without the decoder: known matrices, fitted ones, and a look at spaces nobody knows."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion.noise import TorchNormal
from engine.diffusion.preview import KNOWN, agreement, fitted, pictured


@pytest.mark.parametrize("kind", KNOWN)
def test_known_spaces_have_colours(kind):
    latent = TorchNormal(0).draw((1, 4, 6, 9))
    seen = pictured(latent, KNOWN[kind])
    assert seen.shape == (6, 9, 3)
    assert seen.dtype == np.uint8
    assert seen.std() > 10


def test_a_matrix_is_found_from_one_decoded_picture():
    matrix = np.random.default_rng(0).normal(0, 0.3, (5, 3)).astype(np.float32)
    latent = TorchNormal(0).draw((1, 4, 16, 16))
    picture = np.einsum("chw,cd->dhw", latent[0], matrix[:-1]) + matrix[-1][:, None, None]
    found = fitted(latent, picture[None].repeat(8, axis=2).repeat(8, axis=3).astype(np.float32))
    np.testing.assert_allclose(found, matrix, atol=5e-3)


def test_a_matrix_that_is_wrong_is_found_out():
    latent = TorchNormal(0).draw((1, 4, 16, 16))
    matrix = KNOWN["sd1"]
    picture = np.einsum("chw,cd->dhw", latent[0], matrix[:-1])[None].repeat(8, axis=2).repeat(8, axis=3)
    assert agreement(latent, picture, matrix) == pytest.approx(1, abs=1e-5)
    assert agreement(latent, -picture, matrix) < 0
    assert agreement(latent, -picture, fitted(latent, -picture)) > 0.99
    assert agreement(latent[:, :3], picture, matrix) == 0
    assert agreement(latent, np.ones_like(picture), matrix) == 1


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 16])
def test_unknown_spaces_are_seen_by_their_strongest_components(channels):
    latent = TorchNormal(0).draw((1, channels, 8, 8)) * 0.1
    latent[:, :, 2:6, 2:6] += 3
    seen = pictured(latent).astype(int)
    assert abs(seen[3, 3].mean() - seen[0, 0].mean()) > 60
    assert (pictured(latent, KNOWN["sd1"]).shape == (8, 8, 3))


def test_numbers_that_are_none_do_not_hurt():
    latent = np.zeros((1, 4, 3, 3), np.float32)
    assert pictured(latent).shape == (3, 3, 3)
    latent[0, 0, 0, 0] = np.nan
    assert pictured(latent, KNOWN["sd1"])[0, 0, 0] == 128
