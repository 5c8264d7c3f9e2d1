"""Where things lie, with and without the override."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import paths


def test_the_override_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    for folder in (paths.data_folder(), paths.config_folder(), paths.cache_folder(), paths.state_folder()):
        assert folder.parent == tmp_path
    assert paths.models_folder() == tmp_path / "data" / "models"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_override_counts_as_none(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(paths.HOME_VARIABLE, value)
    assert "Latent Atelier" in str(paths.data_folder())
    assert len({paths.data_folder(), paths.config_folder(), paths.cache_folder(), paths.state_folder()}) >= 3


def test_resources_lie_beside_the_code_and_inside_a_frozen_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert (paths.resources_folder() / "schema").is_dir()
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert paths.bundled_packages_folder() == tmp_path / "resources" / "packages"
