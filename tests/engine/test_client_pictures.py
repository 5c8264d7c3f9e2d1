"""Drafts and pictures to look at, through the client: no draft is ever kept, no picture hangs the studio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.blocking import BlockingEngine
from engine.cancel import CancelToken
from engine.client import EngineClient, EngineOptions
from engine.errors import Cancelled, FileProblem, ModelError, PackageError
from engine.messages import Died, Failed, Stepped
from tests import fakes
from tests.fakes.listener import FAKE_COMMAND, recipe, running


@pytest.fixture
def real(tmp_path: Path) -> Iterator[tuple[BlockingEngine, Path]]:
    """A real engine, and a folder with the packages `style` and `vae`."""
    folder = tmp_path / "models"
    fakes.tiny_style(folder / "style")
    fakes.tiny_vae(folder / "vae")
    with BlockingEngine(EngineClient(EngineOptions(provider="cpu", threads=1))) as engine:
        yield engine, folder


def test_what_is_rendered_or_kept_is_never_the_draft_on_the_canvas(tmp_path: Path):
    with running() as (client, heard):
        draft = heard.answer(client.preview(recipe(), draft=True)).asset
        assert (draft.draft, draft.full, draft.pixels.shape) == (True, (4, 4), (2, 2, 4))
        assert heard.answer(client.preview(recipe(), draft=True)).asset is draft
        assert not heard.answer(client.render(recipe())).asset.draft
        final = heard.answer(client.preview(recipe())).asset
        assert final.pixels.shape == (4, 4, 4)
        assert heard.answer(client.preview(recipe(), draft=True)).asset is final  # better than asked for
        heard.answer(client.preview(recipe(seed=2), draft=True))
        assert heard.answer(client.write(recipe(seed=2), str(tmp_path / "a.png"))).bytes > 0


def test_a_picture_is_looked_at_by_the_fake_engine():
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        engine.open("/models/good")
        found = engine.encode(recipe(), "/pictures/cat.png")
        assert found.values == {"seed": 7}
        assert found.notes == ("a note",)
        assert (found.after - found.before).min() == 1
        with pytest.raises(ModelError, match="no sense"):
            engine.encode(recipe(do="fail"), "/pictures/cat.png")


def test_a_picture_that_hangs_is_given_up_and_the_engine_goes_on():
    with running(EngineOptions(run_deadline=0.5)) as (client, heard):
        failed = heard.answer(client.encode(recipe(do="hang"), "/pictures/cat.png"))
        assert isinstance(failed, Failed)
        assert failed.problem.code == "deadline"
        assert failed.problem.subject == "the picture “cat.png”"
        assert heard.answer(client.render(recipe(seed=3))).asset.pixels[0, 0, 0] == 3


def test_a_picture_that_ends_the_engine_twice_is_set_aside():
    with running() as (client, heard):
        failed = heard.answer(client.encode(recipe(do="segv"), "/pictures/cat.png"))
        assert failed.problem.code == "set_aside"
        assert len(heard.of(Died)) == 2
        assert heard.answer(client.encode(recipe(), "/pictures/cat.png")).values == {"seed": 7}


def test_looking_can_be_cancelled():
    with running() as (client, heard):
        slow = client.encode(recipe(do="slow", seconds=60.0), "/pictures/cat.png")
        heard.wait(Stepped, lambda event: event.request == slow)
        client.cancel(slow)
        assert heard.answer(slow).problem.code == "cancelled"
    token = CancelToken()
    token.cancel()
    with BlockingEngine(EngineClient(command=FAKE_COMMAND)) as engine:
        engine.open("/models/good")
        with pytest.raises(Cancelled):
            engine.encode(recipe(do="slow", seconds=60.0), "/pictures/cat.png", cancel=token)


def test_a_real_draft_is_small_and_the_final_picture_is_not(real: tuple[BlockingEngine, Path]):
    engine, folder = real
    info = engine.open(str(folder / "style"))
    assert (info.drafts, info.encodes) == (True, False)
    asked = info.default_recipe().with_values({"seed": 5, "tilt": 1.0})
    draft, final = engine.preview(asked, draft=True), engine.preview(asked)
    assert (draft.draft, draft.full, draft.pixels.shape) == (True, (16, 16), (8, 8, 3))
    assert (final.draft, final.full, final.pixels.shape) == (False, None, (16, 16, 3))
    assert final.distance == draft.distance
    assert np.array_equal(engine.render(asked).pixels, final.pixels)
    vae = engine.open(str(folder / "vae")).default_recipe()
    assert not engine.preview(vae, draft=True).draft


def test_a_real_picture_is_found_and_compared_honestly(real: tuple[BlockingEngine, Path], tmp_path: Path):
    engine, folder = real
    info = engine.open(str(folder / "vae"))
    assert info.encodes
    mine = info.default_recipe().with_values({"seed": 4, "glow": 0.5})
    Image.fromarray(engine.render(mine).pixels).save(tmp_path / "mine.png")
    found = engine.encode(info.default_recipe().with_values({"glow": 3.0}), str(tmp_path / "mine.png"))
    assert np.array_equal(found.before, engine.render(mine).pixels)
    assert found.figures["psnr"] > 45
    assert found.figures["mean_difference"] == np.abs(found.before.astype(float) - found.after).mean()
    again = engine.render(info.default_recipe().with_values(found.values))
    assert np.array_equal(again.pixels, found.after)
    noise = np.random.default_rng(0).integers(0, 256, (30, 50, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    foreign = engine.encode(info.default_recipe(), str(tmp_path / "noise.png"))
    assert foreign.before.shape == foreign.after.shape == (12, 12, 3)
    assert foreign.figures["psnr"] < 25  # the model cannot draw that, and the figure says so
    assert "middle part" in foreign.notes[0]


def test_what_cannot_be_looked_at_is_told(real: tuple[BlockingEngine, Path], tmp_path: Path):
    engine, folder = real
    vae, style = (engine.open(str(folder / name)).default_recipe() for name in ("vae", "style"))
    (tmp_path / "a.png").write_bytes(b"no picture")
    for path in (tmp_path / "a.png", tmp_path / "missing.png", tmp_path):
        with pytest.raises(FileProblem):
            engine.encode(vae, str(path))
    with pytest.raises(PackageError, match="has no encoder"):
        engine.encode(style, str(tmp_path / "a.png"))


