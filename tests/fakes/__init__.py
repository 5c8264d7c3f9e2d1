"""Tiny real packages, built in code: real ONNX graphs, real digests, one fault each where a fault is wanted."""

from tests.fakes.broken import (
    aborts_at_load,
    aborts_at_run,
    billion_laughs,
    code_file,
    constant_output,
    foreign_operator,
    missing_graph,
    nan_output,
    newer_format,
    not_onnx,
    path_escape,
    unlisted_file,
    wrong_digest,
    wrong_shape,
)
from tests.fakes.packages import CHARACTERS, slow, slow_load, tiny_color, tiny_glyphs, write_package
from tests.fakes.styles import tiny_style, tiny_vae

__all__ = [
    "CHARACTERS", "aborts_at_load", "aborts_at_run", "billion_laughs", "code_file", "constant_output",
    "foreign_operator", "missing_graph",
    "nan_output", "newer_format", "not_onnx", "path_escape", "slow", "slow_load", "tiny_color", "tiny_glyphs",
    "tiny_style", "tiny_vae", "unlisted_file", "write_package", "wrong_digest", "wrong_shape",
]
