"""Language and diffusion models: described and kept, opened in a later version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from engine.errors import PackageError
from engine.packages.describe import describe
from engine.packages.shelf import Shelf
from engine.workshop import Workshop
from tests.fakes import styles

HEAD = {"format": 1, "name": "Words", "version": "1.0.0", "summary": "For tests.", "license": "CC0-1.0"}


def language(folder: Path) -> Path:
    """A step that yields the same for every token."""
    step = styles._graph({"tokens": ("int64", ["batch", "time"])}, {"logits": ("float32", ["batch", "time", 7])},
                         [helper.make_node("Gather", ["table", "tokens"], ["logits"])],
                         {"table": np.zeros((7, 7), np.float32)})
    manifest = {**HEAD, "id": "words", "family": "text", "text": {"kind": "recurrent", "vocabulary": 7}}
    return styles.pack(folder, manifest, {"step": step}, {})


def test_a_language_model_is_listed_and_says_kindly_that_it_cannot_run_yet(tmp_path: Path):
    folder = language(tmp_path / "made")
    info = describe(folder)
    assert (info.family, info.controls, info.drafts, info.encodes) == ("text", (), False, False)
    shelf = Shelf([tmp_path / "shelf"])
    entry = shelf.add(folder)
    assert entry.problem is None
    assert [one.id for one in shelf.packages()] == ["words"]
    workshop = Workshop("cpu", 1)
    workshop.prepare()
    with pytest.raises(PackageError, match="is a language model; this version of Latent Atelier cannot run") as caught:
        workshop.open(str(entry.folder))
    assert "later version" in caught.value.remedy
