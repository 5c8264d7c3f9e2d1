"""A package is exactly what its manifest lists, or it is refused with the file's name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

from engine import paths
from engine.errors import PackageError
from engine.packages import verify as v
from tests import fakes
from tests.fakes.packages import listed, read_manifest_dict, rewrite_manifest


@pytest.mark.parametrize("build", [fakes.tiny_glyphs, fakes.tiny_color, fakes.slow, fakes.slow_load, fakes.nan_output,
                                   fakes.constant_output, fakes.wrong_shape, fakes.aborts_at_load])
def test_sound_files_pass(tmp_path: Path, build: Callable[[Path], Path]):
    assert v.verify(build(tmp_path / "p")).family == "decoder"


@pytest.mark.parametrize(("build", "words"), [
    (fakes.missing_graph, "decoder.onnx.*missing"), (fakes.wrong_digest, "decoder.onnx.*changed or is damaged"),
    (fakes.newer_format, "format 2"), (fakes.path_escape, "outside its own folder"),
    (fakes.code_file, "helpers.py.*code"),
    (lambda p: fakes.code_file(p, list_it=True), "helpers.py.*code"), (fakes.unlisted_file, "notes.txt.*not list"),
    (fakes.not_onnx, "decoder.onnx.*not a whole ONNX"), (fakes.billion_laughs, "unfolds"),
    (fakes.foreign_operator, "evil.corp"),
])
def test_each_fault_is_named_with_a_remedy(tmp_path: Path, build: Callable[[Path], Path], words: str):
    folder = build(tmp_path / "p")
    with pytest.raises(PackageError, match=words) as caught:
        v.verify(folder)
    assert caught.value.remedy
    assert caught.value.subject


def plant_link(folder: Path) -> None:
    (folder / "LICENSE.txt").rename(folder.parent / "LICENSE.txt")
    (folder / "LICENSE.txt").symlink_to(folder.parent / "LICENSE.txt")


def plant_hard_link(folder: Path) -> None:
    os.link(folder / "LICENSE.txt", folder.parent / "elsewhere.txt")


def plant_folder(folder: Path) -> None:
    (folder / "more").mkdir()


def plant_pipe(folder: Path) -> None:
    (folder / "LICENSE.txt").unlink()
    os.mkfifo(folder / "LICENSE.txt")


def plant_twin(folder: Path) -> None:
    (folder / "license.TXT").write_text("x", encoding="utf-8")


@pytest.mark.parametrize(("plant", "words"), [
    (plant_link, "LICENSE.txt.*link to somewhere"), (plant_hard_link, "LICENSE.txt.*hard link"), (plant_folder, "more"),
    (plant_pipe, "LICENSE.txt.*plain file"), (plant_twin, "license.TXT"),
])
def test_nothing_that_is_no_plain_file_is_accepted(tmp_path: Path, plant: Callable[[Path], None], words: str):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    plant(folder)
    with pytest.raises(PackageError, match=words):
        v.verify(folder)


def test_the_programs_own_files_may_be_hard_links_of_an_installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = fakes.tiny_glyphs(tmp_path / "packages" / "p")
    plant_hard_link(folder)
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    v.verify(folder)


def test_litter_of_file_managers_is_ignored(tmp_path: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    (folder / ".DS_Store").write_bytes(b"x")
    v.verify(folder)


def test_the_quick_check_reads_nothing_while_nothing_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    v.verify(folder)
    monkeypatch.setattr(v, "_check_digest", lambda *_: pytest.fail("a file was hashed"))
    v.verify(folder, full=False)


def test_the_quick_check_hashes_when_it_has_no_memory(tmp_path: Path):
    with pytest.raises(PackageError):
        v.verify(fakes.wrong_digest(tmp_path / "p"), full=False)


@pytest.mark.parametrize("damage", ["touch", "swap", "memory"])
def test_the_quick_check_becomes_full_when_anything_differs(tmp_path: Path, damage: str, home: Path):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    v.verify(folder)
    graph = folder / "decoder.onnx"
    data, times = bytearray(graph.read_bytes()), (graph.stat().st_atime_ns, graph.stat().st_mtime_ns)
    data[-1] ^= 1
    if damage == "swap":  # same size, same time: another file under the name
        graph.unlink()
        graph.write_bytes(data)
        os.utime(graph, ns=times)
    else:
        graph.write_bytes(data)
    if damage == "memory":
        for memory in (home / "cache" / "verified").iterdir():
            memory.write_bytes(b"{}")
    with pytest.raises(PackageError, match="changed or is damaged"):
        v.verify(folder, full=False)


def test_an_unwritable_cache_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(paths, "cache_folder", lambda: tmp_path / "file")
    folder = fakes.tiny_glyphs(tmp_path / "p")
    v.verify(folder, full=False)
    v.verify(folder, full=False)


def test_a_package_that_changes_under_the_check_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    scan = v.scan_graph

    def swap(path: Path, external: dict[str, int]) -> None:
        scan(path, external)
        shutil.copyfile(path, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    monkeypatch.setattr(v, "scan_graph", swap)
    with pytest.raises(PackageError, match="while it was being checked"):
        v.verify(folder)


def with_weights_beside(folder: Path, name: str = "decoder.onnx.data") -> Path:
    """`tiny_color` with its weights in a second file, listed as the manifest wants it."""
    fakes.tiny_color(folder)
    model = onnx.load(folder / "decoder.onnx")
    (folder / "decoder.onnx").unlink()
    onnx.save(model, folder / "decoder.onnx", save_as_external_data=True, location=name, size_threshold=0)
    manifest = read_manifest_dict(folder)
    manifest["graphs"]["decoder"].update(listed(folder / "decoder.onnx"),
                                         external={name: listed(folder / name)})
    rewrite_manifest(folder, manifest)
    return folder


def test_weights_beside_the_graph_are_sound(tmp_path: Path):
    folder = with_weights_beside(tmp_path / "p")
    assert v.verify(folder).graphs["decoder"].external
    v.verify(folder, full=False)


def test_a_changed_byte_in_the_weights_is_found(tmp_path: Path):
    folder = with_weights_beside(tmp_path / "p")
    weights = folder / "decoder.onnx.data"
    data = bytearray(weights.read_bytes())
    data[7] ^= 1
    weights.write_bytes(data)
    with pytest.raises(PackageError, match="is not the one its manifest lists"):
        v.verify(folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(("link", "words"), [(os.symlink, "is a link"), (os.link, "hard link")])
def test_weights_that_lead_elsewhere_are_refused(tmp_path: Path, link: Callable[[Path, Path], None], words: str):
    folder = with_weights_beside(tmp_path / "p")
    weights, secret = folder / "decoder.onnx.data", tmp_path / "secret"
    weights.rename(secret)
    link(secret, weights)
    with pytest.raises(PackageError, match=words):
        v.verify(folder)


def test_weights_that_are_missing_or_not_listed_are_refused(tmp_path: Path):
    folder = with_weights_beside(tmp_path / "p")
    (folder / "decoder.onnx.data").unlink()
    with pytest.raises(PackageError, match="is missing"):
        v.verify(folder)
    other = with_weights_beside(tmp_path / "q")
    manifest = read_manifest_dict(other)
    manifest["files"]["decoder.onnx.data"] = manifest["graphs"]["decoder"].pop("external")["decoder.onnx.data"]
    rewrite_manifest(other, manifest)
    with pytest.raises(PackageError, match="does not list"):
        v.verify(other)
