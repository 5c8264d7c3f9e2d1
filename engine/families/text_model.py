"""An opened text package: reads prompts, writes cards by chance or by beams, shows them while they grow."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.api import Asset, Medium, Plan, Progress, Recipe
from engine.errors import PackageError
from engine.families.base import count, number, whole, word
from engine.families.text_controls import SEARCH
from engine.families.text_modes import mode_of, modes_of
from engine.families.text_prompt import SEEDS, Beginning, PromptReader
from engine.families.text_reader import TOKENS, SessionReader, remembered
from engine.packages.manifest import Manifest
from engine.packages.parts import Mode
from engine.progress import ProgressSink
from engine.text.beams import Beams, Search
from engine.text.drawing import Card, drawing
from engine.text.numbered import NumberTokenizer
from engine.text.sampling import Sampling
from engine.text.stopping import Stops
from engine.text.tokenizer import open_tokenizer

if TYPE_CHECKING:
    from engine.runtime.providers import Runtime

REDRAWN = 3
"""How often cards that came out twice, or empty, are written anew with other dice."""
NUMBERS = ("The model does not say which text its tokens stand for, so they are shown as numbers. Put tokenizer.json "
           "or characters.json beside the weights and bring it again.")
ENDED = "The model ended every text at once. Another prompt, or another way of writing, gives it more to say."
_GAP_S = 0.08
_BLANK = np.full((1, 1, 1), 255, np.uint8)


@dataclass(frozen=True)
class _Order:
    """What a recipe asks for."""

    mode: Mode
    cards: int
    stops: Stops
    seed: int
    sampling: Sampling
    prompt: str


@dataclass
class _Deck:
    """Cards of one beginning."""

    beginning: Beginning
    cards: dict[int, Card] = field(default_factory=dict)     # by their place among all


class TextWriter:
    """Writes the cards of a recipe."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Load tokenizer and graph. Raises PackageError or ModelError."""
        text = manifest.text
        if text is None:
            raise PackageError(f"The manifest of “{manifest.id}” lacks its text part.", "Get the package again.",
                               str(folder))
        self._text = text
        self._tokenizer = (NumberTokenizer(text.vocabulary) if text.tokenizer is None else
                           open_tokenizer(folder / text.tokenizer))
        self._prompts = PromptReader(text, self._tokenizer)
        graph = manifest.graphs["step"]
        self._session = runtime.stateful(folder / graph.file, graph, lead=TOKENS, state=text.state)
        self._reader = SessionReader(self._session, graph, text)
        self._weights = graph.bytes + sum(entry.bytes for entry in graph.external.values())
        self._a_token = remembered(graph, text)
        self._usable = self._tokenizer.size if self._tokenizer.size < text.vocabulary else None

    def render(self, recipe: Recipe, progress: ProgressSink) -> Asset:
        """The cards, best first. Raises ModelError, ValueProblem, Cancelled."""
        started = time.perf_counter()
        self._reader.cancel, self._reader.seconds = progress.cancel, 0.0
        show = _Display(recipe, progress)
        if word(recipe, "sampler") == SEARCH:
            texts, notes = self._searched(recipe, show)
        else:
            texts, notes = self._drawn(recipe, show)
        return Asset(recipe, _BLANK, self._reader.seconds * 1000, (time.perf_counter() - started) * 1000,
                     self._session.provider, (*notes, *self._remarks()), medium=Medium.TEXT, texts=texts)

    def plan(self, recipe: Recipe) -> Plan:
        """How the first card's prompt is read, how many tokens it takes at most, and memory. Raises ValueProblem."""
        order = self._order(recipe)
        search = word(recipe, "sampler") == SEARCH
        beginnings = {one.tokens: self._prompts.room(one, order.stops.length)
                      for one in (self._beginning(order, place) for place in range(1 if search else order.cards))}
        longest = max(len(tokens) + room for tokens, room in beginnings.items())
        rows = count(recipe, "beams") if search else order.cards
        notes = () if len(modes_of(self._text)) == 1 else (f"{order.mode.label}: up to {order.stops.length} tokens",)
        # While a cache grows, the one before is there as well.
        return Plan({"prompt": self._beginning(order, 0).reading}, sum(beginnings.values()), notes=notes,
                    bytes=self._weights + 2 * rows * longest * self._a_token)

    def close(self) -> None:
        """Give the session's memory back."""
        self._session.close()

    def _remarks(self) -> tuple[str, ...]:
        """What a person should know of every text of this package."""
        return () if self._text.tokenizer is not None else (NUMBERS,)

    def _order(self, recipe: Recipe) -> _Order:
        mode = mode_of(self._text, str(recipe.values.get("mode", "")))
        words = [line or "\n" for line in word(recipe, "stop").split("\n")] if word(recipe, "stop") else []
        stops = Stops(frozenset(self._text.stop), tuple(dict.fromkeys((*mode.stop, *words))),
                      count(recipe, "length") or mode.length)
        sampling = Sampling(number(recipe, "temperature"), count(recipe, "top_k"), number(recipe, "top_p"),
                            number(recipe, "repetition"))
        return _Order(mode, count(recipe, "count"), stops, whole(recipe, "seed"), sampling, word(recipe, "prompt"))

    def _beginning(self, order: _Order, place: int) -> Beginning:
        """What the card in that place grows from: wildcards are drawn anew for each."""
        return self._prompts.beginning(order.prompt, (order.seed + place) % SEEDS, order.mode, order.stops.length)

    def _drawn(self, recipe: Recipe, show: _Display) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Cards by chance, no two alike."""
        order = self._order(recipe)
        beginnings = [self._beginning(order, place) for place in range(order.cards)]
        notes = list(dict.fromkeys(note for one in beginnings for note in one.reading.notes))
        waiting = list(range(order.cards))
        if order.sampling.greedy:            # equal beginnings would give equal cards
            firsts = {one.tokens: place for place, one in reversed(list(enumerate(beginnings)))}
            waiting = sorted(firsts.values())
        cards: dict[int, Card] = {}
        rounds = 1 if order.sampling.greedy else REDRAWN
        for attempt in range(rounds):
            self._write(order, beginnings, waiting, attempt, cards, show)
            waiting = _repeated({place: _finished(beginnings[place], card) for place, card in sorted(cards.items())})
            if not waiting:
                break
        for place in waiting:
            del cards[place]
        if waiting and cards and not order.sampling.greedy:
            notes.append(f"{len(waiting)} of {order.cards} cards came out like another and are left out.")
        if not cards:
            return ("",), (*notes, ENDED)
        places = sorted(cards, key=(lambda place: -cards[place].likelihood) if order.mode.ranked else None)
        return tuple(_finished(beginnings[place], cards[place]) for place in places), tuple(notes)

    def _write(self, order: _Order, beginnings: Sequence[Beginning], places: Sequence[int], attempt: int,
               cards: dict[int, Card], show: _Display) -> None:
        """Write the cards of these places; those with the same beginning at once."""
        decks: dict[tuple[int, ...], _Deck] = {}
        for place in places:
            beginning = beginnings[place]
            stops = replace(order.stops, length=self._prompts.room(beginning, order.stops.length),
                            opening=not beginning.lead)
            seed = ((order.seed + place) % SEEDS, *((attempt,) if attempt else ()))
            deck = decks.setdefault(beginning.tokens, _Deck(beginning))
            cards[place] = deck.cards[place] = Card(self._tokenizer, stops, seed)
        total = order.stops.length * len(decks)
        for turn, deck in enumerate(decks.values()):
            for step in drawing(self._reader, deck.beginning.tokens, list(deck.cards.values()), order.sampling,
                                self._usable):
                show.stepped(turn * order.stops.length + step, total)
                if show.due:
                    show.show([_seen(beginnings[place], card) for place, card in sorted(cards.items())])

    def _searched(self, recipe: Recipe, show: _Display) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The likeliest texts as wholes, best first."""
        order = self._order(recipe)
        beginning = self._beginning(order, 0)
        beams = Beams(count(recipe, "beams"), number(recipe, "length_penalty"), repetition=order.sampling.repetition)
        length = self._prompts.room(beginning, order.stops.length)
        stops = replace(order.stops, opening=not beginning.lead)

        def text_of(ids: Sequence[int]) -> str:
            """As far as the text goes."""
            own = [token for token in ids if token not in stops.tokens]
            return self._tokenizer.decode(own).rstrip("\ufffd")

        def ends(ids: tuple[int, ...]) -> bool:
            """Whether a stop word is in it."""
            return bool(stops.words) and stops.end_of(text_of(ids)) is not None

        def card(ids: Sequence[int]) -> str:
            """As it is shown."""
            text = text_of(ids)
            return _clean(beginning, text[:stops.end_of(text)])

        search = Search(self._reader, beginning.tokens, beams, length, stops.tokens, ends)
        for step in search.steps(self._usable):
            show.stepped(step, length)
            if show.due:
                show.show([card(one.ids) for one in (*search.finished, *search.running)][:order.cards])
        texts = dict.fromkeys(card(one.ids) for one in search.finished)
        found = tuple(text for text in texts if text)[:order.cards]
        return found or ("",), beginning.reading.notes if found else (*beginning.reading.notes, ENDED)


class _Display:
    """Shows unfinished cards now and then, and tells steps."""

    def __init__(self, recipe: Recipe, progress: ProgressSink) -> None:
        self._recipe = recipe
        self._progress = progress
        self._last = time.perf_counter()

    @property
    def due(self) -> bool:
        """Whether somebody looks and has not seen anything new for a while."""
        return self._progress.watched and time.perf_counter() - self._last >= _GAP_S

    def stepped(self, done: int, total: int) -> None:
        """Tell a token. Raises Cancelled."""
        self._progress.stepped(Progress(min(done, total), total, f"Token {min(done, total)} of at most {total}"))

    def show(self, texts: Sequence[str]) -> None:
        """Let these be seen. Raises Cancelled."""
        self._progress.show(Asset(self._recipe, _BLANK, medium=Medium.TEXT, texts=tuple(texts), partial=True))
        self._last = time.perf_counter()


def _seen(beginning: Beginning, card: Card) -> str:
    """A card in the making."""
    return _finished(beginning, card) if card.done else _clean(beginning, card.shown)


def _finished(beginning: Beginning, card: Card) -> str:
    """A card as it is."""
    return _clean(beginning, card.text)


def _clean(beginning: Beginning, text: str) -> str:
    """Behind what the person typed, or alone and without white space around it."""
    return (beginning.lead + text).strip()


def _repeated(texts: dict[int, str]) -> list[int]:
    """The places of cards that are empty or say what an earlier one says."""
    seen: set[str] = set()
    found = []
    for place, text in texts.items():
        key = " ".join(text.casefold().split())
        if not key or key in seen:
            found.append(place)
        seen.add(key)
    return found
