"""Any signal at any moment: every request is answered exactly once, and the newest preview is shown."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from engine.client import EngineOptions
from engine.messages import Answer, Died, Failed, Frame, Ready, Written
from tests.fakes.listener import recipe, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
SIGNALS = (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGTERM, signal.SIGSTOP)
DEATHS = 18
SEED = 7


def test_every_request_is_answered_once_whatever_happens_to_the_engine(tmp_path: Path):
    chance = random.Random(SEED)
    over = threading.Event()
    options = EngineOptions(silence=0.8, max_deaths=1000)
    with running(options) as (client, heard):
        def kill() -> None:
            for death in range(1, DEATHS + 1):
                pid = heard.wait(Ready, count=death).pid
                over.wait(chance.uniform(0.0, 0.2))
                os.kill(pid, chance.choice(SIGNALS))
                heard.wait(Died, count=death)
            over.set()
        killer = threading.Thread(target=kill)
        killer.start()
        asked: list[int] = []
        previews: list[int] = []
        while not over.wait(0.01):
            number = len(asked)
            asked.append(client.write(recipe(seed=number), str(tmp_path / f"{number}.png")) if number % 2
                         else client.render(recipe(seed=number)))
            previews.append(client.preview(recipe(seed=number, size=(64, 64))))
        killer.join()
        answers = [heard.answer(request) for request in asked]
        last = heard.answer(previews[-1])
        counted = Counter(event.request for event in heard.events if isinstance(event, Answer))
    assert len(heard.of(Died)) == DEATHS
    assert {counted[request] for request in asked} == {1}
    assert max(counted[request] for request in previews) == 1
    # Who happens to be at work at two deaths is set aside; nothing else may go wrong.
    assert {answer.problem.code for answer in answers if isinstance(answer, Failed)} <= {"set_aside"}
    assert isinstance(last, Frame)
    stamps = [event.request for event in heard.of(Frame) if event.preview]
    assert stamps == sorted(stamps)
    assert all(Path(answer.path).exists() for answer in answers if isinstance(answer, Written))
