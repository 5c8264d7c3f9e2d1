"""Which architecture a source is: the best one first, words for what is not known, settings that are checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CheckpointError, ValueProblem
from export.adapters.registry import ADAPTERS, adjusted, by_name, detect, recognised
from export.checkpoint.source import Checkpoint, ModelFolder, TensorRef


def source(*shapes, **named):
    """Weights of these names and shapes; nobody may read them."""
    table = dict(shapes) | named

    def unreadable():
        raise AssertionError("detection reads no numbers")

    refs = {name: TensorRef(name, "float32", shape, unreadable) for name, shape in table.items()}
    return Checkpoint(Path("mystery.pt"), "torch-zip", refs, "sha256:0", 1)


FLAT = (("fc1.weight", (40, 784)), ("fc1.bias", (40,)), ("fc21.weight", (5, 40)), ("fc21.bias", (5,)),
        ("fc22.weight", (5, 40)), ("fc22.bias", (5,)), ("fc3.weight", (40, 5)), ("fc3.bias", (40,)),
        ("fc4.weight", (784, 40)), ("fc4.bias", (784,)))
UNET = tuple((f"down.{number}.conv.weight", (8 * number + 8, 8 * number + 8, 3, 3)) for number in range(12))


def test_every_adapter_has_a_name_of_its_own():
    names = [adapter.name for adapter in ADAPTERS]
    assert len(set(names)) == len(names)
    assert all(by_name(name).name == name for name in names)
    with pytest.raises(ValueProblem, match="perceptron"):
        by_name("perceptron")


def test_detection_needs_neither_numbers_nor_torch():
    assert next(one.adapter for one in detect(source(*FLAT))) == "vae"
    program = "import sys; import export.adapters.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_family_can_be_asked_for():
    assert detect(source(*FLAT), "decoder")
    assert not detect(source(*FLAT), "text")


def test_unknown_weights_are_described_and_helped():
    with pytest.raises(CheckpointError) as caught:
        recognised(source(*UNET))
    assert "12 convolution weights" in caught.value.what
    assert "`down.0.conv.weight`" in caught.value.what
    assert "--arch module:Class" in caught.value.remedy
    assert "ONNX" in caught.value.remedy


@pytest.mark.parametrize(("name", "words"), [
    ("synthesis.input.freqs", "StyleGAN3"), ("unet.lora_up.weight", "LoRA"), ("quantize.embedding.weight", "VQ"),
    ("model.diffusion_model.out.2.weight", "diffusers folder"), ("netD.main.0.weight", "discriminator")])
def test_what_an_unknown_file_looks_like_is_said(name, words):
    with pytest.raises(CheckpointError, match=words):
        recognised(source((name, (8, 8)), *UNET))


def test_an_unknown_folder_is_told_by_its_class():
    folder = ModelFolder(Path("bert"), "transformers", {"model_type": "bert"}, {"": {}}, {"": source(*UNET)}, {}, "", 1)
    with pytest.raises(CheckpointError, match="bert"):
        recognised(folder)


@pytest.mark.parametrize("settings", [{"latent": 7}, {"slope": "steep"}, {"activation": 3}, {"eps": None},
                                      {"low": True}])
def test_a_setting_that_makes_no_sense_is_refused(settings):
    with pytest.raises(ValueProblem):
        adjusted(recognised(source(*FLAT)), settings)


def test_a_setting_that_is_open_is_taken():
    assert adjusted(recognised(source(*FLAT)), {"slope": 1, "output": "tanh"}).sizes["output"] == "tanh"


@pytest.mark.parametrize("seed", range(30))
def test_scrambled_shapes_are_recognised_or_refused_in_words(seed):
    dice = np.random.default_rng(seed)
    table = {name: tuple(int(size) for size in dice.permutation(shape)) if dice.random() < 0.4 else shape
             for name, shape in FLAT if dice.random() < 0.9}
    for adapter in ADAPTERS:
        adapter.detect(source(**table))
    weights = source(**table)
    if not detect(weights):
        with pytest.raises(CheckpointError):
            recognised(weights)
