"""Files that torch itself wrote: every number as torch reads it back, to the bit, in all its formats and wrappings."""

from __future__ import annotations

import argparse
import pickle
import sys
import types

import numpy as np
import pytest

from engine.errors import CheckpointError
from export.checkpoint.open import open_source

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def state():
    """One tensor of every kind: number formats, views, empty, scalar, parameter."""
    import torch

    torch.manual_seed(0)
    base = torch.randn(3, 8)
    kinds = (torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz,
             torch.float8_e5m2fnuz, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
             torch.uint16, torch.bool, torch.complex64)
    return {"conv.weight": torch.randn(3, 4), "turned": base.t(), "cut": base[1:, 2:5], "shared": base,
            "empty": torch.zeros(0, 3), "scalar": torch.tensor(3.5), "parameter": torch.nn.Parameter(torch.randn(2)),
            **{str(kind).removeprefix("torch."): torch.randn(7).mul(3).to(kind) for kind in kinds}}


def assert_same(source, state):
    import torch

    assert set(source.tensors) == set(state)
    for name, tensor in state.items():
        widened = tensor.detach().float() if tensor.dtype.itemsize < 3 and tensor.dtype.is_floating_point \
            and tensor.dtype != torch.float16 else tensor.detach()
        expected, found = np.ascontiguousarray(widened.numpy()), source[name].read()
        assert (found.shape, found.dtype, found.tobytes()) == (tuple(tensor.shape), expected.dtype, expected.tobytes())
        assert source[name].dtype == str(tensor.dtype).removeprefix("torch.")
        assert found.flags.writeable


@pytest.mark.parametrize("options", [{}, {"_use_new_zipfile_serialization": False}, {"pickle_protocol": 4},
                                     {"_use_new_zipfile_serialization": False, "pickle_protocol": 4}], ids=str)
def test_every_number_is_the_one_that_torch_reads(tmp_path, state, options):
    import torch

    path = tmp_path / "named.anything"
    torch.save(state, path, **options)
    source = open_source(path)
    assert source.kind == ("torch-legacy" if options.get("_use_new_zipfile_serialization") is False else "torch-zip")
    assert_same(source, state)
    if not options:  # torch's own safe reader does not take eight-bit floats and new protocols in its older formats
        assert_same(source, torch.load(path, weights_only=True))


WRAPPINGS = {
    "lightning": (lambda state: {"state_dict": {f"model.{name}": item for name, item in state.items()}, "epoch": 3,
                                 "optimizer_states": [{"state": {0: {"exp_avg": state["shared"]}}}]},
                  {"epoch": 3}, "taken from `state_dict`"),
    "rosinality": (lambda state: {"g_ema": state, "g": state, "d": {"x": state["shared"]}, "g_optim": {"state": {}},
                                  "args": argparse.Namespace(size=256, channel_multiplier=2)},
                   {"args": {"size": 256, "channel_multiplier": 2}}, "taken from `g_ema`; left out: `g`, `d`"),
    "nanoGPT": (lambda state: {"model": {f"_orig_mod.{name}": item for name, item in state.items()}, "optimizer": {},
                               "model_args": {"n_layer": 2, "bias": False}, "iter_num": 7},
                {"model_args": {"n_layer": 2, "bias": False}, "iter_num": 7}, "`_orig_mod.` removed"),
    "data parallel": (lambda state: {f"module.{name}": item for name, item in state.items()}, {}, "`module.` removed"),
    "critic beside": (lambda state: {"state_dict": {f"generator.{name}": item for name, item in state.items()} | {
        "discriminator.w": state["shared"]}}, {}, "only `generator.`"),
}


@pytest.mark.parametrize("name", WRAPPINGS)
@pytest.mark.parametrize("new", [True, False], ids=["zip", "legacy"])
def test_weights_are_found_in_what_training_scripts_save(tmp_path, state, name, new):
    import torch

    wrap, settings, note = WRAPPINGS[name]
    path = tmp_path / "model.pt"
    torch.save(wrap(state), path, _use_new_zipfile_serialization=new)
    source = open_source(path)
    assert_same(source, state)
    assert source.settings == settings
    assert note in "; ".join(source.notes)


def test_a_pickle_of_tensors_without_torchs_container_opens(tmp_path, state):
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(state, protocol=4))
    assert_same(open_source(path), state)


@pytest.mark.parametrize("wrap", [lambda net: net, lambda net: {"model": net, "epoch": 1}], ids=["bare", "inside"])
def test_a_whole_pickled_module_is_refused_with_the_way_out(tmp_path, wrap):
    import torch

    torch.save(wrap(torch.nn.Sequential(torch.nn.Linear(2, 2))), tmp_path / "model.pt")
    with pytest.raises(CheckpointError, match=r"program \(class torch.nn.modules.container.Sequential\)") as caught:
        open_source(tmp_path / "model.pt")
    assert "model.state_dict()" in caught.value.remedy


def test_safetensors_written_by_its_own_library_open(tmp_path, state):
    from safetensors.torch import save_file

    plain = {name: tensor.detach().contiguous() for name, tensor in state.items()
             if "fnuz" not in name and name != "complex64"}
    path = tmp_path / "model.safetensors"
    save_file({name: tensor.clone() for name, tensor in plain.items()}, path, {"format": "pt"})
    source = open_source(path)
    assert_same(source, plain)
    assert (source.kind, source.settings) == ("safetensors", {"format": "pt"})


def test_a_stylegan_snapshot_written_by_pickle_itself_opens(tmp_path, monkeypatch):
    """The pickler that NVIDIA's trainer uses, with its own wrapping of modules, writes what the reader reads."""
    import torch

    module = types.ModuleType("torch_utils.persistence")
    exec("def _reconstruct_persistent_obj(meta): raise AssertionError", vars(module))  # noqa: S102 - the trainer's name
    monkeypatch.setitem(sys.modules, "torch_utils", types.ModuleType("torch_utils"))
    monkeypatch.setitem(sys.modules, "torch_utils.persistence", module)

    class Wrapped:
        def __init__(self, inner):
            self.inner = inner

        def __reduce__(self):
            layers = {name: Wrapped(layer) for name, layer in self.inner.named_children()}
            state = vars(self.inner) | {"_modules": layers}
            return module._reconstruct_persistent_obj, ({
                "type": "class", "version": 6, "module_src": "raise SystemExit", "class_name": "Generator",
                "state": state | {"_init_args": (), "_init_kwargs": {"w_dim": 4}}},)

    torch.manual_seed(1)
    nets = [torch.nn.ModuleDict({"mapping": torch.nn.Linear(3, 4), "synthesis": torch.nn.BatchNorm2d(5)}) for _ in "ab"]
    (tmp_path / "snapshot.pkl").write_bytes(pickle.dumps({"G": Wrapped(nets[0]), "G_ema": Wrapped(nets[1])}))
    source = open_source(tmp_path / "snapshot.pkl")
    assert_same(source, nets[1].state_dict())
    assert (source.kind, source.settings["init_kwargs"]) == ("stylegan-pickle", {"w_dim": 4})
    assert source.code == {"Generator": "raise SystemExit"}
    assert source.settings["attributes"]["mapping"]["in_features"] == 3


@pytest.mark.parametrize("kind", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"])
def test_all_256_values_of_the_eight_bit_floats_are_torchs(kind):
    import torch

    from export.checkpoint.dtypes import decoded

    codes = torch.arange(256, dtype=torch.uint8)
    np.testing.assert_array_equal(decoded(codes.numpy(), kind), codes.view(getattr(torch, kind)).float().numpy())
