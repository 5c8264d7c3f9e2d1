"""Runs a graph in ONNX Runtime in a process of its own, since torch and the runtime never share one."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_PROGRAM = textwrap.dedent("""
    import sys, numpy, onnxruntime
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    worst = 0.0
    for path in sys.argv[2:]:
        data = numpy.load(path)
        wanted = {name: data["out." + name] for name in [port.name for port in session.get_outputs()]}
        found = session.run(list(wanted), {port.name: data[port.name] for port in session.get_inputs()})
        for one, other in zip(found, wanted.values()):
            assert one.shape == other.shape, (path, one.shape, other.shape)
            worst = max(worst, float(numpy.abs(one - other).max()))
    print(worst)
""")


def worst_error(part: Any, graph: Path, cases: Sequence[Sequence[Any]], folder: Path) -> float:
    """The largest difference between the graph and the part's reference in torch, over all outputs of all cases."""
    network = part.reference or part.module
    paths = []
    for number, inputs in enumerate(cases):
        path = folder / f"case{number}.npz"
        arrays = {slot.role: value.numpy() for slot, value in zip(part.inputs, inputs, strict=True)}
        answers = network(*inputs)
        arrays |= {f"out.{slot.role}": value.numpy() for slot, value in zip(part.outputs, answers, strict=True)}
        np.savez(path, **arrays)
        paths.append(str(path))
    answer = subprocess.run([sys.executable, "-c", _PROGRAM, str(graph), *paths], capture_output=True, text=True,
                            check=False)
    if answer.returncode:
        raise AssertionError(answer.stderr or f"ended with {answer.returncode}")
    return float(answer.stdout)
