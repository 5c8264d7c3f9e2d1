"""Files are whole or not there, never replaced by accident, and every failure is a sentence."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from engine import atomic
from engine.errors import DiskFull, FileProblem


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_written_whole_and_alone(tmp_path: Path):
    atomic.write_file(tmp_path / "a.png", b"abc")
    assert (tmp_path / "a.png").read_bytes() == b"abc"
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").stat().st_nlink == 1


def test_text_is_utf8(tmp_path: Path):
    atomic.write_text(tmp_path / "a.json", "字重")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "字重"


def test_an_existing_file_is_kept_unless_told_otherwise(tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(FileProblem, match="already exists") as caught:
        atomic.write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert caught.value.remedy
    atomic.write_file(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.png"]


@pytest.mark.parametrize("links", [True, False])
def test_of_many_writers_exactly_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool):
    if not links:
        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "no links here")
        monkeypatch.setattr(os, "link", refuse)
    start, wins = threading.Barrier(8), []

    def write(number: int) -> None:
        start.wait()
        try:
            atomic.write_file(tmp_path / "a", bytes([number]) * 1000)
            wins.append(number)
        except FileProblem:
            pass

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1
    assert (tmp_path / "a").read_bytes() == bytes([wins[0]]) * 1000
    assert names(tmp_path) == ["a"]


def test_the_file_is_durable_before_it_has_its_name_and_the_folder_after(tmp_path: Path,
                                                                         monkeypatch: pytest.MonkeyPatch):
    order: list[str] = []
    fsync, link = os.fsync, os.link

    def spy_fsync(handle: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")  # noqa: PTH112
        fsync(handle)

    def spy_link(a: Path, b: Path) -> None:
        order.append("name")
        link(a, b)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "link", spy_link)
    atomic.write_file(tmp_path / "a", b"x")
    assert order == ["file", "name", "folder"]


def test_a_real_full_disk_leaves_nothing_and_says_so(tmp_path: Path):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(DiskFull) as caught:
            atomic.write_file(tmp_path / "a.png", bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == []
    assert caught.value.code == "disk_full"
    assert "Free some space" in caught.value.remedy


@pytest.mark.parametrize(("number", "kind", "words"), [
    (errno.ENOSPC, DiskFull, "full"), (errno.EROFS, FileProblem, "read-only"),
    (errno.EACCES, FileProblem, "permission"),
    (errno.EIO, FileProblem, "failed"), (errno.EMFILE, FileProblem, "cannot be used"),
])
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_each_failure_has_a_sentence_and_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int,
                                                  kind: type[FileProblem], words: str, call: str):
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(kind, match=words) as caught:
            atomic.write_file(tmp_path / "a.png", b"x")
    assert caught.value.remedy
    assert caught.value.subject == str(tmp_path / "a.png")
    assert names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(FileProblem, match="does not exist"):
        atomic.write_file(tmp_path / "gone" / "a.png", b"x")


def test_a_name_too_long_is_told(tmp_path: Path):
    with pytest.raises(FileProblem, match="too long"):
        atomic.write_file(tmp_path / ("a" * 300), b"x")


def test_sweep_removes_only_our_own_old_remains(tmp_path: Path):
    for name in (".atelier-1.part", ".atelier-2.part", "a.png", ".other.part"):
        (tmp_path / name).write_bytes(b"")
    old = time.time() - 7200
    os.utime(tmp_path / ".atelier-1.part", (old, old))
    os.utime(tmp_path / ".other.part", (old, old))
    assert atomic.sweep(tmp_path) == 1
    assert names(tmp_path) == [".atelier-2.part", ".other.part", "a.png"]
    assert atomic.sweep(tmp_path / "gone") == 0


def test_a_name_without_a_folder_is_told_with_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) in atomic.explained(FileExistsError(errno.EEXIST, "exists"), Path("again.png")).what
