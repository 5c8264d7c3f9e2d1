"""Writing cards: seeds, ends, lengths, memory rows, and what may be seen on the way."""

from __future__ import annotations

import numpy as np
import pytest

from engine.text.characters import CharacterTokenizer
from engine.text.drawing import Card, drawing
from engine.text.sampling import Sampling, log_softmax
from engine.text.stopping import Stops
from tests.fakes.words import LETTERS, cycle, table

TOKENIZER = CharacterTokenizer(LETTERS)
FREE = Stops(length=12)


class TableReader:
    """What follows depends on all that was read in the row: a wrong row would be noticed."""

    def __init__(self, following):
        self.following = following
        self.rows: list[list[int]] = [[]]
        self.sizes: list[int] = []

    def begin(self):
        self.rows = [[]]

    def read(self, tokens):
        assert len(tokens) == len(self.rows)
        self.rows = [row + line.tolist() for row, line in zip(self.rows, tokens, strict=True)]
        self.sizes.append(len(self.rows))
        return np.stack([self.after(row) for row in self.rows])

    def keep(self, rows):
        self.rows = [list(self.rows[row]) for row in rows]

    def after(self, row):
        return (self.following[row[-1]] + 0.1 * self.following[sum(row) % len(LETTERS)]).astype(np.float32)


def write(cards, following=None, sampling=None, beginning=(1, 2)):
    reader = TableReader(table() if following is None else following)
    steps = list(drawing(reader, beginning, cards, sampling or Sampling()))
    return reader, steps


def card(seed, stops=FREE):
    return Card(TOKENIZER, stops, (seed,))


def test_a_card_is_the_same_whoever_is_written_beside_it():
    together = [card(seed) for seed in range(8)]
    write(together)
    for seed in range(8):
        alone = card(seed)
        write([alone])
        assert (alone.text, alone.likelihood) == (together[seed].text, pytest.approx(together[seed].likelihood))
    assert len({one.text for one in together}) == 8


def test_another_attempt_has_other_dice():
    first, second = card(5), Card(TOKENIZER, FREE, (5, 1))
    write([first])
    write([second])
    assert first.text != second.text


def test_a_stop_token_ends_a_card_and_is_no_part_of_it():
    one = card(0, Stops(frozenset({LETTERS.index("d")}), length=12))
    write([one], cycle("abcd"), Sampling(0.0))
    assert (one.text, one.done, one.ended) == ("c", True, True)


def test_a_stop_word_ends_a_card_before_it():
    one = card(0, Stops(words=("xyz", "ef"), length=12))
    write([one], cycle("abcdefgh"), Sampling(0.0))
    assert (one.text, one.ended, len(one.ids)) == ("cd", True, 4)


def test_the_length_ends_a_card():
    one = card(0)
    _, steps = write([one], cycle("abcdefgh"), Sampling(0.0))
    assert (one.text, one.ended, steps) == ("cdefghabcdef", False, list(range(1, 13)))


def test_rows_of_cards_that_are_done_are_taken_out_once_half_are():
    cards = [card(seed, Stops(length=2 if seed else 12)) for seed in range(4)]
    reader, _ = write(cards)
    assert reader.sizes == [1, 4, *[1] * 10]
    assert [len(one.ids) for one in cards] == [12, 2, 2, 2]


def test_the_likelihood_is_the_mean_of_the_models_own_chances():
    one = card(3)
    reader, _ = write([one], sampling=Sampling(1.7, top_k=3))
    logs = [log_softmax(reader.after([1, 2, *one.ids[:n]]))[token] for n, token in enumerate(one.ids)]
    assert one.likelihood == pytest.approx(np.mean(logs), rel=1e-5)


def test_the_beginning_counts_as_used():
    """Letter 2 writes itself for ever; with a penalty something else comes."""
    following = np.zeros((len(LETTERS), len(LETTERS)), np.float32)
    following[:, 2] = 5.0
    following[:, 3] = 4.5
    plain, varied = card(0, Stops(length=1)), card(0, Stops(length=1))
    write([plain], following, Sampling(0.0))
    write([varied], following, Sampling(0.0, repetition=2.0))
    assert (list(plain.ids), list(varied.ids)) == ([2], [3])


def test_tokens_without_a_text_are_never_drawn():
    following = table()
    following[:, -3:] = 50.0
    one = card(0)
    list(drawing(TableReader(following), (1,), [one], Sampling(), usable=len(LETTERS) - 3))
    assert max(one.ids) < len(LETTERS) - 3


@pytest.mark.parametrize(("text", "shown"), [
    ("ab", "ab"), ("abEN", "ab"), ("abEND", "ab"), ("abENDcd", "ab"), ("abENx", "abENx"), ("E", "")])
def test_half_a_stop_word_is_not_shown(text, shown):
    assert Stops(words=("END", "zzz")).shown(text) == shown


def test_an_opening_line_ends_nothing_where_it_is_only_an_opening():
    assert Stops(words=("\n",), opening=True).end_of("\n\n Title\nmore") == 8
    assert Stops(words=("\n",)).end_of("\nTitle") == 0
    assert Stops(words=("",)).end_of("text") is None


def test_chances_of_many_cards_follow_the_table():
    """Chi-square over 4000 cards of one token: fixed seeds, so the figure is fixed as well."""
    cards = [card(seed, Stops(length=1)) for seed in range(4000)]
    reader, _ = write(cards, table(spread=1.0))
    chances = np.exp(log_softmax(reader.after([1, 2])).astype(float))
    counts = np.bincount([one.ids[0] for one in cards], minlength=len(LETTERS))
    square = ((counts - 4000 * chances) ** 2 / (4000 * chances)).sum()
    assert square < 40.11, "the 95th percentile for 27 degrees of freedom"
