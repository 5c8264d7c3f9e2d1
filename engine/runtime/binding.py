"""Graphs that feed themselves: state or cache goes from one run to the next on the device, without leaving it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.errors import Cancelled
from engine.packages.parts import Graph, Port
from engine.runtime import library
from engine.runtime.session import Feeds, Session, fed, run_problem

_DEVICES = {"CUDAExecutionProvider": "cuda", "DmlExecutionProvider": "dml"}
_BATCH = 0


class StatefulSession(Session):
    """A session with a memory: some outputs are inputs of the next run. One row at first, nothing remembered.

    The memory's first value is all zeros; sizes that are free and not the batch's (a cache's time) are 0 then.
    """

    def __init__(self, path: Path, graph: Graph, options: Any, providers: Sequence[Any], *, lead: str,
                 state: Mapping[str, str]) -> None:
        """`lead` is an input whose first size is the batch; `state` pairs input roles with output roles."""
        super().__init__(path, graph, options, providers)
        self._device = _DEVICES.get(self.provider, "cpu")
        self._lead = lead
        self._state = dict(state)
        batch = graph.inputs[lead].shape[0]
        self._axes = {role: _batch_axis(graph.inputs[role], batch) for role in state}
        self._others = [role for role in graph.outputs if role not in set(state.values())]
        self._held: dict[str, Any] = {}
        self.reset()

    def reset(self, batch: int = 1) -> None:
        """Forget everything; `batch` rows from now on."""
        self._held = {role: self._placed(_nothing(self._graph.inputs[role], self._axes[role], batch))
                      for role in self._state}

    def step(self, feeds: Feeds, cancel: CancelToken | None = None) -> dict[str, NDArray[Any]]:
        """Run with the memory; outputs by role, without those that are remembered. Raises as `Session.run`."""
        binding = self._session.io_binding()
        for role, value in feeds.items():
            port = self._graph.inputs[role]
            binding.bind_cpu_input(port.name, fed(value, port))
        for role, held in self._held.items():
            binding.bind_ortvalue_input(self._graph.inputs[role].name, held)
        for role in self._others:
            binding.bind_output(self._graph.outputs[role].name, "cpu")
        for role in self._state.values():
            binding.bind_output(self._graph.outputs[role].name, self._device)
        try:
            self._run_bound(binding, cancel)
        except library.errors() as error:
            if cancel is not None and cancel.cancelled:
                raise Cancelled from error
            raise run_problem(error, self._path) from error
        if cancel is not None:
            cancel.check()
        found = binding.get_outputs()
        self._held = dict(zip(self._state, found[len(self._others):], strict=True))
        sizes = self._sizes(feeds)
        return {role: self._checked(role, value.numpy(), sizes)
                for role, value in zip(self._others, found, strict=False)}

    def keep(self, rows: Sequence[int]) -> None:
        """Remember these rows only, in that order; a row may be taken several times."""
        for role, held in self._held.items():
            self._held[role] = self._placed(np.take(held.numpy(), list(rows), axis=self._axes[role]))

    def close(self) -> None:
        """Give the memory back."""
        self._held = {}
        super().close()

    def _run_bound(self, binding: Any, cancel: CancelToken | None) -> None:
        """Run until done or told to stop."""
        if cancel is None:
            self._session.run_with_iobinding(binding)
            return
        cancel.check()
        run_options = library.onnxruntime().RunOptions()

        def stop() -> None:
            run_options.terminate = True

        with cancel.attached(stop):
            self._session.run_with_iobinding(binding, run_options)

    def _placed(self, value: NDArray[Any]) -> Any:
        """The value as a tensor of the device."""
        return library.onnxruntime().OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value), self._device, 0)


def _batch_axis(port: Port, batch: int | str) -> int:
    """The axis that counts the rows: the one with the batch's name, else the first."""
    return port.shape.index(batch) if isinstance(batch, str) and batch in port.shape else _BATCH


def _nothing(port: Port, axis: int, batch: int) -> NDArray[Any]:
    """A first value: zeros, or no numbers at all where a free size counts what was read."""
    sizes = [size if isinstance(size, int) else 0 for size in port.shape]
    sizes[axis] = batch
    return np.zeros(sizes, port.dtype)
