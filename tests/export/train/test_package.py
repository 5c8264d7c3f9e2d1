"""What the recipe writes must obey the package contract, to the last byte."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from export.train.glyphs.directions import Direction
from export.train.glyphs.package import Facts, UnlistedFileError, save_directions, write_manifest


@pytest.fixture
def folder(tmp_path):
    """A package folder with stand-ins for graph, preview and texts."""
    package = tmp_path / "glyphs"
    package.mkdir()
    (package / "decoder.onnx").write_bytes(b"graph")
    (package / "preview.png").write_bytes(b"png")
    (package / "LICENSE.txt").write_text("licence", encoding="utf-8")
    (package / "CREDITS.md").write_text("credits", encoding="utf-8")
    return package


def facts():
    """Two directions in eight dimensions."""
    rows = np.eye(8)[:2] * 3.0
    named = zip(("weight", "x_height"), rows, strict=True)
    return Facts("1.0.0", 8, 0.7, 0.33, tuple(Direction(name, row, 0.9, 1.0) for name, row in named), {"metrics": {}})


def written(folder):
    save_directions(folder, facts().directions)
    return json.loads(write_manifest(folder, facts()).read_text("utf-8"))


def test_every_file_is_listed_with_its_digest_and_size(folder):
    manifest = written(folder)
    listed = {**manifest["files"], manifest["graphs"]["decoder"]["file"]: manifest["graphs"]["decoder"]}
    assert set(listed) == {path.name for path in folder.iterdir()} - {"manifest.json"}
    for name, entry in listed.items():
        data = (folder / name).read_bytes()
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()


def test_sizes_agree_with_one_another(folder):
    manifest = written(folder)
    ports = manifest["graphs"]["decoder"]
    rows = np.load(folder / "directions.npy", allow_pickle=False)
    assert ports["inputs"]["latent"]["shape"] == ["batch", manifest["latent"]["dim"]]
    assert ports["outputs"]["image"]["shape"] == ["batch", 1, manifest["image"]["height"], manifest["image"]["width"]]
    assert rows.dtype == np.float32
    assert rows.shape == (len(manifest["controls"]["directions"]), manifest["latent"]["dim"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0)
    assert [entry["row"] for entry in manifest["controls"]["directions"]] == list(range(len(rows)))
    assert len(set(manifest["glyphs"]["characters"])) == len(manifest["glyphs"]["characters"]) == 82


def test_directions_have_words_in_both_languages(folder):
    for entry in written(folder)["controls"]["directions"]:
        assert all((entry["label"], entry["labels"]["zh_CN"], entry["help"], entry["low"], entry["high"]))
        assert -3.0 <= entry["range"][0] <= -2.0 <= 2.0 <= entry["range"][1] <= 3.0


def test_a_stray_file_is_refused_by_name(folder):
    (folder / "notes.pkl").write_bytes(b"")
    with pytest.raises(UnlistedFileError, match=r"notes\.pkl"):
        written(folder)


def test_a_missing_file_is_not_papered_over(folder):
    (folder / "CREDITS.md").unlink()
    with pytest.raises(FileNotFoundError):
        written(folder)
