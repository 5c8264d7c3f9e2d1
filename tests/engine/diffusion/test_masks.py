"""Masks in pixels and in the latent space, soft edges, larger canvases."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion.masks import Edges, blended, feathered, grown, hard, outpainted, to_latent


def square(side=64, start=24, end=40):
    mask = np.zeros((side, side), np.float32)
    mask[start:end, start:end] = 1
    return mask


def test_a_feather_softens_the_edge_and_keeps_the_middle_and_the_far():
    soft = feathered(square(), 6)
    assert soft[32, 32] > 0.95
    assert soft[32, 4] == 0
    assert 0.3 < soft[32, 24] < 0.7
    assert (np.diff(soft[32, :32]) >= -1e-6).all()
    np.testing.assert_array_equal(feathered(square(), 0.4), square())


def test_a_feather_treats_both_sides_alike():
    soft = feathered(square(), 7)
    np.testing.assert_allclose(soft, soft[::-1], atol=1e-6)
    np.testing.assert_allclose(soft, soft.T, atol=1e-6)


def test_growing_reaches_as_far_as_told():
    wide = grown(square(), 3)
    np.testing.assert_array_equal(np.flatnonzero(wide[32]), np.arange(21, 43))


def test_a_hard_mask_has_two_values():
    assert set(np.unique(hard(feathered(square(), 8)))) == {0.0, 1.0}


@pytest.mark.torch
@pytest.mark.parametrize(("size", "cells"), [((64, 64), (8, 8)), ((72, 40), (9, 5)), ((50, 70), (8, 8))])
def test_the_latent_mask_is_that_of_pytorch(size, cells):
    import torch

    mask = np.random.default_rng(0).random(size, np.float32)
    theirs = torch.nn.functional.interpolate(torch.from_numpy(mask)[None, None], size=cells).numpy()
    np.testing.assert_array_equal(to_latent(mask, *cells), theirs)


def test_blending_keeps_what_was_not_painted():
    kept, painted = np.zeros((64, 64, 3), np.float32), np.ones((64, 64, 3), np.float32)
    mixed = blended(kept, painted, square())
    assert mixed[32, 32, 0] == 1
    assert mixed[0, 0, 0] == 0


def test_a_larger_canvas_holds_the_picture_untouched():
    picture = np.random.default_rng(0).random((20, 30, 3), np.float32)
    canvas, mask = outpainted(picture, Edges(8, 0, 40, 4), overlap=3)
    assert canvas.shape == (24, 78, 3)
    np.testing.assert_array_equal(canvas[:20, 8:38], picture)
    assert mask[0, 0] == mask[23, 50] == mask[23, 10] == 1
    assert mask[0, 11:35].max() == 0          # three pixels of overlap left and right, none at the top
    assert mask[0, 10] == mask[0, 35] == 1
    assert np.isfinite(canvas).all()


def test_a_canvas_that_does_not_grow_is_all_kept():
    canvas, mask = outpainted(np.ones((8, 8, 3), np.float32), Edges(), overlap=4)
    assert canvas.shape == (8, 8, 3)
    assert not mask.any()
