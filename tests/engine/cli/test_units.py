"""Sizes and times in words."""

import pytest

from engine.cli.units import duration, size


@pytest.mark.parametrize(("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1200, "1.2 kB"),
                                              (3_456_000, "3.46 MB"), (5 * 10**13, "50 TB")])
def test_sizes(count: int, words: str):
    assert size(count) == words


@pytest.mark.parametrize(("seconds", "words"), [(0.04, "0.04 s"), (9.94, "9.9 s"), (42.4, "42 s"), (200, "3 min 20 s"),
                                                (7500, "2 h 5 min")])
def test_times(seconds: float, words: str):
    assert duration(seconds) == words
