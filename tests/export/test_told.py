"""Small things of the way through: pictures for the screen, the voice, the watch over memory, names and ids."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from engine.converting.messages import Told, decode_event
from engine.packages.making import name_from, slug
from export.memory import Peak
from export.parity.judge import Parity
from export.told import LONGEST, figures_of, pairs_of
from export.voice import Voice


def parity(path: Path, side: int) -> Parity:
    dice = np.random.default_rng(0)
    theirs = dice.integers(0, 250, (3, side, side, 1), np.uint8)
    np.savez(path, torch=theirs, onnx=theirs + np.uint8(2), difference=theirs)
    entry = {"verdict": "pass", "bytes": 10, "tolerance": 1e-4, "ms": 1.0, "speed_over_torch": 2.0,
             "outputs": {"decoder.image": {"relative": 3e-6}, "decoder.other": {"relative": 1e-6}},
             "picture_difference": {"mean": 0.5}}
    part = SimpleNamespace(role="decoder", pictures={"fp32": str(path)})
    made = SimpleNamespace(report={"precision": {"fp32": entry}}, figures=SimpleNamespace(parts=(part,)))
    return cast("Parity", made)


@pytest.mark.parametrize("side", [8, LONGEST, LONGEST * 2 + 5])
def test_pictures_are_rgb_and_fit_a_screen(tmp_path: Path, side: int):
    pairs = pairs_of(parity(tmp_path / "p.npz", side), ("fp32", "int8"))
    assert len(pairs) == 3
    for pair in pairs:
        assert pair.difference == 2.0
        for picture in (pair.torch, pair.package):
            assert max(picture.width, picture.height) <= LONGEST
            assert len(picture.pixels) == picture.width * picture.height * 3


def test_the_worst_output_is_the_error(tmp_path: Path):
    found = figures_of(parity(tmp_path / "p.npz", 8))
    assert list(found) == ["fp32"]
    assert (found["fp32"].error, found["fp32"].picture_difference) == (3e-6, 0.5)


def test_the_voice_repeats_itself_while_the_work_goes_on():
    reading, writing = os.pipe()
    voice = Voice(writing)
    voice.step("trace", 0.5, "Tracing")
    voice.live()
    with os.fdopen(reading, "rb") as lines:
        heard: list[Any] = [decode_event(lines.readline()) for _ in range(2)]
    voice.close()
    os.close(writing)
    assert [type(event) for event in heard] == [Told, Told]
    assert heard[0].words == heard[1].words == "Tracing"
    assert heard[1].seconds_left is None or heard[1].seconds_left <= heard[0].seconds_left


def test_a_listener_that_is_gone_is_no_fault():
    reading, writing = os.pipe()
    os.close(reading)
    Voice(writing).step("open", 0.0, "Opening")
    os.close(writing)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system only tells of single processes")
def test_memory_is_watched():
    peak = Peak()
    before = peak.close()
    peak = Peak()
    held = np.ones(40_000_000, np.uint8)
    end = time.monotonic() + 20
    while peak.bytes < 40_000_000 and time.monotonic() < end:
        time.sleep(0.01)
    assert peak.close() >= held.nbytes
    assert before >= 0


@pytest.mark.parametrize(("name", "made"), [
    ("Faces of Zürich", "faces-of-zurich"), ("  G_ema -- v2.1 ", "g-ema-v2-1"), ("x" * 200, "x" * 56),
])
def test_ids_are_plain(name: str, made: str):
    assert slug(name) == made


def test_a_name_of_no_latin_letters_gets_a_stable_id():
    assert slug("瓷器") == slug("瓷器")
    assert slug("瓷器").startswith("model-")
    assert slug("瓷器") != slug("陶器")


@pytest.mark.parametrize(("file", "name"), [("my_pots-v2.safetensors", "My pots v2"), ("__.pt", "My model"),
                                           ("a\u202egnp.pt", "A gnp")])
def test_names_are_for_people(file: str, name: str):
    assert name_from(Path(file)) == name
