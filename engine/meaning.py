"""What a kept file is about, in words, so that it can be found by meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.api import Recipe

LONGEST = 600
"""Characters that count: an encoder reads the beginning of a text only."""

SEARCH_ENCODER = "minilm"
"""The folder of `resources/encoders` whose encoder tells what words mean."""

_WORDS = ("prompt", "text")


def meaning_of(recipe: Recipe, model: str = "", texts: Sequence[str] = ()) -> str:
    """The words of a recipe, what came of it, and last the name of its model."""
    said = [str(recipe.values[name]).strip() for name in _WORDS if name in recipe.values]
    parts = [part for part in (*said, *(text.strip() for text in texts), model or recipe.package) if part]
    return ". ".join(dict.fromkeys(parts))[:LONGEST]


def ranked(question: NDArray[np.float32], vectors: NDArray[np.float32]) -> list[tuple[int, float]]:
    """Places in `vectors` [n, dim] and how alike they are to `question` [dim], the most alike first; ties by place."""
    alike = vectors @ question
    return [(int(place), float(alike[place])) for place in np.argsort(-alike, kind="stable")]
