"""Two ONNX Runtimes in one environment are found by their distributions, because nothing else tells."""

import sys

import pytest

from engine.cli.runtimes import clash, runtimes


def test_this_environment_has_exactly_one():
    assert len(runtimes()) == 1
    assert clash() == []


def test_two_are_told_with_the_way_out():
    (sentence,) = clash(["onnxruntime-gpu 1.30.0", "onnxruntime 1.31.1"])
    assert "onnxruntime 1.31.1, onnxruntime-gpu 1.30.0" in sentence
    assert "pip uninstall -y onnxruntime onnxruntime-gpu" in sentence


def test_none_is_told_with_the_way_to_one():
    (sentence,) = clash([])
    assert "No ONNX Runtime" in sentence
    assert "[cpu]" in sentence


def test_a_frozen_program_brings_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert clash([]) == []
