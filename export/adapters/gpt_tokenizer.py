"""How texts become tokens: a folder's tokenizer.json as it is, or one made from vocab.json and merges.txt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import CheckpointError
from export.checkpoint.source import ModelFolder, Source

TOKENIZER = "tokenizer.json"
_LARGEST = 64 << 20
_SPECIAL = "<|endoftext|>"


def tokenizer_of(source: Source) -> bytes | None:
    """tokenizer.json in the form of Hugging Face's tokenizers; None where nothing lies beside the weights.

    Raises CheckpointError for files that are not what their names say.
    """
    if not isinstance(source, ModelFolder):
        return None
    if TOKENIZER in source.files:
        path = source.files[TOKENIZER]
        _object(path)
        return path.read_bytes()
    if "vocab.json" in source.files and "merges.txt" in source.files:
        return json.dumps(_bytes_pairs(source.files["vocab.json"], source.files["merges.txt"]),
                          ensure_ascii=False).encode()
    return None


def _bytes_pairs(vocabulary: Path, merges: Path) -> dict[str, Any]:
    """GPT-2's tokenizer: byte-level pairs, with its end of text as the one special token."""
    tokens = _object(vocabulary)
    lines = [line for line in _text(merges).splitlines() if line and not line.startswith("#version")]
    added = []
    if isinstance(tokens.get(_SPECIAL), int):
        added = [{"id": tokens[_SPECIAL], "content": _SPECIAL, "single_word": False, "lstrip": False, "rstrip": False,
                  "normalized": True, "special": True}]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": level, "post_processor": {**level, "trim_offsets": False}, "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": tokens, "merges": lines},
    }


def _object(path: Path) -> Mapping[str, Any]:
    """A JSON object."""
    try:
        found = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise _faulty(path) from error
    if not isinstance(found, dict):
        raise _faulty(path)
    return found


def _text(path: Path) -> str:
    """A file's text, of sane length."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _faulty(path)
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _faulty(path) from error


def _faulty(path: Path) -> CheckpointError:
    return CheckpointError(f"“{path.name}” is not the tokenizer's file that its name says.",
                           "Get the folder again from where it came from.", str(path))
