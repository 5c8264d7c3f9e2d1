"""A child's end as a sentence."""

from __future__ import annotations

import signal

import pytest

from engine.outcome import Outcome, Reason


@pytest.mark.parametrize(("outcome", "sentence"), [
    (Outcome(Reason.ENDED, -signal.SIGSEGV, "run", 1, "“glyphs”, seed 7"),
     "The engine was stopped by SIGSEGV (a memory fault) while it was rendering “glyphs”, seed 7."),
    (Outcome(Reason.ENDED, -signal.SIGKILL, "idle"),
     "The engine was stopped by SIGKILL (from outside; often the system, because memory ran out)."),
    (Outcome(Reason.ENDED, 1, "start", stderr=("Traceback", '  File "x.py", line 3', "ImportError: no numpy.")),
     "The engine ended with exit code 1 while it was starting. It last said: Traceback / ImportError: no numpy."),
    (Outcome(Reason.ENDED, 0xC0000005, "load", 1, "the package “a”"),
     "The engine was stopped by an access violation while it was opening the package “a”."),
    (Outcome(Reason.LOAD, -9, "load", 1, "the package “a”", 20.0),
     "Opening took longer than 20 s, so the engine was ended while it was opening the package “a”."),
    (Outcome(Reason.SILENT, -9, "run", seconds=5.0),
     "The engine gave no sign of life for 5 s and was ended while it was rendering."),
    (Outcome(Reason.GARBAGE, -9, "idle", stderr=("x",)), "The engine sent something unreadable and was ended."),
    (Outcome(Reason.ENDED, None), "The engine ended with exit code None while it was starting."),
])
def test_sentences(outcome: Outcome, sentence: str):
    assert outcome.sentence() == sentence


def test_unknown_signals_have_a_number():
    assert Outcome(Reason.ENDED, -99).signal_name() == "signal 99"
    assert Outcome(Reason.ENDED, 0).signal_name() == ""


def test_every_reason_has_a_sentence():
    assert all("{" not in Outcome(reason, -9).sentence() for reason in Reason)
