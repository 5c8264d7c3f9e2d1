"""A network class of one's own: imported by name only, loaded strictly, its shapes found by running it."""

from __future__ import annotations

import sys

import pytest

from engine.errors import CheckpointError, ValueProblem
from export.adapters.custom import Custom

pytestmark = pytest.mark.torch

PROGRAM = """
import torch
from torch import nn


class Painter(nn.Module):
    def __init__(self, width, classes=0):
        super().__init__()
        self.model = nn.Sequential(nn.ConvTranspose2d(5, width, 4), nn.ReLU(), nn.ConvTranspose2d(width, 3, 4, 2, 1))
        self.kinds = nn.Embedding(classes, 5) if classes else None

    def draw(self, z, kind=None):
        if kind is not None:
            z = z + self.kinds(kind)[:, :, None, None]
        return {"image": torch.sigmoid(self.model(z)), "other": z}

    def forward(self, z):
        return self.model(z)

    def look(self, image):
        return image.mean((2, 3)), image.std((2, 3))


class NotANetwork:
    pass
"""


@pytest.fixture
def painter(tmp_path, monkeypatch):
    """The class, in a module that lies in a folder of the person's."""
    (tmp_path / "painter_of_mine.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("painter_of_mine", None)


def weights(classes=0, **changes):
    import torch

    from tests.fakes import public_nets as nets

    torch.manual_seed(0)
    import painter_of_mine

    network = painter_of_mine.Painter(6, classes).eval()
    return network, nets.checkpoint({**network.state_dict(), **changes})


def test_a_generator_needs_its_arguments_and_the_length_of_its_latent(painter):
    import torch

    network, source = weights()
    own = Custom("painter_of_mine:Painter", {"arguments": {"width": 6}, "latent": [5, 1, 1]})
    built = own.build(source, own.detect(source))
    part = built.parts[0]
    assert (part.role, part.inputs[0].shape, part.outputs[0].shape) == ("decoder", ("batch", 5), ("batch", 3, 8, 8))
    z = torch.randn(4, 5)
    assert torch.equal(part.module(z)[0], network(z[:, :, None, None]))
    assert built.manifest["latent"]["dim"] == 5
    assert built.manifest["image"] == {"width": 8, "height": 8, "channels": 3, "range": [-1.0, 1.0]}


def test_methods_classes_and_an_encoder_can_be_named(painter):
    import torch

    network, source = weights(classes=3)
    own = Custom("painter_of_mine:Painter", {
        "arguments": {"width": 6, "classes": 3}, "range": [0, 1],
        "parts": {"decoder": {"call": "draw", "inputs": {"latent": {"shape": ["batch", 5], "as": [5, 1, 1]},
                                                         "condition": {"shape": ["batch"], "below": 3}}},
                  "encoder": {"call": "look", "inputs": {"image": ["batch", 3, 8, 8]},
                              "outputs": ["mean", "log_variance"]}}})
    built = own.build(source, own.detect(source))
    decoder, encoder = built.parts
    z, kinds = torch.randn(2, 5), torch.tensor([2, 0])
    assert len(decoder.module(z, kinds)) == 1
    assert torch.equal(decoder.module(z, kinds)[0], network.draw(z[:, :, None, None], kinds)["image"])
    assert [slot.shape for slot in encoder.outputs] == [("batch", 3), ("batch", 3)]
    assert [entry["id"] for entry in built.manifest["controls"]["classes"]] == ["0", "1", "2"]
    assert built.manifest["encoder"]["range"] == [0.0, 1.0]


def test_nothing_is_imported_to_say_what_it_is(painter):
    from tests.fakes import public_nets as nets

    assert Custom("painter_of_mine:Painter", {"latent": 5}).detect(nets.checkpoint({})) is not None
    assert "painter_of_mine" not in sys.modules


def test_names_that_the_reader_shortened_still_fit(painter):
    _, source = weights()
    short = {name.removeprefix("model."): ref for name, ref in source.tensors.items()}
    from dataclasses import replace

    own = Custom("painter_of_mine:Painter", {"arguments": {"width": 6}, "latent": [5, 1, 1]})
    assert own.build(replace(source, tensors=short), own.detect(source)).parts


@pytest.mark.parametrize(("settings", "words"), [
    ({"arguments": {"width": 7}, "latent": [5, 1, 1]}, "of another shape"),
    ({"arguments": {"width": 6, "classes": 2}, "latent": [5, 1, 1]}, r"missing are `kinds\.weight`"),
    ({"arguments": {"width": 6, "classes": 0, "colour": 1}, "latent": [5, 1, 1]}, "could not be made"),
    ({"arguments": {"width": 6}, "latent": 5}, "failed for the inputs"),
    ({"arguments": {"width": 6}, "parts": {"decoder": {"call": "paint", "inputs": {"latent": ["batch", 5]}}}}, "paint"),
])
def test_what_does_not_fit_is_said_in_words(painter, settings, words):
    _, source = weights()
    own = Custom("painter_of_mine:Painter", settings)
    with pytest.raises(CheckpointError, match=words):
        own.build(source, own.detect(source))


@pytest.mark.parametrize(("arch", "words"), [
    ("painter_of_nobody:Painter", "could not be imported"), ("painter_of_mine:Sculptor", "could not be imported"),
    ("painter_of_mine:NotANetwork", "not a network class")])
def test_a_name_that_is_no_network_is_refused(painter, arch, words):
    _, source = weights()
    own = Custom(arch, {"latent": 5})
    with pytest.raises(CheckpointError, match=words):
        own.build(source, own.detect(source))


@pytest.mark.parametrize(("settings", "where"), [
    ({}, "latent"), ({"latent": True}, "latent"), ({"latent": 3, "colour": 1}, "colour"),
    ({"latent": 3, "range": [1, 0]}, "range"), ({"parts": {"decoder": {}}}, "parts.decoder"),
    ({"parts": {"decoder": {"inputs": {"condition": {"shape": ["batch"], "dtype": "int64"}}}}},
     "parts.decoder.inputs.condition"),
    ({"parts": {"decoder": {"inputs": {"latent": ["batch", -3]}}}}, "parts.decoder.inputs.latent.shape"),
    ({"parts": {"decoder": {"inputs": {"latent": ["batch", 3]}, "call": "__import__('os')"}}}, "parts.decoder.call")])
def test_a_faulty_entry_of_the_arguments_file_is_named(settings, where):
    with pytest.raises(ValueProblem) as caught:
        Custom("mine:Net", settings)
    assert caught.value.subject == where


def test_a_word_that_is_no_module_and_class_is_refused():
    with pytest.raises(ValueProblem, match="module:Class"):
        Custom("../evil:Net", {"latent": 3})
