"""Tiles that leave no seam, whatever the size; pictures whose edges meet."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion.noise import TorchNormal
from engine.diffusion.tiles import WRAPS, Tiling, around, cropped, decode_tiled, padded


def doubled(latent):
    """A decoder without a view of its neighbours: each cell becomes two by two pixels of three colours."""
    return latent[:, :3].repeat(2, axis=2).repeat(2, axis=3)


def blurring(latent):
    """A decoder that looks at its neighbours, and sees zeros beyond the edge of what it is given."""
    wide = np.pad(latent[:, :3], ((0, 0), (0, 0), (2, 2), (2, 2)))
    height, width = latent.shape[2:]
    near = [wide[:, :, y:y + height, x:x + width] for y in range(5) for x in range(5)]
    return (np.sum(near, axis=0) / 25).astype(np.float32).repeat(2, axis=2).repeat(2, axis=3)


@pytest.mark.parametrize("wrap", WRAPS.values())
@pytest.mark.parametrize("size", [(5, 5), (16, 16), (17, 40), (33, 7), (64, 20)])
def test_tiles_make_the_whole_picture(size, wrap):
    latent = TorchNormal(0).draw((1, 4, *size))
    np.testing.assert_allclose(decode_tiled(doubled, latent, Tiling(16, 4), wrap), doubled(latent), atol=1e-5)


def test_a_decoder_never_sees_more_than_a_tile_and_tells_each():
    sizes, told = [], []

    def decode(latent):
        sizes.append(latent.shape[2:])
        return doubled(latent)

    decode_tiled(decode, np.zeros((1, 4, 40, 24), np.float32), Tiling(16, 4), on_tile=lambda *at: told.append(at))
    assert set(sizes) == {(16, 16)}
    assert told == [(number + 1, len(sizes)) for number in range(len(sizes))]


def test_one_tile_is_decoded_in_one_go():
    latent = TorchNormal(0).draw((1, 4, 16, 16))
    np.testing.assert_array_equal(decode_tiled(blurring, latent, Tiling(16, 4)), blurring(latent))


def test_ramps_hide_where_tiles_meet():
    latent = np.ones((1, 4, 48, 16), np.float32)
    picture = decode_tiled(blurring, latent, Tiling(16, 8))
    steps = np.abs(np.diff(picture[0, 0, 8:-8, 16]))
    assert float(steps.max()) < 0.06          # without ramps the dark edge of a tile would be a step of 0.4


def test_edges_meet_where_the_picture_wraps():
    latent = TorchNormal(0).draw((1, 4, 32, 32))
    plain, wrapped = (decode_tiled(blurring, latent, Tiling(16, 8), WRAPS[kind]) for kind in ("none", "both"))
    truth = cropped(blurring(padded(latent, (True, True), 4)), (True, True), 8)
    edge = np.s_[..., :2, :]
    assert np.abs(wrapped[edge] - truth[edge]).mean() < np.abs(plain[edge] - truth[edge]).mean() / 2


def test_padding_takes_the_other_side_of_the_axes_that_wrap_only():
    latent = np.arange(12, dtype=np.float32).reshape(1, 1, 3, 4)
    wide = padded(latent, WRAPS["x"], 2)
    assert wide.shape == (1, 1, 3, 8)
    np.testing.assert_array_equal(wide[0, 0, 0], [2, 3, 0, 1, 2, 3, 0, 1])
    for wrap in WRAPS.values():
        np.testing.assert_array_equal(cropped(padded(latent, wrap, 2), wrap, 2), latent)


@pytest.mark.parametrize("kind", WRAPS)
def test_a_network_goes_around_the_edges_that_wrap(kind):
    """Rolled and rolled back, a network that treats every place alike answers as before."""
    latent = TorchNormal(0).draw((1, 4, 8, 12))
    for step in range(4):
        np.testing.assert_array_equal(around(lambda x, *_: x * 2, WRAPS[kind], cells=2)(latent, 0.0, step), latent * 2)


def test_the_edge_of_the_network_wanders():
    marks = []

    def denoise(x, time, step):
        marks.append(int(np.argmax(x[0, 0, 0])))
        return x

    latent = np.zeros((1, 1, 4, 32), np.float32)
    latent[..., 0] = 1
    for step in range(5):
        around(denoise, WRAPS["x"])(latent, 0.0, step)
    assert len(set(marks)) == 5
    assert around(denoise, WRAPS["none"]) is denoise
