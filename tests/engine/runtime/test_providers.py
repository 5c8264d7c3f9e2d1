"""Devices prove themselves; a fallback is announced."""

from __future__ import annotations

import pytest

from engine.api import Device
from engine.errors import ModelError
from engine.runtime import library, providers
from engine.runtime.providers import Options, Runtime, devices


def test_the_processor_always_answers():
    device = Runtime(Options("cpu", threads=1)).device
    assert device == Device("cpu", "CPUExecutionProvider", "CPU, 1 thread", "")


@pytest.mark.parametrize("name", ["cuda", "directml"])
def test_a_provider_that_is_not_there_says_so_and_falls_back(monkeypatch: pytest.MonkeyPatch, name: str,
                                                             capfd: pytest.CaptureFixture[str]):
    monkeypatch.setattr(library.onnxruntime(), "get_available_providers", lambda: ["CPUExecutionProvider"])
    device = Runtime(Options(name, threads=2)).device  # type: ignore[arg-type]
    assert device.requested == name
    assert device.actual == "CPUExecutionProvider"
    assert device.name == "CPU, 2 threads"
    assert "not part of this installation" in device.why
    assert "processor is used instead" in device.why
    assert capfd.readouterr() == ("", "")


def test_a_provider_that_is_listed_but_does_not_start_is_found_out(monkeypatch: pytest.MonkeyPatch,
                                                                   capfd: pytest.CaptureFixture[str]):
    """The CUDA build without a card: listed, silently replaced by the processor."""
    monkeypatch.setattr(library.onnxruntime(), "get_available_providers",
                        lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    monkeypatch.setattr(providers, "_providers", lambda _: ["CPUExecutionProvider"])
    device = Runtime(Options("cuda", threads=1)).device
    assert device.actual == "CPUExecutionProvider"
    assert "CUDA could not be started" in device.why
    automatic = Runtime(Options("auto", threads=1)).device
    assert automatic.requested == "auto"
    assert automatic.actual == "CPUExecutionProvider"
    assert "CUDA could not be started" in automatic.why
    assert capfd.readouterr() == ("", "")


def test_a_provider_that_works_is_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(providers, "_failure", lambda wanted, _: None if "CUDA" in wanted else "no.")
    monkeypatch.setattr(library.onnxruntime(), "get_available_providers", lambda: ["CUDAExecutionProvider"])
    assert Runtime(Options("auto")).device.actual == "CUDAExecutionProvider"


def test_every_provider_is_tried_by_name():
    assert [device.requested for device in devices(Options(threads=1))] == ["cpu", "cuda", "directml"]


def test_one_core_is_left_to_the_interface(monkeypatch: pytest.MonkeyPatch):
    for cores, threads in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr(providers, "cores", lambda cores=cores: cores)
        assert Options().cpu_threads() == threads
    assert Options(threads=5).cpu_threads() == 5


def test_the_session_does_not_spin_and_repeats_itself():
    settings = Runtime(Options("cpu", threads=1)).session_options()
    assert settings.intra_op_num_threads == 1
    assert settings.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert settings.use_deterministic_compute


def test_two_runtimes_in_one_environment_are_refused(monkeypatch: pytest.MonkeyPatch):
    library.onnxruntime.cache_clear()
    monkeypatch.setattr(library, "_installed", lambda name: name != "onnxruntime-directml")
    with pytest.raises(ModelError, match=r"Two copies.*onnxruntime, onnxruntime-gpu"):
        library.onnxruntime()
    library.onnxruntime.cache_clear()


def test_no_runtime_at_all_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    def missing(_: str) -> None:
        raise ImportError("no")

    library.onnxruntime.cache_clear()
    monkeypatch.setattr(library.importlib, "import_module", missing)
    with pytest.raises(ModelError, match="not installed") as caught:
        library.onnxruntime()
    assert "latent-atelier[cpu]" in caught.value.remedy
    library.onnxruntime.cache_clear()


def test_memory_errors_are_known_by_their_words():
    assert library.is_memory(MemoryError())
    assert library.is_memory(RuntimeError("BFCArena::AllocateRawInternal Failed to allocate memory"))
    assert not library.is_memory(RuntimeError("shape mismatch"))
