"""Zips from anyone; those that mean harm are P01 to P30 (`tests/corpus/packages.py`)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.errors import AtelierError, PackageError
from engine.packages import archive
from tests import fakes


def packed(folder: Path, path: Path, *, inside: str = "", method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        for file in sorted(folder.iterdir()):
            out.write(file, inside + file.name)
    return path


def crafted(path: Path, entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as out:
        out.writestr("manifest.json", b"{}")
        for name, data in entries:
            out.writestr(name, data)
    return path


def unpacked(path: Path) -> Path:
    into = path.parent / "into"
    into.mkdir(exist_ok=True)
    archive.unpack(path, into)
    return into


@pytest.mark.parametrize("inside", ["", "glyphs/"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_package_comes_out_as_it_went_in(tmp_path: Path, inside: str, method: int):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    into = unpacked(packed(folder, tmp_path / "p.zip", inside=inside, method=method))
    assert {f.name: f.read_bytes() for f in into.iterdir()} == {f.name: f.read_bytes() for f in folder.iterdir()}


@pytest.mark.parametrize(("name", "words"), [("sub/a.txt", "outside"), ("MANIFEST.JSON", "one file")])
def test_folders_and_twins_of_the_manifest_are_refused(tmp_path: Path, name: str, words: str):
    with pytest.raises(PackageError, match=words):
        unpacked(crafted(tmp_path / "x.zip", [(name, b"x")]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("entries", "words"), [
    ([("a.txt", b"1"), ("a.txt", b"2")], "twice"), ([("sub/manifest.json", b"{}")], "more than one"),
    ([(f"f{k}.txt", b"x") for k in range(64)], "65 files"),
])
def test_twins_and_crowds_are_refused(tmp_path: Path, entries: list[tuple[str, bytes]], words: str):
    with pytest.raises(PackageError, match=words):
        unpacked(crafted(tmp_path / "x.zip", entries))


def test_no_manifest_or_two_folders_are_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr("a.txt", b"x")
    with pytest.raises(PackageError, match="no manifest"):
        unpacked(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as out:
        out.writestr("one/manifest.json", b"{}")
        out.writestr("two/a.txt", b"x")
    with pytest.raises(PackageError, match="more than one package folder"):
        unpacked(tmp_path / "y.zip")


def test_odd_methods_are_refused(tmp_path: Path):
    with pytest.raises(PackageError, match="unusual method"):
        unpacked(crafted(tmp_path / "y.zip", [("a.txt", b"x" * 100)], zipfile.ZIP_BZIP2))


@pytest.mark.parametrize("spoil", [
    lambda data: data[:-5], lambda data: data + b"trailing", lambda data: b"MZ" + data, lambda _: b"",
    lambda _: b"PK\x03\x04",
    lambda data: data[:40] + bytes(20) + data[60:], lambda data: data[:len(data) // 2],
])
def test_anything_but_a_whole_zip_is_refused(tmp_path: Path, spoil: object):
    path = packed(fakes.tiny_glyphs(tmp_path / "p"), tmp_path / "p.zip")
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(AtelierError) as caught:
        unpacked(path)
    assert caught.value.remedy


def test_macos_litter_is_left_out(tmp_path: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    path = packed(folder, tmp_path / "p.zip", inside="p/")
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("__MACOSX/p/._manifest.json", b"x")
        out.writestr("p/.DS_Store", b"x")
    assert {f.name for f in unpacked(path).iterdir()} == {f.name for f in folder.iterdir()}


def test_a_missing_zip_is_a_sentence(tmp_path: Path):
    with pytest.raises(AtelierError, match="not found"):
        archive.unpack(tmp_path / "gone.zip", tmp_path)


def test_the_builder_of_these_tests_makes_real_zips():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr("a", b"x")
    assert buffer.getvalue()[:4] == b"PK\x03\x04"
