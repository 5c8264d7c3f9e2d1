"""VAEs under the names of public programs: recognised from names and shapes, rebuilt to the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ValueProblem
from export.adapters.registry import adjusted, detect, recognised
from export.adapters.vae import Vae

pytestmark = pytest.mark.torch

LAYOUTS = {
    "flat": ({"latent": 5, "side": 28, "channels": 1}, ()),
    "flat colour": ({"latent": 3, "side": 16, "channels": 3}, (768, 30, 3)),
    "block": ({"latent": 6, "side": 32, "channels": 3}, ()),
    "block grey 64": ({"latent": 5, "side": 64, "channels": 1}, ((4, 6, 8, 10), 5, 1, 64)),
    "block wide": ({"latent": 5, "side": 32, "channels": 1}, ((8, 16), 5, 1, 32)),
    "named": ({"latent": 7, "side": 64, "channels": 3}, ()),
    "list": ({"latent": 4, "side": 28, "channels": 1}, ()),
    "upsampling": ({"latent": 5, "side": 16, "channels": 3}, ()),
}


def network(layout):
    from tests.fakes import public_nets as nets

    kinds = {"flat": nets.FlatVae, "block": nets.BlockVae, "named": nets.NamedVae, "list": nets.ListVae,
             "upsampling": nets.UpsamplingVae}
    return nets.lively(kinds[layout.split()[0]](*LAYOUTS[layout][1]))


@pytest.mark.parametrize("order", ["as stored", "alphabetical"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_vae_is_rebuilt_from_its_weights(layout, order):
    import torch

    from tests.fakes import public_nets as nets

    theirs = network(layout)
    source = nets.shuffled(theirs) if order == "alphabetical" else nets.checkpoint(theirs)
    detection = recognised(source)
    assert detection.adapter == "vae"
    assert {name: detection.sizes[name] for name in LAYOUTS[layout][0]} == LAYOUTS[layout][0]
    built = Vae().build(source, detection)
    decoder, encoder = built.parts
    z = torch.randn(3, detection.sizes["latent"])
    picture = decoder.module(z)[0]
    wanted = theirs.decode(z).reshape(picture.shape)
    assert float(wanted.std()) > 0.01, "a picture without contrast proves nothing"
    assert torch.allclose(picture, wanted, atol=1e-5)
    x = torch.rand(2, *picture.shape[1:])
    for ours, other in zip(encoder.module(x), theirs.encode(x), strict=True):
        assert torch.allclose(ours, other, atol=1e-4)


def test_the_manifest_and_the_directions_come_with_it():
    from tests.fakes import public_nets as nets

    source = nets.checkpoint(network("block"))
    built = Vae().build(source, recognised(source))
    assert built.manifest["latent"]["dim"] == 6
    assert built.manifest["image"] == {"width": 32, "height": 32, "channels": 3, "range": [-1.0, 1.0],
                                       "layout": "NCHW", "content": "color"}
    assert built.manifest["encoder"] == {"width": 32, "height": 32, "channels": 3, "range": [-1.0, 1.0]}
    assert built.directions.rows.shape == (6, 6)
    assert {entry["origin"] for entry in built.directions.entries} == {"pca"}
    np.testing.assert_allclose(np.linalg.norm(built.directions.rows, axis=1), 1.0, atol=1e-5)
    assert 0 < built.directions.cloud_typical[0] < built.directions.cloud_typical[1]


def test_a_decoder_alone_has_directions_from_its_weights():
    from tests.fakes import public_nets as nets

    state = network("list").state_dict()
    source = nets.checkpoint({name: value for name, value in state.items() if name.startswith("decoder.")})
    detection = recognised(source)
    assert (detection.adapter, detection.sizes["side"]) == ("vae", 28)
    built = Vae().build(source, detection)
    assert [part.role for part in built.parts] == ["decoder"]
    assert "encoder" not in built.manifest
    assert {entry["origin"] for entry in built.directions.entries} == {"sefa"}


def test_what_weights_leave_open_can_be_set_by_hand():
    import torch

    from tests.fakes import public_nets as nets

    theirs = network("flat")
    source = nets.checkpoint(theirs)
    detection = recognised(source)
    assert any("sigmoid" in guess for guess in detection.guesses)
    built = Vae().build(source, adjusted(detection, {"output": "tanh", "low": -1, "high": 1}))
    z = torch.randn(2, 5)
    raw = theirs.fc4(torch.relu(theirs.fc3(z))).view(2, 1, 28, 28)
    assert torch.allclose(built.parts[0].module(z)[0], torch.tanh(raw), atol=1e-6)
    assert built.manifest["image"]["range"] == [-1.0, 1.0]


def test_an_unknown_activation_is_refused():
    from tests.fakes import public_nets as nets

    source = nets.checkpoint(network("flat"))
    with pytest.raises(ValueProblem, match="banana"):
        Vae().build(source, adjusted(recognised(source), {"activation": "banana"}))


def test_an_encoder_that_does_not_fit_is_left_out_and_said():
    from tests.fakes import public_nets as nets

    state = network("list").state_dict()
    state["encoder.0.weight"] = state["encoder.0.weight"].repeat(1, 2, 1, 1)   # takes two channels; pictures have one
    source = nets.checkpoint(state)
    detection = recognised(source)
    assert any("left out" in guess for guess in detection.guesses)
    assert [part.role for part in Vae().build(source, detection).parts] == ["decoder"]


def test_other_weights_are_no_vae():
    from tests.fakes import public_nets as nets

    assert Vae().detect(nets.checkpoint(nets.DcganGenerator())) is None
    assert Vae().detect(nets.checkpoint(nets.DcganDiscriminator())) is None
    assert not [one for one in detect(nets.checkpoint(nets.DcganDiscriminator())) if one.adapter in {"vae", "dcgan"}]


def test_both_graphs_answer_the_same_at_other_batches(tmp_path):
    import torch

    from export.nets.phases import Phases
    from export.trace import trace
    from tests.fakes import public_nets as nets
    from tests.fakes.onnx_aside import worst_error

    source = nets.checkpoint(network("block wide"))
    decoder, encoder = Vae().build(source, recognised(source)).parts
    assert any(isinstance(layer, Phases) for layer in decoder.module.stack)
    for part, shape in ((decoder, (5,)), (encoder, (1, 32, 32))):
        cases = [[torch.randn(batch, *shape)] for batch in (1, 5)]
        assert worst_error(part, trace(part, tmp_path).path, cases, tmp_path) < 2e-4
