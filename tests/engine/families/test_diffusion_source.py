"""What a picture to start from does: strength, masks, a canvas that grows, tiles, edges that meet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import media
from engine.api import Value
from engine.errors import FileProblem
from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from tests.fakes.diffusion_opened import Open, Opened, half, picture
from tests.fakes.layouts import folder_of


def test_a_picture_to_start_from(opened: Open):
    model = opened()
    source = picture()
    keeps, changes = (model.pixels(image=source, strength=strength, steps=10.0) for strength in (0.1, 0.9))
    assert not np.array_equal(keeps, changes)
    assert not np.array_equal(keeps, model.pixels(image=picture(60), strength=0.1, steps=10.0))
    assert "vae_encoder" in (model.render(image=source), model.runs)[1]
    still = model.pixels(image=source, strength=0.0)
    assert np.array_equal(still, model.pixels(image=source, strength=0.0, prompt="another"))


@pytest.mark.parametrize("name", ["diffusers", "amuse", "optimum", "inpaint"])
def test_encoders_that_draw_give_the_same_every_time(opened: Open, name: str):
    model = opened(name)
    source = picture()
    first = model.pixels(image=source, strength=0.5, steps=4.0)
    assert np.array_equal(first, model.pixels(image=source, strength=0.5, steps=4.0))
    assert not np.array_equal(first, model.pixels(image=source, strength=0.5, steps=4.0, seed=8))


@pytest.mark.parametrize("name", ["optimum", "inpaint"])
def test_what_the_mask_leaves_is_the_source_itself(opened: Open, name: str):
    model = opened(name)
    source = picture()
    values: dict[str, Value] = {"image": source, "mask": half(), "strength": 0.9, "feather": 0.0}
    made = model.pixels(**values)
    original = np.asarray(Image.open(media.path_of(source)))
    assert np.array_equal(made[:, :32], original[:, :32])
    assert not np.array_equal(made[:, 32:], original[:, 32:])
    assert not np.array_equal(model.pixels(**{**values, "restore": False})[:, :32], original[:, :32])
    soft = model.pixels(**{**values, "feather": 16.0})
    assert np.array_equal(soft[:, :8], original[:, :8])
    assert not np.array_equal(soft[:, 26:32], original[:, 26:32])


def test_an_inpainting_denoiser_sees_mask_and_what_stays(opened: Open):
    model = opened("inpaint")
    model.render(image=picture(), mask=half(), strength=1.0, guidance=1.0)
    sample = model.fed[0]["sample"]
    assert sample.shape == (1, 9, 8, 8)
    assert sample[0, 4].tolist() == [[0.0] * 4 + [1.0] * 4] * 8
    assert sample[0, 5:].any()
    model.render(guidance=1.0)
    assert bool((model.fed[0]["sample"][0, 4] == 1).all())


@pytest.mark.parametrize("name", ["optimum", "inpaint"])
def test_a_canvas_grows_beyond_its_picture(opened: Open, name: str):
    model = opened(name)
    source = picture()
    asset = model.render(image=source, expand_left=64.0, strength=1.0, feather=0.0)
    assert asset.pixels.shape == (64, 128, 3)
    assert np.array_equal(asset.pixels[:, 64:], np.asarray(Image.open(media.path_of(source))))


def test_rounding_never_cuts_a_picture_that_grows(opened: Open):
    """What the canvas gains by whole multiples goes to the margins; the picture stays whole."""
    model = opened()
    source = picture()
    asset = model.render(image=source, expand_left=16.0, expand_right=32.0, strength=1.0, feather=0.0)
    assert asset.pixels.shape == (64, 128, 3)
    assert "128 × 64 instead of 112 × 64" in asset.notes[0]
    original = np.asarray(Image.open(media.path_of(source)))
    assert np.array_equal(asset.pixels[:, 21:85], original)
    below = model.pixels(image=source, expand_bottom=1.0, strength=1.0, feather=0.0)
    assert below.shape == (128, 64, 3)
    assert np.array_equal(below[:64], original)


def test_previews_learn_the_colours_of_an_auto_encoder_that_is_not_the_usual_one(packages: Callable[[str], Path]):
    from engine.diffusion.preview import KNOWN

    model = Opened(packages("diffusers"))
    assert model.model._looks._matrix is KNOWN["sd1"]
    model.render()
    learned = model.model._looks._matrix
    assert learned is not KNOWN["sd1"]
    model.model.close()


def test_a_source_that_is_not_here_is_told(opened: Open):
    with pytest.raises(FileProblem, match="not on this machine"):
        opened().render(image="sha256:" + "a" * 64)


def test_seamless_pictures_do_not_know_their_edges(tmp_path: Path):
    """A denoiser that sees nothing beyond its edges leaves a rim there; on a torus every place is alike."""
    pipeline = pipeline_of(folder_of(tmp_path / "folder", "optimum", blurs=True))
    assert pipeline is not None
    make_pipeline(pipeline, Label("blur", "Blur", "For tests.", "CC0-1.0", ""), tmp_path / "package")
    model = Opened(tmp_path / "package")
    sampling = model.model._sampling
    run, latents = sampling.run, []
    sampling.run = lambda *given: latents.append(run(*given)) or latents[-1]
    rims = {}
    for tile in ("none", "x", "both"):
        latents.clear()
        for seed in range(12):
            model.render(tile=tile, seed=seed, steps=8.0, guidance=1.0, size=(128, 128))
        power = np.square(np.concatenate(latents)).mean(axis=(0, 1))
        inner = power[2:-2, 2:-2].mean()
        rims[tile] = [abs(float(edge.mean() / inner) - 1) for edge in (power[2:-2, [0, -1]], power[[0, -1], 2:-2])]
    across, down = zip(*rims.values(), strict=True)
    assert across[0] > 2 * across[1], rims
    assert across[0] > 2 * across[2], rims
    assert down[0] > 2 * down[2], rims
    assert down[1] > 2 * down[2], rims
    model.model.close()


def test_large_pictures_are_decoded_in_tiles(opened: Open, monkeypatch: pytest.MonkeyPatch):
    from engine.diffusion.tiles import Tiling
    from engine.families import diffusion_decode as darkroom

    model = opened()
    whole = model.pixels(size=(128, 128))
    monkeypatch.setattr(darkroom, "_TILES", Tiling(8, 4))
    monkeypatch.setattr(darkroom, "_WHOLE", 8)
    tiled = model.pixels(size=(128, 128))
    assert model.runs.count("vae_decoder") == 9
    assert np.abs(tiled.astype(int) - whole).max() <= 1
