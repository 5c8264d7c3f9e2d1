"""Zips from anyone."""

from __future__ import annotations

import io
import struct
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


def crafted(path: Path, entries: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> Path:
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


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("a.txt")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.parametrize(("name", "words"), [
    ("../a.txt", "folder"), ("/a.txt", "folder|outside"), ("C:a.txt", "outside"), ("a\\b.txt", "outside"),
    ("con.txt", "not allowed"),
    ("a.txt:ads", "outside"), ("a.txt.", "not allowed"), ("a\u202et.txt", "not allowed"),
    ("x" * 300 + ".txt", "not allowed"),
    ("run.py", "code"), ("lib.so", "code"), ("sub/a.txt", "outside"), ("inner.zip", "kind of file"),
    ("MANIFEST.JSON", "one file"),
    (link(), "link"),
])
def test_names_and_links_that_could_do_harm_are_refused(tmp_path: Path, name: str, words: str):
    with pytest.raises(PackageError, match=words) as caught:
        unpacked(crafted(tmp_path / "x.zip", [(name, b"x")]))
    assert caught.value.remedy
    assert {entry.name for entry in tmp_path.iterdir()} <= {"x.zip", "into"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("entries", "words"), [
    ([("a.txt", b"1"), ("a.txt", b"2")], "twice"), ([("a.txt", b"1"), ("A.TXT", b"2")], "one file"),
    ([("manifest.json", b"{}")], "more than one"), ([("sub/manifest.json", b"{}")], "more than one"),
    ([("big.txt", bytes(3 << 20))], "100 times"), ([(f"f{k}.txt", b"x") for k in range(64)], "65 files"),
])
def test_twins_bombs_and_crowds_are_refused(tmp_path: Path, entries: list[tuple[str, bytes]], words: str):
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


def test_entries_that_share_bytes_are_refused(tmp_path: Path):
    """The 58 kB archive that becomes 10 GB: many table entries pointing at one body."""
    path = crafted(tmp_path / "x.zip", [("a.txt", b"hello" * 1000)])
    data = path.read_bytes()
    with zipfile.ZipFile(path) as opened:
        start = opened.start_dir
        first = opened.infolist()[1]
    directory = data[start:-22]
    second = directory[len(directory) // 2:]
    entry = directory[directory.index(b"PK\x01\x02", 4):]
    twin = entry.replace(b"a.txt", b"b.txt")
    assert second
    assert first.filename == "a.txt"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(directory) + len(twin), start, 0)
    path.write_bytes(data[:start] + directory + twin + end)
    with pytest.raises(PackageError, match=r"share the same bytes|whole zip"):
        unpacked(path)


def test_a_size_that_lies_is_caught_while_unpacking(tmp_path: Path):
    path = crafted(tmp_path / "x.zip", [("a.txt", b"hello" * 1000)])
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24:at + 28] = struct.pack("<L", 10)
    path.write_bytes(data)
    with pytest.raises(PackageError):
        unpacked(path)


def test_encrypted_and_odd_methods_are_refused(tmp_path: Path):
    path = crafted(tmp_path / "x.zip", [("a.txt", b"hello")])
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + offset] |= 1
    path.write_bytes(data)
    with pytest.raises(PackageError, match="password"):
        unpacked(path)
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
