"""ONNX Runtime itself: imported once, quiet, without telemetry; its errors told apart from ours."""

from __future__ import annotations

import functools
import importlib
from importlib import metadata
from typing import Any

from engine.errors import ModelError

FATAL_ONLY = 4
_PACKAGES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml")
_ERRORS = ("DeviceReset", "EPFail", "EngineError", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf",
           "ModelLoadCanceled", "ModelLoaded", "ModelRequiresCompilation", "NoModel", "NoSuchFile", "NotFound",
           "NotImplemented", "RuntimeException")
_NO_MEMORY = ("bad_alloc", "failed to allocate", "out of memory", "bfcarena", "e_outofmemory", "not enough memory")
_INSTALL = "Install exactly one of latent-atelier[cpu], [cuda], [cuda12] or [directml] (bootstrap.py does it)."


@functools.cache
def onnxruntime() -> Any:
    """The module. Raises ModelError when none is installed, or two that break each other."""
    found = [name for name in _PACKAGES if _installed(name)]
    if len(found) > 1:
        raise ModelError(f"Two copies of ONNX Runtime are installed ({', '.join(found)}); together they do not work.",
                         f"Remove both from the environment. {_INSTALL}", "onnxruntime")
    try:
        module = importlib.import_module("onnxruntime")
        module.set_default_logger_severity(FATAL_ONLY)
    except (ImportError, AttributeError, OSError) as error:  # AttributeError: the empty shell a clash leaves behind
        raise ModelError("ONNX Runtime, which runs the models, is not installed or cannot be loaded.", _INSTALL,
                         "onnxruntime") from error
    if hasattr(module, "disable_telemetry_events"):
        module.disable_telemetry_events()
    return module


@functools.cache
def errors() -> tuple[type[Exception], ...]:
    """Everything that ONNX Runtime raises; its classes share no base of their own."""
    onnxruntime()
    state = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    own = tuple(getattr(state, name) for name in _ERRORS if hasattr(state, name))
    return (*own, RuntimeError, ValueError, MemoryError)


def is_memory(error: Exception) -> bool:
    """Whether the text means that memory ran out (ONNX Runtime has no class for it)."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(word in text for word in _NO_MEMORY)


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
