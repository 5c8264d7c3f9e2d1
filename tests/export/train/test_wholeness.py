"""A broken letter must be seen by the counter that judges random styles."""

from __future__ import annotations

import numpy as np
import pytest

from export.train.glyphs.geometry import CHARACTERS, SIZE

pytestmark = pytest.mark.torch  # OpenCV comes with the same extra as torch


def ring():
    """A letter o."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    return np.clip((6 - np.abs(np.hypot(rows - 64, columns - 64) - 22)) / 10, -1, 1).astype(np.float32)


def alphabet(field):
    return np.repeat(field[None], len(CHARACTERS), 0)


def judged(field, character):
    from export.train.glyphs.wholeness import faults

    return character in faults(alphabet(field))


def test_a_whole_ring_is_a_sound_o():
    assert not judged(ring(), "o")


def test_a_ring_that_opens_has_lost_its_counter():
    field = ring()
    field[40:90, 64:] = -1.0
    assert judged(field, "o")
    assert not judged(field, "c")


def test_a_ring_cut_in_two_is_in_pieces():
    field = ring()
    field[:, 58:70] = -1.0
    assert judged(field, "c")


def test_nothing_at_all_is_a_fault_for_every_character():
    from export.train.glyphs.wholeness import faults

    assert len(faults(alphabet(np.full((SIZE, SIZE), -1.0, np.float32)))) == len(CHARACTERS)
