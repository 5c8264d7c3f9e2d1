"""Asks torch: random inputs at every size a part must run at, its answers on disk, and how long a call takes.

The authors' own network answers where the adapter has one (`Part.reference`), not the one rewritten for export; how far
the two are apart in torch is noted, so that a fault of the rewriting is not taken for one of the exporter.
"""

from __future__ import annotations

import contextlib
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import ConversionError
from export.adapters.base import Part, Sizes, Slot
from export.aside import peak_mb
from export.samples import Arrays, Reference, Run, read_run, write_index, write_run
from export.timing import Stopwatch, median_ms

COUNT = 8
"""Runs at every size, unless the budget ends first."""
SECONDS = 20.0
"""Budget of one part for everything beyond the first run of each size."""
LARGEST = 512 << 20
"""Budget on disk, in bytes, likewise."""


def save_reference(part: Part, folder: Path, *, count: int = COUNT, seed: int = 0, seconds: float = SECONDS) -> Path:
    """Write inputs and torch's outputs for `part` into `folder/<role>/`; the path of their index.

    One thread, eval mode, no gradients. Raises ConversionError when the network itself yields NaN or infinity.
    """
    home = folder / part.role
    home.mkdir(parents=True, exist_ok=True)
    module = (part.reference or part.module).eval()
    runs: list[Run] = []
    watch = Stopwatch()
    timed = watch.around(module)
    started, written = time.perf_counter(), 0
    with _one_thread(), torch.no_grad():
        for turn in range(count):
            for number, sizes in enumerate(trials(part)):
                spent = time.perf_counter() - started > seconds or written > LARGEST
                if spent and turn:
                    break
                inputs = draw(part, sizes, (seed, number, turn))
                outputs = _answers(part, module if number else timed, inputs)
                run = Run(f"{number}-{turn}.npz", dict(sizes))
                write_run(home / run.file, inputs, outputs)
                written += (home / run.file).stat().st_size
                runs.append(run)
        first, theirs = read_run(home / runs[0].file)
        tensors = _tensors(part, first)
        milliseconds = watch.slow_ms(lambda: timed(*tensors)) or median_ms(lambda: module(*tensors))
        rewriting = _rewriting(part, theirs, first) if part.reference is not None else {}
    return write_index(home, Reference(
        role=part.role, runs=tuple(runs), scales={slot.role: slot.scale for slot in part.outputs},
        tolerance=part.tolerance, picture=part.picture, torch_ms=milliseconds, torch=str(torch.__version__),
        rewriting=rewriting, peak_mb=peak_mb()))


def trials(part: Part) -> tuple[Sizes, ...]:
    """The sizes a part must run at; a part that names none is tried at one and at other sizes than the traced ones."""
    if part.trials:
        return part.trials
    ones = dict.fromkeys(part.example, 1)
    return (ones, {name: size + 1 for name, size in part.example.items()}) if part.example else ({},)


def draw(part: Part, sizes: Sizes, seed: tuple[int, ...]) -> Arrays:
    """Random inputs by role: the same for the same seed, whatever else was drawn before."""
    random = np.random.default_rng([*seed, zlib.crc32(part.role.encode())])
    return {slot.role: _sample(slot, sizes, random) for slot in part.inputs}


def run_module(module: Callable[..., Any], part: Part, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
    """The outputs of `module` by role, as numpy arrays."""
    values = module(*_tensors(part, inputs))
    values = values if isinstance(values, tuple | list) else (values,)
    return {slot.role: np.ascontiguousarray(value.detach().numpy())
            for slot, value in zip(part.outputs, values, strict=True)}


def _sample(slot: Slot, sizes: Sizes, random: np.random.Generator) -> NDArray[Any]:
    shape = tuple(sizes[size] if isinstance(size, str) else size for size in slot.shape)
    if slot.sample is not None:
        return np.ascontiguousarray(slot.sample(random, shape), np.dtype(slot.dtype))
    if slot.dtype != "float32":
        raise ValueError(f"the slot {slot.role} of {slot.dtype} needs a sampler")
    return random.standard_normal(shape, np.float32)


def _answers(part: Part, module: Callable[..., Any], inputs: Arrays) -> Arrays:
    """Torch's outputs; refused where they are not numbers."""
    outputs = run_module(module, part, inputs)
    for role, value in outputs.items():
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            raise ConversionError(
                f"The network itself yields invalid numbers (NaN or infinite) as “{role}” for ordinary input.",
                "The checkpoint is probably from a training run that failed: take an earlier one.", part.role)
    return outputs


def _tensors(part: Part, inputs: Mapping[str, NDArray[Any]]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(inputs[slot.role]) for slot in part.inputs)


def _rewriting(part: Part, theirs: Arrays, inputs: Arrays) -> dict[str, float]:
    """How far the rewritten module is from the authors' network, over the width of the output."""
    ours = run_module(part.module.eval(), part, inputs)
    return {slot.role: float(np.abs(theirs[slot.role].astype(np.float64) - ours[slot.role]).max()
                             / (slot.scale or float(np.ptp(theirs[slot.role])) or 1.0)) for slot in part.outputs}


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Torch on one thread inside; as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
