"""Transposed convolutions as four phases: the same pictures at any kernel, and nothing else is touched."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.torch


@pytest.mark.parametrize(("kernel", "padding", "extra"), [(4, 1, 0), (3, 1, 1), (5, 2, 1), (6, 2, 0), (7, 3, 1)])
@pytest.mark.parametrize("norm", ["no norm", "norm", "norm without weights"])
def test_four_phases_are_one_transposed_convolution(kernel, padding, extra, norm):
    import torch
    from torch import nn

    from export.nets.phases import Phases, rewritten
    from tests.fakes.public_nets import lively

    torch.manual_seed(0)
    norms = [] if norm == "no norm" else [nn.BatchNorm2d(16, affine=norm == "norm")]
    layers = nn.Sequential(nn.ConvTranspose2d(8, 16, kernel, 2, padding, output_padding=extra, bias=norm != "norm"),
                           *norms, nn.LeakyReLU(0.2))
    if norm == "norm without weights":
        norms[0].running_mean.normal_()
        layers = layers.eval().requires_grad_(requires_grad=False)
    else:
        layers = lively(layers)
    made = rewritten(layers)
    assert [type(layer) for layer in made] == [Phases]
    x = torch.randn(2, 8, 5, 7)
    assert torch.allclose(made(x), layers(x), atol=1e-5)


@pytest.mark.parametrize(("outputs", "kernel", "bias"), [(3, 3, True), (1, 5, False), (4, 7, True)])
def test_a_narrow_convolution_is_the_sum_of_its_rows(outputs, kernel, bias):
    import torch
    from torch import nn

    from export.nets.phases import Rows, rewritten

    torch.manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(16, outputs, kernel, padding=kernel // 2, bias=bias)).eval()
    layers = layers.requires_grad_(requires_grad=False)
    made = rewritten(layers)
    assert [type(layer) for layer in made] == [Rows]
    x = torch.randn(2, 16, 6, 9)
    assert torch.allclose(made(x), layers(x), atol=1e-5)


@pytest.mark.parametrize("norm", [True, False])
def test_the_picture_opens_with_a_matrix(norm):
    import torch
    from torch import nn

    from export.nets.phases import Opening, rewritten
    from export.nets.stack import Reshape
    from tests.fakes.public_nets import lively

    torch.manual_seed(0)
    layers = lively(nn.Sequential(Reshape(6, 1), nn.ConvTranspose2d(6, 5, 4, bias=not norm),
                                  nn.BatchNorm2d(5) if norm else nn.Identity(), nn.ReLU()))
    made = rewritten(layers)
    assert isinstance(made[0], Opening)
    x = torch.randn(3, 6)
    assert torch.allclose(made(x), layers(x), atol=1e-5)


def test_what_gains_nothing_stays_as_it_is():
    from torch import nn

    from export.nets.phases import rewritten

    layers = nn.Sequential(nn.ConvTranspose2d(8, 16, 4), nn.BatchNorm2d(16), nn.ReLU(),
                           nn.ConvTranspose2d(16, 8, 2, 2), nn.ConvTranspose2d(8, 8, 3, 2),
                           nn.ConvTranspose2d(8, 3, 4, 2, 1), nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 8, 3),
                           nn.Conv2d(8, 3, 1), nn.Conv2d(8, 8, 3, padding=1), nn.Tanh()).eval()
    assert list(rewritten(layers)) == list(layers)


def test_a_leak_after_a_norm_that_stands_alone_is_kept():
    import torch
    from torch import nn

    from export.nets.phases import rewritten
    from tests.fakes.public_nets import lively

    layers = lively(nn.Sequential(nn.ConvTranspose2d(8, 8, 4, 2, 1), nn.Identity(), nn.BatchNorm2d(8), nn.ELU()))
    x = torch.randn(1, 8, 3, 3)
    assert torch.allclose(rewritten(layers)(x), layers(x), atol=1e-5)
