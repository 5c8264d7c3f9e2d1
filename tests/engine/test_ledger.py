"""What is asked again after a death, and who is set aside."""

from __future__ import annotations

import pytest

from engine.api import Asset, PackageInfo, Problem, Recipe
from engine.ledger import Ledger, fits, recipe_words, subject
from engine.messages import (
    Devices,
    Encode,
    Encoded,
    Failed,
    Frame,
    Open,
    Opened,
    Preview,
    Render,
    Request,
    Write,
    Written,
)
from engine.outcome import Outcome, Reason

RECIPES = [Recipe("glyphs", "d", {"seed": seed}) for seed in range(10)]
PROBLEM = Problem("engine", "Down.")


def asked(ledger: Ledger, *messages: Request) -> None:
    for message in messages:
        ledger.add(message.request, message)  # type: ignore[union-attr]


def died(request: int | None, reason: Reason = Reason.ENDED, phase: str = "run") -> Outcome:
    return Outcome(reason, -11, phase, request, "“glyphs”, seed 1", 2.0)


@pytest.fixture
def ledger() -> Ledger:
    result = Ledger()
    for _ in range(20):
        result.number()
    return result


def test_after_a_death_packages_come_first_and_of_the_previews_only_the_newest(ledger: Ledger):
    ledger.opened("/a")
    ledger.opened("/b")
    asked(ledger, Preview(1, RECIPES[1]), Render(2, RECIPES[2]), Preview(3, RECIPES[3]), Write(4, RECIPES[4], "/x.png"))
    messages = ledger.to_ask()
    assert [type(message).__name__ for message in messages] == ["Open", "Open", "Render", "Preview", "Write"]
    assert [message.folder for message in messages[:2]] == ["/a", "/b"]
    assert messages[3] == Preview(3, RECIPES[3])
    assert ledger.reopening
    assert all(ledger.reopened(message.request, well=True) for message in messages[:2])
    assert not ledger.reopening


def test_files_asked_again_after_a_death_may_be_there_already(ledger: Ledger):
    asked(ledger, Write(1, RECIPES[1], "/x.png"))
    assert ledger.to_ask() == [Write(1, RECIPES[1], "/x.png")]
    ledger.blame(died(None, phase="idle"))
    assert ledger.to_ask() == [Write(1, RECIPES[1], "/x.png", retried=True)]


def test_a_package_that_is_being_opened_is_not_opened_twice(ledger: Ledger):
    ledger.opened("/a")
    asked(ledger, Open(1, "/a"))
    assert ledger.to_ask() == [Open(1, "/a")]


def test_a_package_that_cannot_be_reopened_is_forgotten(ledger: Ledger):
    ledger.opened("/a")
    (message,) = ledger.to_ask()
    assert ledger.reopened(message.request, well=False)
    assert ledger.to_ask() == []


def test_the_first_death_is_forgiven_and_the_second_is_not(ledger: Ledger):
    asked(ledger, Render(1, RECIPES[1]), Render(2, RECIPES[2]))
    assert ledger.blame(died(1)) is None
    assert ledger.numbers() == (1, 2)
    failed = ledger.blame(died(1))
    assert failed is not None
    assert failed.request == 1
    assert failed.problem.code == "set_aside"
    assert "“glyphs”, seed 1" in failed.problem.what
    assert "SIGSEGV" in failed.problem.what
    assert ledger.numbers() == (2,)


def test_a_recipe_that_was_set_aside_is_refused_until_forgiven(ledger: Ledger):
    asked(ledger, Render(1, RECIPES[1]))
    ledger.blame(died(1))
    asked(ledger, Preview(2, RECIPES[1]))
    ledger.blame(died(2))
    refusal = ledger.refusal(Write(3, RECIPES[1], "/x.png"))
    assert refusal is not None
    assert refusal.code == "set_aside"
    assert ledger.refusal(Render(4, RECIPES[2])) is None
    ledger.forgive()
    assert ledger.refusal(Render(5, RECIPES[1])) is None


@pytest.mark.parametrize(("reason", "phase", "code"), [
    (Reason.LOAD, "load", "deadline"), (Reason.RUN, "run", "deadline"), (Reason.CANCEL, "run", "cancelled")])
def test_what_we_ended_ourselves_is_not_tried_again(ledger: Ledger, reason: Reason, phase: str, code: str):
    asked(ledger, Render(1, RECIPES[1]))
    failed = ledger.blame(died(1, reason, phase))
    assert failed is not None
    assert failed.problem.code == code


def test_a_disk_that_hangs_is_no_fault_of_the_recipe(ledger: Ledger):
    asked(ledger, Write(1, RECIPES[1], "/x.png"))
    failed = ledger.blame(died(1, Reason.WRITE, "write"))
    assert failed is not None
    assert failed.problem.code == "file"
    assert "disk" in failed.problem.remedy


@pytest.mark.parametrize("outcome", [died(None, phase="idle"), died(1, phase="write"), died(7)])
def test_nobody_is_blamed_who_was_not_at_work(ledger: Ledger, outcome: Outcome):
    asked(ledger, Render(1, RECIPES[1]))
    assert [ledger.blame(outcome) for _ in range(3)] == [None, None, None]


def test_a_package_that_kills_twice_is_set_aside_and_may_be_tried_anew(ledger: Ledger):
    asked(ledger, Open(1, "/a"))
    assert ledger.blame(died(1, phase="load")) is None
    failed = ledger.blame(died(1, phase="load"))
    assert failed is not None
    assert "package “a”" in failed.problem.what
    assert ledger.refusal(Open(2, "/a")) is None


def test_a_package_that_kills_at_every_reopening_is_let_go_when_the_keeper_gives_up(ledger: Ledger):
    ledger.opened("/a")
    for _ in range(2):
        (message,) = ledger.to_ask()
        assert ledger.blame(died(message.request, phase="load")) is None
    assert len(ledger.to_ask()) == 1
    ledger.fail_all(PROBLEM)
    assert ledger.to_ask() == []


def test_a_package_that_reopens_in_the_end_is_forgiven(ledger: Ledger):
    ledger.opened("/a")
    for _ in range(2):
        (message,) = ledger.to_ask()
        ledger.blame(died(message.request, phase="load"))
    (message,) = ledger.to_ask()
    ledger.reopened(message.request, well=True)
    ledger.fail_all(PROBLEM)
    assert len(ledger.to_ask()) == 1


def test_a_package_that_hangs_at_reopening_is_let_go_at_once(ledger: Ledger):
    ledger.opened("/a")
    (message,) = ledger.to_ask()
    assert ledger.blame(died(message.request, Reason.LOAD, "load")) is None
    assert ledger.to_ask() == []


def test_an_answered_preview_closes_the_older_ones(ledger: Ledger):
    asked(ledger, Preview(1, RECIPES[1]), Preview(2, RECIPES[2]), Preview(3, RECIPES[3]), Render(4, RECIPES[4]))
    assert ledger.answered(2) == Preview(2, RECIPES[2])
    assert ledger.numbers() == (3, 4)
    assert ledger.answered(1) is None


def test_only_the_newest_open_preview_counts_as_the_same(ledger: Ledger):
    asked(ledger, Preview(1, RECIPES[1]), Preview(2, RECIPES[2]))
    assert ledger.same_preview(Preview(9, RECIPES[2])) == 2
    assert ledger.same_preview(Preview(9, RECIPES[1])) is None
    assert ledger.same_preview(Preview(9, Recipe("glyphs", "d", {"seed": 2.0}))) is None  # another file, byte for byte


def test_when_all_fails_all_are_closed(ledger: Ledger):
    asked(ledger, Render(1, RECIPES[1]), Devices(2))
    assert ledger.fail_all(PROBLEM) == [Failed(1, PROBLEM), Failed(2, PROBLEM)]
    assert ledger.numbers() == ()


def test_answers_must_fit():
    info = PackageInfo("a", "a", "1", "f", "d", "", "", "", "/a", ())
    frame = Frame(1, Asset(RECIPES[0], None), preview=True)  # type: ignore[arg-type]
    assert fits(Preview(1, RECIPES[0]), frame)
    assert not fits(Render(1, RECIPES[0]), frame)
    assert not fits(Render(1, RECIPES[0]), Opened(1, info))
    assert not fits(Write(1, RECIPES[0], "/a.png"), Written(1, "/etc/passwd", 1, ""))
    assert fits(Open(1, "/a"), Failed(1, PROBLEM))


def test_a_draft_answers_only_who_asked_for_one():
    draft = Frame(1, Asset(RECIPES[0], None, draft=True), preview=True)  # type: ignore[arg-type]
    assert fits(Preview(1, RECIPES[0], draft=True), draft)
    assert not fits(Preview(1, RECIPES[0]), draft)
    assert not fits(Render(1, RECIPES[0]), Frame(1, draft.asset, preview=False))
    assert fits(Render(1, RECIPES[0], draft=True), Frame(1, draft.asset, preview=False))
    final = Frame(1, Asset(RECIPES[0], None), preview=True)  # type: ignore[arg-type]
    assert fits(Preview(1, RECIPES[0], draft=True), final)


def test_a_point_answers_a_picture():
    found = Encoded(1, {"point": ""}, None, None, {})  # type: ignore[arg-type]
    assert fits(Encode(1, RECIPES[0], "/a.png"), found)
    assert not fits(Render(1, RECIPES[0]), found)
    assert not fits(Encode(1, RECIPES[0], "/a.png"), Frame(1, Asset(RECIPES[0], None), preview=False))  # type: ignore[arg-type]


def test_an_open_preview_of_the_same_picture_will_do_for_a_draft_but_not_the_other_way_round(ledger: Ledger):
    asked(ledger, Preview(1, RECIPES[1], draft=True))
    assert ledger.same_preview(Preview(9, RECIPES[1], draft=True)) == 1
    assert ledger.same_preview(Preview(9, RECIPES[1])) is None
    asked(ledger, Preview(2, RECIPES[1]))
    assert ledger.same_preview(Preview(9, RECIPES[1], draft=True)) == 2


def test_a_picture_that_ends_the_engine_twice_is_set_aside_and_others_are_not(ledger: Ledger):
    bad = Encode(1, RECIPES[0], "/home/ada/bad.png")
    for number in (1, 2):
        asked(ledger, Encode(number, RECIPES[0], bad.path))
        verdict = ledger.blame(Outcome(Reason.ENDED, -11, "run", number))
    assert verdict is not None
    assert verdict.problem.what.startswith("The picture “bad.png” was set aside")
    assert "another program" in verdict.problem.remedy
    assert ledger.refusal(Encode(3, RECIPES[0], bad.path)) is not None
    assert ledger.refusal(Encode(3, RECIPES[0], "/home/ada/good.png")) is None
    assert ledger.refusal(Render(3, RECIPES[0])) is None


def test_words():
    assert subject(Open(1, "/models/abc")) == "the package “abc”"
    assert subject(Devices(1)) == ""
    assert subject(Encode(1, RECIPES[0], "/home/ada/cat.jpg")) == "the picture “cat.jpg”"
    assert recipe_words(Recipe("a", "b", {})) == "“a”"
