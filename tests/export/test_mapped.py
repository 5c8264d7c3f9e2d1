"""Weights on disk: the right numbers, widened, and no memory of this process's own."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from export.checkpoint.source import TensorRef
from export.mapped import mapped, rest


def ref(name, values, dtype=""):
    return TensorRef(name, dtype or str(values.dtype), values.shape, lambda: values)


def test_numbers_come_back_floats_as_single_precision():
    dice = np.random.default_rng(0)
    values = {"half": dice.standard_normal((3, 5)).astype(np.float16), "single": np.float32([[1], [2]]),
              "whole": np.arange(7), "one": np.float32(4.5), "none": np.zeros((0, 4), np.float32)}
    found = mapped({name: ref(name, np.asarray(value)) for name, value in values.items()})
    for name, value in values.items():
        assert np.array_equal(found[name], value), name
        assert found[name].shape == np.shape(value)
        assert found[name].dtype == (np.int64 if name == "whole" else np.float32)


def test_an_array_may_be_changed_without_harm_to_the_others():
    found = mapped({name: ref(name, np.float32([1, 2])) for name in ("a", "b")})
    found["a"][:] = 9
    assert found["b"].tolist() == [1, 2]
    assert mapped({}) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="reads how memory is counted on Linux")
def test_hundred_megabytes_on_disk_take_none_in_memory():
    """Another process's peak would be counted in this one: the child of a large parent begins large."""
    count = 25 << 20
    before = _own_bytes()
    found = mapped({"large": TensorRef("large", "float32", (count,), lambda: np.ones(count, np.float32))})
    assert float(found["large"][::1000].sum()) > 0
    assert _own_bytes() - before < 20 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="reads how memory is counted on Linux")
def test_weights_at_rest_take_no_memory_and_keep_what_was_written():
    count = 25 << 20
    before = _own_bytes("RssFile")
    found = mapped({"large": TensorRef("large", "float32", (count,), lambda: np.ones(count, np.float32))})["large"]
    found[5] = 7
    assert float(found.sum()) == count + 6
    if _own_bytes("RssFile") - before < 90 << 20:
        pytest.skip("the temporary folder lies in memory itself")
    rest()
    assert _own_bytes("RssFile") - before < 20 << 20
    assert found[4:7].tolist() == [1, 7, 1]


def _own_bytes(kind="RssAnon"):
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(kind))
