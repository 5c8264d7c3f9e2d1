"""Named directions: read strictly, applied in sigma."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import PackageError
from engine.latent.directions import load_directions, moved


def test_steps_are_added_along_their_rows():
    point = moved(np.zeros(4, np.float32), np.eye(4, dtype=np.float32), [(0, 1.5), (2, -2.0), (3, 0.0)])
    assert point == pytest.approx([1.5, 0, -2, 0])


def test_a_shared_point_is_not_changed():
    start = np.zeros(4, np.float32)
    start.flags.writeable = False
    assert moved(start, np.eye(4, dtype=np.float32), [(1, 1.0)])[1] == 1


def test_rows_are_read_as_they_are(tmp_path: Path):
    np.save(tmp_path / "d.npy", np.eye(5, dtype=np.float32)[:3])
    assert np.array_equal(load_directions(tmp_path / "d.npy", 5, 2), np.eye(5, dtype=np.float32)[:3])


@pytest.mark.parametrize(("array", "words"), [
    (np.eye(3), "float64"), (np.eye(3, dtype=np.float32)[:1], "or more"), (np.eye(4, dtype=np.float32), "or more, 3"),
    (np.eye(3, dtype=np.float32) * 2, "unit length"), (np.full((3, 3), np.nan, np.float32), "finite"),
    (np.zeros(3, np.float32), "or more"), (np.array([{}], dtype=object), "plain array"),
])
def test_anything_else_is_refused(tmp_path: Path, array: np.ndarray, words: str):
    np.save(tmp_path / "d.npy", array, allow_pickle=True)
    with pytest.raises(PackageError, match=words):
        load_directions(tmp_path / "d.npy", 3, 2)


HUGE = (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 3), }".ljust(127)
        + b"\n")


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"PK\x03\x04", HUGE, b"(lp0\n."])
def test_a_file_that_is_no_array_is_refused(tmp_path: Path, data: bytes):
    (tmp_path / "d.npy").write_bytes(data)
    with pytest.raises(PackageError):
        load_directions(tmp_path / "d.npy", 3, 2)


def test_a_missing_file_is_a_package_problem(tmp_path: Path):
    with pytest.raises(PackageError, match="No such file"):
        load_directions(tmp_path / "d.npy", 3, 2)
