"""Graphs that feed themselves: what is remembered, kept, forgotten, and stopped while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.packages.manifest import load_manifest
from engine.runtime.binding import StatefulSession
from engine.runtime.providers import Options, Runtime
from tests.fakes.words import LETTERS, table, tiny_words


def opened(folder: Path, **options: object) -> StatefulSession:
    manifest = load_manifest(tiny_words(folder, recall=1.0, **options))  # type: ignore[arg-type]
    graph, text = manifest.graphs["step"], manifest.text
    assert text is not None
    return Runtime(Options("cpu", threads=1)).stateful(folder / graph.file, graph, lead="tokens", state=text.state)


@pytest.fixture(params=[True, False], ids=["cache", "state"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StatefulSession]:
    made = opened(tmp_path / "p", transformer=request.param)
    yield made
    made.close()


def read(session: StatefulSession, rows: list[str]) -> np.ndarray:
    ids = np.array([[LETTERS.index(letter) for letter in row] for row in rows])
    return session.step({"tokens": ids})["logits"][:, -1]


def alone(session: StatefulSession, text: str) -> np.ndarray:
    session.reset()
    return read(session, [text])[0]


def test_pieces_give_what_the_whole_gives(session: StatefulSession):
    whole = alone(session, "abcdef")
    session.reset()
    read(session, ["ab"])
    read(session, ["cde"])
    assert np.allclose(read(session, ["f"])[0], whole, atol=1e-4)
    session.reset()
    assert not np.allclose(read(session, ["f"])[0], whole, atol=1e-2), "it had forgotten"


def test_rows_are_kept_repeated_and_left_out(session: StatefulSession):
    wanted = {text: alone(session, text) for text in ("abx", "cdx", "efx")}
    session.reset(batch=3)
    read(session, ["ab", "cd", "ef"])
    session.keep([2, 0, 2, 1])
    found = read(session, ["x"] * 4)
    for row, text in zip(found, ("efx", "abx", "efx", "cdx"), strict=True):
        assert np.allclose(row, wanted[text], atol=1e-4)


def test_what_is_remembered_is_no_answer(session: StatefulSession):
    assert set(session.step({"tokens": np.array([[1]])})) == {"logits"}


def test_a_cancelled_token_stops_before_the_run(session: StatefulSession):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        session.step({"tokens": np.array([[1]])}, token)
    assert read(session, ["a"]).shape == (1, len(LETTERS))


def test_a_long_run_is_stopped_within(tmp_path: Path):
    session = opened(tmp_path / "p", transformer=True, delayed=2**62)
    token = CancelToken()
    timer = threading.Timer(0.2, token.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        session.step({"tokens": np.array([[1]])}, token)
    timer.join()


def test_numbers_that_are_none_are_told(tmp_path: Path):
    following = table()
    following[3] = np.nan
    session = opened(tmp_path / "p", following=following)
    with pytest.raises(ModelError, match="invalid numbers"):
        session.step({"tokens": np.array([[3]])})
    with pytest.raises(ModelError):
        session.step({"tokens": np.array([[len(LETTERS)]])})
