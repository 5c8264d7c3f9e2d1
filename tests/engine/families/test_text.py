"""The text family: controls as data, cards by seeds, modes, stops, context, what is shown on the way, cancelling."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.api import Asset, ControlKind, Medium, Value
from engine.cancel import CancelToken
from engine.controls import check, check_recipe
from engine.errors import Cancelled, PackageError
from engine.families import text_model
from engine.families.base import Planning
from engine.families.registry import FAMILIES
from engine.families.text_model import NUMBERS
from engine.packages.describe import describe
from engine.packages.manifest import load_manifest
from engine.packages.verify import verify
from engine.progress import NO_PROGRESS, ProgressSink
from engine.runtime.providers import Options, Runtime
from tests.fakes.words import LETTERS, byte_tokenizer, cycle, table, tiny_words


class Opened:
    """A package in this process."""

    def __init__(self, folder: Path) -> None:
        self.info = describe(folder)
        self.model: Any = FAMILIES["text"].open(folder, load_manifest(folder), Runtime(Options("cpu", threads=1)))

    def recipe(self, **values: Value) -> Any:
        plain = {"mode": "free"} if self.info.control("mode") is not None else {}
        return check_recipe(self.info, self.info.default_recipe().with_values({**plain, "length": 12.0, **values}))

    def render(self, progress: ProgressSink = NO_PROGRESS, **values: Value) -> Asset:
        return self.model.render(self.recipe(**values), progress)

    def texts(self, **values: Value) -> tuple[str, ...]:
        return self.render(**values).texts


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    opened = Opened(tiny_words(tmp_path_factory.mktemp("p") / "words", recall=1.0))
    yield opened
    opened.model.close()


def opened(tmp_path: Path, **options: Any) -> Opened:
    folder = tiny_words(tmp_path / "p", **options)
    verify(folder, full=True)
    return Opened(folder)


def test_every_control_is_complete(words: Opened):
    controls = words.info.controls
    assert [control.name for control in controls] == [
        "prompt", "mode", "count", "length", "stop", "sampler", "temperature", "top_k", "top_p", "beams",
        "length_penalty", "repetition", "seed"]
    for control in controls:
        assert check(control, control.default) == control.default
        assert control.help, control.name
        assert control.labels.get("zh_CN"), control.name
        assert all(choice.labels.get("zh_CN") for choice in control.choices), control.name
        if control.kind is ControlKind.SLIDER:
            assert control.low, control.name
            assert control.high, control.name
    assert (words.info.medium, words.info.live) == (Medium.TEXT, True)
    assert isinstance(words.model, Planning)


def test_a_large_package_waits_for_run(tmp_path: Path):
    folder = tiny_words(tmp_path / "p")
    manifest = load_manifest(folder)
    graph = manifest.graphs["step"]
    import msgspec

    large = msgspec.structs.replace(manifest, graphs={"step": msgspec.structs.replace(graph, bytes=400 << 20)})
    assert not FAMILIES["text"].live(large)  # type: ignore[attr-defined]


def test_cards_begin_with_the_prompt_and_differ(words: Opened):
    asset = words.render(prompt="ab", count=6.0)
    assert (asset.medium, asset.pixels.shape, asset.partial, asset.provider) == (
        Medium.TEXT, (1, 1, 1), False, "CPUExecutionProvider")
    assert len(set(asset.texts)) == len(asset.texts) == 6
    assert all(text.startswith("ab") and len(text) <= 14 for text in asset.texts)
    assert asset.texts == words.texts(prompt="ab", count=6.0), "the same recipe gives the same texts"


def test_a_seed_names_one_card(words: Opened):
    """Card three of seed 10 is the one card of seed 12, whatever was written beside it."""
    together = words.texts(prompt="ab", seed=10, count=4.0)
    assert [words.texts(prompt="ab", seed=10 + place, count=1.0)[0] for place in range(4)] == list(together)
    assert words.texts(prompt="ab", seed=2**32 - 1, count=2.0)[1] == words.texts(prompt="ab", seed=0, count=1.0)[0]


def test_a_cache_that_grows_gives_what_the_whole_text_gives(tmp_path: Path):
    """Greedy by hand, reading everything anew at each step, against the package that remembers."""
    for number, transformer in enumerate((True, False)):
        package = opened(tmp_path / str(number), recall=1.0, transformer=transformer)
        dice = np.random.RandomState(7)
        meaning = dice.randn(len(LETTERS), 3).astype(np.float32)
        listening = dice.randn(3, len(LETTERS)).astype(np.float32)
        ids = [LETTERS.index(letter) for letter in "ab"]
        for _ in range(12):
            ids.append(int((table()[ids[-1]] + meaning[ids].sum(axis=0) @ listening).argmax()))
        text = "".join(LETTERS[token] for token in ids).strip()
        assert package.texts(prompt="ab", temperature=0.0) == (text,)
        many = package.texts(prompt="ab", count=5.0, seed=3)
        assert many == tuple(package.texts(prompt="ab", count=1.0, seed=3 + place)[0] for place in range(5))


def test_wildcards_are_drawn_for_each_card(words: Opened):
    texts = words.texts(prompt="{ab|cd|ef}", count=12.0)
    assert {text[:2] for text in texts} == {"ab", "cd", "ef"}


def test_beams_give_the_best_texts_whatever_the_seed(words: Opened):
    first = words.texts(prompt="ab", sampler="beams", beams=5.0, count=3.0)
    assert first == words.texts(prompt="ab", sampler="beams", beams=5.0, count=3.0, seed=77)
    assert len(first) == 3
    assert words.texts(prompt="ab", sampler="beams", beams=1.0) == words.texts(prompt="ab", temperature=0.0)


@pytest.mark.parametrize("sampler", ["draw", "beams"])
def test_stop_words_of_a_persons_own_end_a_card(tmp_path: Path, sampler: str):
    package = opened(tmp_path, following=cycle("abcdefgh"))
    plain = {"temperature": 0.0, "beams": 1.0, "sampler": sampler, "prompt": "ab"}
    assert package.texts(**plain, stop="zz\nfg") == ("abcde",)
    assert package.texts(**plain, stop="") == ("abcdefghabcdef",)


@pytest.mark.parametrize("sampler", ["draw", "beams"])
def test_an_empty_line_among_the_stop_words_is_the_end_of_a_line(tmp_path: Path, sampler: str):
    package = opened(tmp_path, following=cycle("abcd\nefgh"))
    plain = {"temperature": 0.0, "beams": 1.0, "sampler": sampler, "prompt": "ab", "length": 6.0}
    assert package.texts(**plain, stop="zz\n") == ("abcd",)
    assert package.texts(**plain, stop="zz") == ("abcd\nefg",)


def test_a_token_that_ends_texts_ends_a_card(tmp_path: Path):
    package = opened(tmp_path, following=cycle("abcd"), text={"stop": [LETTERS.index("d")]})
    assert package.texts(prompt="ab", temperature=0.0) == ("abc",)
    assert package.texts(prompt="ab", sampler="beams", beams=2.0, length_penalty=0.0)[0] == "abc"


@pytest.mark.parametrize("sampler", ["draw", "beams"])
def test_a_model_with_nothing_to_say_is_told(tmp_path: Path, sampler: str):
    following = np.zeros((len(LETTERS), len(LETTERS)), np.float32)
    following[:, 0] = 60.0
    modes = [{"id": "free", "label": "Free", "after": " "}]
    package = opened(tmp_path, following=following, text={"stop": [0], "modes": modes})
    asset = package.render(prompt="a", sampler=sampler, beams=1.0)
    assert (asset.texts, asset.notes) == (("",), (text_model.ENDED,))


def test_cards_that_come_out_twice_are_written_anew_or_told(tmp_path: Path):
    following = np.full((len(LETTERS), len(LETTERS)), -40.0, np.float32)
    following[:, 1:3] = 0.0
    package = opened(tmp_path, following=following)
    four = package.render(prompt="a", length=2.0, count=4.0, temperature=1.0, top_p=1.0)
    assert len(set(four.texts)) == len(four.texts)
    many = package.render(prompt="a", length=2.0, count=12.0, temperature=1.0, top_p=1.0)
    assert sorted(many.texts) == ["aaa", "aab", "aba", "abb"]
    assert many.notes == ("8 of 12 cards came out like another and are left out.",)


def test_modes_of_the_package(tmp_path: Path):
    modes = [{"id": "line", "label": "Line", "before": "x", "after": "a", "length": 3},
             {"id": "word", "label": "Word", "stop": ["e"], "length": 9, "examples": ["bc"]}]
    package = opened(tmp_path, following=cycle("abcdefgh"), text={"modes": modes})
    assert [choice.value for choice in package.info.control("mode").choices] == ["line", "word"]  # type: ignore[union-attr]
    assert [choice.value for choice in package.info.control("prompt").choices] == ["bc"]  # type: ignore[union-attr]
    plain = {"temperature": 0.0, "prompt": "b"}
    assert package.texts(mode="line", length=0.0, **plain) == ("bcd",), "after its own words only what was written"
    assert package.texts(mode="word", length=0.0, **plain) == ("bcd",), "behind the prompt, up to the stop word"
    plan = package.model.plan(package.recipe(mode="line", length=0.0, **plain))
    assert (plan.prompts["prompt"].tokens, plan.steps, plan.notes) == (3, 3, ("Line: up to 3 tokens",))
    several = package.model.plan(package.recipe(mode="line", prompt="{a|b}", count=24.0, length=0.0))
    assert several.steps == 6, "two prompts, one after the other"
    size = load_manifest(Path(package.info.folder)).graphs["step"].bytes
    assert 0 < plan.bytes - size < several.bytes - size < 100_000


def test_ranked_modes_put_the_likeliest_card_first(tmp_path: Path):
    modes = [{"id": "free", "label": "Free", "ranked": ranked, "length": 6} for ranked in (False, True)]
    by_seed, ranked = (opened(tmp_path / mode["label"] / str(mode["ranked"]), text={"modes": [mode]}) for mode in modes)
    values: dict[str, Value] = {"prompt": "a", "count": 6.0, "length": 0.0, "temperature": 2.0}
    assert sorted(by_seed.texts(**values)) == sorted(ranked.texts(**values))
    logs = table() - np.log(np.exp(table()).sum(axis=1, keepdims=True))

    def likelihood(text: str) -> float:
        ids = [LETTERS.index(letter) for letter in text]
        return float(np.mean([logs[one, two] for one, two in pairwise(ids)]))

    found = [likelihood(text) for text in ranked.texts(**values) if len(text) == 7]
    assert found == sorted(found, reverse=True)
    assert by_seed.texts(**values) != ranked.texts(**values)


def test_a_prompt_beyond_the_context_loses_its_beginning_and_says_so(tmp_path: Path):
    package = opened(tmp_path, following=cycle("abcdefgh"), transformer=True, context=16)
    recipe = package.recipe(prompt="z" * 9 + "abcdefg", temperature=0.0, length=6.0)
    reading = package.model.plan(recipe).prompts["prompt"]
    assert (reading.tokens, reading.limit, reading.cut) == (10, 10, "z" * 6)
    assert "too long" in reading.notes[0]
    assert package.model.render(recipe, NO_PROGRESS).texts == ("z" * 9 + "abcdefghabcde",)
    long = package.recipe(prompt="abcd", temperature=0.0, length=15.0)
    assert package.model.plan(long).steps == 12
    assert len(package.model.render(long, NO_PROGRESS).texts[0]) == 16


def test_the_words_of_a_mode_stay_when_a_prompt_is_cut(tmp_path: Path):
    modes = [{"id": "free", "label": "Free", "before": "xy", "after": "ab", "length": 4}]
    package = opened(tmp_path, following=cycle("abcdefgh"), transformer=True, context=12, text={"modes": modes})
    reading = package.model.plan(package.recipe(prompt="12345qrstuv".replace("12345", "mnopl"), length=0.0))
    assert reading.prompts["prompt"].cut == "mnopl" + "qr"
    assert package.texts(prompt="mnoplqrstuv", length=0.0, temperature=0.0) == ("cdef",)


def test_what_the_model_cannot_read_is_told(words: Opened):
    asset = words.render(prompt="aB{c", count=1.0)
    assert asset.notes[0] == "The bracket { is never closed."
    assert "does not know: B" in asset.notes[1]


def test_an_empty_prompt_begins_with_the_start_token(tmp_path: Path):
    started = opened(tmp_path / "a", following=cycle("abcdefgh"), text={"start": LETTERS.index("d")})
    assert started.texts(temperature=0.0, length=3.0) == ("efg",)
    assert opened(tmp_path / "b", following=cycle("\nabc")).texts(temperature=0.0, length=3.0) == ("abc",)


def test_pieces_of_characters_are_shown_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A byte-level model that writes snowmen, three bytes each, and is stopped within the second."""
    following = np.zeros((257, 257), np.float32)
    snowman = "\N{SNOWMAN}".encode()
    for first, second in zip(snowman, snowman[1:] + snowman[:1], strict=True):
        following[first, second] = 60.0
    following[ord("a"), snowman[0]] = 60.0
    package = opened(tmp_path, following=following, pieces=byte_tokenizer(("<end>",)))
    seen: list[Asset] = []
    monkeypatch.setattr(text_model, "_GAP_S", 0.0)
    asset = package.render(ProgressSink(show=seen.append), prompt="a", temperature=0.0, length=5.0)
    assert asset.texts == ("a\N{SNOWMAN}",)
    assert [one.texts[0] for one in seen] == ["a", "a", *["a\N{SNOWMAN}"] * 3]
    assert all(one.partial and one.medium is Medium.TEXT for one in seen)


def test_tokens_of_unknown_meaning_are_numbers(tmp_path: Path):
    package = opened(tmp_path, following=cycle("abcd"), letters=None)
    asset = package.render(prompt="1 2", temperature=0.0, length=3.0)
    assert asset.texts == ("1 2 3 4 1",)
    assert asset.notes == (NUMBERS,)


def test_steps_are_told_and_cancelling_stops_between_two(words: Opened):
    told: list[Any] = []
    words.render(ProgressSink(told.append), prompt="ab", count=2.0)
    assert [one.done for one in told] == list(range(1, 13))
    assert told[-1].label == "Token 12 of at most 12"
    token = CancelToken()

    def report(progress: Any) -> None:
        if progress.done == 3:
            token.cancel()

    with pytest.raises(Cancelled):
        words.render(ProgressSink(report, token), prompt="ab")
    assert words.texts(prompt="ab", count=1.0) == words.texts(prompt="ab", count=1.0), "and goes on working"


def test_a_package_that_contradicts_itself_is_refused(tmp_path: Path):
    folder = tiny_words(tmp_path / "p", text={"state": {"past": "gone"}})
    with pytest.raises(PackageError, match="does not have"):
        describe(folder)
