"""The real engine with a diffusion model: steps, looks, plans in the middle of a run, a cancel in a step, a death."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.api import PackageInfo, Recipe
from engine.blocking import BlockingEngine
from engine.client import EngineClient, EngineOptions
from engine.converting import sheet
from engine.messages import Considered, Died, Embedded, Failed, Frame, Partial, Ready, Restarted, Stepped
from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from tests.fakes.layouts import folder_of
from tests.fakes.listener import Listener

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")


class Studio:
    """A running engine with a tiny Stable Diffusion open."""

    def __init__(self, engine: BlockingEngine, heard: Listener, info: PackageInfo) -> None:
        self.client = engine.client
        self.heard = heard
        self.info = info

    def recipe(self, steps: int, **values: object) -> Recipe:
        plain = {"prompt": "a {red|blue} brick", "size": (256, 256), "steps": float(steps), "seed": 3}
        return self.info.default_recipe().with_values({**plain, **values})

    def begun(self, recipe: Recipe) -> int:
        """A run that has told its second step."""
        request = self.client.preview(recipe)
        self.heard.wait(Stepped, lambda event: event.request == request and event.progress.done >= 2)
        return request


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = folder_of(tmp_path_factory.mktemp("sd") / "source", "diffusers")
    folder = tmp_path_factory.mktemp("made") / "tiny"
    make_pipeline(pipeline_of(source), Label("tiny", "Tiny", "Tiny", "CC0-1.0", ""), folder)
    return folder


@pytest.fixture
def studio(package: Path) -> Iterator[Studio]:
    client, heard = EngineClient(EngineOptions(provider="cpu", threads=1, max_deaths=20)), Listener()
    client.subscribe(heard)
    with BlockingEngine(client) as engine:
        yield Studio(engine, heard, engine.open(str(package)))


def test_a_diffusion_model_waits_for_run_and_tells_its_steps(studio: Studio):
    assert not studio.info.live
    request = studio.client.preview(studio.recipe(100))
    assert isinstance(studio.heard.answer(request), Frame)
    told = [event.progress for event in studio.heard.of(Stepped) if event.request == request]
    assert told[-1].total >= 100
    assert any(step.seconds_left is not None for step in told)
    looks = [event.asset for event in studio.heard.of(Partial) if event.request == request]
    assert all(look.partial and look.pixels.shape[2] == 3 for look in looks)
    assert looks


def test_plans_and_meanings_are_told_while_it_runs(studio: Studio):
    request = studio.begun(studio.recipe(150, seed=4))
    plan, meaning = studio.client.consider(studio.recipe(7, sampler="ddim")), studio.client.embed(["a red brick"])
    told = studio.heard.wait(Considered, lambda event: event.request == plan).plan
    assert told.steps == 7
    assert told.prompts["prompt"].text in ("a red brick", "a blue brick")
    assert told.bytes is not None
    vectors = studio.heard.wait(Embedded, lambda event: event.request == meaning).vectors
    assert abs(float(np.linalg.norm(vectors[0])) - 1) < 1e-3
    studio.client.cancel(request)
    studio.heard.answer(request)


def test_a_cancel_in_a_step_is_obeyed_and_the_engine_lives(studio: Studio):
    deaths = len(studio.heard.of(Died))
    request = studio.begun(studio.recipe(150, seed=5, size=(512, 512)))
    began = time.monotonic()
    studio.client.cancel(request)
    failed = studio.heard.answer(request)
    assert isinstance(failed, Failed)
    assert failed.problem.code == "cancelled"
    assert time.monotonic() - began < 2.0
    assert isinstance(studio.heard.answer(studio.client.preview(studio.recipe(2, seed=6))), Frame)
    assert len(studio.heard.of(Died)) == deaths


@linux
def test_an_engine_killed_in_a_run_makes_the_same_picture_all_the_same(studio: Studio):
    recipe = studio.recipe(60, seed=7)
    whole = studio.heard.answer(studio.client.render(recipe)).asset.pixels
    request = studio.client.render(recipe.with_values({"seed": 8}))
    studio.heard.wait(Stepped, lambda event: event.request == request and event.progress.done >= 2)
    os.kill(studio.heard.of(Ready)[-1].pid, signal.SIGKILL)
    assert isinstance(studio.heard.answer(request), Frame)
    studio.heard.wait(Restarted)
    again = studio.heard.answer(studio.client.render(recipe)).asset.pixels
    assert np.array_equal(whole, again)


def test_the_preview_of_a_slow_model_is_one_sketch(package: Path, studio: Studio):
    """Eight pictures of Stable Diffusion at full size took the better part of an hour of a conversion."""
    (asset,) = sheet.pictures_of(package)
    first = studio.info.default_recipe().values
    prompt = studio.info.control("prompt")
    assert (first["steps"], asset.recipe.values["steps"]) == (20.0, 8.0)
    assert asset.recipe.values["prompt"] == prompt.choices[0].value
    assert asset.colors().shape[:2] == asset.recipe.values["size"][::-1]


@pytest.mark.parametrize(("default", "small"), [((512, 512), (256, 256)), ((1024, 768), (256, 192)), ((256, 256), None),
                                                ((768, 768), (384, 384)), ((576, 512), None)])
def test_a_sketch_is_small_where_the_model_allows(studio: Studio, default: tuple[int, int], small: tuple[int, int]):
    size = studio.info.control("size")
    info = replace(studio.info, controls=(replace(size, default=default, minimum=64, step=64),))
    assert sheet.recipes_of(info, (0,))[0].values["size"] == (small or default)
