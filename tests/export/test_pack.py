"""What lies in a package that conversion made: everything listed, nothing else, and the same bytes each time."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.converting.messages import ConvertRequest
from engine.errors import ConversionError
from engine.packages.verify import verify
from export.adapters.base import Built, Detection, DirectionSet
from export.pack import Graphs, pack, words_of
from tests import fakes
from tests.fakes.packages import read_manifest_dict
from tests.fakes.words import tiny_words

DETECTION = Detection("dcgan", "decoder", "GAN generator, 32 × 32", ("because",))
REQUEST = ConvertRequest("/models/my_gan.pt", license=" CC0-1.0 ", credit="Ada", precisions=("fp32", "int8"))


def made_of(tmp_path: Path, **changes: Any) -> tuple[Built, Graphs]:
    """The parts of `tiny_color`, as an adapter and the tracer would give them."""
    plain = fakes.tiny_color(tmp_path / "parts")
    manifest = read_manifest_dict(plain)
    rows = np.eye(8, dtype=np.float32)[:1]
    directions = DirectionSet(rows, tuple(manifest["controls"]["directions"]), np.ones((3, 8), np.float32), (1.0, 1.5))
    draft = {"latent": manifest["latent"], "image": manifest["image"],
             "controls": {"classes": manifest["controls"]["classes"]}}
    built = Built((), draft, {"classes.json": b'["a"]'}, directions)
    return replace(built, **changes), Graphs(manifest["graphs"], {"decoder": plain})


def test_a_package_is_whole_and_verified(tmp_path: Path):
    built, graphs = made_of(tmp_path)
    words = words_of(REQUEST, DETECTION, "My gan", {"checkpoint": "sha256:00"}, "fp32")
    packed = pack(tmp_path / "p", built, DETECTION, graphs, words)
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == [
        "classes.json", "cloud.npy", "decoder.onnx", "directions.npy", "manifest.json", "preview.png"]
    manifest = verify(tmp_path / "p")
    assert (packed.id, packed.runs) == ("my-gan", True)
    assert (manifest.id, manifest.name, manifest.license, manifest.credit) == ("my-gan", "My gan", "CC0-1.0", "Ada")
    assert manifest.summary == DETECTION.title
    assert manifest.latent is not None
    assert manifest.latent.cloud is not None
    assert (manifest.latent.cloud.typical, manifest.latent.cloud.far) == (1.0, 1.5)
    assert np.load(tmp_path / "p" / "directions.npy").dtype == np.float32
    assert manifest.source == {"checkpoint": "sha256:00"}


def test_the_same_parts_give_the_same_bytes(tmp_path: Path):
    built, graphs = made_of(tmp_path)
    words = words_of(REQUEST, DETECTION, "My gan", {}, "fp32")
    for name in ("a", "b"):
        pack(tmp_path / name, built, DETECTION, graphs, words)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_further_precisions_bear_their_name():
    first, second = (words_of(REQUEST, DETECTION, "My gan", {}, name) for name in REQUEST.precisions)
    assert (first.id, first.name) == ("my-gan", "My gan")
    assert (second.id, second.name) == ("my-gan-int8", "My gan (int8)")
    named = words_of(replace(REQUEST, id="faces", name="F" * 200), DETECTION, "x", {}, "int8")
    assert named.id == "faces-int8"
    assert len(named.name) <= 80


def test_texts_have_no_preview_and_are_run_all_the_same(tmp_path: Path):
    words = tiny_words(tmp_path / "words")
    manifest = json.loads((words / "manifest.json").read_text(encoding="utf-8"))
    built = Built((), {"text": manifest["text"]}, {"characters.json": (words / "characters.json").read_bytes()})
    text = replace(DETECTION, family="text")
    packed = pack(tmp_path / "p", built, text, Graphs(manifest["graphs"], {"step": words}),
                  words_of(REQUEST, text, "Poet", {}, "fp32"))
    assert packed.runs
    assert not (tmp_path / "p" / "preview.png").exists()
    gone = {**manifest["graphs"]["step"], "inputs": {"tokens": manifest["graphs"]["step"]["inputs"]["tokens"]}}
    with pytest.raises(ConversionError, match="does not run"):
        pack(tmp_path / "q", replace(built, manifest={"text": {**manifest["text"], "state": {}}}), text,
             Graphs({"step": gone}, {"step": words}), words_of(REQUEST, text, "Poet", {}, "fp32"))


@pytest.mark.parametrize("fault", ["graph", "directions"])
def test_what_is_not_sound_is_refused(tmp_path: Path, fault: str):
    built, graphs = made_of(tmp_path)
    if fault == "graph":
        broken = fakes.nan_output(tmp_path / "broken")
        shutil.copyfile(broken / "decoder.onnx", graphs.folders["decoder"] / "decoder.onnx")
    else:
        assert built.directions is not None
        entry = {**built.directions.entries[0], "row": 7}
        built = replace(built, directions=replace(built.directions, entries=(entry,)))
    with pytest.raises(ConversionError):
        pack(tmp_path / "p", built, DETECTION, graphs, words_of(REQUEST, DETECTION, "x", {}, "fp32"))
