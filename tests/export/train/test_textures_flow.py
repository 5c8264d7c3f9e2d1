"""The flow of textures: its tiles have no seam at any size, lattices stay where they are, and it learns and resumes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from export.train.textures.classes import CLASSES, SETTINGS
from export.train.textures.dataset import Tiles, draw_all
from export.train.textures.features import features, likeness, open_eye

pytestmark = pytest.mark.torch


@pytest.fixture
def model():
    import torch

    from export.train.textures.net import TextureFlow

    torch.manual_seed(0)
    made = TextureFlow((8, 12, 16), (1, 1, 1)).eval()
    for value in made.parameters():
        torch.nn.init.normal_(value, std=0.2)
    return made


def ask(model, sample, scale: float, **more):
    """The velocity of a sample under two materials."""
    import torch

    mix = torch.zeros(len(sample), len(CLASSES))
    mix[:, 0] = 1
    settings = torch.full((len(sample), len(SETTINGS)), 0.5)
    settings[:, 0] = scale
    with torch.inference_mode():
        return model(sample, torch.full((len(sample),), 0.3), mix, settings, **more)


def test_no_place_of_a_tile_is_an_edge(model):
    """A tile that was rolled, and its lattice with it, is answered by the rolled answer."""
    import torch

    for size in ((128, 64), (96, 160)):
        sample = torch.randn(1, 2, *size)
        plain = ask(model, sample, 0.6)
        rolled = ask(model, sample.roll((32, 48), (2, 3)), 0.6, moved=(32, 48))
        apart = (rolled - plain.roll((32, 48), (2, 3))).abs().max() / plain.abs().max()
        assert float(apart) < 1e-4


def test_cells_that_fit_are_the_same_two_cells_on(model):
    """With cells of eight pixels the tile sixteen to the right is the same again, and eight to the right it is not."""
    import torch

    sample = torch.randn(1, 2, 64, 64)
    plain = ask(model, sample, 0.0)
    same, other = (ask(model, sample, 0.0, moved=(0, shift)) for shift in (16, 8))
    assert float((same - plain).abs().max() / plain.abs().max()) < 1e-4
    assert float((other - plain).abs().mean() / plain.abs().mean()) > 1e-2


def test_phases_close_at_every_size():
    import torch

    from export.train.textures.net import phases

    for height, width in ((64, 128), (80, 48)):
        planes = phases(torch.tensor([0.1, 0.8]), height, width)
        assert planes.shape == (2, 12, height // 4, width // 4)
        beyond = phases(torch.tensor([0.1, 0.8]), height, width, (-height, -width))
        torch.testing.assert_close(planes, beyond, atol=1e-3, rtol=0)


def test_the_flow_learns_from_tiles_and_resumes(tmp_path: Path):
    import torch

    from export.train.glyphs.trainer import Plan, Trainer
    from export.train.textures.net import TextureFlow
    from export.train.textures.stage_flow import FlowStage

    torch.set_num_threads(1)
    draw_all(tmp_path / "drawn", 21)
    tiles = Tiles(tmp_path / "drawn")
    assert set(tiles.held) == {0, 20}

    def trainer() -> Trainer:
        torch.manual_seed(1)
        stage = FlowStage(tiles, 2, TextureFlow((8, 12, 16), (1, 1, 1)))
        plan = Plan(50, 5e-3, warm_up=5, average=0.9, save_every=20, log_every=25, evaluate_every=50)
        return Trainer(stage, plan, tmp_path / "run")

    first = trainer()
    with torch.inference_mode():
        before = first.stage.evaluate()["error"]
    first.run(20)
    second = trainer()
    assert second.resume()
    second.run()
    assert second.step == 50
    with torch.inference_mode():
        assert second.stage.evaluate()["error"] < before


def test_draw_all_goes_on_where_it_was_stopped(tmp_path: Path):
    draw_all(tmp_path / "whole", 4)
    draw_all(tmp_path / "parts", 4)
    (tmp_path / "parts" / "drawn.json").write_text("2")
    tiles = np.lib.format.open_memmap(tmp_path / "parts" / "tiles.npy", "r+")
    tiles[2:] = 0
    del tiles
    draw_all(tmp_path / "parts", 4)
    np.testing.assert_array_equal(np.load(tmp_path / "parts" / "tiles.npy"), np.load(tmp_path / "whole" / "tiles.npy"))


def test_the_eye_tells_materials_and_finds_copies():
    from export.train.textures.classes import Settings
    from export.train.textures.tile import draw

    names = ("brick", "stripes", "moss")
    tiles = np.stack([draw(name, Settings(0.3, 0.1, 0.5, 0.1, 0.1), (64, 64), seed) for seed in range(10)
                      for name in names])
    mix = np.zeros((len(tiles), len(CLASSES)), np.float32)
    mix[np.arange(len(tiles)), [CLASSES.index(names[place % 3]) for place in range(len(tiles))]] = 1
    eye = open_eye(features(tiles[:24]), mix[:24])
    assert (eye.named(features(tiles[24:])).argmax(axis=1) == mix[24:].argmax(axis=1)).all()
    moved = np.roll(tiles[3], (10, 22), axis=(1, 2))
    assert likeness(moved, tiles[:6]) > 0.99
    assert likeness(moved, tiles[4:9]) < 0.9


def test_a_reader_learns_what_captions_mean():
    from export.train.textures.reader import Meanings, examine, train_reader

    rng = np.random.default_rng(0)
    keys = rng.standard_normal((len(CLASSES), 384)).astype(np.float32) / 384**0.5
    kinds = rng.integers(0, len(CLASSES), 1200)
    mix = np.eye(len(CLASSES), dtype=np.float32)[kinds]
    mix[:100, 0] += 0.5
    mix /= mix.sum(axis=1, keepdims=True)
    settings = np.full((1200, len(SETTINGS)), 0.4, np.float32)
    settings[:, 0] = np.where(kinds % 2, 0.8, 0.1)
    colors = np.repeat(keys[kinds][:, None, :3], 5, axis=1)
    lesson = Meanings(keys[kinds], mix, settings, colors, np.ones(1200, bool))
    figures = examine(train_reader(lesson, 12), lesson)
    assert figures["first"] > 0.95
    assert figures["color_apart"] < 0.06
