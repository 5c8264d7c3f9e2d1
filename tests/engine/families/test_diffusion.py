"""The diffusion family on tiny graphs of every layout: what each control does, and what nobody may notice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import media
from engine.api import Asset, PackageInfo, Progress, Value
from engine.cancel import CancelToken
from engine.controls import check_recipe
from engine.errors import Cancelled, FileProblem, PackageError, ValueProblem
from engine.families.base import Planning
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from engine.packages.manifest import load_manifest
from engine.progress import NO_PROGRESS, ProgressSink
from engine.runtime.providers import Options, Runtime
from tests.fakes.layouts import LAYOUTS, folder_of
from tests.fakes.packages import read_manifest_dict, rewrite_manifest

SMALL = (64, 64)


class Opened:
    """A package in this process; remembers what its denoiser was fed."""

    def __init__(self, folder: Path, memory: int | None = None) -> None:
        self.info: PackageInfo = describe(folder)
        self.runtime = Runtime(Options("cpu", threads=1, memory=memory))
        self.model: Any = FAMILIES["diffusion"].open(folder, load_manifest(folder), self.runtime)
        self.fed: list[dict[str, NDArray[Any]]] = []
        self.runs: list[str] = []
        ask = self.model._pool.session

        def session(role: str, work: int = 0, **more: Any) -> Any:
            found = ask(role, work, **more)
            self.runs.append(role)
            if role == "unet" and not hasattr(found, "heard"):
                run = found.run
                found.heard = True
                found.run = lambda feeds, cancel=None: (self.fed.append(dict(feeds)), run(feeds, cancel))[1]
            return found

        self.model._pool.session = session

    def recipe(self, **values: Value) -> Any:
        known = {control.name for control in self.info.controls}
        if self.info.id == "fixed":
            known.remove("size")
        usual: dict[str, Value] = {"steps": 2.0, "size": SMALL, "prompt": "a cat", "sampler": "euler"}
        return check_recipe(self.info, self.info.default_recipe().with_values(
            {**{name: value for name, value in usual.items() if name in known}, **values}))

    def render(self, progress: ProgressSink = NO_PROGRESS, **values: Value) -> Asset:
        self.fed.clear()
        self.runs.clear()
        asset: Asset = self.model.render(self.recipe(**values), progress)
        return asset

    def pixels(self, **values: Value) -> NDArray[np.uint8]:
        return self.render(**values).pixels


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The package of a layout, made when it is first asked for."""
    made: dict[str, Path] = {}

    def package(name: str) -> Path:
        if name not in made:
            root = tmp_path_factory.mktemp(name)
            pipeline = pipeline_of(folder_of(root / "folder", name))
            assert pipeline is not None
            make_pipeline(pipeline, Label(name, name, "For tests.", "CC0-1.0", ""), root / "package")
            made[name] = root / "package"
        return made[name]

    return package


@pytest.fixture(scope="module")
def opened(packages: Callable[[str], Path]) -> Iterator[Open]:
    models: dict[str, Opened] = {}

    def model(name: str = "optimum") -> Opened:
        if name not in models:
            models[name] = Opened(packages(name))
        return models[name]

    yield model
    for one in models.values():
        one.model.close()


def picture(change: int = 0, side: int = 64) -> str:
    """The key of a smooth picture in the media folder of this test."""
    ramp = np.linspace(20, 235, side)
    pixels = np.stack([ramp[:, None] + 0 * ramp, ramp + 0 * ramp[:, None], np.full((side, side), 90 + change)], axis=2)
    return stored(pixels.astype(np.uint8))


def stored(pixels: NDArray[np.uint8]) -> str:
    import io

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    return media.put(file.getvalue())


def half(side: int = 64) -> str:
    """A mask whose right half is white."""
    mask = np.zeros((side, side), np.uint8)
    mask[:, side // 2:] = 255
    return stored(mask)


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


def test_without_guidance_the_denoiser_is_asked_once_a_step(opened: Open):
    model = opened()
    model.render(guidance=1.0, steps=3.0)
    assert len(model.fed) == 3
    model.render(guidance=4.0, steps=3.0)
    assert len(model.fed) == 6
    assert model.fed[0]["sample"].shape[0] == 1


def test_a_graph_of_two_at_once_hears_both(opened: Open):
    model = opened("fixed")
    model.render(guidance=4.0, steps=2.0)
    assert [feeds["sample"].shape[0] for feeds in model.fed] == [2, 2]
    model.render(guidance=1.0, steps=2.0)
    assert [feeds["sample"].shape[0] for feeds in model.fed] == [2, 2]


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


def test_wildcards_are_drawn_by_the_seed(opened: Open):
    model = opened()
    one = [model.pixels(prompt="a {cat|dab}", seed=seed) for seed in range(8)]
    plain = {word: [model.pixels(prompt=f"a {word}", seed=seed) for seed in range(8)] for word in ("cat", "dab")}
    chosen = [next(word for word, made in plain.items() if np.array_equal(made[seed], pixels))
              for seed, pixels in enumerate(one)]
    assert set(chosen) == {"cat", "dab"}


def test_a_prompt_slider_all_the_way_is_the_other_wording(opened: Open):
    """Half way of plus less minus is between them: the vectors move along a straight line."""
    model = opened()
    model.model._words._known.clear()
    model.render(prompt="a", axes="cat -> dab: 1", guidance=1.0, steps=1.0)
    moved = model.fed[0]["encoder_hidden_states"]
    model.render(prompt="a", guidance=1.0, steps=1.0)
    rest = model.fed[0]["encoder_hidden_states"]
    ends = []
    for word in ("cat", "dab"):
        model.render(prompt=f"a, {word}", guidance=1.0, steps=1.0)
        ends.append(model.fed[0]["encoder_hidden_states"])
    assert np.allclose(moved - rest, ends[1] - ends[0], atol=1e-5)


def test_sdxl_hears_two_texts_six_sizes_and_silence(opened: Open):
    model = opened("sdxl")
    model.render(size=(128, 64), guidance=4.0, steps=1.0)
    without, prompted = model.fed
    assert prompted["time_ids"].tolist() == [[64, 128, 0, 0, 64, 128]]
    assert prompted["encoder_hidden_states"].shape == (1, 77, 2048)
    assert prompted["text_embeds"].any()
    assert not without["encoder_hidden_states"].any()
    assert not without["text_embeds"].any()
    model.render(guidance=4.0, steps=1.0, negative="bad")
    assert model.fed[0]["encoder_hidden_states"].any()


def test_sdxl_that_was_told_otherwise_hears_an_empty_sentence(packages: Callable[[str], Path], tmp_path: Path):
    import shutil

    folder = Path(shutil.copytree(packages("sdxl"), tmp_path / "p"))
    manifest = read_manifest_dict(folder)
    manifest["diffusion"]["force_zeros_for_empty_prompt"] = False
    rewrite_manifest(folder, manifest)
    model = Opened(folder)
    model.render(guidance=4.0, steps=1.0)
    assert model.fed[0]["encoder_hidden_states"].any()


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


LONG = "a " * 75 + "cat, cab"


def heard(model: Opened, **values: Value) -> list[NDArray[np.float32]]:
    """What the denoiser listened to at the first step, one for each time that it was asked."""
    model.render(steps=1.0, **values)
    return [feeds["encoder_hidden_states"] for feeds in model.fed]


def test_a_long_prompt_is_read_in_stretches(opened: Open):
    model = opened()
    asset = model.render(prompt=LONG)
    assert asset.notes == ()
    together = heard(model, prompt=LONG, guidance=1.0)[0]
    apart = [heard(model, prompt=text, guidance=1.0)[0] for text in ("a " * 75, "cat, cab")]
    assert np.array_equal(together, np.concatenate(apart, axis=1))
    assert np.array_equal(together, heard(model, prompt="a " * 75 + "BREAK cat, cab", guidance=1.0)[0])
    reading = model.model.plan(model.recipe(prompt=LONG)).prompts["prompt"]
    assert (reading.tokens, reading.limit, reading.cut, reading.stretches) == (79, 150, "", 2)


def test_both_sides_of_guidance_have_equally_many_stretches(opened: Open):
    model = opened()
    (empty,) = heard(model, prompt="", guidance=1.0)
    for prompt, negative in ((LONG, "bad"), ("bad", LONG), (LONG, "")):
        without, with_it = heard(model, prompt=prompt, negative=negative, guidance=4.0)
        assert without.shape == with_it.shape == (1, 154, 1024)
        short = without if prompt == LONG else with_it
        assert np.array_equal(short[:, 77:], empty)
    assert {fed.shape[1] for fed in heard(model, prompt="a BREAK b BREAK c", negative=LONG, guidance=4.0)} == {231}


def test_weights_count_in_their_own_stretch(opened: Open):
    model = opened()
    plain, heavy = (heard(model, prompt="a " * 75 + word, guidance=1.0)[0] for word in ("cat", "(cat:1.4)"))
    assert np.array_equal(plain[:, :77], heavy[:, :77])
    assert np.allclose(heavy[:, 78] / plain[:, 78], 1.4 * heavy[0, 77, 0] / plain[0, 77, 0], rtol=1e-3)


def test_prompt_sliders_reach_into_the_next_stretch(opened: Open):
    model = opened()
    said = {word: heard(model, prompt="a " * 74 + word, guidance=1.0)[0] for word in ("a", "a, cat", "a, dab")}
    moved = heard(model, prompt="a " * 74 + "a", axes="cat -> dab: 0.5", guidance=1.0)[0]
    empty = heard(model, prompt="", guidance=1.0)[0]
    rest = np.concatenate((said["a"], empty), axis=1)
    assert np.allclose(moved - rest, 0.5 * (said["a, dab"] - said["a, cat"]), atol=1e-5)
    assert np.abs(moved - rest)[:, 77:].max() > 0.1


def test_sdxl_takes_the_whole_sentence_from_the_first_stretch(opened: Open):
    model = opened("sdxl")
    model.render(prompt=LONG, guidance=4.0, steps=1.0)
    without, prompted = model.fed
    assert prompted["encoder_hidden_states"].shape == without["encoder_hidden_states"].shape == (1, 154, 2048)
    assert not without["encoder_hidden_states"].any()
    pooled = prompted["text_embeds"]
    model.render(prompt="a " * 75, guidance=4.0, steps=1.0)
    assert np.array_equal(pooled, model.fed[1]["text_embeds"])


def test_a_graph_of_one_stretch_ignores_breaks_and_says_so(opened: Open):
    model = opened("olive")
    broken = model.render(prompt="a cat BREAK cab")
    assert broken.notes == ("BREAK counts for nothing: this model's graph reads one stretch of 75 tokens.",)
    assert np.array_equal(broken.pixels, model.pixels(prompt="a cat cab"))
    reading = model.model.plan(model.recipe(prompt=LONG)).prompts["prompt"]
    assert (reading.tokens, reading.limit, reading.cut, reading.stretches) == (79, 75, "cat, cab", 1)


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


def test_prompt_sliders_that_cannot_be_read_are_a_value_problem(opened: Open):
    with pytest.raises(ValueProblem, match="prompt slider"):
        opened().render(axes="young and old")
