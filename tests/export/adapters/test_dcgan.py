"""Plain generators under the names of public programs: recognised from names and shapes, rebuilt number by number."""

from __future__ import annotations

import pytest

from engine.errors import CheckpointError
from export.adapters.dcgan import Dcgan
from export.adapters.registry import recognised

pytestmark = pytest.mark.torch

LAYOUTS = {
    "DcganGenerator": {"latent": 10, "side": 32, "channels": 3, "classes": 0},
    "DcganGenerator 64": {"latent": 7, "side": 64, "channels": 1, "classes": 0},
    "DcganGenerator 256": {"latent": 7, "side": 256, "channels": 3, "classes": 0},
    "UpsamplingGenerator": {"latent": 9, "side": 32, "channels": 1, "classes": 0},
    "MatrixGenerator": {"latent": 6, "side": 16, "channels": 1, "classes": 0},
    "MatrixGenerator 4": {"latent": 6, "side": 16, "channels": 3, "classes": 4},
    "AcganGenerator": {"latent": 7, "side": 32, "channels": 1, "classes": 5},
    "WganColour": {"latent": 8, "side": 32, "channels": 3, "classes": 0},
    "WganDigits": {"latent": 8, "side": 28, "channels": 1, "classes": 0},
}
ARGUMENTS = {"DcganGenerator 64": (7, 3, 1, 64), "DcganGenerator 256": (7, 1, 3, 256),
             "MatrixGenerator 4": (6, 16, 3, 4)}


def network(layout):
    from tests.fakes import public_nets as nets

    return nets.lively(getattr(nets, layout.split()[0])(*ARGUMENTS.get(layout, ())))


@pytest.mark.parametrize("order", ["as stored", "alphabetical"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_generator_is_rebuilt_from_its_weights(layout, order):
    import torch

    from tests.fakes import public_nets as nets

    theirs = network(layout)
    source = nets.shuffled(theirs) if order == "alphabetical" else nets.checkpoint(theirs)
    detection = recognised(source)
    assert detection.adapter == "dcgan"
    assert {name: detection.sizes[name] for name in LAYOUTS[layout]} == LAYOUTS[layout]
    built = Dcgan().build(source, detection)
    z = torch.randn(3, detection.sizes["latent"])
    inputs = (z, torch.tensor([0, 3, 2])) if detection.sizes["classes"] else (z,)
    picture = built.parts[0].module(*inputs)[0]
    wanted = theirs(*inputs)
    assert float(wanted.std()) > 0.01, "a picture without contrast proves nothing"
    assert torch.allclose(picture, wanted, atol=1e-5)


def test_classes_are_choices_and_directions_come_from_the_first_layer():
    from tests.fakes import public_nets as nets

    source = nets.checkpoint(network("AcganGenerator"))
    built = Dcgan().build(source, recognised(source))
    assert [entry["id"] for entry in built.manifest["controls"]["classes"]] == ["0", "1", "2", "3", "4"]
    assert [slot.role for slot in built.parts[0].inputs] == ["latent", "condition"]
    assert built.directions.rows.shape == (7, 7)
    assert built.directions.cloud.shape == (8, 7)


def test_a_discriminator_is_refused_with_a_hint():
    from tests.fakes import public_nets as nets

    with pytest.raises(CheckpointError, match="discriminator") as caught:
        recognised(nets.checkpoint(nets.DcganDiscriminator()))
    assert "--arch" in caught.value.remedy
    assert "3 convolution weights" in caught.value.what


def test_a_setting_that_fits_no_plan_is_refused():
    from export.adapters.registry import adjusted
    from tests.fakes import public_nets as nets

    source = nets.checkpoint(network("DcganGenerator"))
    with pytest.raises(CheckpointError, match="do not fit"):
        Dcgan().build(source, adjusted(recognised(source), {"side": 48}))


def test_the_graph_draws_the_same_pictures_at_other_batches(tmp_path):
    import torch

    from export.trace import trace
    from tests.fakes import public_nets as nets
    from tests.fakes.onnx_aside import worst_error

    source = nets.checkpoint(network("AcganGenerator"))
    part = Dcgan().build(source, recognised(source)).parts[0]
    cases = [[torch.randn(batch, 7), torch.randint(0, 5, (batch,))] for batch in (1, 5)]
    assert worst_error(part, trace(part, tmp_path).path, cases, tmp_path) < 2e-4
