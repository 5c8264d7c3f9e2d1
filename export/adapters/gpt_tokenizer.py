"""How texts become tokens: a folder's tokenizer.json as it is, or one made from vocab.json and merges.txt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from export.adapters.texts import json_object, plain_text
from export.checkpoint.source import ModelFolder, Source

TOKENIZER = "tokenizer.json"
_SPECIAL = "<|endoftext|>"


def tokenizer_of(source: Source) -> bytes | None:
    """tokenizer.json in the form of Hugging Face's tokenizers; None where nothing lies beside the weights.

    Raises CheckpointError for files that are not what their names say.
    """
    if not isinstance(source, ModelFolder):
        return None
    if TOKENIZER in source.files:
        path = source.files[TOKENIZER]
        json_object(path)
        return path.read_bytes()
    if "vocab.json" in source.files and "merges.txt" in source.files:
        return json.dumps(_bytes_pairs(source.files["vocab.json"], source.files["merges.txt"]),
                          ensure_ascii=False).encode()
    return None


def _bytes_pairs(vocabulary: Path, merges: Path) -> dict[str, Any]:
    """GPT-2's tokenizer: byte-level pairs, with its end of text as the one special token."""
    tokens = json_object(vocabulary)
    lines = [line for line in plain_text(merges).splitlines() if line and not line.startswith("#version")]
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
