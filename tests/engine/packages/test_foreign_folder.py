"""Diffusion folders of every exporter: recognised by structure and ports, packed, and refused by their name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from onnx import helper

from engine.errors import PackageError
from engine.packages.foreign_amuse import template_of
from engine.packages.foreign_folder import pipeline_of
from engine.packages.foreign_make import Label
from engine.packages.foreign_pack import make_pipeline
from engine.packages.manifest import Manifest
from engine.packages.verify import verify
from tests.fakes import foreign
from tests.fakes.layouts import LAYOUTS, SCHEDULER, TEMPLATE, folder_of

WANTED = {   # kind, channels in, side, scale
    "diffusers": ("sd1", 4, 512, 0.18215), "optimum": ("sd2", 4, 512, 0.2), "olive": ("sd1", 4, 512, 0.18215),
    "fixed": ("sd1", 4, 512, 0.18215), "amuse": ("sd1", 4, 512, 0.18215), "lcm": ("sd1", 4, 512, 0.18215),
    "turbo": ("sd2", 4, 512, 0.18215), "inpaint": ("sd1", 9, 512, 0.18215), "sdxl": ("sdxl", 4, 1024, 0.13025),
    "ddpm": ("ddpm", 3, 16, 1.0)}


def packed(folder: Path) -> Manifest:
    """The checked package of a foreign folder, beside it."""
    pipeline = pipeline_of(folder)
    assert pipeline is not None
    out = folder.parent / f"{folder.name}-package"
    make_pipeline(pipeline, Label("made", "Made", "For tests.", "CC0-1.0", ""), out)
    return verify(out)


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_becomes_a_package(tmp_path: Path, name: str):
    manifest = packed(folder_of(tmp_path / name, name))
    found = manifest.diffusion
    assert found is not None
    assert (found.kind, found.in_channels, found.side, found.scale) == WANTED[name]
    wanted = {"sample", "timestep"} if name == "ddpm" else {"sample", "timestep", "encoder_hidden_states"}
    wanted |= {"lcm": {"timestep_cond"}, "sdxl": {"text_embeds", "time_ids"}}.get(name, set())
    assert set(manifest.graphs["unet"].inputs) == wanted
    assert list(manifest.graphs["unet"].outputs) == ["noise"]
    assert found.tokenizers == {"ddpm": (), "sdxl": ("tokenizer.json", "tokenizer_2.json")}.get(
        name, ("tokenizer.json",))
    assert manifest.image is not None
    assert manifest.image.width == found.side


def test_types_and_ranks_are_those_of_the_graph(tmp_path: Path):
    olive = packed(folder_of(tmp_path / "o", "olive")).graphs
    assert {port.dtype for port in olive["unet"].inputs.values()} == {"float16"}
    assert list(olive["unet"].external) == ["unet.onnx.data"]
    optimum = packed(folder_of(tmp_path / "p", "optimum")).graphs
    assert (optimum["unet"].inputs["timestep"].dtype, optimum["unet"].inputs["timestep"].shape) == ("int64", ())
    assert list(optimum["vae_encoder"].outputs) == ["latent_parameters"]
    assert packed(folder_of(tmp_path / "d", "diffusers")).graphs["text_encoder"].inputs["input_ids"].dtype == "int32"


def test_the_sizes_of_a_picture_never_share_a_name_with_those_of_its_latent(tmp_path: Path):
    graph = packed(folder_of(tmp_path / "d", "diffusers")).graphs["vae_decoder"]
    free = [size for size in graph.inputs["latent"].shape if isinstance(size, str)]
    assert not {size for size in graph.outputs["image"].shape if isinstance(size, str)} & set(free)


def test_an_amuse_template_stands_for_the_scheduler(tmp_path: Path):
    manifest = packed(folder_of(tmp_path / "a", "amuse"))
    assert manifest.diffusion is not None
    said = manifest.diffusion.scheduler
    assert (said["_class_name"], said["timestep_spacing"], said["beta_schedule"], said["beta_end"]) == (
        "EulerAncestralDiscreteScheduler", "trailing", "scaled_linear", 0.0121)
    assert manifest.controls.defaults == {"steps": 11.0, "guidance": 4.0}


@pytest.mark.parametrize(("named", "wanted"), [
    ("DDIM", "DDIMScheduler"), ("LMS", "LMSDiscreteScheduler"), ("Sprint", "Sprint")])
def test_an_amuse_scheduler_that_we_lack_keeps_its_name(tmp_path: Path, named: str, wanted: str):
    (tmp_path / "amuse_template.json").write_text(json.dumps(
        {"StableDiffusionTemplate": {"SchedulerDefaults": {"SchedulerType": named}}}), encoding="utf-8")
    template = template_of(tmp_path)
    assert template is not None
    assert template.scheduler["_class_name"] == wanted


@pytest.mark.parametrize(("changes", "words"), [
    ({"PipelineType": "Flux"}, "Flux"), ({"PipelineType": "StableDiffusion3"}, "Stable Diffusion 3"),
    ({"ModelType": "Refiner"}, "refiner")])
def test_amuse_templates_of_others_are_named(tmp_path: Path, changes: dict[str, str], words: str):
    model: dict[str, Any] = TEMPLATE["StableDiffusionTemplate"]  # type: ignore[assignment]
    template = {**TEMPLATE, "StableDiffusionTemplate": {**model, **changes}}
    folder = folder_of(tmp_path / "a", "amuse", files={"amuse_template.json": template})
    with pytest.raises(PackageError, match=words):
        pipeline_of(folder)


ODD = '{"StableDiffusionTemplate": {"SchedulerDefaults": {"Steps": "many", "BetaStart": true, "Guidance": -4}}}'


@pytest.mark.parametrize("template", ["[]", '{"StableDiffusionTemplate": 3}', ODD])
def test_an_odd_template_is_refused_or_read_as_far_as_it_goes(tmp_path: Path, template: str):
    folder = folder_of(tmp_path / "a", "amuse")
    (folder / "amuse_template.json").write_text(template, encoding="utf-8")
    if template == "[]":
        with pytest.raises(PackageError, match="amuse_template"):
            pipeline_of(folder)
    else:
        found = pipeline_of(folder)
        assert found is not None
        assert (found.scheduler["beta_start"], dict(found.defaults)) == (0.00085, {})


def test_sdxl_is_filled_up_with_another_token_even_where_no_file_says_so(tmp_path: Path):
    folder = folder_of(tmp_path / "x", "sdxl")
    for path in (folder / "tokenizer_2").iterdir():
        path.unlink()
    (folder / "tokenizer_2").rmdir()
    packed(folder)
    fills = [json.loads((tmp_path / "x-package" / name).read_text(encoding="utf-8"))["padding"]["pad_token"]
             for name in ("tokenizer.json", "tokenizer_2.json")]
    assert fills == ["<|endoftext|>", "!"]


def transformer(folder: Path, *ports: str) -> Path:
    """A folder whose denoiser is a transformer with these inputs."""
    (folder / "transformer").mkdir(parents=True)
    foreign.write(folder / "transformer" / "model.onnx", [helper.make_node("Identity", ["hidden_states"], ["out"])],
                  [(name, 1, ("b", 3)) for name in ("hidden_states", *ports)], [("out", 1, ("b", 3))], {})
    return folder


@pytest.mark.parametrize(("ports", "words"), [
    (("img_ids", "txt_ids"), "Flux"), (("pooled_projections",), "Diffusion 3"), ((), "transformer")])
def test_newer_families_are_refused_by_their_name(tmp_path: Path, ports: tuple[str, ...], words: str):
    with pytest.raises(PackageError, match=words) as caught:
        pipeline_of(transformer(tmp_path / "t", *ports))
    assert "Stable Diffusion 1.x" in caught.value.remedy


def test_a_pipeline_named_sd3_is_refused_even_without_its_transformer(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "diffusers", files={"model_index.json": {
        "_class_name": "StableDiffusion3Pipeline"}})
    with pytest.raises(PackageError, match="Stable Diffusion 3"):
        pipeline_of(folder)


@pytest.mark.parametrize(("name", "changes", "words"), [
    ("diffusers", {"channels": 8}, "8 channels"), ("diffusers", {"channels": 5}, "5 channels")])
def test_denoisers_of_other_tasks_are_refused(tmp_path: Path, name: str, changes: dict[str, Any], words: str):
    with pytest.raises(PackageError, match=words):
        pipeline_of(folder_of(tmp_path / "d", name, **changes))


def test_a_denoiser_that_waits_for_a_controlnet_is_refused(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "optimum")
    foreign.write(folder / "unet" / "model.onnx", [helper.make_node("Add", ["sample", "down_block_0"], ["out_sample"])],
                  [(name, 1, ("b", 4, "h", "w")) for name in ("sample", "timestep", "down_block_0")],
                  [("out_sample", 1, ("b", 4, "h", "w"))], {})
    with pytest.raises(PackageError, match="ControlNet"):
        pipeline_of(folder)


def test_graphs_for_graphics_cards_and_other_parts_are_warned_of(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "optimum")
    (folder / "safety_checker").mkdir()
    foreign.classifier(folder / "safety_checker" / "model.onnx")
    foreign.write(folder / "unet" / "model.onnx",
                  [helper.make_node("NhwcConv", ["sample", "timestep", "encoder_hidden_states"], ["out_sample"],
                                    domain="com.microsoft")],
                  [("sample", 1, ("b", 4, "h", "w")), ("timestep", 1, ()),
                   ("encoder_hidden_states", 1, ("b", 77, 1024))],
                  [("out_sample", 1, ("b", 4, "h", "w"))], {})
    found = pipeline_of(folder)
    assert found is not None
    assert "safety_checker" in found.warnings[0]
    assert "NhwcConv" in found.warnings[1]


def test_a_missing_part_is_named(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "sdxl")
    (folder / "text_encoder_2" / "model.onnx").unlink()
    with pytest.raises(PackageError, match="no graph “text_encoder_2”"):
        pipeline_of(folder)


def test_sdxl_without_its_hidden_states_is_told(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "sdxl")
    foreign.write(folder / "text_encoder" / "model.onnx",
                  [helper.make_node("Cast", ["input_ids"], ["last_hidden_state"], to=1)],
                  [("input_ids", 7, ("b", 77))], [("last_hidden_state", 1, ("b", 77))], {})
    with pytest.raises(PackageError, match="hidden states"):
        pipeline_of(folder)


def test_a_damaged_scheduler_is_told(tmp_path: Path):
    folder = folder_of(tmp_path / "d", "optimum")
    (folder / "scheduler" / "scheduler_config.json").write_text("{", encoding="utf-8")
    with pytest.raises(PackageError, match="scheduler_config"):
        pipeline_of(folder)


def test_another_folder_is_none(tmp_path: Path):
    assert pipeline_of(tmp_path) is None
    assert SCHEDULER["num_train_timesteps"] == 1000
