"""Recurrent language models: an embedding, GRU, LSTM or plain layers, a head, whatever the three are called.

Torch names the weights of recurrent layers itself (`weight_ih_l0` ...), and their rows tell the kind of cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.errors import CheckpointError
from export.adapters.base import Built, Detection, Part, Slot
from export.adapters.vocabulary import CHARACTERS, as_file, start_and_stop, texts_of
from export.checkpoint.source import Checkpoint, Source

_WEIGHT = re.compile(r"^(?P<prefix>.*?)weight_hh_l(?P<layer>\d+)(?P<back>_reverse)?$")
_GATES = {1: "rnn", 3: "gru", 4: "lstm"}
_WORDS = {"rnn": "Recurrent", "gru": "GRU", "lstm": "LSTM"}


@dataclass(frozen=True)
class _Names:
    """Where everything is. `embedding` None: tokens enter one-hot; `head` None: the embedding is the head as well."""

    prefix: str
    embedding: str | None
    head: str | None
    cell: str
    vocabulary: int
    inputs: int
    hidden: int
    layers: int
    bias: bool

    @property
    def head_name(self) -> str:
        """The module whose weight turns hidden numbers into logits."""
        return self.head or self.embedding or ""


class Recurrent:
    """Character and word models in the layout of pytorch/examples and its kin."""

    name = "recurrent"
    open = ("nonlinearity",)

    def detect(self, source: Source) -> Detection | None:
        """What the names and shapes say."""
        found = _named(source) if isinstance(source, Checkpoint) else None
        if found is None or not isinstance(source, Checkpoint):
            return None
        many = f"{found.layers} layer{'s' if found.layers > 1 else ''} of {found.hidden}"
        title = f"{_WORDS[found.cell]} language model, {many}, {found.vocabulary:,} tokens"
        rows = " × ".join(str(size) for size in source.tensors[f"{found.prefix}weight_hh_l0"].shape)
        reasons = (f"`{found.prefix}weight_hh_l0` is {rows}: {found.cell.upper()} cells, {many}",
                   f"`{found.head_name}` gives a number for each of {found.vocabulary:,} tokens",
                   f"`{found.embedding}` holds {found.inputs} numbers for each token" if found.embedding
                   else "the first layer takes tokens one-hot")
        sizes: dict[str, int | float | str] = {
            "cell": found.cell, "vocabulary": found.vocabulary, "embedding": found.inputs, "hidden": found.hidden,
            "layers": found.layers, "nonlinearity": "tanh"}
        guesses = ("The plain cells use tanh: weights do not show it.",) if found.cell == "rnn" else ()
        return Detection(self.name, "text", title, reasons, sizes, 0.95, guesses)

    def build(self, source: Source, detection: Detection) -> Built:
        """The one graph. Raises CheckpointError where the weights are not those that were detected."""
        found = _named(source) if isinstance(source, Checkpoint) else None
        if found is None or not isinstance(source, Checkpoint):
            raise CheckpointError("These weights are no recurrent language model.", "Choose another architecture.")
        module = _loaded(source, found, str(detection.sizes.get("nonlinearity", "tanh")))
        states = ("hidden", "cell") if found.cell == "lstm" else ("hidden",)
        shape = (found.layers, "batch", found.hidden)
        count = found.vocabulary
        inputs = [Slot("tokens", "int64", ("batch", "time"), lambda dice, size: dice.integers(0, count, size))]
        inputs += [Slot(name, "float32", shape, _bounded) for name in states]
        outputs = [Slot("logits", "float32", ("batch", "time", count))]
        outputs += [Slot(f"next_{name}", "float32", shape) for name in states]
        part = Part("step", module, tuple(inputs), tuple(outputs), example={"batch": 2, "time": 3},
                    trials=({"batch": 1, "time": 1}, {"batch": 3, "time": 5}, {"batch": 1, "time": 40}),
                    exporter="torchscript")
        text: dict[str, Any] = {"kind": "recurrent", "vocabulary": count,
                                "state": {name: f"next_{name}" for name in states}}
        texts = texts_of(source.settings, count)
        if texts is None:
            note = "The file does not say which text a token stands for: put characters.json beside the graph."
            return Built((part,), {"text": text}, notes=(note,))
        start, stop = start_and_stop(texts)
        text |= {"tokenizer": CHARACTERS, "stop": list(stop)} | ({} if start is None else {"start": start})
        return Built((part,), {"text": text}, {CHARACTERS: as_file(texts)})


def _bounded(dice: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Random states: a cell's numbers stay between -1 and 1."""
    return dice.uniform(-1.0, 1.0, shape).astype(np.float32)


def _named(source: Checkpoint) -> _Names | None:
    """Who is who, or None. Every weight must have its place."""
    matches = [match for name in source if (match := _WEIGHT.match(name))]
    if not matches or any(match["back"] for match in matches) or len({match["prefix"] for match in matches}) > 1:
        return None
    prefix, layers = matches[0]["prefix"], len(matches)
    recurrent, entering = source.shape(f"{prefix}weight_hh_l0"), source.shape(f"{prefix}weight_ih_l0")
    if recurrent is None or entering is None or recurrent[0] not in {gates * recurrent[1] for gates in _GATES}:
        return None
    hidden = recurrent[1]
    matrices = {name.removesuffix(".weight"): ref.shape for name, ref in source.tensors.items()
                if name.endswith(".weight") and not name.startswith(f"{prefix}weight_")}
    ends = _ends(matrices, entering[1], hidden, source)
    if ends is None:
        return None
    embedding, head, vocabulary = ends
    return _Names(prefix, embedding, head, _GATES[recurrent[0] // hidden], vocabulary, entering[1], hidden, layers,
                  f"{prefix}bias_hh_l0" in source)


def _ends(matrices: dict[str, tuple[int, ...]], inputs: int, hidden: int,
          source: Checkpoint) -> tuple[str | None, str | None, int] | None:
    """Embedding, head and vocabulary: one matrix with a bias or the second of two is the head, the other embeds."""
    if any(len(shape) != 2 for shape in matrices.values()) or not 1 <= len(matrices) <= 2:  # noqa: PLR2004 - two ends
        return None
    names = sorted(matrices, key=lambda name: f"{name}.bias" in source)  # an embedding has no bias
    if len(names) == 1:
        vocabulary, numbers = matrices[names[0]]
        if numbers == hidden == inputs and f"{names[0]}.bias" not in source:
            return names[0], None, vocabulary
        return (None, names[0], vocabulary) if numbers == hidden and vocabulary == inputs else None
    for embedding, head in (names, names[::-1]):
        if matrices[embedding][1] == inputs and matrices[head] == (matrices[embedding][0], hidden):
            return embedding, head, matrices[embedding][0]
    return None


def _loaded(source: Checkpoint, names: _Names, nonlinearity: str) -> Any:
    """The network with its weights. Raises CheckpointError where one is missing or of another shape."""
    import torch

    from export.nets.recurrent import RecurrentModel, Sizes

    sizes = Sizes(names.cell, names.vocabulary, names.inputs, names.hidden, names.layers, names.bias)  # type: ignore[arg-type]
    sizes = replace(sizes, nonlinearity="relu" if nonlinearity == "relu" else "tanh")
    made = RecurrentModel(sizes, one_hot=names.embedding is None, head_bias=f"{names.head_name}.bias" in source)
    where = {f"rnn.{name}": f"{names.prefix}{name}" for name in made.rnn.state_dict()}
    where |= {"embedding.weight": f"{names.embedding}.weight"} if names.embedding else {}
    where |= {name: f"{names.head_name}.{name.removeprefix('head.')}" for name in made.state_dict() if "head." in name}
    for ours, theirs in where.items():
        shape = tuple(made.state_dict()[ours].shape)
        if source.shape(theirs) != shape:
            raise CheckpointError(f"`{theirs}` is {source.shape(theirs) or 'missing'}; {shape} was expected.",
                                  "The checkpoint is incomplete or of another architecture.", theirs)
    made.load_state_dict({ours: torch.from_numpy(source[theirs].real().copy()) for ours, theirs in where.items()})
    return made.eval().requires_grad_(requires_grad=False)
