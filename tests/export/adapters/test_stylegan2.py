"""StyleGAN2 checkpoints are recognised, measured, read whole or refused with the reason."""

from __future__ import annotations

import io

import msgspec
import numpy as np
import pytest

from engine.errors import CheckpointError
from engine.packages.parts import Declared, Image, Latent
from engine.packages.parts import StyleGAN2 as Told
from export.adapters.stylegan2 import StyleGAN2
from export.adapters.stylegan2_nvidia import NvidiaLayout
from tests.fakes import stylegan2 as fake


def detect(tensors, settings=None):
    return StyleGAN2().detect(fake.checkpoint(tensors, settings))


def build(tensors, settings=None):
    source = fake.checkpoint(tensors, settings)
    adapter = StyleGAN2()
    return adapter.build(source, adapter.detect(source))


def without(tensors, *marks):
    return {name: value for name, value in tensors.items() if not any(mark in name for mark in marks)}


@pytest.mark.parametrize(("made", "title", "sizes"), [
    ({}, "StyleGAN2 generator, 32 × 32, RGB", {"z_dim": 64, "w_dim": 48, "rows": 8, "classes": 0, "mapping_layers": 3}),
    ({"z_dim": 7, "w_dim": 20, "side": 64, "layers": 8}, "StyleGAN2 generator, 64 × 64, RGB",
     {"z_dim": 7, "w_dim": 20, "rows": 10, "mapping_layers": 8}),
    ({"colours": 1, "classes": 9, "side": 4}, "StyleGAN2 generator, 4 × 4, grey, 9 classes",
     {"classes": 9, "rows": 2, "z_dim": 64}),
    ({"colours": 4, "side": 256}, "StyleGAN2 generator, 256 × 256, RGBA", {"rows": 14, "channels": 4}),
])
def test_every_size_is_read_from_nvidias_weights(made, title, sizes):
    found = detect(fake.nvidia(**made))
    assert (found.adapter, found.family, found.title) == ("stylegan2", "stylegan2", title)
    assert sizes.items() <= found.sizes.items()
    assert any("synthesis.b4.const" in reason for reason in found.reasons)


@pytest.mark.parametrize(("dim", "side", "layers"), [(48, 32, 3), (16, 8, 8), (10, 128, 1)])
def test_every_size_is_read_from_rosinalitys_weights(dim, side, layers):
    found = detect(fake.rosinality(dim=dim, side=side, layers=layers))
    assert found.title == f"StyleGAN2 generator, {side} × {side}, RGB"
    assert found.sizes["z_dim"] == found.sizes["w_dim"] == dim
    assert found.sizes["mapping_layers"] == layers
    assert found.sizes["rows"] == 2 * side.bit_length() - 4
    assert any("input.input" in reason for reason in found.reasons)


def test_the_decoder_of_an_encoder_is_found_below_its_prefix():
    tensors = {name if name == "latent_avg" else f"decoder.{name}": value for name, value in fake.rosinality().items()}
    assert detect({**tensors, "encoder.input_layer.0.weight": np.zeros((64, 3, 3, 3), np.float32)}).sizes["z_dim"] == 48


def test_other_models_are_left_to_others():
    assert detect({"main.0.weight": np.zeros((100, 64, 4, 4), np.float32)}) is None
    assert detect({"input.input": np.zeros((1, 8, 4, 4), np.float32)}) is None
    assert detect({}) is None


def test_what_was_assumed_is_told():
    assert any("256" in guess for guess in detect(fake.nvidia()).guesses)
    assert detect(fake.nvidia(), {"init_kwargs": {"synthesis_kwargs": {"conv_clamp": None}}}).guesses == ()
    assert detect(fake.rosinality()).guesses == ()
    assert any("mean of w" in guess for guess in detect(without(fake.rosinality(), "latent_avg")).guesses)


@pytest.mark.parametrize(("settings", "clamp", "rate"), [
    ({}, 256.0, 0.01),
    ({"init_kwargs": {"conv_clamp": 8, "mapping_kwargs": {"lr_multiplier": 0.5}}}, 8.0, 0.5),
    ({"init_kwargs": {"synthesis_kwargs": {"conv_clamp": None}}}, None, 0.01),
    ({"init_kwargs": {"conv_clamp": 8}, "attributes": {
        "synthesis.b4.conv1": {"up": 1, "conv_clamp": 32}, "mapping.fc0": {"bias_gain": 0.25}}}, 32.0, 0.25),
    ({"attributes": {"synthesis.b4.conv1": {"up": 1}}}, None, 0.01),
])
def test_what_was_stored_beside_the_weights_counts(settings, clamp, rate):
    source = fake.checkpoint(fake.nvidia(side=4), settings)
    network = NvidiaLayout().read(source, NvidiaLayout().recognise(source))
    assert network.clamp == clamp
    assert {layer.rate for layer in network.mapping} == {rate}


@pytest.mark.parametrize(("change", "words"), [
    (lambda tensors: {**tensors, "synthesis.b8.skip.weight": np.zeros((10, 12, 1, 1), np.float32)}, "“resnet”"),
    (lambda tensors: without(tensors, "b4.torgb", "b8.torgb", "b16.torgb"), "“orig”"),
    (lambda _: {"synthesis.input.freqs": np.zeros((8, 2), np.float32)}, "StyleGAN3"),
    (lambda _: {"b8.fromrgb.weight": np.zeros(3), "b4.out.weight": np.zeros(3)}, "discriminator"),
    (lambda _: {"final_conv.0.weight": np.zeros(3), "final_linear.1.weight": np.zeros(3)}, "discriminator"),
])
def test_relatives_are_refused_by_name(change, words):
    with pytest.raises(CheckpointError, match=words) as caught:
        detect(change(fake.nvidia()))
    assert caught.value.remedy


def test_another_activation_is_refused_by_name():
    with pytest.raises(CheckpointError, match="“relu”"):
        detect(fake.nvidia(), {"init_kwargs": {"synthesis_kwargs": {"activation": "relu"}}})


@pytest.mark.torch
class TestBuilding:
    """What needs torch."""

    @pytest.mark.parametrize(("tensors", "words"), [
        (without(fake.nvidia(), "b16.conv0.affine.bias"), "“synthesis.b16.conv0.affine.bias” is missing"),
        (without(fake.rosinality(), "convs.2.noise"), "“convs.2.noise.weight” is missing"),
        ({**fake.nvidia(), "synthesis.b8.conv1.weight": np.zeros((10, 9, 3, 3), np.float32)}, "any × 10 × 3 × 3"),
        ({**fake.nvidia(), "mapping.fc1.bias": np.full(48, np.nan, np.float32)}, "not finite"),
        ({**fake.nvidia(), "synthesis.b8.conv0.resample_filter": np.eye(4, dtype=np.float32) / 4}, "filter"),
        (fake.nvidia(colours=2, side=4), "2 channels"),
    ])
    def test_damaged_weights_are_refused_with_the_place(self, tensors, words):
        with pytest.raises(CheckpointError, match=words) as caught:
            build(tensors)
        assert caught.value.remedy

    def test_parts_and_manifest_agree(self):
        tensors = fake.nvidia(side=256, classes=4)
        made = build(tensors)
        mapping, synthesis, preview = made.parts
        assert [slot.role for slot in mapping.inputs] == ["z", "condition"]
        assert synthesis.inputs[0].shape == ("batch", 14, 48)
        assert synthesis.outputs[0].shape == ("batch", 3, 256, 256)
        assert preview.inputs[0].shape == ("batch", 12, 48)
        assert preview.outputs[0].shape == ("batch", 3, 128, 128)
        told = msgspec.convert(made.manifest["stylegan2"], Told)
        assert (told.rows, told.w_dim, told.classes) == (14, 48, 4)
        assert (told.preview_rows, told.preview_side) == (12, 128)
        assert [slot.role for slot in synthesis.inputs[1:]] == [noise.role for noise in told.noise]
        assert [slot.shape for slot in synthesis.inputs[1:]] == [("batch", 1, one.height, one.width)
                                                                 for one in told.noise]
        latent = msgspec.convert(made.manifest["latent"], Latent)
        assert np.allclose(latent.mean, tensors["mapping.w_avg"])
        assert msgspec.convert(made.manifest["image"], Image).width == 256
        declared = msgspec.convert(made.manifest["controls"], Declared)
        assert len(declared.classes) == 4
        assert {one.origin for one in declared.directions} == {"pca", "sefa"}
        assert made.directions.rows.shape == (len(declared.directions), 48)
        assert made.directions.cloud.shape[1] == 48

    def test_small_pictures_need_no_preview(self):
        made = build(fake.nvidia(side=128))
        assert [part.role for part in made.parts] == ["mapping", "synthesis"]
        assert made.manifest["stylegan2"]["preview_rows"] == 0

    @pytest.mark.parametrize(("tensors", "names"), [
        (fake.nvidia(side=8), ["synthesis.b4.conv1", "synthesis.b8.conv0", "synthesis.b8.conv1"]),
        (fake.rosinality(side=8), ["noises.noise_0", "noises.noise_1", "noises.noise_2"]),
    ])
    def test_noise_constants_travel_by_role(self, tensors, names):
        stored = np.load(io.BytesIO(build(tensors).files["noise.npz"]))
        assert stored.files == ["noise_0", "noise_1", "noise_2"]
        for role, name in zip(stored.files, names, strict=True):
            wanted = tensors.get(name, tensors.get(f"{name}.noise_const"))
            assert np.array_equal(stored[role], wanted.reshape(wanted.shape[-2:]))
            assert stored[role].dtype == np.float32

    def test_missing_noise_constants_are_drawn_and_always_the_same(self):
        tensors = without(fake.rosinality(side=8), "noises.")
        first, second = (build(tensors).files["noise.npz"] for _ in range(2))
        assert first == second
        assert np.load(io.BytesIO(first))["noise_2"].std() == pytest.approx(1.0, abs=0.4)

    def test_a_missing_mean_is_measured(self):
        tensors = without(fake.rosinality(side=8), "latent_avg")
        made = build(tensors)
        assert np.allclose(made.manifest["latent"]["mean"], made.directions.cloud[0], atol=1e-4)

    def test_every_row_is_tried_with_a_point_of_its_own(self):
        slot = build(fake.nvidia(side=8)).parts[1].inputs[0]
        drawn = slot.sample(np.random.default_rng(0), (2, 4, 48))
        assert drawn.shape == (2, 4, 48)
        assert np.abs(drawn[0, 0] - drawn[0, 1]).max() > 0.1
