"""Full disks, read-only folders, files that are too large: a sentence, the exit code, nothing half-written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end2end.program import Program

LIMIT = ("import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
         "os.execv(sys.argv[1], sys.argv[1:])")


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A tmpfs on `folder` for the time of the block."""
    folder.mkdir()
    if sys.platform != "linux" or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
                                                 capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root on Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_a_sentence_and_leaves_no_half_file(program: Program, tmp_path: Path):
    with mounted(tmp_path / "small", "size=64k") as small:
        (small / "filler").write_bytes(b"x" * 60_000)
        ran = program("render", "tiny-glyphs", "--size", "2000x2000", "--set", "paper=#ffffff", "-o", small / "a.png",
                      "--json")
        assert ran.code == 2, ran.err
        assert "disk is full" in ran.document["problem"]["what"]
        assert [path.name for path in small.iterdir()] == ["filler"]


def test_a_disk_that_fills_up_keeps_the_pictures_already_made(program: Program, tmp_path: Path):
    with mounted(tmp_path / "small", "size=100k") as small:
        ran = program("render", "tiny-glyphs", "--size", "700x300", "--count", "200", "-o", small)
        assert ran.code == 2, ran.err
        assert "disk is full" in ran.err
        kept = sorted(small.iterdir())
        assert kept
        assert all(path.suffix == ".png" for path in kept)
        assert program("inspect", kept[-1]).code == 0


def test_a_read_only_folder_is_a_sentence(program: Program, tmp_path: Path):
    with mounted(tmp_path / "locked", "size=64k,ro") as locked:
        for out in (locked / "a.png", locked / "new" / "a.png", locked / "folder"):
            ran = program("render", "tiny-glyphs", "-o", out)
            assert ran.code == 2, ran.err
            assert "read-only" in ran.err
            assert list(locked.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits are a POSIX thing")
def test_a_file_size_limit_is_a_sentence(program: Program, tmp_path: Path):
    ran = program("render", "tiny-glyphs", "--size", "2000x2000", "-o", "a.png", prefix=[sys.executable, "-c", LIMIT])
    assert ran.code == 2, ran.err
    assert "a.png" in ran.err
    assert list(tmp_path.glob("*.png")) == []
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".atelier")] == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_a_sentence(program: Program, tmp_path: Path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    ran = program("render", "tiny-glyphs", "-o", locked / "a.png")
    assert ran.code == 2
    assert "permission" in ran.err.lower()


def test_a_name_that_no_disk_takes_is_a_sentence(program: Program, tmp_path: Path):
    ran = program("render", "tiny-glyphs", "-o", "x" * 300 + ".png")
    assert ran.code == 2, ran.err
    assert "too long" in ran.err
    ran = program("render", "tiny-glyphs", "-o", "/proc/nope/a.png")
    assert ran.code == 2, ran.err
    assert list(tmp_path.glob("*.png")) == []


def test_a_home_that_cannot_be_written_still_renders(program: Program, tmp_path: Path):
    program.home.joinpath("cache").write_text("in the way")
    program.home.joinpath("state").write_text("in the way")
    ran = program("render", "tiny-glyphs", "-o", "a.png")
    assert ran.code == 0, ran.err
    assert (tmp_path / "a.png").exists()


@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="an empty network needs root on Linux")
def test_the_whole_way_works_without_any_network(program: Program, tmp_path: Path):
    alone = ["unshare", "-n"]
    assert program("render", "tiny-glyphs", "-o", "a.png", prefix=alone).code == 0
    assert program("repeat", "a.png", "-o", "b.png", prefix=alone).code == 0
    (tmp_path / "t.csv").write_text("seed\n1\n2\n")
    assert program("batch", "t.csv", "--package", "tiny-glyphs", "-o", "out", prefix=alone).code == 0
    assert program("doctor", prefix=alone).code != 3


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_socket_is_opened(program: Program, tmp_path: Path):
    log = tmp_path / "trace.txt"
    ran = program("render", "tiny-glyphs", "-o", "a.png",
                  prefix=["strace", "-f", "-qq", "-e", "trace=socket,bind,listen,connect", "-o", str(log)])
    assert ran.code == 0, ran.err
    opened = [line for line in log.read_text().splitlines() if "(" in line and "AF_UNIX" not in line]
    assert opened == []
