"""Prompts become unit vectors that mean the same in every company, from exactly the encoder a package names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import paths
from engine.api import Progress
from engine.cancel import CancelToken
from engine.errors import Cancelled, PackageError
from engine.families.base_prompt import PromptEncoder, open_prompt_encoder
from engine.families.registry import FAMILIES
from engine.packages.manifest import load_manifest, manifest_digest
from engine.packages.parts import Prompt
from engine.packages.verify import verify
from engine.progress import ProgressSink
from engine.runtime.providers import Options, Runtime
from tests.fakes.sentences import DIM, tiny_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoders") / "tiny")


@pytest.fixture(scope="module")
def encoder(folder: Path) -> PromptEncoder:
    return PromptEncoder(folder, verify(folder), Runtime(Options("cpu", threads=1)))


@pytest.fixture
def bundled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "bundled_encoders_folder", lambda: folder.parent)
    return folder


def test_a_prompt_is_one_unit_vector(encoder: PromptEncoder):
    vectors = encoder.embed(["red house", "small cat", ""])
    assert vectors.shape == (3, DIM)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_prompt_means_the_same_in_other_company(encoder: PromptEncoder):
    alone = encoder.embed(["red house"])[0]
    np.testing.assert_array_equal(encoder.embed(["blue", "red house", "small small small small cat"])[1], alone)
    assert not np.allclose(encoder.embed(["blue house"])[0], alone)


def test_a_long_prompt_is_cut_and_keeps_its_end_mark(encoder: PromptEncoder):
    assert encoder.count("red red red red red") == 7
    cut, exact = encoder.embed(["red red red red red", "red red red"])
    np.testing.assert_array_equal(cut, exact)


def test_what_was_read_is_remembered_within_limits(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.families.base_prompt._REMEMBERED", 2)
    encoder = PromptEncoder(folder, verify(folder), Runtime(Options("cpu", threads=1)))
    first = encoder.embed(["red", "blue", "cat"])
    assert list(encoder._known) == ["blue", "cat"]
    encoder.close()    # what is remembered needs no graph
    np.testing.assert_array_equal(encoder.embed(["cat", "blue"]), first[[2, 1]])


def test_reading_many_tells_its_steps_and_can_be_cancelled(encoder: PromptEncoder):
    told: list[Progress] = []
    encoder.embed(["red", "blue"], ProgressSink(told.append))
    assert [(step.done, step.total) for step in told] == [(1, 2), (2, 2)]
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        encoder.embed(["never seen before"], ProgressSink(cancel=cancel))


def test_a_package_gets_exactly_the_encoder_it_names(bundled: Path):
    prompt = Prompt("tiny", manifest_digest(bundled), DIM)
    opened = open_prompt_encoder(prompt, Runtime(Options("cpu", threads=1)))
    assert opened.embed(["cat"]).shape == (1, DIM)
    opened.close()


@pytest.mark.parametrize(("encoder_id", "digest", "dim", "words"), [
    ("other", "", DIM, "not part of this version"),
    ("tiny", "sha256:" + "0" * 64, DIM, "another version of the prompt encoder"),
    ("tiny", "", DIM + 1, "reads prompts of 7 numbers"),
])
def test_another_encoder_is_refused_in_words(bundled: Path, encoder_id: str, digest: str, dim: int, words: str):
    prompt = Prompt(encoder_id, digest or manifest_digest(bundled), dim)
    with pytest.raises(PackageError, match=words):
        open_prompt_encoder(prompt, Runtime(Options("cpu", threads=1)))


def test_an_encoder_is_checked_as_all_packages_and_draws_nothing(folder: Path):
    manifest = load_manifest(folder)
    family = FAMILIES["embedding"]
    assert family.name == "embedding"
    assert family.controls(manifest) == ()
    with pytest.raises(PackageError, match="makes no pictures"):
        family.open(folder, manifest, Runtime(Options("cpu", threads=1)))


def test_the_encoder_that_ships_knows_what_is_alike():
    folder = paths.bundled_encoders_folder() / "minilm"
    manifest = verify(folder)
    assert manifest.license == "Apache-2.0"
    assert manifest.credit
    encoder = PromptEncoder(folder, manifest, Runtime(Options("cpu", threads=1)))
    home, house, coffee, cup = encoder.embed(["home", "a house", "coffee", "a cup of espresso"])
    encoder.close()
    assert home @ house > home @ coffee + 0.2
    assert coffee @ cup > coffee @ house + 0.2
