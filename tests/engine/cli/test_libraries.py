"""Qt's system libraries are asked of the loader."""

import sys

import pytest

from engine.cli.libraries import missing


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt brings everything")
def test_only_what_the_loader_does_not_find_is_missing():
    assert missing({"libc.so.6": "libc6", "libno-such-thing.so.9": "libno"}) == {"libno-such-thing.so.9": "libno"}


def test_other_systems_miss_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert missing({"libno-such-thing.so.9": "libno"}) == {}
