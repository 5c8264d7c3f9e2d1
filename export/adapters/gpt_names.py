"""Where a GPT-2 keeps what: names, sizes and settings of both public layouts, read without torch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import CheckpointError
from export.checkpoint.source import Checkpoint, ModelFolder, Source

_BLOCK = re.compile(r"h\.(\d+)\.")
_PADDED, _REAL = 50304, 50257   # nanoGPT pads GPT-2's vocabulary to a multiple of 64
_USUAL_HEAD = 64
_ACTIVATIONS = {"gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu_fast": "gelu_tanh", "gelu": "gelu",
                "relu": "relu", "silu": "silu", "swish": "silu"}
ACTIVATIONS = tuple(sorted(set(_ACTIVATIONS.values())))


@dataclass(frozen=True)
class Found:
    """A GPT-2's sizes and habits; `stored` counts the rows of the token table, `vocabulary` those that mean a token."""

    prefix: str
    conv1d: bool
    stored: int
    vocabulary: int
    context: int
    width: int
    inner: int
    layers: int
    heads: int
    activation: str
    eps: float
    bias: bool
    by_depth: bool = False
    start: int | None = None
    stop: tuple[int, ...] = ()
    guesses: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def found_in(source: Source) -> Found | None:
    """The sizes, or None where this is no GPT-2."""
    weights = _weights(source)
    if weights is None:
        return None
    prefix = "transformer." if "transformer.wte.weight" in weights else ""
    table, places, joint, inner = (weights.shape(f"{prefix}{name}.weight")
                                   for name in ("wte", "wpe", "h.0.attn.c_attn", "h.0.mlp.c_fc"))
    if table is None or places is None or joint is None or inner is None or len(table) != 2:  # noqa: PLR2004
        return None
    width = table[1]
    if joint not in {(width, 3 * width), (3 * width, width)} or width not in inner:
        return None
    settings = _settings(source)
    conv1d = joint == (width, 3 * width)
    heads, activation, guesses = _unseen(settings, width, conv1d=conv1d)
    layers = 1 + max(int(match[1]) for name in weights if (match := _BLOCK.match(name.removeprefix(prefix))))
    stored = table[0]
    stop = settings.get("eos_token_id")
    start = settings.get("bos_token_id")
    return Found(
        prefix, conv1d, stored, _REAL if stored == _PADDED else stored, places[0], width,
        inner[1] if conv1d else inner[0], layers, heads, activation, float(settings.get("layer_norm_epsilon", 1e-5)),
        f"{prefix}ln_f.bias" in weights,
        bool(settings.get("scale_attn_by_inverse_layer_idx")),
        start if isinstance(start, int) and start < stored else None,
        (stop,) if isinstance(stop, int) and stop < stored else (), guesses, settings)


def weights_of(source: Source, found: Found,
               wanted: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Every wanted tensor of `export.nets.gpt.GptStep`, turned and cut as it wants it. Raises CheckpointError."""
    weights = _weights(source)
    for name, shape in wanted.items():
        theirs = "lm_head.weight" if name == "lm_head.weight" else found.prefix + _their_name(name)
        if weights is None or theirs not in weights:
            raise CheckpointError(f"`{theirs}` is missing.", "The checkpoint is incomplete: save it again.", theirs)
        values = weights[theirs].real()
        if found.conv1d and values.ndim == 2 and _is_matrix(name):  # noqa: PLR2004 - a matrix
            values = values.T
        if values.shape[1:] == shape[1:] and values.shape[0] == found.stored:
            values = values[:shape[0]]
        if values.shape != shape:
            raise CheckpointError(f"`{theirs}` is {weights.shape(theirs)}, which does not fit the other weights.",
                                  "The checkpoint is damaged or of another architecture.", theirs)
        yield name, np.array(values, np.float32, order="C")


def is_tied(source: Source, found: Found) -> bool:
    """Whether the head is the token table: not stored apart, or stored twice with the same numbers (which are read)."""
    weights, table = _weights(source), f"{found.prefix}wte.weight"
    if weights is None or "lm_head.weight" not in weights:
        return True
    if weights.shape("lm_head.weight") != weights.shape(table):
        return False
    return bool(np.array_equal(weights["lm_head.weight"].read(), weights[table].read()))


def _weights(source: Source) -> Checkpoint | None:
    """The one set of weights."""
    return source.parts.get("") if isinstance(source, ModelFolder) else source


def _their_name(name: str) -> str:
    """Both layouts keep a block's two matrices one level deeper."""
    return re.sub(r"^(h\.\d+\.)(c_fc|c_proj)\.", r"\1mlp.\2.", name)


def _is_matrix(name: str) -> bool:
    """Whether Transformers stores this weight the other way round."""
    return name.startswith("h.") and ".c_" in name


def _settings(source: Source) -> dict[str, Any]:
    """Everything that is said beside the weights, the network's own settings last."""
    if isinstance(source, ModelFolder):
        return {**source.index, **source.configs.get("", {})}
    inner = source.settings.get("model_args")
    return {**source.settings, **(inner if isinstance(inner, Mapping) else {})}


def _unseen(settings: Mapping[str, Any], width: int, *, conv1d: bool) -> tuple[int, str, tuple[str, ...]]:
    """Heads and activation, and what was guessed of them."""
    guesses = []
    heads = settings.get("n_head")
    if not isinstance(heads, int) or isinstance(heads, bool) or heads < 1:
        heads = max(1, width // _USUAL_HEAD)
        guesses.append(f"There are {heads} heads of {width // heads} numbers: weights do not show how many.")
    activation = _ACTIVATIONS.get(str(settings.get("activation_function")))
    if activation is None:
        # Transformers' default is the approximation; nanoGPT uses torch's exact one.
        activation = "gelu_tanh" if conv1d else "gelu"
        guesses.append(f"Blocks use {'the approximate' if conv1d else 'the exact'} GELU: weights do not show it.")
    return heads, activation, tuple(guesses)
