"""The shelf: what is installed, what is added, what is removed."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import paths
from engine.errors import AtelierError, FileProblem, PackageError
from engine.packages import verify
from engine.packages.shelf import Shelf, default_shelf
from tests import fakes
from tests.fakes.packages import rewrite_manifest


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """One bundled package, tiny-glyphs 1.0.0, and an empty models folder that does not exist yet."""
    bundled = tmp_path / "bundled"
    monkeypatch.setattr(paths, "bundled_packages_folder", lambda: bundled)
    fakes.tiny_glyphs(bundled / "glyphs")
    return Shelf((bundled, tmp_path / "models"))


def test_the_default_shelf_knows_both_places(home: Path):
    assert default_shelf().folders == (paths.bundled_packages_folder(), home / "data" / "models")


def test_packages_are_listed_with_what_a_person_wants_to_know(shelf: Shelf):
    (entry,) = shelf.packages()
    assert (entry.id, entry.name, entry.version, entry.family, entry.license) == \
        ("tiny-glyphs", "Tiny glyphs", "1.0.0", "decoder", "CC0-1.0")
    assert entry.bundled
    assert entry.problem is None
    assert shelf.find("tiny-glyphs") == entry.folder
    assert shelf.find("tiny-glyphs", entry.digest) == entry.folder


def test_a_folder_is_copied_in_checked_and_found(shelf: Shelf, tmp_path: Path):
    entry = shelf.add(fakes.tiny_color(tmp_path / "made"))
    shutil.rmtree(tmp_path / "made")
    assert shelf.find("tiny-color") == entry.folder
    assert entry.folder.parent == tmp_path / "models"
    assert not entry.bundled
    assert [e.id for e in shelf.packages()] == ["tiny-color", "tiny-glyphs"]
    assert not [p for p in (tmp_path / "models").iterdir() if p.name.startswith(".")]


def test_what_was_checked_while_adding_is_not_hashed_again(shelf: Shelf, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch):
    entry = shelf.add(fakes.tiny_color(tmp_path / "made"))
    monkeypatch.setattr(verify, "_check_digest", lambda *_: pytest.fail("a file was hashed"))
    verify.verify(entry.folder, full=False)


def test_a_zip_is_added_like_its_folder(shelf: Shelf, tmp_path: Path):
    folder = fakes.tiny_color(tmp_path / "made")
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as out:
        for file in folder.iterdir():
            out.write(file, f"made/{file.name}")
    assert shelf.add(tmp_path / "made.zip").digest == shelf.add(folder).digest
    assert len(shelf.packages()) == 2


def test_adding_twice_changes_nothing(shelf: Shelf, tmp_path: Path):
    folder = fakes.tiny_color(tmp_path / "made")
    assert shelf.add(folder) == shelf.add(folder)
    assert len(shelf.packages()) == 2


def test_versions_live_side_by_side_and_the_digest_chooses(shelf: Shelf, tmp_path: Path):
    old = shelf.packages()[0]
    new = shelf.add(fakes.tiny_glyphs(tmp_path / "new", version="1.10.0"))
    middle = shelf.add(fakes.tiny_glyphs(tmp_path / "middle", version="1.9.0"))
    assert shelf.find("tiny-glyphs") == new.folder
    for entry in (old, new, middle):
        assert shelf.find("tiny-glyphs", entry.digest) == entry.folder
    with pytest.raises(PackageError, match=r"another version.*1\.10\.0, 1\.9\.0, 1\.0\.0"):
        shelf.find("tiny-glyphs", "sha256:00")


@pytest.mark.parametrize("build", [fakes.wrong_digest, fakes.missing_graph, fakes.newer_format, fakes.path_escape,
                                   fakes.code_file, fakes.unlisted_file, fakes.not_onnx, fakes.billion_laughs])
def test_a_bad_package_leaves_no_trace(shelf: Shelf, tmp_path: Path, build: Callable[[Path], Path]):
    folder = build(tmp_path / "made" / "bad")
    with pytest.raises(PackageError) as caught:
        shelf.add(folder)
    assert caught.value.remedy
    assert ".incoming" not in caught.value.what
    assert caught.value.subject == str(folder)
    assert list((tmp_path / "models").iterdir()) == []


def test_links_are_refused_before_anything_is_read_through_them(shelf: Shelf, tmp_path: Path):
    folder = fakes.tiny_color(tmp_path / "made")
    (folder / "LICENSE.txt").unlink()
    (folder / "LICENSE.txt").symlink_to("/etc/hostname")
    with pytest.raises(PackageError, match="link"):
        shelf.add(folder)


def test_what_is_neither_folder_nor_zip_is_told(shelf: Shelf, tmp_path: Path):
    (tmp_path / "a.onnx").write_bytes(b"hello")
    with pytest.raises(PackageError, match="not a zip"):
        shelf.add(tmp_path / "a.onnx")
    with pytest.raises(AtelierError, match="not found"):
        shelf.add(tmp_path / "gone")


@pytest.mark.parametrize("file", ["manifest.json", "decoder.onnx"])
def test_a_damaged_installed_copy_is_replaced_by_adding_it_again(shelf: Shelf, tmp_path: Path, file: str):
    folder = fakes.tiny_color(tmp_path / "made")
    entry = shelf.add(folder)
    (entry.folder / file).write_bytes(b"{")
    again = shelf.add(folder)
    assert again.folder == entry.folder
    assert (entry.folder / file).read_bytes() == (folder / file).read_bytes()
    verify.verify(shelf.find("tiny-color"))


def test_a_models_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileProblem) as caught:
        Shelf((tmp_path / "file" / "models",)).add(fakes.tiny_color(tmp_path / "made"))
    assert caught.value.remedy


def test_a_broken_package_shows_its_problem_and_hides_nothing(shelf: Shelf, tmp_path: Path):
    fakes.newer_format(tmp_path / "models" / "future")
    entries = {entry.id: entry for entry in shelf.packages()}
    problem = entries["future"].problem
    assert problem is not None
    assert "format 2" in problem.what
    assert entries["tiny-glyphs"].problem is None
    with pytest.raises(PackageError, match="format 2"):
        shelf.find("future")


def test_an_unknown_model_is_answered_with_what_there_is(shelf: Shelf):
    with pytest.raises(PackageError, match="installed: tiny-glyphs"):
        shelf.find("glyfs")


def test_added_packages_are_removed_and_bundled_ones_stay(shelf: Shelf, tmp_path: Path):
    shelf.add(fakes.tiny_color(tmp_path / "a"))
    shelf.add(fakes.tiny_color(tmp_path / "b", version="2.0"))
    shelf.remove("tiny-color")
    assert [entry.id for entry in shelf.packages()] == ["tiny-glyphs"]
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(PackageError, match="comes with the program"):
        shelf.remove("tiny-glyphs")
    with pytest.raises(PackageError, match="not installed"):
        shelf.remove("tiny-color")


def test_a_broken_added_package_can_be_removed_by_its_folder_name(shelf: Shelf, tmp_path: Path):
    broken = tmp_path / "models" / "odd"
    broken.mkdir(parents=True)
    rewrite_manifest(broken, {"format": 9})
    shelf.remove("odd")
    assert not broken.exists()


def test_remains_of_a_killed_copy_are_swept_after_a_day(shelf: Shelf, tmp_path: Path):
    for name, age in ((".incoming-old", 2 * 86400), (".incoming-new", 60)):
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        os.utime(folder, (folder.stat().st_mtime - age,) * 2)
    shelf.add(fakes.tiny_color(tmp_path / "made"))
    left = {p.name for p in (tmp_path / "models").iterdir() if p.name.startswith(".")}
    assert left == {".incoming-new"}
    assert {entry.id for entry in shelf.packages()} == {"tiny-color", "tiny-glyphs"}
