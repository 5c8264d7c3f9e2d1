"""One named case of the corpus: how its file is made, and how meeting it has to end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """`make` writes into an empty folder and returns what a person would choose."""

    name: str                                        # "C01_reduce_os_system"
    make: Callable[[Path], Path]
    refused: str = ""                                # words that the refusal has to say; empty: it opens
    tensors: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)  # what it must hold then, exactly
    says: str = ""                                   # words among its notes, warnings or sources then

    @property
    def number(self) -> str:
        """C01."""
        return self.name.partition("_")[0]
