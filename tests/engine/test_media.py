"""Pictures of recipes: stored once under their digest, found again, and refused when they are not what they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine import media
from engine.errors import FileProblem


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "home"))


def test_bytes_come_back_under_their_digest(tmp_path: Path):
    source = tmp_path / "cat.png"
    source.write_bytes(b"a picture")
    key = media.put_file(source)
    assert key == "sha256:" + hashlib.sha256(b"a picture").hexdigest()
    assert media.is_key(key)
    assert media.path_of(key).read_bytes() == b"a picture"
    stamp = media.path_of(key).stat().st_mtime_ns
    assert media.put(b"a picture") == key
    assert media.path_of(key).stat().st_mtime_ns == stamp


def test_a_changed_file_is_not_the_picture_of_the_recipe():
    key = media.put(b"a picture")
    media.path_of(key).write_bytes(b"another!!")
    with pytest.raises(FileProblem, match="not on this machine"):
        media.path_of(key)


@pytest.mark.parametrize("key", ["", "sha256:../../etc/passwd", "sha256:" + "0" * 64, "sha256:" + "A" * 64])
def test_what_is_not_there_is_told(key: str):
    with pytest.raises(FileProblem, match="not on this machine"):
        media.path_of(key)


def test_empty_and_missing_files_are_refused(tmp_path: Path):
    with pytest.raises(FileProblem, match="empty"):
        media.put(b"")
    with pytest.raises(FileProblem, match=r"“gone\.png” cannot be read"):
        media.put_file(tmp_path / "gone.png")
