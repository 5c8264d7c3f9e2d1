"""The denoiser as a function of plain arrays: inputs by role, in the rank, number type and batch that its graph takes.

Exporters disagree about exactly those: the time is a number or a list of them, whole or real, in half or single
precision; some graphs take the prompted and the unprompted sample together, some only one at a time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.cancel import CancelToken
from engine.families.diffusion_controls import diffusion_of
from engine.families.diffusion_words import Told
from engine.packages.manifest import Manifest
from engine.packages.parts import Port
from engine.runtime.pool import Pool

Numbers = NDArray[np.float32]
_ANSWERS = ("noise", "out_sample", "sample")


class Denoiser:
    """graphs.unet. Bytes of work are about what it takes beside its weights."""

    def __init__(self, manifest: Manifest, pool: Pool, *, together: bool) -> None:
        """`together`: answer with and without the prompt in one run, where the graph can (a GPU is quicker so)."""
        graph = manifest.graphs["unet"]
        self._pool = pool
        self._ports = graph.inputs
        self._answer = next((role for role in _ANSWERS if role in graph.outputs), next(iter(graph.outputs)))
        self._channels = diffusion_of(manifest).channels
        batch = graph.inputs["sample"].shape[0]
        self._batch = batch if isinstance(batch, int) else 2 if together else 1
        self.spent_ms = 0.0

    def takes(self, role: str) -> bool:
        """Whether the graph has an input of that role."""
        return role in self._ports

    def answers(self, sample: Numbers, moment: float, told: Sequence[Told | None], extra: Mapping[str, Numbers],
                work: int, cancel: CancelToken) -> list[Numbers]:
        """One answer [1, channels, height, width] for each of `told`, all of the same sample [1, ...].

        Raises ModelError, Cancelled.
        """
        session = self._pool.session("unet", work)
        found: list[Numbers] = []
        for start in range(0, len(told), self._batch):
            some = list(told[start:start + self._batch])
            wanted = len(some)
            if isinstance(self._ports["sample"].shape[0], int):
                some += [some[-1]] * (self._batch - wanted)      # a graph of fixed batch is filled up
            feeds = self._feeds(sample, moment, some, extra)
            begun = time.perf_counter()
            with self._pool.tide("unet", work):
                answer = session.run(feeds, cancel)[self._answer]
            self.spent_ms += (time.perf_counter() - begun) * 1000
            found += [answer[number:number + 1, :self._channels] for number in range(wanted)]
        return found

    def _feeds(self, sample: Numbers, moment: float, told: Sequence[Told | None],
               extra: Mapping[str, Numbers]) -> dict[str, NDArray[Any]]:
        batch = len(told)
        feeds: dict[str, NDArray[Any]] = {"sample": np.repeat(sample, batch, axis=0)}
        feeds["timestep"] = _moment(self._ports["timestep"], moment, batch)
        hidden = [one.hidden for one in told if one is not None]
        if hidden and "encoder_hidden_states" in self._ports:
            feeds["encoder_hidden_states"] = np.concatenate(hidden)
        pooled = [one.pooled for one in told if one is not None and one.pooled is not None]
        if pooled and "text_embeds" in self._ports:
            feeds["text_embeds"] = np.concatenate(pooled)
        feeds |= {role: np.repeat(value, batch, axis=0) for role, value in extra.items() if role in self._ports}
        return {role: _typed(value, self._ports[role]) for role, value in feeds.items()}


def _moment(port: Port, moment: float, batch: int) -> NDArray[Any]:
    """The time in the graph's rank: one number, a list of one, or one for each of the batch."""
    if not port.shape:
        return np.array(moment)
    size = port.shape[0]
    return np.full((size if isinstance(size, int) else batch, *[1] * (len(port.shape) - 1)), moment)


def _typed(value: NDArray[Any], port: Port) -> NDArray[Any]:
    """In the graph's number type; times between whole numbers are rounded for graphs that count them."""
    if port.dtype in ("int64", "int32"):
        value = np.rint(value)
    typed: NDArray[Any] = value.astype(port.dtype, copy=False)
    return typed
