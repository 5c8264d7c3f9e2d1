"""Telling events: in order, one at a time, also from within a handler."""

from __future__ import annotations

import threading

import pytest

from engine.api import Problem
from engine.herald import Herald
from engine.messages import Event, Failed

EVENTS = [Failed(number, Problem("x", "y")) for number in range(50)]


def test_events_are_told_in_order_to_everybody_who_listens():
    herald, first, second = Herald(), list[Event](), list[Event]()
    leave = herald.subscribe(first.append)
    herald.subscribe(second.append)
    herald.later(*EVENTS[:2])
    assert herald.waiting
    herald.flush()
    leave()
    leave()
    herald.tell(EVENTS[2])
    assert first == EVENTS[:2]
    assert second == EVENTS[:3]
    assert not herald.waiting


def test_two_threads_never_speak_at_once():
    herald, told = Herald(), list[Event]()
    inside = threading.Lock()

    def listen(event: Event) -> None:
        assert inside.acquire(blocking=False)
        told.append(event)
        inside.release()
    herald.subscribe(listen)
    herald.later(*EVENTS)
    threads = [threading.Thread(target=herald.flush) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == EVENTS


def test_a_handler_may_make_more_news():
    herald, told = Herald(), list[Event]()

    def listen(event: Event) -> None:
        told.append(event)
        assert herald.busy
        if len(told) < 3:
            herald.later(EVENTS[len(told)])
            herald.flush()
    herald.subscribe(listen)
    herald.tell(EVENTS[0])
    assert told == EVENTS[:3]


def test_a_handler_that_raises_does_not_keep_the_word():
    herald = Herald()
    herald.subscribe(lambda _: 1 // 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        herald.tell(EVENTS[0])
    assert not herald.busy
