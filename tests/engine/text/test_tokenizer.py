"""Tokens and texts: both kinds of files, spans, refusals, and texts that grow by whole characters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import PackageError
from engine.text.characters import CharacterTokenizer
from engine.text.growing import GrowingText
from engine.text.numbered import NumberTokenizer
from engine.text.tokenizer import open_tokenizer, read_tokenizer
from tests.fakes.words import byte_tokenizer


def pieces(**changes):
    whole = {**json.loads(byte_tokenizer(("<end>",))), **changes}
    return read_tokenizer("tokenizer.json", json.dumps(whole).encode())


def test_pieces_there_and_back():
    tokenizer = pieces()
    found = tokenizer.encode("Grüße<end>")
    assert found.ids == (*"Grüße".encode(), 256)
    assert tokenizer.decode(found.ids) == "Grüße"
    assert (tokenizer.size, tokenizer.id_of("<end>"), tokenizer.id_of("nothing")) == (257, 256, None)
    assert found.spans[:2] == ((0, 1), (1, 2))


def test_a_limit_that_the_file_sets_is_not_taken_over():
    """The family cuts, and says what was cut."""
    tokenizer = pieces(truncation={"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"})
    assert len(tokenizer.encode("abcdef")) == 6


@pytest.mark.parametrize("text", ["né \N{SNOWMAN} 日本語", "\N{GRINNING FACE}\N{GRINNING FACE} ok", "plain"])
def test_a_growing_text_never_shows_half_a_character(text):
    tokenizer = pieces()
    growing, seen = GrowingText(tokenizer), ""
    for number, token in enumerate(tokenizer.encode(text).ids, 1):
        seen += growing.push(token)
        whole = text.encode()[:number].decode("utf-8", "ignore")
        assert seen == growing.text == whole, "exactly the characters whose bytes are all there"
    assert growing.text == text


def test_words_at_the_front_keep_their_spaces_while_they_grow():
    tokenizer = CharacterTokenizer(["red", "green", "blue", "<eos>"])
    growing = GrowingText(tokenizer)
    assert [growing.push(token) for token in (0, 2, 3, 1)] == ["red", " blue", "", " green"]


@pytest.mark.parametrize(("data", "reason"), [
    (b"<html>", "not JSON"), (b"[]", "not a JSON object"), (b"{}", "Model missing"),
    (b'{"version": "1.0", "model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}', "out of vocabulary")])
def test_what_is_no_tokenizer_is_refused(data, reason):
    with pytest.raises(PackageError, match=reason):
        read_tokenizer("tokenizer.json", data)


@pytest.mark.parametrize("data", [b"{}", b'["a"]', b'["a", "a"]', b'["a", 1]', b'["a", ["b"]]', b"nothing"])
def test_what_is_no_list_of_texts_is_refused(data):
    with pytest.raises(PackageError, match="tokenizer"):
        read_tokenizer("characters.json", data)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(PackageError, match="cannot be read"):
        open_tokenizer(tmp_path / "tokenizer.json")


def test_letters_there_and_back():
    tokenizer = CharacterTokenizer(["\n", *"abc ", "<eos>"])
    found = tokenizer.encode("a cab!\n")
    assert found.ids == (1, 4, 3, 1, 2, 0)
    assert found.unknown == "!"
    assert tokenizer.decode((*found.ids, 5)) == "a cab\n"


def test_the_longest_piece_is_taken():
    tokenizer = CharacterTokenizer([" ", "a", "b", "ab", "abc", "<unk>"])
    assert tokenizer.encode("abcab a?").ids == (4, 3, 0, 1, 5)


def test_a_list_of_words_is_cut_at_spaces():
    tokenizer = CharacterTokenizer(["<unk>", "deep", "blue", "sea", "a"])
    found = tokenizer.encode("deep  blue ocean")
    assert found.ids == (1, 2, 0)
    assert found.spans == ((0, 4), (6, 10), (11, 16))
    assert tokenizer.decode((1, 2, 3)) == "deep blue sea"


def test_tokens_without_a_meaning_are_numbers():
    tokenizer = NumberTokenizer(100)
    found = tokenizer.encode("12 5 x 100")
    assert (found.ids, found.unknown) == ((12, 5), "x 100")
    assert tokenizer.decode((12, 5)) == " 12 5"
