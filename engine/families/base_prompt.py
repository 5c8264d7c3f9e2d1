"""How models of our own read a prompt: the shared sentence encoder that comes with the program.

A sentence becomes one unit vector of what it means; alike meanings point the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import paths
from engine.api import Progress
from engine.errors import PackageError
from engine.packages.faults import faulty
from engine.packages.manifest import Manifest
from engine.packages.parts import Embedding, Prompt
from engine.packages.verify import verified
from engine.text.tokenizer import open_tokenizer

if TYPE_CHECKING:
    from engine.progress import ProgressSink
    from engine.runtime.providers import Runtime

_REMEMBERED = 512
"""Vectors kept, so that the same prompt is not read again at every drag of a slider."""


class PromptEncoder:
    """Sentences to unit vectors. Not for two threads at once."""

    def __init__(self, folder: Path, manifest: Manifest, runtime: Runtime) -> None:
        """Load a verified package of the family `embedding`. Raises PackageError or ModelError."""
        self._embedding = _embedding(manifest, str(folder))
        self._tokenizer = open_tokenizer(folder / self._embedding.tokenizer)
        graph = manifest.graphs["encoder"]
        self._session = runtime.session(folder / graph.file, graph)
        self._known: dict[str, NDArray[np.float32]] = {}

    @property
    def dim(self) -> int:
        """How many numbers a meaning has."""
        return self._embedding.dim

    @property
    def context(self) -> int:
        """How many tokens of a text are read; the rest is cut off."""
        return self._embedding.context

    def count(self, text: str) -> int:
        """How many tokens the text has, marks of start and end included."""
        return len(self._tokenizer.encode(text))

    def embed(self, texts: Sequence[str], progress: ProgressSink | None = None) -> NDArray[np.float32]:
        """Unit vectors [n, dim]. Raises ModelError, Cancelled.

        One sentence is read at a time: eight-bit arithmetic takes its range from all that is in a batch, and a prompt
        must not mean something else in other company.
        """
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for number, text in enumerate(texts):
            vectors[number] = self._vector(text, progress)
            if progress is not None and len(texts) > 1:
                progress.stepped(Progress(number + 1, len(texts), "Reading words"))
        return vectors

    def close(self) -> None:
        """Give the memory back."""
        self._session.close()

    def _vector(self, text: str, progress: ProgressSink | None) -> NDArray[np.float32]:
        """The vector of one text, remembered."""
        found = self._known.pop(text, None)
        if found is None:
            ids = self._tokenizer.encode(text).ids
            if len(ids) > self.context:
                ids = (*ids[:self.context - 1], ids[-1])    # the mark of the end stays
            tokens = np.asarray([ids], np.int64)
            feeds = {"tokens": tokens, "mask": np.ones_like(tokens)}
            outputs = self._session.run(feeds, progress.cancel if progress is not None else None)
            found = outputs["vector"][0].astype(np.float32)
        self._known[text] = found    # at the end: what is asked for often stays
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        return found


def open_prompt_encoder(prompt: Prompt, runtime: Runtime) -> PromptEncoder:
    """The encoder a package reads its prompts with. Raises PackageError where it is missing, or another than that."""
    folder = paths.bundled_encoders_folder() / prompt.encoder
    if not folder.is_dir():
        raise PackageError(f"The prompt encoder “{prompt.encoder}” is not part of this version of Latent Atelier.",
                           "Update Latent Atelier, or get the package of the model again.", prompt.encoder)
    opened = verified(folder, full=False)
    if opened.digest != prompt.digest:
        raise PackageError(f"The model was made for another version of the prompt encoder “{prompt.encoder}”.",
                           "Get the newer package of the model, or update Latent Atelier.", prompt.encoder)
    encoder = PromptEncoder(folder, opened.manifest, runtime)
    if encoder.dim != prompt.dim:
        encoder.close()
        raise faulty(prompt.encoder, f"it reads prompts of {prompt.dim} numbers, its encoder yields {encoder.dim}")
    return encoder


def _embedding(manifest: Manifest, subject: str) -> Embedding:
    if manifest.embedding is None or "encoder" not in manifest.graphs:
        raise faulty(subject, "a prompt encoder needs graphs.encoder and embedding")
    return manifest.embedding
