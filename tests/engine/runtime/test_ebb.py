"""Pages of a mapped file go back to the system, and come again from the file when they are read."""

from __future__ import annotations

import mmap
import sys
import time
from pathlib import Path

import pytest

from engine.runtime import ebb
from engine.runtime.ebb import Ebb, hand_back

SIZE = 8 << 20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells which pages are here")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some weights.data"
    path.write_bytes(bytes(range(256)) * (SIZE // 256))
    return path


def mapped(path: Path) -> mmap.mmap:
    """A private mapping that could be written to, as ONNX Runtime makes them, all of it read once."""
    with path.open("rb") as opened:
        view = mmap.mmap(opened.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    assert sum(view[::4096]) == 0
    return view


def test_pages_go_and_come_again(file: Path):
    view, name = mapped(file), str(file.resolve()).encode()
    assert hand_back({name: 0}) >= SIZE // 2
    assert hand_back({name: 0}) == 0
    assert view[:256] == bytes(range(256))
    assert 0 < hand_back({name: 0}) < SIZE
    view.close()


def test_the_beginning_of_a_file_may_stay(file: Path):
    view, name = mapped(file), str(file.resolve()).encode()
    assert hand_back({name: SIZE}) == 0
    kept = SIZE // 2 + 5                     # in the middle of a page
    assert hand_back({name: kept}) == SIZE // 2 - mmap.PAGESIZE
    left = sum(resident for _, _, resident in ebb._stretches({name: 0}))
    assert left == pytest.approx(SIZE // 2, abs=64 << 10)        # the system gives and takes several pages at once
    assert view[-256:] == bytes(range(256))
    view.close()


def test_other_files_are_left_alone(file: Path, tmp_path: Path):
    view = mapped(file)
    assert hand_back({str(tmp_path / "another").encode(): 0}) == 0
    view.close()


def test_what_was_written_is_never_lost(file: Path):
    view = mapped(file)
    view[5] = 77
    hand_back({str(file.resolve()).encode(): 0})
    assert view[5] == 77
    view.close()


def test_around_a_run_it_happens_by_itself(file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ebb, "_LOOK", 0.01)
    monkeypatch.setattr(ebb, "_MUCH", 0)
    view = mapped(file)
    with Ebb({file: 0}):
        end = time.monotonic() + 20
        while sum(resident for _, _, resident in ebb._stretches({str(file.resolve()).encode(): 0})):
            assert time.monotonic() < end
            time.sleep(0.01)
    assert view[256:512] == bytes(range(256))
    view.close()
