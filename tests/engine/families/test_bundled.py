"""The packages that come with the program: sound, complete, and every letter shows something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.api import Asset
from engine.controls import check_recipe
from engine.families.registry import FAMILIES
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.packages.verify import verify
from engine.paths import bundled_packages_folder
from engine.progress import NO_PROGRESS
from engine.runtime.providers import Options, Runtime

FOLDERS = sorted(folder.parent for folder in bundled_packages_folder().glob("*/manifest.json"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_is_a_first_package():
    assert "glyphs" in [folder.name for folder in FOLDERS]


def test_the_files_are_what_the_manifest_says(folder: Path):
    manifest = verify(folder)
    assert manifest.license
    assert manifest.credit
    assert manifest.preview
    assert {"LICENSE.txt", "CREDITS.md"} <= set(manifest.files)


def test_every_direction_speaks_chinese_and_names_both_ends(folder: Path):
    for control in describe(folder).controls:
        assert control.labels.get("zh_CN"), control.name
        assert control.help, control.name
    for direction in load_manifest(folder).controls.directions:
        assert direction.low
        assert direction.high
        assert direction.evidence


def test_the_first_picture_and_every_letter_show_something(folder: Path):
    info, manifest = describe(folder), load_manifest(folder)
    model = FAMILIES[manifest.family].open(folder, manifest, Runtime(Options("cpu", threads=1)))

    def render(**values: object) -> Asset:
        return model.render(check_recipe(info, info.default_recipe().with_values(values)), NO_PROGRESS)  # type: ignore[arg-type]

    first = render()
    assert first.notes == ()
    assert first.texts or np.ptp(first.colors()) > 100
    if manifest.glyphs is not None:
        for character in manifest.glyphs.characters:
            alone = render(mode="character", character=character, size=(64, 64), paper="none")
            share = float(alone.colors()[..., 3].mean()) / 255
            assert 0.002 < share < 0.7, (character, share)
    model.close()
