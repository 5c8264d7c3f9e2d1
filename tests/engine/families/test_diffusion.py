"""The diffusion family on tiny graphs of every layout: what each control does, and what nobody may notice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Asset, Progress, Value
from engine.cancel import CancelToken
from engine.errors import Cancelled, PackageError
from engine.families.base import Planning
from engine.packages.describe import describe
from engine.progress import ProgressSink
from tests.fakes.diffusion_opened import SMALL, Open, Opened, picture
from tests.fakes.layouts import LAYOUTS
from tests.fakes.packages import read_manifest_dict, rewrite_manifest


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_renders_the_same_twice(opened: Open, name: str):
    model = opened(name)
    first, second = model.render(), model.render()
    assert np.array_equal(first.pixels, second.pixels)
    wanted = {"fixed": (512, 512, 3), "ddpm": (16, 16, 3)}.get(name, (64, 64, 3))
    assert first.pixels.shape == wanted
    assert first.pixels.std() > 10
    assert (first.medium, first.provider, model.info.live) == ("picture", "CPUExecutionProvider", False)
    assert 0 < first.model_ms <= first.total_ms
    assert not np.array_equal(first.pixels, model.pixels(seed=1))


@pytest.mark.parametrize(("name", "dtype", "shape"), [
    ("diffusers", "float32", (1,)), ("optimum", "int64", ()), ("olive", "float16", (1,)), ("fixed", "int64", (1,)),
    ("amuse", "float32", (1,))])
def test_the_time_has_the_graphs_own_type_and_rank(opened: Open, name: str, dtype: str, shape: tuple[int, ...]):
    model = opened(name)
    model.render()
    moment = model.fed[0]["timestep"]
    assert (moment.dtype, moment.shape) == (np.dtype(dtype), shape)
    assert model.fed[0]["sample"].dtype == ("float16" if name == "olive" else "float32")


@pytest.mark.parametrize("change", [
    {"prompt": "a cab"}, {"prompt": "a (cat:1.4)"}, {"negative": "bad"}, {"guidance": 3.0}, {"steps": 3.0},
    {"sampler": "dpmpp_2m_karras"}, {"variation": 0.3}, {"size": (128, 64)}, {"tile": "both"},
    {"axes": "cat -> dog: 0.7"}])
def test_each_control_changes_the_picture(opened: Open, change: dict[str, Value]):
    model = opened()
    assert not np.array_equal(model.pixels(), model.pixels(**change))


@pytest.mark.parametrize("change", [
    {"axes": "cat -> dog: 0"}, {"variation_seed": 9}, {"mask": ""}, {"feather": 30.0}, {"strength": 0.2}])
def test_what_is_at_rest_changes_nothing(opened: Open, change: dict[str, Value]):
    model = opened()
    assert np.array_equal(model.pixels(), model.pixels(**change))


def test_lcm_is_told_its_guidance_and_asked_once(opened: Open):
    model = opened("lcm")
    assert {control.name for control in model.info.controls} & {"negative"} == set()
    model.render(guidance=6.0, steps=2.0, sampler="lcm")
    assert len(model.fed) == 2
    six = model.fed[0]["timestep_cond"]
    model.render(guidance=7.0, steps=2.0, sampler="lcm")
    assert not np.array_equal(six, model.fed[0]["timestep_cond"])


def test_models_for_a_few_steps_start_with_a_few(opened: Open):
    controls = {control.name: control.default for control in opened("turbo").info.controls}
    assert (controls["steps"], controls["guidance"]) == (4.0, 1.0)
    assert opened("amuse").info.default_recipe().values["steps"] == 11.0


def test_a_scheduler_that_is_not_known_is_told_and_only_where_it_counts(packages: Callable[[str], Path],
                                                                         tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(packages("optimum"), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    manifest["diffusion"]["scheduler"]["_class_name"] = "UniPCMultistepScheduler"
    rewrite_manifest(folder, manifest)
    model = Opened(folder)
    told = ("The scheduler of this model, UniPCMultistepScheduler, is not known here: DPM++ 2M takes its place.",)
    assert model.info.default_recipe().values["sampler"] == "dpmpp_2m"
    assert model.model.plan(model.recipe(sampler="dpmpp_2m")).notes == told
    assert model.render(sampler="dpmpp_2m").notes == told
    assert model.render(sampler="euler").notes == ()
    manifest["diffusion"]["scheduler"]["_class_name"] = "FlowMatchEulerDiscreteScheduler"
    rewrite_manifest(folder, manifest)
    other = Opened(folder)
    assert "made for flows" in other.render(sampler="dpmpp_2m").notes[0]


def test_stable_diffusion_1_starts_with_the_sampler_it_was_published_with(opened: Open):
    model = opened("diffusers")
    assert model.info.default_recipe().values["sampler"] == "pndm"
    model.render(sampler="pndm", steps=5.0, guidance=1.0)
    moments = [float(feeds["timestep"][0]) for feeds in model.fed]
    assert moments == [801, 601, 601, 401, 201, 1]


def test_classes_without_names_are_counted(packages: Callable[[str], Path], tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(packages("ddpm"), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    manifest["diffusion"]["classes"] = 3
    manifest["graphs"]["unet"]["inputs"]["condition"] = {"name": "class_labels", "dtype": "int64", "shape": ["batch"]}
    rewrite_manifest(folder, manifest)
    kind = describe(folder).control("kind")
    assert kind is not None
    assert [choice.value for choice in kind.choices] == ["0", "1", "2"]


def test_a_size_is_rounded_and_said_so(opened: Open):
    asset = opened().render(size=(100, 130))
    assert asset.pixels.shape == (128, 128, 3)
    assert "128 × 128 instead of 100 × 130" in asset.notes[0]
    assert opened().render().notes == ()


def test_what_the_model_does_not_read_is_told(opened: Open):
    asset = opened("olive").render(prompt="a " * 75 + "cat")
    assert asset.notes == ("The prompt is longer than the model reads; left out: “cat”.",)


def test_steps_are_told_and_shown(opened: Open):
    told: list[Progress] = []
    shown: list[Asset] = []
    opened().render(ProgressSink(told.append, show=shown.append), steps=4.0, size=(128, 64))
    assert [progress.done for progress in told] == [0, 1, 2, 3, 4]
    assert told[2].label == "Step 2 of 4"
    assert [(asset.partial, asset.full) for asset in shown] == [(True, (128, 64))] * 3
    assert shown[0].pixels.shape == (64, 128, 3)


def test_cancelled_within_a_step(opened: Open):
    model = opened()
    token = CancelToken()

    def tell(progress: Progress) -> None:
        if progress.done == 2:
            token.cancel()

    with pytest.raises(Cancelled):
        model.render(ProgressSink(tell, token), steps=9.0, guidance=1.0)
    assert len(model.fed) <= 3
    other = CancelToken()
    thread = threading.Timer(0.0, other.cancel)
    thread.start()
    thread.join()
    with pytest.raises(Cancelled):
        model.render(ProgressSink(cancel=other))


def test_the_plan_tells_tokens_steps_and_memory(opened: Open):
    model = opened().model
    assert isinstance(model, Planning)
    plan = model.plan(opened().recipe(prompt="a (cat", negative="bad", steps=7.0, size=(100, 64)))
    assert plan.prompts["prompt"].tokens == 2
    assert (plan.prompts["prompt"].limit, plan.prompts["prompt"].cut) == (75, "")
    assert plan.prompts["prompt"].notes == ("The bracket ( is never closed.",)
    assert plan.prompts["negative"].text == "bad"
    assert plan.steps == 7
    assert "128 × 64" in plan.notes[0]
    small, large = (model.plan(opened().recipe(size=size)).bytes for size in (SMALL, (1024, 1024)))
    assert small is not None
    assert large is not None
    assert large > small
    few = model.plan(opened().recipe(image=picture(), strength=0.5, steps=10.0))
    assert few.steps == 5


def test_a_tight_budget_lets_parts_take_turns(packages: Callable[[str], Path]):
    tight, roomy = Opened(packages("optimum"), memory=0), Opened(packages("optimum"), memory=4000)
    first = tight.pixels()
    assert tight.model._pool.loaded == ("vae_decoder",)
    assert np.array_equal(first, roomy.pixels())
    assert roomy.model._pool.loaded == ("text_encoder", "unet", "vae_decoder")
    assert any("more than" in note for note in tight.model.plan(tight.recipe(size=(1024, 1024))).notes)
    tight.model.close()
    assert tight.model._pool.loaded == ()


@pytest.mark.parametrize(("name", "damage", "words"), [
    ("optimum", {"tokenizers": []}, "tokenizer"), ("optimum", {"scheduler": {"beta_schedule": "odd"}}, "scheduler")])
def test_packages_that_cannot_work_are_told_when_they_are_opened(packages: Callable[[str], Path], tmp_path: Path,
                                                                  name: str, damage: dict[str, Any], words: str):
    import shutil

    folder = Path(shutil.copytree(packages(name), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    manifest["diffusion"] |= damage
    rewrite_manifest(folder, manifest)
    with pytest.raises(PackageError, match=words):
        Opened(folder)


def test_an_inpainting_package_without_its_encoder_is_told(packages: Callable[[str], Path], tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(packages("inpaint"), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    del manifest["graphs"]["vae_encoder"]
    rewrite_manifest(folder, manifest)
    with pytest.raises(PackageError, match="vae_encoder"):
        Opened(folder)
