"""Turns a part into an ONNX file: traced by torch, tidied, written, and checked for its structure.

Opset 18, IR 10, no operators but those of ONNX (and attention, where a part asks for it), every free dimension of the
slots really free. Two exporters, because torch's new one writes recurrent nets whose graphs fail at other lengths than
the traced one, and its old one writes StyleGAN2 not at all. Whether the graph computes the same is not decided here:
that is the proof's job (`export.proof`).
"""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxscript import ir

from engine.errors import ConversionError
from export import attention
from export.adapters.base import Part, Slot
from export.cut import cut_out
from export.graphfile import redescribed
from export.precision.operators import DOMAIN
from export.precision.weights import write, write_shared
from export.quiet import quiet
from export.tidy import OPSET, tidy

Writer = Callable[[ir.Model, Path], tuple[str, ...]]
"""Writes the graph to a path; answers the plain names of weight files it put beside it."""

_ELEMENTS = {"float32": onnx.TensorProto.FLOAT, "int64": onnx.TensorProto.INT64, "bool": onnx.TensorProto.BOOL}
_DTYPES = {"float32": torch.float32, "int64": torch.int64, "bool": torch.bool}
_REPORT = "Please report it with the name of the architecture and the log; nothing was put on the shelf."


@dataclass(frozen=True)
class Traced:
    """A graph on disk, as the manifest's `graphs` will describe it."""

    path: Path
    graph: dict[str, Any]                    # file, sha256, bytes, inputs, outputs, external
    program: Any = field(default=None, repr=False)   # torch's own steps, to find where a wrong graph goes wrong


def trace_all(parts: Sequence[Part], folder: Path) -> Iterator[Traced]:
    """The graphs of all parts, one at a time; those that are beginnings of others are cut out of them.

    Raises ConversionError as `trace` does.
    """
    whole = {part.cut.role for part in parts if part.cut is not None}
    done: dict[str, Traced] = {}
    for part in parts:
        done[part.role] = (trace(part, folder, writer=write_shared if part.role in whole else None)
                           if part.cut is None else _cut(part, done[part.cut.role].path))
        yield done[part.role]


def trace(part: Part, folder: Path, *, writer: Writer | None = None) -> Traced:
    """Write `<role>.onnx` into `folder`. Raises ConversionError where the part cannot be traced as its slots say.

    `writer` takes the place of `export.precision.weights.write`: it is given the tidied graph, whose weights still
    lie where torch has them.
    """
    path = folder / f"{part.role}.onnx"
    model, program = _recurrent(part) if part.exporter == "torchscript" else _exported(part)
    tidy(model, part.role, part.inputs, part.outputs)
    beside = (writer or write)(model, path)
    _check(path, part)
    return Traced(path, describe(path, part.inputs, part.outputs, beside), program)


def _cut(part: Part, whole: Path) -> Traced:
    """The beginning of a graph that was traced already, beside it."""
    path = whole.with_name(f"{part.role}.onnx")
    beside = cut_out(part, whole, path)
    _check(path, part)
    return Traced(path, describe(path, part.inputs, part.outputs, beside))


def describe(path: Path, inputs: tuple[Slot, ...], outputs: tuple[Slot, ...],
             beside: tuple[str, ...] = ()) -> dict[str, Any]:
    """The manifest's object for the graph at `path`, with digests; `beside` names its weight files."""
    ports = {"inputs": {slot.role: _port(slot) for slot in inputs},
             "outputs": {slot.role: _port(slot) for slot in outputs}}
    return redescribed(ports, path, beside)


def example_inputs(part: Part) -> tuple[torch.Tensor, ...]:
    """Ones of the sizes the part is traced at; whole numbers are zeros, which every table holds."""
    return tuple(torch.zeros(_shape(slot, part), dtype=_DTYPES[slot.dtype]) if slot.dtype != "float32"
                 else torch.ones(_shape(slot, part)) for slot in part.inputs)


def _exported(part: Part) -> tuple[ir.Model, Any]:
    """Torch's exporter of today. Dimensions are only marked free: which of them are equal, torch finds out itself."""
    free = torch.export.Dim.DYNAMIC
    shapes = tuple({axis: free for axis, size in enumerate(slot.shape) if isinstance(size, str)}
                   for slot in part.inputs)
    part.module.eval()
    with quiet(), torch.no_grad():
        try:
            program = torch.onnx.export(
                part.module, example_inputs(part), dynamo=True, opset_version=OPSET, external_data=False,
                verbose=False, input_names=[slot.role for slot in part.inputs],
                output_names=[slot.role for slot in part.outputs],
                dynamic_shapes=_as_taken(part.module, shapes),
                custom_translation_table=attention.translations() if part.attends else None)
        except (torch.onnx.OnnxExporterError, RuntimeError, ValueError, TypeError) as error:
            raise _untraceable(part, error) from error
    if program is None:
        raise _untraceable(part, RuntimeError("torch.onnx.export returned nothing"))
    return program.model, program.exported_program


def _as_taken(module: torch.nn.Module, shapes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shapes as `forward` takes its arguments: what a `*rest` gathers is one tuple at the end."""
    kinds = [parameter.kind for parameter in inspect.signature(module.forward).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        return shapes
    named = kinds.index(inspect.Parameter.VAR_POSITIONAL)
    return (*shapes[:named], shapes[named:])


def _recurrent(part: Part) -> tuple[ir.Model, Any]:
    """Torch's older exporter, whose GRU and LSTM run at every length."""
    axes = {slot.role: {axis: size for axis, size in enumerate(slot.shape) if isinstance(size, str)}
            for slot in (*part.inputs, *part.outputs)}
    buffer = io.BytesIO()
    part.module.eval()
    with quiet(), torch.no_grad():
        try:
            torch.onnx.export(
                part.module, example_inputs(part), buffer, dynamo=False, opset_version=OPSET,
                input_names=[slot.role for slot in part.inputs], output_names=[slot.role for slot in part.outputs],
                dynamic_axes=axes)
        except (torch.onnx.OnnxExporterError, RuntimeError, ValueError, TypeError) as error:
            raise _untraceable(part, error) from error
    return ir.from_proto(onnx.load_from_string(buffer.getvalue())), None


def _check(path: Path, part: Part) -> None:
    """The file is a sound ONNX graph with exactly the ports of the part and no operators but those it may have."""
    try:
        onnx.checker.check_model(str(path))
    except (onnx.checker.ValidationError, ValueError) as error:
        first = (str(error).splitlines() or [""])[0]
        raise ConversionError(f"PyTorch wrote an invalid graph for “{part.role}”: {first}", _REPORT,
                              str(path)) from error
    model = onnx.load(str(path), load_external_data=False)
    foreign = {opset.domain for opset in model.opset_import} - {"", "ai.onnx"}
    foreign -= {DOMAIN} if part.attends else set()
    if foreign or model.functions:
        raise ConversionError(f"The graph of “{part.role}” needs operators outside ONNX: {', '.join(sorted(foreign))}.",
                              "Replace the custom operators of the network by standard ones.", str(path))
    _check_ports(part.role, "input", part.inputs, model.graph.input)
    _check_ports(part.role, "output", part.outputs, model.graph.output)


def _check_ports(role: str, word: str, slots: tuple[Slot, ...], ports: Any) -> None:
    """Names, number types, ranks and which sizes are free."""
    names = [port.name for port in ports]
    if names != [slot.role for slot in slots]:
        raise ConversionError(f"The graph of “{role}” has the {word}s {names}, not "
                              f"{[slot.role for slot in slots]}: the network does not use one of them.",
                              _REPORT, role)
    for slot, port in zip(slots, ports, strict=True):
        tensor = port.type.tensor_type
        shape = tuple(size.dim_value if size.HasField("dim_value") else size.dim_param for size in tensor.shape.dim)
        if tensor.elem_type != _ELEMENTS[slot.dtype] or shape != slot.shape:
            kind = onnx.TensorProto.DataType.Name(tensor.elem_type).lower()
            raise ConversionError(
                f"The {word} “{slot.role}” of “{role}” became {kind} {list(shape)} instead of "
                f"{slot.dtype} {list(slot.shape)}: tracing fixed a size that should be free.", _REPORT, role)


def _port(slot: Slot) -> dict[str, Any]:
    return {"name": slot.role, "dtype": slot.dtype, "shape": list(slot.shape)}


def _shape(slot: Slot, part: Part) -> tuple[int, ...]:
    return tuple(part.example[size] if isinstance(size, str) else size for size in slot.shape)


def _untraceable(part: Part, error: Exception) -> ConversionError:
    """The sentence for a part that torch could not turn into a graph; its reason is the subject."""
    deepest: BaseException = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    reason = " ".join(str(deepest).split())[:500]
    return ConversionError(f"PyTorch could not turn “{part.role}” into a graph.", _REPORT,
                           f"{type(deepest).__name__}: {reason}")
