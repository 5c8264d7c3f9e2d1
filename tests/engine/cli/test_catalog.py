"""A bare word means the shelf; a path means a folder."""

from pathlib import Path

import pytest

from engine.cli.catalog import package_folder
from engine.errors import PackageError
from engine.packages.describe import describe
from tests.fakes.packages import tiny_glyphs


def test_a_path_is_taken_as_a_path_and_a_word_as_a_model(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    tiny_glyphs(tmp_path / "tiny-glyphs")
    with pytest.raises(PackageError, match="not installed") as refused:
        package_folder("tiny-glyphs")
    assert "./tiny-glyphs" in refused.value.remedy
    assert package_folder("./tiny-glyphs") == tmp_path / "tiny-glyphs"
    shelf = tiny_glyphs(home / "data" / "models" / "tiny-glyphs")
    assert package_folder("tiny-glyphs") == shelf


def test_a_path_without_a_manifest_is_told_when_it_is_described(tmp_path: Path):
    with pytest.raises(PackageError, match=r"manifest\.json"):
        describe(package_folder(str(tmp_path)))
