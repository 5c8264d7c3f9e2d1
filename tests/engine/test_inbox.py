"""The order of work: packages, the newest preview, then jobs as they came."""

from __future__ import annotations

import threading

from engine.api import Recipe
from engine.inbox import Inbox, Work
from engine.messages import Consider, Devices, Embed, Encode, Look, Open, Preview, Render

RECIPE = Recipe("a", "b", {})


def taken(inbox: Inbox) -> Work:
    item = inbox.take()
    assert item is not None
    return item[0]


def test_packages_first_then_the_newest_preview_then_jobs_in_order():
    inbox = Inbox()
    work = [Render(1, RECIPE), Preview(2, RECIPE), Devices(3), Preview(4, RECIPE), Open(5, "x"), Preview(6, RECIPE)]
    for item in work:
        inbox.put(item)
    assert [taken(inbox).request for _ in range(4)] == [5, 6, 1, 3]


def test_pictures_to_look_at_take_their_turn():
    inbox = Inbox()
    for item in (Render(1, RECIPE), Encode(2, RECIPE, "a.png"), Preview(3, RECIPE, draft=True), Render(4, RECIPE)):
        inbox.put(item)
    assert [taken(inbox).request for _ in range(4)] == [3, 1, 2, 4]
    inbox.put(Encode(5, RECIPE, "b.png"))
    assert inbox.cancel(5) == [5]


def test_short_questions_go_before_jobs_and_only_the_newest_plan_counts():
    inbox = Inbox()
    for item in (Render(1, RECIPE), Embed(2, ("a",)), Consider(3, RECIPE), Consider(4, RECIPE), Preview(5, RECIPE),
                 Look(6, "b.png", 80)):
        inbox.put(item)
    assert [taken(inbox).request for _ in range(2)] == [5, 4]
    between = inbox.question()
    assert between == Embed(2, ("a",))
    assert [taken(inbox).request for _ in range(2)] == [6, 1]
    assert inbox.question() is None
    inbox.put(Consider(7, RECIPE))
    inbox.put(Embed(8, ("c",)))
    assert inbox.cancel(None) == [7, 8]
    assert inbox.question() is None


def test_between_two_steps_a_plan_stays_behind_a_preview_that_waits():
    inbox = Inbox()
    for item in (Preview(1, RECIPE), Consider(2, RECIPE), Embed(3, ("a",))):
        inbox.put(item)
    assert inbox.question() == Embed(3, ("a",))
    assert inbox.question() is None
    assert [taken(inbox).request for _ in range(2)] == [1, 2]


def test_cancel_takes_out_what_waits_and_stops_what_runs():
    inbox = Inbox()
    for number in (1, 2, 3):
        inbox.put(Render(number, RECIPE))
    first = inbox.take()
    assert first is not None
    assert inbox.cancel(2) == [2]
    assert not first[1].cancelled
    assert inbox.cancel(1) == []
    assert first[1].cancelled
    assert taken(inbox).request == 3


def test_cancel_all_takes_everything():
    inbox = Inbox()
    for item in (Open(1, "x"), Preview(2, RECIPE), Render(3, RECIPE)):
        inbox.put(item)
    assert inbox.cancel(None) == [1, 2, 3]
    inbox.put(Render(4, RECIPE))
    assert taken(inbox).request == 4


def test_a_cancel_for_a_finished_request_stops_nobody():
    inbox = Inbox()
    inbox.put(Render(1, RECIPE))
    inbox.take()
    inbox.put(Render(2, RECIPE))
    second = inbox.take()
    assert second is not None
    inbox.cancel(1)
    assert not second[1].cancelled


def test_closing_wakes_the_taker_and_stops_what_runs():
    inbox = Inbox()
    inbox.put(Render(1, RECIPE))
    running = inbox.take()
    assert running is not None
    results: list[object] = []
    taker = threading.Thread(target=lambda: results.append(inbox.take()))
    taker.start()
    inbox.put(Preview(2, RECIPE))
    taker.join(5)
    taker = threading.Thread(target=lambda: results.append(inbox.take()))
    taker.start()
    inbox.close()
    taker.join(5)
    assert not taker.is_alive()
    assert results[-1] is None
