"""Honest files with bytes flipped, dropped and doubled: each opens or is refused in a sentence; never anything else."""

from __future__ import annotations

import pickle
import random

import numpy as np
import pytest

from engine.errors import CheckpointError
from export.checkpoint.open import open_source
from tests.corpus import containers as box
from tests.corpus.checkpoints import NETWORK, lightning

TRIES = 250
TELLING = b"\x00\xff\x7f\x80.(]}tuQRbcq\x93\x94\x85\x86\x81\x92oi012"
ARRAYS = {"w": np.ones(5, np.float32), "b": np.zeros((2, 3), np.int64)}
MADE = {
    "zip": lambda folder: box.state_dict_zip(folder / "m", ARRAYS),
    "stylegan": lambda folder: box.stylegan(folder / "m", NETWORK, "source"),
    "lightning": lightning,
    "safetensors": lambda folder: box.safetensors(folder / "m", {
        "w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
        "v": {"dtype": "BF16", "shape": [2], "data_offsets": [16, 20]}}, bytes(20)),
    "legacy": lambda folder: legacy(folder / "m"),
    "numpy": lambda folder: written(folder / "m", pickle.dumps({"w": np.arange(6.0), "x": [1, 2.5, "a"]}, protocol=4)),
    "lines": lambda folder: written(folder / "m", pickle.dumps({"w": np.arange(6.0), "x": [1, 2.5, "a"]}, protocol=0)),
}


def written(path, data):
    path.write_bytes(data)
    return path


def legacy(path):
    value = {"w": box.tensor("1", np.ones((2, 2), np.float32), legacy=True)}
    return written(path, box.legacy_stream(value, {"1": (4, np.ones(4, np.float32).tobytes())}))


def mutated(data, dice):
    """The bytes with one to four small accidents."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        place = dice.randrange(len(data))
        accident = dice.randrange(4)
        if accident == 0:
            data[place] ^= 1 << dice.randrange(8)
        elif accident == 1:
            data[place] = dice.choice(TELLING)
        elif accident == 2:
            del data[place:place + dice.randrange(1, 9)]
        else:
            data[place:place] = data[place:place + dice.randrange(1, 20)]
        data = data or bytearray(b"x")
    return bytes(data)


@pytest.mark.parametrize("kind", MADE)
def test_an_accident_ends_in_a_sentence(tmp_path, kind):
    honest = MADE[kind](tmp_path)
    source, data = open_source(honest), honest.read_bytes()
    assert source.tensors
    dice = random.Random(kind)
    refusals = []
    for _ in range(TRIES):
        honest.write_bytes(mutated(data, dice))
        try:
            opened = open_source(honest)
        except CheckpointError as error:
            refusals.append(error)
            continue
        assert all(ref.read().shape == ref.shape for ref in opened.tensors.values())
    assert TRIES // 4 < len(refusals) < TRIES
    assert all(error.what.endswith(".") and error.remedy for error in refusals)
