"""The manifest: what is read, what is kept, what is refused and in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.errors import PackageError
from engine.packages import manifest as m
from engine.packages.check import check_manifest
from engine.paths import resources_folder
from tests import fakes
from tests.fakes.packages import read_manifest_dict, rewrite_manifest

SCHEMA = resources_folder() / "schema" / "manifest.schema.json"


def changed(folder: Path, path: str, value: Any) -> Path:
    """The tiny package with one entry of its manifest replaced (or removed, for `...`)."""
    fakes.tiny_glyphs(folder)
    whole = read_manifest_dict(folder)
    *parents, last = path.split(".")
    place: Any = whole
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    if value is ...:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    rewrite_manifest(folder, whole)
    return folder


def test_a_sound_manifest_is_read_and_unknown_keys_are_kept(tmp_path: Path):
    folder = changed(tmp_path / "p", "source", {"recipe": "r", "metrics": {"iou": 0.81}})
    whole = read_manifest_dict(folder)
    whole["x_studio"] = {"note": "kept"}
    rewrite_manifest(folder, whole)
    opened = m.read_manifest(folder)
    assert opened.manifest.id == "tiny-glyphs"
    assert opened.manifest.controls.directions[0].labels == {"zh_CN": "字重"}
    assert opened.manifest.source["metrics"] == {"iou": 0.81}
    assert opened.raw["x_studio"] == {"note": "kept"}
    assert opened.digest == m.manifest_digest(folder)
    assert opened.digest.startswith("sha256:")
    assert m.load_manifest(folder) == opened.manifest


def test_the_stored_schema_is_the_structs(request: pytest.FixtureRequest):
    text = json.dumps(m.json_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if request.config.getoption("renew_golden", default=False):
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text, "renew with: pytest -p tests.golden_support --renew-golden"


@pytest.mark.parametrize("build", [fakes.tiny_glyphs, fakes.tiny_color])
def test_the_schema_accepts_what_we_accept(tmp_path: Path, build: Any):
    jsonschema.validate(read_manifest_dict(build(tmp_path / "p")), m.json_schema())


def test_the_schema_refuses_what_we_refuse(tmp_path: Path):
    whole = read_manifest_dict(changed(tmp_path / "p", "latent.dim", "eight"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, m.json_schema())


@pytest.mark.parametrize(("path", "value", "words"), [
    ("format", 2, "format 2"), ("format", 0, "faulty"), ("format", ..., "format"), ("id", "Bad Id", "id"),
    ("id", "../x", "id"),
    ("version", "one", "version"), ("latent.dim", "eight", "latent.dim"), ("latent.dim", 0, "dim"),
    ("latent.dim", True, "dim"),
    ("image.channels", 2, "channels"), ("graphs", {}, "graphs"), ("graphs.decoder.sha256", "00", "sha256"),
    ("controls.directions.0.sigma", 0.0, "sigma"), ("latent.prior", "uniform", "prior"), ("license", "", "license"),
    ("field.spread", 1e-300, "spread"), ("image.range.1", 1e308, "range"), ("glyphs.ascent", 1e9, "ascent"),
    ("id", "\x1b[2J", "another form, at .*id"),
])
def test_a_faulty_manifest_is_refused_by_the_entry(tmp_path: Path, path: str, value: Any, words: str):
    folder = changed(tmp_path / "p", path, value)
    with pytest.raises(PackageError, match=words) as caught:
        m.load_manifest(folder)
    assert caught.value.remedy
    assert caught.value.subject == str(folder)


@pytest.mark.parametrize(("path", "value", "words"), [
    ("graphs.decoder.file", "../decoder.onnx", "outside"), ("graphs.decoder.file", "a\\b.onnx", "outside"),
    ("graphs.decoder.file", "C:decoder.onnx", "outside"), ("graphs.decoder.file", "nul.onnx", "not allowed"),
    ("graphs.decoder.file", "decoder.onnx ", "not allowed"), ("graphs.decoder.file", "decoder.bin", "kind of file"),
    ("graphs.decoder.file", "decoder.py", "code"), ("graphs.decoder.file", "preview.png", "one file"),
    ("graphs.decoder.file", "LICENSE.TXT", "one file"), ("graphs.decoder.file", "x" * 120 + ".onnx", "not allowed"),
    ("graphs.decoder.file", "de\u202ecoder.onnx", "not allowed"), ("graphs.decoder.file", "model.pkl", "code"),
    ("graphs.decoder.file", "notes.txt", ".onnx"), ("preview", "other.png", "preview"),
    ("controls.directions.0.id", "seed", "taken"), ("controls.directions.0.id", "width", "taken"),
    ("controls.directions.0.range", [1.0, 3.0], "contain 0"), ("latent.mean", [0.0], "mean"),
    ("image.range", [1.0, -1.0], "empty"), ("image.width", 64, "image"), ("latent.dim", 9, "latent"),
    ("glyphs.characters", "AA", "twice"), ("glyphs.characters", "A B", "blanks"), ("glyphs.baseline", 99.0, "outside"),
    ("glyphs", None, "glyphs"), ("field", None, "spread"), ("graphs.decoder.inputs.condition", ..., "condition"),
    ("graphs.decoder.outputs.advance", ..., "advance"), ("latent", None, "needs"),
    ("graphs.decoder.inputs.latent.shape", [8], "latent"),
])
def test_a_manifest_that_contradicts_itself_is_refused(tmp_path: Path, path: str, value: Any, words: str):
    folder = changed(tmp_path / "p", path, value)
    with pytest.raises(PackageError, match=words) as caught:
        check_manifest(m.load_manifest(folder), str(folder))
    assert caught.value.remedy


@pytest.mark.parametrize(("data", "words"), [
    (b"", "not JSON"), (b"{}", "format"), (b"[]", "object"), (b'{"format": 1, "format": 1}', "twice"),
    (b'{"format": NaN}', "NaN"), (b"{" * 5000, "nested"), (b" " * (m.MAX_BYTES + 1), "larger"), (b"<html>", "not JSON"),
])
def test_a_manifest_that_is_no_sound_json_is_refused(tmp_path: Path, data: bytes, words: str):
    (tmp_path / "manifest.json").write_bytes(data)
    with pytest.raises(PackageError, match=words):
        m.load_manifest(tmp_path)


def test_a_folder_without_manifest_is_told(tmp_path: Path):
    with pytest.raises(PackageError, match=r"no manifest\.json"):
        m.load_manifest(tmp_path)
    with pytest.raises(PackageError, match=r"no manifest\.json"):
        m.manifest_digest(tmp_path / "gone")


def test_a_strangers_text_cannot_disturb_the_terminal(tmp_path: Path):
    folder = changed(tmp_path / "p", "graphs.decoder.file", "\x1b[31m\u202e.onnx")
    with pytest.raises(PackageError) as caught:
        check_manifest(m.load_manifest(folder), str(folder))
    assert caught.value.what.isprintable()
