"""Silence around torch's exporter: its known chatter is muted here, and nowhere else."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Where exporters warn about their own insides: deprecations inside torch, optional libraries, folded constants.
_MODULES = r"(torch|onnxscript|onnx_ir|onnx|copyreg|transformers|diffusers)(\.|$)"
_MESSAGES = (
    r".*You are using the legacy TorchScript-based ONNX export.*",
    r".*The feature will be removed.*",
    r".*Converting a tensor to a Python .* might cause the trace to be incorrect.*",
    r".*torch\.tensor results are registered as constants in the trace.*",
    r".*Exporting a model to ONNX with a batch_size other than 1.*",
    r".*Iterating over a tensor might cause the trace to be incorrect.*",
    r".*Constant folding - Only steps=1 can be constant folded.*",
    r".*isinstance\(treespec, LeafSpec\).*",
)
_LOGGERS = ("torch.onnx", "torch.export", "torch._export", "torch.fx", "torch._dynamo", "torch._functorch",
            "onnxscript", "onnx_ir")


@contextmanager
def quiet() -> Iterator[None]:
    """Warnings and log records that torch's exporters are known for stay unsaid inside; errors do not."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    loggers += [logger for name, logger in list(logging.root.manager.loggerDict.items())
                if isinstance(logger, logging.Logger) and logger.level and name.startswith(_LOGGERS)]
    levels = [(logger, logger.level) for logger in loggers]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=_MODULES)
        for message in _MESSAGES:
            warnings.filterwarnings("ignore", message=message)
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in levels:
                logger.setLevel(level)
