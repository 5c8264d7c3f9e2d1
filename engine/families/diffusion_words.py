"""What the denoiser listens to: a prompt read by one or two CLIP text encoders, weighted, moved along prompt sliders.

Radford et al. (2021); two encoders and their last layer but one: Podell et al. (2023). A prompt slider needs no
gradients: its direction is the mean of what “prompt, plus” says less the mean of what “prompt, minus” says. A long
prompt is read in stretches, each by itself, whose vectors stand one after the other, where the denoiser listens to any
number of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import strictjson
from engine.api import PromptReading
from engine.cancel import CancelToken
from engine.errors import PackageError
from engine.families.diffusion_controls import diffusion_of
from engine.packages.clip_files import whole
from engine.packages.manifest import Manifest
from engine.prompting import breaks, weighting, wildcards
from engine.prompting.axes import Axis
from engine.prompting.weighting import Span
from engine.runtime.pool import Pool
from engine.text.clip import LENGTH, ClipTokenizer, Tokens, weighted

Numbers = NDArray[np.float32]
_TOKENIZER_BYTES = 64 << 20
_REMEMBERED = 64                             # stretches; a few hundred kilobytes each
UNBROKEN = f"BREAK counts for nothing: this model's graph reads one stretch of {ClipTokenizer.limit} tokens."
_SUFFIX = {"text_encoder": "", "text_encoder_2": "_2"}


@dataclass(frozen=True)
class Told:
    """What one prompt says to the denoiser."""

    hidden: Numbers                          # [1, 77 for each stretch, width]
    pooled: Numbers | None = None            # [1, width]; SDXL

    def moved(self, step: Told, amount: float) -> Told:
        """A part of the way along a direction."""
        pooled = None if self.pooled is None or step.pooled is None else (
            self.pooled + np.float32(amount) * step.pooled)
        return Told(self.hidden + np.float32(amount) * step.hidden, pooled)

    @property
    def stretches(self) -> int:
        """How many were read."""
        return int(self.hidden.shape[1]) // LENGTH

    def silent(self) -> Told:
        """Zeros of the same shape: no prompt at all, as SDXL learned it."""
        return Told(np.zeros_like(self.hidden), None if self.pooled is None else np.zeros_like(self.pooled))


class Words:
    """The text encoders of one package."""

    def __init__(self, folder: Path, manifest: Manifest, pool: Pool) -> None:
        """Read the tokenizers. Raises PackageError for a package without one, or with one that cannot be used."""
        diffusion = diffusion_of(manifest)
        self._pool = pool
        self._graphs = {role: manifest.graphs[role] for role in _SUFFIX if role in manifest.graphs}
        self._large = diffusion.kind == "sdxl"
        first = _tokenizer(folder, diffusion.tokenizers, "")
        if first is None:
            raise PackageError(f"“{manifest.name}” has no tokenizer, so no prompt can be read.",
                               "Bring the model again from a folder that holds tokenizer/vocab.json and merges.txt.",
                               str(folder))
        self._tokenizers = {role: _tokenizer(folder, diffusion.tokenizers, suffix) or first
                            for role, suffix in _SUFFIX.items() if role in self._graphs}
        heard = manifest.graphs["unet"].inputs["encoder_hidden_states"].shape
        self._endless = isinstance(heard[1], str)
        self._known: dict[bytes, Told] = {}
        self.spent_ms = 0.0                  # inside ONNX Runtime, since the last reset

    def reading(self, text: str) -> PromptReading:
        """How a prompt without alternatives is read: tokens, limit, what is cut off, what is wrong with brackets."""
        read = self._read("text_encoder", text)
        notes = (*wildcards.complaints(text), *weighting.complaints(text))
        if not self._endless and len(breaks.parted(weighting.parse_weights(text))) > 1:
            notes = (*notes, UNBROKEN)
        return PromptReading(text, sum(one.count for one in read), ClipTokenizer.limit * len(read), read[-1].cut, notes,
                             len(read))

    def told(self, text: str, axes: Sequence[Axis], cancel: CancelToken) -> Told:
        """What the prompt says, moved along each slider. Raises ModelError, Cancelled."""
        said = self._encoded(text, cancel)
        for axis in axes:
            said, step = self.even((said, self._direction(text, axis, cancel)), cancel)
            said = said.moved(step, axis.amount)
        return said

    def even(self, told: Sequence[Told], cancel: CancelToken) -> list[Told]:
        """The same of equally many stretches: the shorter go on with empty ones. Raises ModelError, Cancelled."""
        most = max(one.stretches for one in told)
        if all(one.stretches == most for one in told):
            return list(told)
        empty = self._encoded("", cancel).hidden
        return [Told(np.concatenate((one.hidden, *[empty] * (most - one.stretches)), axis=1), one.pooled)
                for one in told]

    def _direction(self, text: str, axis: Axis, cancel: CancelToken) -> Told:
        """From the mean of the wordings at one end to the mean of those at the other, each said after the prompt."""
        both = (*axis.minus, *axis.plus)
        said = self.even([self._encoded(f"{text}, {wording}" if text else wording, cancel) for wording in both], cancel)
        minus, plus = _mean(said[:len(axis.minus)]), _mean(said[len(axis.minus):])
        return plus.moved(minus, -1.0)

    def _encoded(self, text: str, cancel: CancelToken) -> Told:
        """All stretches of a text; what it says as a whole (pooled) is what the first one says."""
        read = {role: self._read(role, text) for role in self._graphs}
        empty = {role: self._read(role, "") for role in self._graphs}
        most = max(len(some) for some in read.values())
        said = [self._stretch({role: (*some, *empty[role] * most)[number] for role, some in read.items()}, cancel)
                for number in range(most)]
        return Told(np.concatenate([one.hidden for one in said], axis=1), said[0].pooled) if most > 1 else said[0]

    def _stretch(self, tokens: Mapping[str, Tokens], cancel: CancelToken) -> Told:
        """What up to 75 tokens say, by encoder."""
        key = b"".join(read.key for read in tokens.values())
        if key not in self._known:
            hidden, pooled = [], None
            for role, read in tokens.items():
                answer = self._run(role, read, cancel)
                hidden.append(weighted(self._listened(role, answer), read.weights))
                pooled = answer.get("text_embeds", pooled) if self._large else None
            while len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = Told(np.concatenate(hidden, axis=-1)[None], pooled)
        return self._known[key]

    def _run(self, role: str, read: Tokens, cancel: CancelToken) -> dict[str, Numbers]:
        """One encoder's answer by role."""
        inputs = self._graphs[role].inputs
        feeds = {"input_ids": read.ids[None].astype(inputs["input_ids"].dtype)}
        if "attention_mask" in inputs:       # the encoders were trained without one
            feeds["attention_mask"] = np.ones_like(feeds["input_ids"], inputs["attention_mask"].dtype)
        session = self._pool.session(role)
        begun = time.perf_counter()
        answer = session.run(feeds, cancel)
        self.spent_ms += (time.perf_counter() - begun) * 1000
        return answer

    def _listened(self, role: str, answer: dict[str, Numbers]) -> Numbers:
        """[77, width] of the layer that the denoiser was trained with. Raises PackageError where it is missing."""
        name = "penultimate" if self._large else "last_hidden_state"
        if name not in answer:
            raise PackageError(f"The part “{role}” does not tell its last layer but one, which this model listens to.",
                               "Export it again with its hidden states (output_hidden_states).", role)
        hidden: Numbers = answer[name][0]
        return hidden

    def _read(self, role: str, text: str) -> tuple[Tokens, ...]:
        """The stretches of a text: one, perhaps cut, where the denoiser's graph listens to no more."""
        parts = breaks.parted(weighting.parse_weights(text))
        if self._endless:
            return self._tokenizers[role].read_all(map(_pairs, parts))
        return (self._tokenizers[role].read(_pairs(breaks.joined(parts))),)


def _pairs(spans: Sequence[Span]) -> list[tuple[str, float]]:
    return [(span.text, span.weight) for span in spans]


def _mean(told: Sequence[Told]) -> Told:
    """The middle of several."""
    pooled = [one.pooled for one in told if one.pooled is not None]
    return Told(np.mean([one.hidden for one in told], axis=0, dtype=np.float32),
                np.mean(pooled, axis=0, dtype=np.float32) if pooled else None)


def _tokenizer(folder: Path, names: Sequence[str], suffix: str) -> ClipTokenizer | None:
    """The tokenizer of the first ("") or second ("_2") encoder, from one file or the older pair of files."""
    start = f"tokenizer{suffix}"
    if f"{start}.json" in names:
        data = _bytes(folder / f"{start}.json")
    elif f"{start}.vocab.json" in names and f"{start}.merges.txt" in names:
        table = _object(folder / f"{start}.vocab.json")
        config = {"pad_token": "!"} if suffix else {}        # older packages did not keep what SDXL fills up with
        data = whole(None, table, _bytes(folder / f"{start}.merges.txt").decode("utf-8", "replace"), config) or b""
    else:
        return None
    return ClipTokenizer(data, str(folder / f"{start}.json"))


def _object(path: Path) -> dict[str, object]:
    try:
        return strictjson.parse_object(_bytes(path), max_bytes=_TOKENIZER_BYTES)
    except ValueError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error}.", "Get the package again.", str(path)) from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_TOKENIZER_BYTES)
    except OSError as error:
        raise PackageError(f"“{path.name}” cannot be read: {error.strerror or error}.", "Get the package again.",
                           str(path)) from error
