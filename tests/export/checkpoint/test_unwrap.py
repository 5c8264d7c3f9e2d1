"""What of a training script's output is the picture-maker: order of preference, prefixes, rings, settings."""

from __future__ import annotations

import pytest

from export.checkpoint.faults import Unreadable
from export.checkpoint.stored import Storage, StoredTensor
from export.checkpoint.unwrap import unwrap
from export.checkpoint.values import Foreign


def tensor():
    return StoredTensor(Storage("0", "float32", 4), "float32", 0, (4,), (1,))


def table(*names):
    return {name: tensor() for name in names}


@pytest.mark.parametrize(("value", "names", "note"), [
    (table("main.0.weight"), ["main.0.weight"], ""),
    ({"model": table("a"), "ema": table("b")}, ["b"], "taken from `ema`; left out: `model`"),
    ({"state_dict": {"generator": table("a"), "discriminator": table("b")}}, ["a"], "`state_dict.generator`"),
    ({"encoder": table("w"), "decoder": table("w"), "epoch": 3}, ["decoder.w", "encoder.w"], ""),
    ({"my_network": table("w"), "epoch": 3, "optimizer": {"state": table("m")}}, ["w"], "taken from `my_network`"),
    ({"model_state_dict": table("module.model.w", "module.model.v")}, ["v", "w"], "`module.` removed"),
    ({"netG": table("w"), "netD": table("v")}, ["w"], "taken from `netG`; left out: `netD`"),
    (table("encoder._orig_mod.w", "fc.b"), ["encoder.w", "fc.b"], "`_orig_mod.` removed"),
    (table("G_ema.w", "G.w", "D.w"), ["w"], "only `G_ema.`"),
    (table("model.w", "head.w"), ["head.w", "model.w"], ""),
    ({"g_ema": table("w"), "latent_avg": tensor()}, ["latent_avg", "w"], "taken from `g_ema`"),
    ({"model": table("w"), "best_val_loss": tensor()}, ["w"], "taken from `model`"),
])
def test_the_weights_are_found(value, names, note):
    chosen = unwrap(value)
    assert sorted(chosen.tensors) == names
    assert note in "; ".join(chosen.notes)
    assert bool(chosen.notes) == bool(note)


def test_names_of_one_file_of_several_stay_as_they_are():
    assert sorted(unwrap(table("model.a", "model.b"), strip=False).tensors) == ["model.a", "model.b"]


@pytest.mark.parametrize(("value", "reason"), [
    ({}, "no weights"), ([1], "no table"), (Foreign("mine.Net"), r"program \(class mine.Net\)"),
    ({"model": Foreign("mine.Net"), "epoch": 1}, r"program \(class mine.Net\)"),
])
def test_without_weights_the_reason_is_told(value, reason):
    with pytest.raises(Unreadable, match=reason):
        unwrap(value)


def test_a_table_that_holds_itself_ends():
    ring = table("w")
    ring["again"] = ring
    doubling = table("v")
    for _ in range(40):
        doubling = {"left": doubling, "right": doubling}
    assert set(unwrap(ring).tensors) == {"w"}
    with pytest.raises(Unreadable):
        unwrap(doubling)


def test_settings_are_plain_and_small():
    ring = []
    ring.append(ring)
    args = {"a": (1, 2.5), "big": 10**30, "nan": float("nan"), "net": Foreign("x.Y"), "ring": ring}
    chosen = unwrap({"model": table("w"), "args": args, "text": "x" * 10_000, "many": list(range(400_000))})
    settings = chosen.settings
    assert settings["args"]["a"] == [1, 2.5]
    assert settings["args"]["nan"] == "nan"
    assert settings["args"]["net"] == "<x.Y>"
    assert len(settings["text"]) == 4000
    assert len(settings["many"]) < 300_001
