"""Small files are written beside the window; the newest content wins; the end waits for them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gui import scribe
from gui.scribe import Scribe


def test_what_was_given_is_there_after_the_end(tmp_path: Path) -> None:
    made = Scribe()
    for number in range(20):
        made.write(tmp_path / "deep" / f"{number % 4}.json", str(number).encode())
    made.close()
    assert {path.name: path.read_text() for path in (tmp_path / "deep").iterdir()} == {
        "0.json": "16", "1.json": "17", "2.json": "18", "3.json": "19"}


def test_it_goes_on_after_a_close(tmp_path: Path) -> None:
    made = Scribe()
    made.close()
    made.write(tmp_path / "a", b"1")
    made.close()
    assert (tmp_path / "a").read_bytes() == b"1"


def test_the_giver_does_not_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, begun = threading.Event(), threading.Event()

    def slow(path: Path, data: bytes, *, overwrite: bool) -> None:
        begun.set()
        assert disk.wait(10)
        path.write_bytes(data)

    monkeypatch.setattr(scribe, "write_file", slow)
    made = Scribe()
    made.write(tmp_path / "a", b"1")
    assert begun.wait(10)
    made.write(tmp_path / "b", b"old")
    made.write(tmp_path / "b", b"new")
    made.write(tmp_path / "c", b"gone")
    made.drop(tmp_path / "c")
    assert not (tmp_path / "a").exists()
    disk.set()
    made.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"new"}


@pytest.mark.expects_log("could not be written")
def test_a_fault_is_logged_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    made = Scribe()
    made.write(tmp_path / "file" / "a", b"1")
    made.write(tmp_path / "b", b"2")
    made.close()
    assert (tmp_path / "b").read_bytes() == b"2"
