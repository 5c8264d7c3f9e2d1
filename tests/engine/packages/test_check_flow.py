"""What the manifests of flow packages must hold; one contradiction at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.errors import PackageError
from engine.packages.check import check_manifest
from engine.packages.manifest import json_schema, load_manifest
from tests.fakes.flow import tiny_drawing, tiny_material
from tests.fakes.packages import read_manifest_dict, rewrite_manifest
from tests.fakes.sentences import tiny_encoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoders") / "tiny")


def test_sound_manifests_pass_and_fit_the_schema(tmp_path: Path, encoder: Path):
    for folder in (tiny_material(tmp_path / "a", encoder), tiny_material(tmp_path / "b", None),
                   tiny_drawing(tmp_path / "c", encoder)):
        check_manifest(load_manifest(folder), str(folder))
        jsonschema.validate(read_manifest_dict(folder), json_schema())


MATERIAL: list[tuple[str, Any, str]] = [
    ("flow", None, "needs graphs.velocity"),
    ("graphs.velocity", ..., "needs graphs.velocity"),
    ("graphs.velocity.inputs.mix", ..., "should have the inputs"),
    ("graphs.velocity.inputs.mix.shape", ["batch", 4], "“mix”"),
    ("graphs.velocity.inputs.settings.shape", ["batch", 3], "“settings”"),
    ("graphs.velocity.inputs.sample.shape", ["batch", 3, "h", "w"], "not of 2 channels"),
    ("graphs.velocity.outputs.velocity.shape", ["batch", 2], "not of 2 channels"),
    ("graphs.velocity.inputs.time.dtype", "int64", "float32"),
    ("flow.scale", [1.0, 1.0, 1.0], "scale and shift"),
    ("flow.settings.0.default", 2.0, "outside"),
    ("flow.settings.0.high", 0.0, "empty"),
    ("flow.multiple", 7, "multiple of its step"),
    ("image.tileable", False, "tileable"),
    ("image.content", "color", "materials or distance fields"),
    ("graphs.reader", ..., "a prompt needs a reader"),
    ("prompt", None, "a reader a prompt"),
    ("graphs.reader.outputs.palette", ..., "yields mix"),
    ("graphs.reader.outputs.palette.shape", ["batch", 4, 3], "“palette”"),
    ("prompt.dim", 7, "“prompt”"),
]
DRAWING: list[tuple[str, Any, str]] = [
    ("graphs.decoder", ..., "graphs.decoder"),
    ("field", None, "field"),
    ("graphs.decoder.inputs.latent.shape", ["batch", 3, 4, 5], "“latent”"),
    ("graphs.decoder.outputs.image.shape", ["batch", 1, 9, 9], "“image”"),
    ("graphs.velocity.inputs.condition", ..., "should have the inputs"),
    ("prompt.dim", 7, "“prompt”"),
]


@pytest.mark.parametrize(("path", "value", "words"), MATERIAL, ids=[f"{c[0]}={c[1]}" for c in MATERIAL])
def test_a_material_that_contradicts_itself_is_refused(tmp_path: Path, encoder: Path, path: str, value: Any,
                                                        words: str):
    _refused(tiny_material(tmp_path / "p", encoder), path, value, words)


@pytest.mark.parametrize(("path", "value", "words"), DRAWING, ids=[f"{c[0]}={c[1]}" for c in DRAWING])
def test_a_drawing_that_contradicts_itself_is_refused(tmp_path: Path, encoder: Path, path: str, value: Any, words: str):
    _refused(tiny_drawing(tmp_path / "p", encoder), path, value, words)


def _refused(folder: Path, path: str, value: Any, words: str) -> None:
    whole = read_manifest_dict(folder)
    *steps, last = path.split(".")
    place: Any = whole
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    rewrite_manifest(folder, whole)
    with pytest.raises(PackageError, match=words) as caught:
        check_manifest(load_manifest(folder), str(folder))
    assert caught.value.remedy
