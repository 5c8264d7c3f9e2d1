"""Steps, shares of the whole, cancelling, time left."""

from __future__ import annotations

import pytest

from engine.api import Progress
from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.progress import NO_PROGRESS, Pace, ProgressSink


def test_steps_are_told_as_they_are():
    heard: list[Progress] = []
    ProgressSink(heard.append).stepped(Progress(2, 5, "decode"))
    assert heard == [Progress(2, 5, "decode")]


def test_a_part_reports_its_share_of_the_whole():
    heard: list[Progress] = []
    half = ProgressSink(heard.append).part(0.5, 1.0)
    half.part(0.0, 0.5).stepped(Progress(1, 2, "x"))
    assert heard == [Progress(625, 1000, "x")]


def test_telling_a_step_is_where_a_cancel_is_noticed():
    token = CancelToken()
    sink = ProgressSink(None, token).part(0.0, 0.1)
    sink.stepped(Progress(1, 2))
    token.cancel()
    with pytest.raises(Cancelled):
        sink.stepped(Progress(2, 2))
    with pytest.raises(Cancelled):
        sink.check()


def test_the_sink_for_nobody_takes_everything():
    NO_PROGRESS.stepped(Progress(1, 1))
    NO_PROGRESS.check()


def test_time_left_is_the_median_of_recent_rows():
    now = [0.0]
    pace = Pace(10, window=3, clock=lambda: now[0])
    assert pace.seconds_left() is None
    for seconds in (1.0, 1.0, 50.0, 2.0):
        now[0] += seconds
        pace.row_done()
    assert pace.seconds_left() == 2.0 * 6
    assert pace.progress(skipped=5, label="rows") == Progress(9, 15, "rows", 12.0)


def test_no_time_is_left_after_the_last_row():
    pace = Pace(1)
    pace.row_done()
    pace.row_done()
    assert pace.seconds_left() == 0.0


def test_before_the_first_row_its_steps_tell_the_time_of_all():
    now = [0.0]
    pace = Pace(3, clock=lambda: now[0])
    now[0] = 10.0
    pace.stepped(30.0)
    assert pace.seconds_left() == 30.0 + 2 * 40.0
    now[0] = 40.0
    pace.row_done()
    assert pace.seconds_left() == 80.0
    now[0] = 50.0
    pace.stepped(25.0)
    assert pace.seconds_left() == 25.0 + 40.0


def test_what_was_expected_of_a_row_counts_until_one_is_done():
    now = [0.0]
    pace = Pace(4, clock=lambda: now[0])
    pace.expect(60.0)
    assert pace.seconds_left() == 240.0
    pace.stepped(None)
    assert pace.seconds_left() == 240.0
    now[0] = 20.0
    pace.row_done()
    assert pace.seconds_left() == 60.0
