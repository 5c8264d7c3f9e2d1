"""CLIP's way of reading a prompt: 77 tokens with weights, and an honest word on what did not fit.

Radford et al. (2021). The tokenizer is a `tokenizer.json`; its padding says what fills a sentence up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.text.tokenizer import read_tokenizer, unusable

LENGTH = 77
_START, _END = "<|startoftext|>", "<|endoftext|>"


@dataclass(frozen=True)
class Tokens:
    """One prompt as its encoder takes it."""

    ids: NDArray[np.int64]                   # [77]
    weights: NDArray[np.float32]             # [77], 1 where nothing was said
    count: int                               # tokens of the whole text, without its start and end
    cut: str = ""                            # the end of the text that is beyond the limit

    @property
    def key(self) -> bytes:
        """Equal for equal encodings."""
        return self.ids.tobytes() + self.weights.tobytes()


class ClipTokenizer:
    """Texts to `Tokens`. Not for two threads at once."""

    limit = LENGTH - 2
    """Tokens that a prompt may have; the other two are its start and its end."""

    def __init__(self, definition: bytes, subject: str = "tokenizer") -> None:
        """`definition` is a tokenizer.json. Raises PackageError when it is none."""
        self._tokenizer = read_tokenizer("tokenizer.json", definition)
        start, end = (self._tokenizer.id_of(token) for token in (_START, _END))
        if start is None or end is None:
            raise unusable(subject, "it is not one of a CLIP text encoder")
        self._start, self._end = start, end
        padding = json.loads(definition).get("padding")
        fill = padding.get("pad_id") if isinstance(padding, dict) else None
        self._fill = fill if isinstance(fill, int) else end

    @property
    def size(self) -> int:
        """Numbers that tokens can be, added ones included."""
        return self._tokenizer.size

    def read(self, spans: Iterable[tuple[str, float]]) -> Tokens:
        """The tokens of text with weights, one piece after the other."""
        ids: list[int] = []
        weights: list[float] = []
        rest: list[str] = []
        for text, weight in spans:
            read = self._tokenizer.encode(text, special=False)
            fits = max(self.limit - len(ids), 0)
            if len(read.ids) > fits:
                rest.append(text[read.spans[fits][0]:])
            ids += read.ids
            weights += [weight] * len(read.ids)
        kept = ids[:self.limit]
        numbers = np.full(LENGTH, self._fill, np.int64)
        numbers[:len(kept) + 2] = [self._start, *kept, self._end]
        strengths = np.ones(LENGTH, np.float32)
        strengths[1:len(kept) + 1] = weights[:self.limit]
        return Tokens(numbers, strengths, len(ids), "".join(rest).strip())


def weighted(hidden: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors [77, width] times their weights, the mean of all numbers kept, as the well-known web interface does."""
    if bool((weights == 1).all()):
        return hidden
    before = float(hidden.mean(dtype=np.float64))
    scaled = hidden * weights[:, None]
    after = float(scaled.mean(dtype=np.float64))
    return scaled * np.float32(before / after) if after else scaled
