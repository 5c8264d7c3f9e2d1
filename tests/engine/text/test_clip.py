"""Prompts as CLIP reads them: begun, ended, filled up, cut with a word about it, weighted token by token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import PackageError
from engine.packages.clip_files import whole
from engine.text.clip import LENGTH, ClipTokenizer, weighted
from tests.fakes.layouts import VOCABULARY, _tokenizer

START, END = VOCABULARY - 2, VOCABULARY - 1
A_END, CAT = 27, 55


def definition(folder: Path, pad: str = "<|endoftext|>", **changes: Any) -> bytes:
    _tokenizer(folder, pad)
    words = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    made = whole(None, words, (folder / "merges.txt").read_text(encoding="utf-8"), {"pad_token": pad})
    assert made is not None
    return json.dumps({**json.loads(made), **changes}).encode()


@pytest.fixture
def clip(tmp_path: Path) -> ClipTokenizer:
    return ClipTokenizer(definition(tmp_path / "t"))


def test_a_prompt_is_begun_ended_and_filled_up(clip: ClipTokenizer):
    read = clip.read([("a cat", 1.0)])
    assert read.ids.tolist() == [START, A_END, CAT, *[END] * (LENGTH - 3)]
    assert (read.count, read.cut, read.ids.shape, read.weights.shape) == (2, "", (77,), (77,))
    assert bool((read.weights == 1).all())


def test_an_empty_prompt_is_a_start_and_ends(clip: ClipTokenizer):
    assert clip.read([]).ids.tolist() == [START, *[END] * (LENGTH - 1)]


def test_the_second_encoder_of_sdxl_is_filled_up_with_another_token(tmp_path: Path):
    read = ClipTokenizer(definition(tmp_path / "t", "!")).read([("a!", 1.0)])
    exclamation = 26
    assert read.ids.tolist() == [START, A_END, exclamation, END, *[exclamation] * (LENGTH - 4)]


def test_weights_fall_on_their_own_tokens(clip: ClipTokenizer):
    read = clip.read([("a ", 1.0), ("cat", 1.3), (" t", 0.5)])
    assert read.weights[:5].tolist() == pytest.approx([1, 1, 1.3, 0.5, 1])
    assert read.key != clip.read([("a cat t", 1.0)]).key


def test_what_does_not_fit_is_counted_and_told(clip: ClipTokenizer):
    read = clip.read([("a " * 74, 1.0), ("cat cab and bad", 1.2)])
    assert read.ids[-1] == END
    assert read.ids[-2] == CAT
    assert read.count > clip.limit
    assert read.cut == "cab and bad"


def lengths(clip: ClipTokenizer, *parts: str) -> list[int]:
    return [read.count for read in clip.read_all([[(part, 1.0)] for part in parts])]


def test_what_fits_is_read_as_one(clip: ClipTokenizer):
    spans = [("a " * 70, 1.0), ("(cat, cab", 1.2)]
    (read,), alone = clip.read_all([spans]), clip.read(spans)
    assert (read.key, read.count, read.cut) == (alone.key, alone.count, "")
    assert [one.key for one in clip.read_all([[]])] == [clip.read([]).key]


@pytest.mark.parametrize(("text", "wanted"), [
    ("a " * 75, [75]), ("a " * 76, [75, 1]), ("a " * 151, [75, 75, 1]),
    ("a " * 60 + "a, " + "a " * 30, [62, 30]),          # after a comma that is near
    ("a " * 53 + "a, " + "a " * 30, [75, 10]),          # this one is not
    ("a, " * 37 + "at cab", [74, 3]),
    ("a " * 75 + ", a", [75, 2]),                       # a comma that has no place any more begins the next
    ("a " * 74 + "cab a", [74, 3]),                     # words stay whole
    ("abba" * 30, [75, 45]),                            # but for those that are too long
])
def test_long_prompts_are_cut_at_commas_and_words(clip: ClipTokenizer, text: str, wanted: list[int]):
    assert lengths(clip, text) == wanted
    assert sum(wanted) == clip.read([(text, 1.0)]).count


def test_every_part_begins_a_stretch(clip: ClipTokenizer):
    assert lengths(clip, "a cat", "a", "a " * 76) == [2, 1, 75, 1]
    assert lengths(clip, "a cat", "") == [2]
    assert lengths(clip, "", "a cat", "", "a") == [0, 2, 0, 1]
    assert lengths(clip, "", "") == [0]


def test_stretches_together_are_the_whole_text_with_its_weights(clip: ClipTokenizer):
    spans = [("a cat " * 30, 1.0), ("at, " * 20, 1.5), ("cab" * 9, 0.5)]
    reads = clip.read_all([spans])
    ids = np.concatenate([read.ids[1:1 + read.count] for read in reads])
    weights = np.concatenate([read.weights[1:1 + read.count] for read in reads])
    assert ids.tolist() == [number for text, _ in spans for number in clip._tokenizer.encode(text, special=False).ids]
    assert weights.tolist() == [1.0] * 60 + [1.5] * 40 + [0.5] * (len(ids) - 100)
    for read in reads:
        assert (read.ids[0], read.ids[1 + read.count]) == (START, END)


def test_weighting_keeps_the_mean():
    hidden = np.random.default_rng(0).standard_normal((LENGTH, 5)).astype(np.float32) + 1
    weights = np.ones(LENGTH, np.float32)
    assert weighted(hidden, weights) is hidden
    weights[3] = 2
    made = weighted(hidden, weights)
    assert made.mean() == pytest.approx(hidden.mean(), rel=1e-5)
    ratio = made / hidden
    assert ratio[3] == pytest.approx(2 * ratio[0], rel=1e-4)


@pytest.mark.parametrize("data", [b"{", b'{"model": 1}', b"[]"])
def test_a_file_that_is_no_tokenizer_is_refused(data: bytes):
    with pytest.raises(PackageError, match="tokenizer"):
        ClipTokenizer(data)


def test_a_tokenizer_of_another_kind_is_refused(tmp_path: Path):
    made = json.loads(definition(tmp_path / "t"))
    made["model"]["vocab"] = {word.replace("<|", "<"): number for word, number in made["model"]["vocab"].items()}
    made["model"]["unk_token"] = None
    made["added_tokens"], made["post_processor"] = [], None
    with pytest.raises(PackageError, match="CLIP"):
        ClipTokenizer(json.dumps(made).encode())


def test_files_of_another_tokenizer_are_not_made_one():
    with pytest.raises(PackageError, match="CLIP"):
        whole(None, {"a": 0}, "#version: 0.2\n", {})
    assert whole(None, {"a": 0}, None, {}) is None


@pytest.mark.torch
@pytest.mark.parametrize("text", ["a cat", "A  CAT, cab! it's\n at", "", "cat!cat", "é 1 22 a", "<|endoftext|> a"])
@pytest.mark.parametrize("pad", ["<|endoftext|>", "!"])
def test_tokens_are_those_of_transformers(tmp_path: Path, text: str, pad: str):
    from transformers import CLIPTokenizer

    made = definition(tmp_path / "t", pad)
    theirs = CLIPTokenizer.from_pretrained(tmp_path / "t")(text, padding="max_length", max_length=77, truncation=True)
    assert ClipTokenizer(made).read([(text, 1.0)] if text else []).ids.tolist() == theirs["input_ids"]
