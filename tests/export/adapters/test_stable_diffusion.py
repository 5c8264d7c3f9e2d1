"""Stable Diffusion folders: recognised, rebuilt without their libraries loading anything, proven part by part."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from engine.errors import CheckpointError
from export.adapters.stable_diffusion import StableDiffusion
from export.checkpoint.open import open_source
from export.checkpoint.source import ModelFolder

pytestmark = pytest.mark.torch

KINDS = {"sd1": {}, "sd2": {}, "sdxl": {}, "inpaint": {"kind": "sd1", "channels": 9},
         "lcm": {"kind": "sd1", "guidance": 16, "scheduler": {"_class_name": "LCMScheduler"}}}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """One folder of each kind, made when it is first asked for."""
    from tests.fakes.diffusion import stable_diffusion

    made = {}

    def folder(name):
        if name not in made:
            made[name] = stable_diffusion(tmp_path_factory.mktemp(name), **{"kind": name, **KINDS[name]})
        return made[name]

    return folder


def built(path):
    """The detection, and the parts by role."""
    source = open_source(path)
    detection = StableDiffusion().detect(source)
    made = StableDiffusion().build(source, detection)
    return detection, made, {part.role: part for part in made.parts}


def copied(path, target, part, **changes):
    """The folder again with another configuration of one part."""
    shutil.copytree(path, target)
    config = target / part / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text(encoding="utf-8")), **changes}), encoding="utf-8")
    return target


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_recognised_with_its_sizes(folders, name):
    from export.adapters.registry import recognised

    detection = recognised(open_source(folders(name)))
    wanted = {"sd1": ("sd1", 4, "epsilon"), "sd2": ("sd2", 4, "v_prediction"), "sdxl": ("sdxl", 4, "epsilon"),
              "inpaint": ("sd1", 9, "epsilon"), "lcm": ("sd1", 4, "epsilon")}[name]
    assert (detection.adapter, detection.family) == ("stable_diffusion", "diffusion")
    assert tuple(detection.sizes[key] for key in ("kind", "in_channels", "prediction")) == wanted
    assert (detection.sizes["side"], detection.sizes["factor"], detection.sizes["scale"]) == (16, 2, 0.2)
    said = " ".join((detection.title, *detection.reasons, *detection.guesses))
    assert ("filling in" in said, "a mask" in said) == (name == "inpaint",) * 2
    assert ("few steps" in said) == ("guidance" in said) == (name == "lcm")
    assert ("six sizes" in said) == (name == "sdxl")


@pytest.mark.parametrize("name", KINDS)
def test_every_part_answers_as_its_library_does(folders, name):
    """`from_pretrained` is the yardstick: other code read the weights and ran them."""
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel

    from export.reference import draw, run_module, trials

    path = folders(name)
    detection, made, parts = built(path)
    unet = UNet2DConditionModel.from_pretrained(path / "unet").eval()
    part = parts["unet"]
    given = draw(part, trials(part)[1], (1, 0, 0))
    tensors = {role: torch.from_numpy(value) for role, value in given.items()}
    added = {role: tensors.pop(role) for role in ("text_embeds", "time_ids") if role in tensors}
    with torch.no_grad():
        wanted = unet(**tensors, added_cond_kwargs=added or None).sample.numpy()
        found = run_module(part.module, part, given)["noise"]
    assert np.abs(found - wanted).max() <= 1e-5 * np.ptp(wanted)
    assert np.ptp(wanted) > 0.1, "an answer without contrast proves nothing"
    vae = AutoencoderKL.from_pretrained(path / "vae").eval()
    with torch.no_grad():
        latent, image = (torch.from_numpy(draw(parts[role], trials(parts[role])[1], (1, 0, 0))[name])
                         for role, name in (("vae_decoder", "latent"), ("vae_encoder", "image")))
        assert torch.allclose(parts["vae_decoder"].module(latent)[0], vae.decode(latent).sample, atol=1e-5)
        spread = vae.encode(image).latent_dist
        for mine, theirs in zip(parts["vae_encoder"].module(image), (spread.mean, spread.logvar), strict=True):
            assert torch.allclose(mine, theirs, atol=1e-5)
    assert made.manifest["diffusion"]["kind"] == detection.sizes["kind"]
    assert ("text_encoder_2" in parts) == (name == "sdxl")


def test_the_text_encoders_answer_as_transformers_does(folders):
    import torch

    from export.reference import draw, run_module, trials

    _, _, parts = built(folders("sdxl"))
    for role in ("text_encoder", "text_encoder_2"):
        part = parts[role]
        given = draw(part, trials(part)[1], (1, 0, 0))
        with torch.no_grad():
            mine, theirs = (run_module(module, part, given) for module in (part.module, part.reference))
        for name, value in mine.items():
            assert np.abs(value - theirs[name]).max() < 1e-5, (role, name)
        assert np.abs(mine["penultimate"] - mine["last_hidden_state"]).max() > 0.1
    assert [slot.role for slot in parts["text_encoder_2"].outputs] == ["last_hidden_state", "text_embeds",
                                                                       "penultimate"]


def test_the_graphs_compute_the_same_at_every_size(folders, tmp_path):
    """Torch here, ONNX Runtime in another process; SDXL has every kind of port.

    Tracing copies no weights, transposed ones neither: memory does not grow with the model.
    """
    from export.precision.weights import write
    from export.proof.ask import proved, subject
    from export.reference import save_reference
    from export.trace import trace

    subjects, copies = [], set()
    parts = built(folders("sdxl"))[2]
    for role in ("text_encoder_2", "unet", "vae_decoder", "vae_encoder"):
        part = parts[role]
        tensors = [value.numpy() for value in part.module.parameters()]

        def look(model, path, tensors=tensors):
            for value in model.graph.initializers.values():
                numbers = value.const_value.numpy()
                if numbers.nbytes > 400 and not any(np.shares_memory(numbers, tensor) for tensor in tensors):
                    copies.add(numbers.shape)
            return write(model, path)

        reference = save_reference(part, tmp_path / "reference", count=2)
        traced = trace(part, tmp_path, writer=look)
        subjects.append(subject(role, reference, {"fp32": (traced.graph, tmp_path)}))
    assert copies <= {(1, 1, 77, 77), (1, 77, 24)}, "only the mask and the places of the words are constants"
    figures = proved(tuple(subjects), tmp_path / "proof", providers=("cpu",))
    for part in figures.parts:
        for outcome in part.outcomes["fp32"].values():
            assert not outcome.faults
            assert len(outcome.sizes) == 2
            for role, output in outcome.outputs.items():
                assert output.relative <= 1e-4, (part.role, role)


def test_a_folder_with_classes_of_its_own_is_not_taken_for_one(folders, tmp_path):
    path = copied(folders("sd1"), tmp_path / "own", "unet", _class_name="UNet2DConditionModelPlus")
    (path / "unet" / "modeling.py").write_text("raise SystemExit('code of the folder was run')", encoding="utf-8")
    assert StableDiffusion().detect(open_source(path)) is None


@pytest.mark.parametrize(("part", "changes", "words"), [
    ("unet", {"layers_per_block": 2}, "lacks .* weights"),
    ("unet", {"block_out_channels": [16, 64]}, "configuration says|lacks"),
    ("unet", {"block_out_channels": "wide"}, "does not take"),
    ("vae", {"latent_channels": 8}, "configuration says"),
    ("text_encoder", {"num_hidden_layers": 2}, "holds .* does not speak of"),
    ("text_encoder", {"hidden_size": 25}, "does not take"),
])
def test_weights_and_configuration_must_belong_together(folders, tmp_path, part, changes, words):
    path = copied(folders("sd1"), tmp_path / "odd", part, **changes)
    source = open_source(path)
    with pytest.raises(CheckpointError, match=words) as caught:
        StableDiffusion().build(source, StableDiffusion().detect(source))
    assert "config.json" in caught.value.remedy


def test_other_predictions_and_refiners_are_refused(folders, tmp_path):
    shutil.copytree(folders("sdxl"), tmp_path / "flow")
    (tmp_path / "flow" / "scheduler" / "scheduler_config.json").write_text('{"prediction_type": "flow"}',
                                                                          encoding="utf-8")
    with pytest.raises(CheckpointError, match="flow"):
        built(tmp_path / "flow")
    whole = open_source(folders("sdxl"))
    parts = {name: part for name, part in whole.parts.items() if name != "text_encoder_2"}
    refiner = ModelFolder(whole.path, whole.kind, whole.index, whole.configs, parts, whole.files, whole.digest, 1)
    with pytest.raises(CheckpointError, match="refiner"):
        StableDiffusion().build(refiner, StableDiffusion().detect(refiner))


def test_weights_under_their_old_names_are_found(folders, tmp_path):
    """Auto-encoders of 2022 call the projections of their attention `query`, `key`, `value`, `proj_attn`."""
    from safetensors.numpy import load_file, save_file

    path = tmp_path / "old"
    shutil.copytree(folders("sd1"), path)
    weights = path / "vae" / "diffusion_pytorch_model.safetensors"
    old = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    renamed = {}
    for name, value in load_file(weights).items():
        for today, before in old.items():
            name = name.replace(f".{today}.", f".{before}.")  # noqa: PLW2901
        renamed[name] = value
    assert any("proj_attn" in name for name in renamed)
    save_file(renamed, weights)
    latent = np.random.default_rng(0).standard_normal((1, 4, 4, 4), np.float32)
    assert np.array_equal(*(_decoded(each, latent) for each in (folders("sd1"), path)))


def _decoded(path, latent):
    import torch

    with torch.no_grad():
        return built(path)[2]["vae_decoder"].module(torch.from_numpy(latent))[0].numpy()


def test_a_folder_without_a_tokenizer_is_refused_before_the_work(folders, tmp_path):
    shutil.copytree(folders("sd1"), tmp_path / "silent", ignore=shutil.ignore_patterns("tokenizer*"))
    index = tmp_path / "silent" / "model_index.json"
    parts = json.loads(index.read_text(encoding="utf-8"))
    del parts["tokenizer"]
    index.write_text(json.dumps(parts), encoding="utf-8")
    with pytest.raises(CheckpointError, match="no tokenizer"):
        built(tmp_path / "silent")


def test_the_tokenizer_is_that_of_transformers(folders):
    import tokenizers
    from transformers import CLIPTokenizer

    _, made, _ = built(folders("sdxl"))
    assert made.manifest["diffusion"]["tokenizers"] == ["tokenizer.json", "tokenizer_2.json"]
    for file, part in (("tokenizer.json", "tokenizer"), ("tokenizer_2.json", "tokenizer_2")):
        ours = tokenizers.Tokenizer.from_str(made.files[file].decode())
        theirs = CLIPTokenizer.from_pretrained(folders("sdxl") / part)
        for text in ("a Cat", "cat  hat!", "", "abc " * 60):
            wanted = theirs(text, padding="max_length", max_length=77, truncation=True)["input_ids"]
            assert ours.encode(text).ids == wanted, (part, text)
