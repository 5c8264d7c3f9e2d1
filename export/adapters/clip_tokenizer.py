"""CLIP's tokenizer as one file: read from a folder of weights, in the form that packages hold."""

from __future__ import annotations

from engine.errors import PackageError
from engine.packages.clip_files import LENGTH, whole
from export.adapters.texts import faulty, json_object, plain_text
from export.checkpoint.source import ModelFolder

__all__ = ["LENGTH", "clip_tokenizer"]


def clip_tokenizer(source: ModelFolder, part: str) -> bytes | None:
    """The folder's `part` ("tokenizer", "tokenizer_2") in the form of Hugging Face's tokenizers, None without one.

    Raises CheckpointError for files that are not what their names say.
    """
    single, pairs, words = (source.files.get(f"{part}/{name}") for name in ("tokenizer.json", "merges.txt",
                                                                          "vocab.json"))
    try:
        return whole(json_object(single) if single is not None else None,
                     json_object(words) if words is not None and single is None else None,
                     plain_text(pairs) if pairs is not None and single is None else None,
                     source.configs.get(part, {}))
    except PackageError as error:
        raise faulty(single or words or source.path) from error
