"""What a person types for a source picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import media
from engine.api import Control, ControlKind
from engine.errors import FileProblem, ValueProblem
from engine.typed import typed

IMAGE = Control("image", ControlKind.IMAGE, "Source", "")
SEED = Control("seed", ControlKind.SEED, "Seed", 0)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_ATELIER_HOME", str(tmp_path / "home"))


def test_a_path_becomes_a_key_wherever_it_is_counted_from(tmp_path: Path):
    (tmp_path / "photo 1.png").write_bytes(b"pixels")
    key = typed(IMAGE, " photo 1.png ", tmp_path)
    assert media.path_of(str(key)).read_bytes() == b"pixels"
    assert typed(IMAGE, str(tmp_path / "photo 1.png"), Path("/elsewhere")) == key
    assert typed(IMAGE, str(key).upper(), tmp_path) == key


def test_nothing_is_nothing_and_other_controls_are_as_ever(tmp_path: Path):
    assert typed(IMAGE, "", tmp_path) == typed(IMAGE, "None", tmp_path) == ""
    assert typed(SEED, "7", tmp_path) == 7
    with pytest.raises(ValueProblem):
        typed(SEED, "photo.png", tmp_path)


def test_a_picture_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(FileProblem, match=r"“gone\.png” cannot be read"):
        typed(IMAGE, "gone.png", tmp_path)
