"""Finds what was kept by what it means: words first, and meanings as soon as the engine has told them.

The library remembers a vector of what each entry is about. The engine makes them: of a question at once, of what was
kept a few at a time and only while nobody waits for a picture.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from engine.api import Problem
from engine.library.records import Entry, Meaning, Order, Query
from gui.engine_bridge import EngineBridge
from gui.library import Desk
from gui.models.kept import KeptModel

PAUSE_MS = 250
"""So long after the last letter the meaning of the words is asked for."""
CALM_MS, NEXT_MS = 4000, 300
"""The engine reads what was kept so long after the studio's start or something new, and then at this pace."""
SELDOM = 8
"""While what was kept is being read, lists that seek look again after so many batches, and at the end."""
FEW, MANY = 6, 32
"""Texts at a time: in the background, and while somebody searches."""
_QUESTIONS = 100
_log = logging.getLogger(__name__)
Vector = NDArray[np.float32]


class Seeker(QObject):
    """Puts questions to the models of what was kept, and has the engine read for the library."""

    def __init__(self, bridge: EngineBridge, desk: Desk, idle: Callable[[], bool]) -> None:
        """`idle` tells whether nobody waits for a picture."""
        super().__init__()
        self._bridge = bridge
        self._desk = desk
        self._idle = idle
        self._sought: dict[KeptModel, Query] = {}
        self._known: dict[str, Vector] = {}            # questions that were asked before
        self._asked: dict[int, tuple[str, ...]] = {}   # requests about questions
        self._taught: dict[int, tuple[str, ...]] = {}  # requests about what was kept
        self._likened: dict[str, Callable[[], None]] = {}      # what to do once a text is read
        self._encoder = ""
        self._batches = 0
        self._mute = False                 # there is no encoder: words must do
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._read)
        bridge.embedded.connect(self._embedded)
        bridge.failed.connect(self._failed)
        bridge.died.connect(lambda _sentence, _restarting: self._lose())
        desk.opened.connect(lambda _: self._learn_encoder())
        desk.altered.connect(lambda: self._calm.start(CALM_MS))

    def seek(self, model: KeptModel, query: Query) -> None:
        """Have `model` show what answers `query`: by its words now, by their meaning in a moment."""
        words = " ".join(query.words.split())
        self._sought[model] = replace(query, words=words)
        self._look(model)
        if words and words not in self._known:
            self._pause.start()

    def similar(self, model: KeptModel, entry: Entry) -> None:
        """Have `model` show what is like `entry`, the likest first."""
        self._sought.pop(model, None)
        text, query = entry.words, Query(order=Order.LIKENESS)

        def show(found: Meaning | None) -> None:
            """Its vector, if the library has it; else the engine reads it first."""
            if found is not None or text in self._known:
                model.look_for(query, found or self._meaning(text))
            elif not self._mute:
                self._asked[self._bridge.embed((text,))] = (text,)
                self._likened[text] = lambda: model.look_for(query, self._meaning(text))

        self._desk.ask(lambda library: library.meaning(entry.id, self._encoder), show)

    @property
    def means(self) -> bool:
        """Whether there is an encoder, so that likeness can be told."""
        return bool(self._encoder) and not self._mute

    def close(self) -> None:
        """The window closes: nothing is asked for any more."""
        self._pause.stop()
        self._calm.stop()
        self._mute = True

    def _learn_encoder(self) -> None:
        from engine.library.encoder import search_encoder

        def known(digest: str) -> None:
            """Now what was kept can be read."""
            self._encoder = digest
            self._calm.start(CALM_MS)

        def none(problem: Problem) -> None:
            """There is no encoder."""
            self._mute = True
            _log.info("searching goes by words: %s", problem.what)

        self._desk.ask(lambda _: search_encoder(), known, failed=none)

    def _meaning(self, words: str) -> Meaning | None:
        vector = self._known.get(words) if words else None
        return Meaning(vector, self._encoder) if vector is not None and self._encoder else None

    def _look(self, model: KeptModel) -> None:
        query = self._sought[model]
        model.look_for(query, self._meaning(query.words))

    def _ask(self) -> None:
        """The questions that stand open, at once: somebody waits."""
        missing = tuple({query.words for query in self._sought.values()} - set(self._known) - {""})
        if missing and not self._mute and not self._asked:
            self._asked[self._bridge.embed(missing)] = missing

    def _read(self) -> None:
        """The next texts that the library has no vectors of, unless somebody else needs the engine."""
        seeking = any(query.words for query in self._sought.values())
        if self._mute or self._taught or not self._encoder:
            return
        if not seeking and not self._idle():
            self._calm.start()
            return
        encoder, count = self._encoder, MANY if seeking else FEW
        self._desk.ask(lambda library: library.unread(encoder, count), self._have_read)

    def _have_read(self, texts: tuple[str, ...]) -> None:
        if texts and not self._mute and not self._taught:
            self._taught[self._bridge.embed(texts)] = texts

    def _embedded(self, request: int, vectors: Vector) -> None:
        asked, taught = self._asked.pop(request, None), self._taught.pop(request, None)
        if asked is not None:
            self._known.update(zip(asked, vectors, strict=True))
            while len(self._known) > _QUESTIONS:
                self._known.pop(next(iter(self._known)))
            for text in asked:
                self._likened.pop(text, _nothing)()
            self._answer(set(asked))
            self._ask()                    # there may be another question by now
        elif taught is not None:
            encoder = self._encoder
            self._desk.ask(lambda library: library.learn(taught, vectors, encoder))
            self._batches += 1
            if len(taught) < MANY or self._batches % SELDOM == 0:
                self._answer(None)         # not at each: the list would jump under the mouse
            self._calm.start(NEXT_MS)

    def _answer(self, words: set[str] | None) -> None:
        """Models that seek one of these words (None: any) look again."""
        for model, query in self._sought.items():
            if query.words and (words is None or query.words in words):
                self._look(model)
        if words is not None:
            self._calm.start(NEXT_MS)

    def _failed(self, request: int, problem: Problem) -> None:
        asked, taught = self._asked.pop(request, None), self._taught.pop(request, None)
        if asked is not None or taught is not None:
            self._mute = True
            _log.info("searching goes by words: %s", problem.what)

    def _lose(self) -> None:
        """The engine died: what it was asked will not be answered."""
        self._asked.clear()
        self._taught.clear()
        self._calm.start(CALM_MS)


def _nothing() -> None:
    """Nobody waits for it."""
