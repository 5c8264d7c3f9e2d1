"""Folders of diffusers and Transformers: which weights of a part are taken, shards together, nothing from outside."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.errors import CheckpointError
from export.checkpoint.open import open_source
from tests.corpus import containers as box


def weights(path, **arrays):
    """A safetensors file of float32 arrays."""
    table, body = {}, b""
    for name, array in arrays.items():
        data = np.asarray(array, np.float32).tobytes()
        place = [len(body), len(body) + len(data)]
        table[name] = {"dtype": "F32", "shape": list(np.shape(array)), "data_offsets": place}
        body += data
    return box.safetensors(path, table, body)


@pytest.fixture
def folder(tmp_path):
    """A pipeline of two parts, a scheduler and a tokenizer."""
    (tmp_path / "model_index.json").write_text(json.dumps({
        "_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
        "image_encoder": [None, None], "vae": ["diffusers", "AutoencoderKL"],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "tokenizer": ["transformers", "CLIPTokenizer"], "safety_checker": ["x", "y"]}))
    for part in ("unet", "vae", "scheduler", "tokenizer"):
        (tmp_path / part).mkdir()
    weights(tmp_path / "unet" / "diffusion_pytorch_model.safetensors", a=[1, 2])
    weights(tmp_path / "unet" / "diffusion_pytorch_model.fp16.safetensors", a=[9, 9])
    weights(tmp_path / "vae" / "diffusion_pytorch_model.fp16.safetensors", b=[3])
    (tmp_path / "unet" / "config.json").write_text('{"sample_size": 64}')
    (tmp_path / "scheduler" / "scheduler_config.json").write_text('{"beta_end": 0.012}')
    (tmp_path / "tokenizer" / "vocab.json").write_text("{}")
    return tmp_path


def test_a_diffusers_folder_is_its_parts(folder):
    source = open_source(folder)
    assert (source.kind, sorted(source.parts)) == ("diffusers", ["unet", "vae"])
    np.testing.assert_array_equal(source.parts["unet"]["a"].read(), [1, 2])
    assert source.parts["vae"].notes == ("only the variant `fp16` is there",)
    assert source.configs["unet"] == {"sample_size": 64}
    assert source.configs["scheduler"] == {"beta_end": 0.012}
    assert source.files["tokenizer/vocab.json"].name == "vocab.json"
    assert source.size == sum(part.size for part in source.parts.values())


def test_the_digest_follows_the_weights(folder):
    before = open_source(folder).digest
    assert open_source(folder).digest == before
    weights(folder / "unet" / "diffusion_pytorch_model.safetensors", a=[1, 3])
    assert open_source(folder).digest != before


def sharded(folder, names=("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")):
    weights(folder / "model-00001-of-00002.safetensors", **{"model.a": [1]})
    weights(folder / "model-00002-of-00002.safetensors", **{"model.b": [2], "head": [3]})
    (folder / "config.json").write_text('{"model_type": "gpt2"}')
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {
        "model.a": names[0], "model.b": names[1], "head": names[1]}}))


def test_shards_are_one_set_of_weights_with_their_own_names(tmp_path):
    sharded(tmp_path)
    source = open_source(tmp_path)
    assert (source.kind, source.index) == ("transformers", {"model_type": "gpt2"})
    assert sorted(source.parts[""].tensors) == ["head", "model.a", "model.b"]


@pytest.mark.parametrize(("names", "reason"), [
    (("model-00001-of-00002.safetensors", "gone.safetensors"), "lacks “gone.safetensors”"),
    (("../secret.safetensors", "../secret.safetensors"), "outside of its folder"),
    (("/etc/passwd", "/etc/passwd"), "outside of its folder"),
])
def test_shards_that_are_missing_or_elsewhere_are_refused(tmp_path, names, reason):
    inside = tmp_path / "model"
    inside.mkdir()
    weights(tmp_path / "secret.safetensors", a=[1])
    sharded(inside, names)
    with pytest.raises(CheckpointError, match=reason):
        open_source(inside)


def test_a_link_out_of_the_folder_is_not_followed_but_a_hub_snapshot_is(tmp_path):
    blobs, snapshot = tmp_path / "hub" / "blobs", tmp_path / "hub" / "snapshots" / "main"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    weights(blobs / "0123", a=[1])
    (snapshot / "config.json").write_text("{}")
    (snapshot / "model.safetensors").symlink_to(blobs / "0123")
    assert list(open_source(snapshot).parts[""].tensors) == ["a"]
    (snapshot / "model.safetensors").unlink()
    (snapshot / "model.safetensors").symlink_to(weights(tmp_path / "elsewhere", a=[1]))
    with pytest.raises(CheckpointError, match="not one of a model"):
        open_source(snapshot)


@pytest.mark.parametrize(("change", "reason"), [
    (lambda folder: (folder / "unet" / "config.json").write_text("{"), "damaged configuration, “config.json”"),
    (lambda folder: (folder / "model_index.json").write_text('{"../x": ["a", "b"]}'), "lacks its part"),
    (lambda folder: (folder / "model_index.json").write_text('{"x": ["a", "b"]}'), "lacks its part “x”"),
    (lambda folder: (folder / "model_index.json").write_text('{"_class_name": "x"}'), "without weights"),
    (lambda folder: (folder / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b""), "is empty"),
])
def test_a_damaged_folder_says_what_is_wrong(folder, change, reason):
    change(folder)
    with pytest.raises(CheckpointError, match=reason):
        open_source(folder)


def test_a_folder_with_loose_models_names_them(tmp_path):
    weights(tmp_path / "G.safetensors", a=[1])
    with pytest.raises(CheckpointError) as caught:
        open_source(tmp_path)
    assert "G.safetensors" in caught.value.remedy
