"""Cancelling wakes whoever is attached, once, whichever comes first."""

from __future__ import annotations

import pytest

from engine.cancel import CancelToken
from engine.errors import Cancelled


def test_check_raises_only_after_cancel():
    token = CancelToken()
    token.check()
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()


def test_callbacks_run_once_and_only_while_attached():
    token, calls = CancelToken(), []
    with token.attached(lambda: calls.append("early")):
        pass
    with token.attached(lambda: calls.append("now")):
        token.cancel()
        token.cancel()
    assert calls == ["now"]


def test_attaching_to_a_cancelled_token_calls_at_once():
    token, calls = CancelToken(), []
    token.cancel()
    with token.attached(lambda: calls.append(1)):
        assert calls == [1]
