"""The client against a real child with scripted hands: what goes before what, and what is made once."""

from __future__ import annotations

import time
from pathlib import Path

from engine.messages import Frame, Stepped, Written
from tests.fakes.listener import recipe, running


def test_the_latest_preview_wins_and_the_overtaken_are_silent():
    with running() as (client, heard):
        slow = client.render(recipe(do="slow", seconds=0.3))
        heard.wait(Stepped, lambda event: event.request == slow)
        stamps = [client.preview(recipe(seed=seed)) for seed in range(20)]
        heard.answer(stamps[-1])
        shown = [event.request for event in heard.of(Frame) if event.preview]
        assert shown == stamps[-1:]


def test_equal_previews_are_made_once_and_answered_each_time():
    with running() as (client, heard):
        first = heard.answer(client.preview(recipe(seed=3)))
        second = heard.answer(client.preview(recipe(seed=3)))
        assert second.request > first.request
        assert second.asset is first.asset
        heard.answer(client.preview(recipe(seed=4)))
        third = heard.answer(client.preview(recipe(seed=3)))
        assert third.asset is not first.asset


def test_an_equal_preview_that_is_still_open_is_the_same_request():
    with running() as (client, heard):
        slow = client.render(recipe(do="slow", seconds=0.2))
        heard.wait(Stepped, lambda event: event.request == slow)
        assert client.preview(recipe(seed=5)) == client.preview(recipe(seed=5))


def test_a_preview_goes_between_the_rows_of_a_batch(tmp_path: Path):
    with running() as (client, heard):
        rows = [client.write(recipe(do="slow", seconds=0.1, seed=n), str(tmp_path / f"{n}.png")) for n in range(6)]
        heard.answer(rows[0])
        stamp = client.preview(recipe(seed=99))
        heard.answer(stamp)
        written = {event.request for event in heard.of(Written)}
        assert rows[-1] not in written
        heard.answer(rows[-1])


def test_inference_goes_on_while_a_file_is_being_written(tmp_path: Path):
    with running() as (client, heard):
        client.write(recipe(write_seconds=0.5), str(tmp_path / "a.png"))
        began = time.monotonic()
        heard.answer(client.render(recipe(seed=2)))
        assert time.monotonic() - began < 0.4
        assert not heard.of(Written)
