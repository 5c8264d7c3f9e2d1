"""Ctrl-C: polite first, at once the second time, and the old handlers come back."""

import os
import signal

import pytest

from engine.cli.console import Console
from engine.cli.interrupt import on_interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_asks_and_the_second_interrupts(number: signal.Signals, capsys: pytest.CaptureFixture[str]):
    calls: list[str] = []
    before = signal.getsignal(number)
    with on_interrupt(lambda: calls.append("cancel"), Console()) as asked:
        assert not asked.is_set()
        os.kill(os.getpid(), number)
        assert asked.wait(5)
        assert calls == ["cancel"]
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert calls == ["cancel"]
    assert signal.getsignal(number) is before
    assert "cancelling" in capsys.readouterr().err
