"""One loaded graph: inputs and outputs by role, checked on the way in and out, and stoppable while it runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.packages.names import shown
from engine.packages.parts import Graph, Port
from engine.runtime import library

Feeds = Mapping[str, NDArray[Any]]
_TYPES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(int64)": "int64", "tensor(int32)": "int32",
          "tensor(uint8)": "uint8", "tensor(bool)": "bool"}


class Session:
    """A graph on a device. Not for two threads at once: the engine has one inference thread."""

    def __init__(self, path: Path, graph: Graph, options: Any, providers: Sequence[Any]) -> None:
        """Load `path`; its inputs and outputs must be those of the manifest's `graph`."""
        self._path = path
        self._graph = graph
        try:
            # No custom-operator library is ever registered, so a graph can only use what ONNX Runtime brings.
            self._session = library.onnxruntime().InferenceSession(str(path), options, providers=list(providers),
                                                                   enable_fallback=0)
        except library.errors() as error:
            raise _load_problem(error, path) from error
        self.provider = str(self._session.get_providers()[0])
        self._check_ports(self._session.get_inputs(), graph.inputs, "input")
        self._check_ports(self._session.get_outputs(), graph.outputs, "output", others=True)
        self._names = [port.name for port in graph.outputs.values()]

    def run(self, feeds: Feeds, cancel: CancelToken | None = None) -> dict[str, NDArray[Any]]:
        """Outputs by role for inputs by role. Raises Cancelled, or ModelError for a failure or unusable numbers."""
        inputs = self._graph.inputs
        named = {inputs[role].name: fed(value, inputs[role]) for role, value in feeds.items()}
        try:
            # A step of a language model takes tens of microseconds: what nobody can cancel is called directly.
            values = self._session.run(self._names, named) if cancel is None else self._stoppable(named, cancel)
        except library.errors() as error:
            if cancel is not None and cancel.cancelled:
                raise Cancelled from error
            raise run_problem(error, self._path) from error
        if cancel is not None:
            cancel.check()
        sizes = self._sizes(feeds)
        return {role: self._checked(role, value, sizes)
                for role, value in zip(self._graph.outputs, values, strict=True)}

    def _stoppable(self, named: Feeds, cancel: CancelToken) -> Any:
        """Run until done or told to stop."""
        cancel.check()
        run_options = library.onnxruntime().RunOptions()

        def stop() -> None:
            run_options.terminate = True

        with cancel.attached(stop):
            return self._session.run(self._names, named, run_options)

    def close(self) -> None:
        """Give the memory back; the session must not be used any more."""
        self._session = None

    def _check_ports(self, actual: Sequence[Any], declared: Mapping[str, Port], word: str, *,
                     others: bool = False) -> None:
        """Names, number types and fixed sizes of the loaded graph against the manifest's."""
        found = {node.name: node for node in actual}
        for port in declared.values():
            node = found.pop(port.name, None)
            if node is None:
                raise self._mismatch(f"it has no {word} “{shown(port.name)}”")
            if _TYPES.get(node.type) != port.dtype:
                raise self._mismatch(f"the {word} “{port.name}” is {node.type}, not {port.dtype}")
            shape = list(node.shape)
            fits = not shape or (len(shape) == len(port.shape) and all(
                not isinstance(have, int) or not isinstance(want, int) or have == want
                for have, want in zip(shape, port.shape, strict=True)))
            if not fits:
                raise self._mismatch(f"the {word} “{port.name}” has the shape {shape}, not {list(port.shape)}")
        if found and not others:
            extra = shown(next(iter(found)))
            raise self._mismatch(f"it needs the {word} “{extra}”, which the manifest does not describe")

    def _sizes(self, feeds: Feeds) -> dict[str, int]:
        """What the names of free dimensions stand for in this run."""
        return {name: size for role, value in feeds.items()
                for size, name in zip(value.shape, self._graph.inputs[role].shape, strict=True)
                if isinstance(name, str)}

    def _checked(self, role: str, value: NDArray[Any], sizes: Mapping[str, int]) -> NDArray[Any]:
        """An output whose shape is the promised one and whose numbers are finite; float16 becomes float32."""
        shape = self._graph.outputs[role].shape
        wanted = tuple([sizes.get(size, -1) if isinstance(size, str) else size for size in shape])
        if value.shape != wanted and (len(value.shape) != len(wanted) or any(
                want not in (-1, have) for have, want in zip(value.shape, wanted, strict=True))):
            raise ModelError(f"The model yielded {list(value.shape)} numbers for “{role}” instead of {list(wanted)}.",
                             "Ask the author of the package to correct its manifest or graph.", str(self._path))
        if value.dtype == np.float16:
            value = value.astype(np.float32)
        if value.dtype.kind == "f" and not _finite(value):
            raise ModelError("The model yielded invalid numbers (NaN or infinite).",
                             "Try values nearer to the middle of the sliders; if it stays, the package is faulty.",
                             str(self._path))
        return value

    def _mismatch(self, reason: str) -> ModelError:
        return ModelError(f"“{self._path.name}” is not the graph that the manifest describes: {reason}.",
                          "Ask the author of the package to correct it.", str(self._path))


def fed(value: NDArray[Any], port: Port) -> NDArray[Any]:
    """What a port takes: a graph of half precision may have inputs of half precision."""
    # Not `ascontiguousarray`, which would make a list of the one number that some denoisers take as their time.
    return np.asarray(value, np.float16 if port.dtype == "float16" else None, order="C")


def _finite(value: NDArray[Any]) -> bool:
    """Whether there is neither NaN nor infinity. Both survive in a sum of squares, the quickest look (which may
    overflow), and in the extremes, which cost less than a mask.
    """
    if math.isfinite(np.vdot(value, value)):
        return True
    return math.isfinite(np.minimum.reduce(value, axis=None)) and math.isfinite(np.maximum.reduce(value, axis=None))


def _load_problem(error: Exception, path: Path) -> ModelError:
    if library.is_memory(error):
        return ModelError(f"There is not enough memory to load “{path.name}”.", "Close other programs or models.",
                          str(path))
    return ModelError(f"ONNX Runtime cannot load “{path.name}”: {_first_line(error)}.",
                      "Get the package again; if it stays, it needs another version of Latent Atelier.", str(path))


def run_problem(error: Exception, path: Path) -> ModelError:
    """What a run of the graph at `path` failed of, for people."""
    if library.is_memory(error):
        return ModelError("There is not enough memory to run the model.",
                          "Choose a smaller size, or close other programs.", str(path))
    return ModelError(f"The model failed while it ran: {_first_line(error)}.",
                      "Try other values; if it stays, the package is faulty.", str(path))


def _first_line(error: Exception) -> str:
    """The reason without ONNX Runtime's prefix, source paths and line breaks; at most 160 characters."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    line = line.rsplit("] : ", 1)[-1]
    clean = "".join(c if c.isprintable() else " " for c in line).strip().rstrip(".")
    return clean if len(clean) <= 160 else clean[:157] + "..."  # noqa: PLR2004 - the docstring says it
