"""Resampling matrices: exact where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.glyphs.resample import PHASES, Axis, Span

scales = st.floats(0.05, 12)


def one(axis: Axis, offset: float, begin: int, end: int, room: int) -> Span:
    (span,) = axis.spans([offset], [begin], [end], room)
    return span


@given(scales, st.floats(-40, 200), st.integers(0, 20), st.integers(1, 12), st.integers(1, 3))
def test_rows_sum_to_one_and_spans_stay_inside(scale: float, offset: float, begin: int, length: int, factor: int):
    axis = Axis(32, scale, factor)
    span = one(axis, offset, begin, begin + length, 120)
    if span.first >= span.last:
        return
    assert 0 <= span.first < span.last <= 120
    assert 0 <= span.low < span.high <= 32
    matrix = axis.matrix(span)
    assert matrix.shape == ((span.last - span.first) * factor, span.high - span.low)
    assert matrix.sum(axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.5])
@pytest.mark.parametrize("offset", [0.0, 3.25, -2.5])
def test_a_straight_slope_stays_exactly_straight(scale: float, offset: float):
    axis = Axis(64, scale, 1)
    span = one(axis, offset, 8, 56, 1000)
    values = axis.matrix(span) @ np.arange(64, dtype=np.float32)[span.low:span.high]
    wanted = (np.arange(span.first, span.last) + 0.5 - offset) / scale - 0.5
    inside = (wanted > 2) & (wanted < 61)
    assert values[inside] == pytest.approx(wanted[inside], abs=1e-4)


def test_a_table_and_a_single_matrix_agree(monkeypatch: pytest.MonkeyPatch):
    kept = Axis(32, 1.7, 1)
    monkeypatch.setattr("engine.glyphs.resample._KEPT_WEIGHTS", 0)
    single = Axis(32, 1.7, 1)
    span = one(kept, 5.3, 4, 28, 100)
    assert span == one(single, 5.3, 4, 28, 100)
    assert np.array_equal(kept.matrix(span), single.matrix(span))


def test_pieces_join_to_the_whole():
    axis = Axis(32, 9.0, 1)
    span = one(axis, -3.0, 2, 30, 400)
    field = np.random.default_rng(1).normal(size=32).astype(np.float32)
    whole = axis.matrix(span) @ field[span.low:span.high]
    parts = []
    for piece, first, last in axis.pieces(span, 50):
        assert (piece.first, piece.last) == (max(first - 1, span.first), min(last + 1, span.last))
        values = axis.matrix(piece) @ field[piece.low:piece.high]
        parts.append(values[first - piece.first:last - piece.first])
    assert len(parts) > 3
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-6)


def test_positions_are_kept_to_a_sixteenth_of_a_pixel():
    axis = Axis(32, 2.0, 1)
    for offset in np.linspace(0, 2, 41):
        span = one(axis, float(offset), 4, 28, 100)
        assert abs(span.edge + span.phase / PHASES - offset) <= 1 / 16 + 1e-9
