"""Noise: the published numbers, PyTorch's own stream through draws of all sizes, and ways between two seeds."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion.noise import TorchNormal, Varied, slerp

SIZES = ((4, 4), (3,), (1,), (1, 4, 16, 16), (17,), (5,), (2,), (31, 3), (16,), (15,), (1, 3, 7, 5), (), (1, 4, 9, 11))


def test_seed_zero_is_as_published():
    assert TorchNormal(0).draw((4, 4)).reshape(-1)[:6] == pytest.approx(
        [-1.1258, -1.1524, -0.2506, -0.4339, 0.8487, 0.6920], abs=1e-4)


@pytest.mark.torch
@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1, 2**40 + 7])
def test_the_stream_is_that_of_pytorch_whatever_is_drawn(seed):
    import torch

    dice, ours = torch.Generator().manual_seed(seed), TorchNormal(seed)
    for size in SIZES:
        theirs = torch.randn(size, generator=dice).numpy()
        drawn = ours.draw(size)
        assert drawn.dtype == np.float32
        assert drawn.shape == theirs.shape
        np.testing.assert_allclose(drawn, theirs, atol=2e-6, rtol=2e-6)


def test_noise_is_noise():
    drawn = TorchNormal(7).draw((100_003,))
    assert abs(float(drawn.mean())) < 0.02
    assert float(drawn.std()) == pytest.approx(1, abs=0.01)


def test_the_way_between_two_seeds_keeps_its_length():
    one, two = (TorchNormal(seed).draw((1, 4, 32, 32)) for seed in (1, 2))
    np.testing.assert_allclose(slerp(one, two, 0.0), one, atol=1e-5)
    np.testing.assert_allclose(slerp(one, two, 1.0), two, atol=1e-5)
    for amount in (0.2, 0.5, 0.8):
        assert float(slerp(one, two, amount).std()) == pytest.approx(1, abs=0.03)


def test_the_same_noise_twice_has_no_angle_and_no_trouble():
    one = TorchNormal(1).draw((40,))
    np.testing.assert_allclose(slerp(one, one, 0.5), one, atol=1e-6)
    np.testing.assert_allclose(slerp(one, -one, 0.25), one / 2, atol=1e-6)
    assert np.isfinite(slerp(np.zeros(4, np.float32), one[:4], 0.5)).all()


def test_a_variation_changes_the_first_draw_only():
    plain, varied = TorchNormal(5), Varied(5, 6, 0.3)
    assert not np.allclose(plain.draw((16,)), varied.draw((16,)), atol=0.05)
    np.testing.assert_array_equal(plain.draw((16,)), varied.draw((16,)))
    np.testing.assert_array_equal(Varied(5, 6, 0.0).draw((16,)), TorchNormal(5).draw((16,)))
