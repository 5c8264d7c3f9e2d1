"""CLIP's tokenizer as one file of Hugging Face's form, whatever files it came in: 77 tokens, begun, ended, filled up.

Older folders hold a vocabulary and a list of pairs; what fills a sentence up stands in a third file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import PackageError

LENGTH = 77
_START, _END = "<|startoftext|>", "<|endoftext|>"
_PIECES = (r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")


def whole(whole_file: Mapping[str, Any] | None, vocabulary: Mapping[str, Any] | None, merges: str | None,
          config: Mapping[str, Any]) -> bytes | None:
    """tokenizer.json with its length and filler, from what there is; None where there is not enough.

    `config` is tokenizer_config.json (its pad_token). Raises PackageError for files that are not what they should be.
    """
    if whole_file is not None:
        made = dict(whole_file)
    elif vocabulary is not None and merges is not None:
        made = _from_pairs(vocabulary, merges)
    else:
        return None
    model = made.get("model")
    numbers = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(numbers, dict) or not isinstance(numbers.get(_END), int):
        raise PackageError("The tokenizer's files are not those of a CLIP text encoder.",
                           "Get the folder again from where it came from.", "tokenizer")
    filler = _filler(config, numbers)
    known = [entry for entry in made.get("added_tokens") or [] if isinstance(entry, dict)]
    if all(entry.get("content") != filler for entry in known):
        known.append(_special(filler, numbers[filler]))   # SDXL's “!”: in a prompt too it means emptiness
    made["added_tokens"] = known
    made["truncation"] = {"direction": "Right", "max_length": LENGTH, "strategy": "LongestFirst", "stride": 0}
    made["padding"] = {"strategy": {"Fixed": LENGTH}, "direction": "Right", "pad_to_multiple_of": None,
                       "pad_id": numbers[filler], "pad_type_id": 0, "pad_token": filler}
    return json.dumps(made, ensure_ascii=False).encode()


def _from_pairs(vocabulary: Mapping[str, Any], merges: str) -> dict[str, Any]:
    """CLIP's byte pairs: text in small letters, words marked at their end."""
    lines = [line for line in merges.splitlines() if line and not line.startswith("#version")]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    added = [_special(token, vocabulary[token]) for token in (_START, _END) if token in vocabulary]
    return {
        "version": "1.0", "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
            {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": _PIECES}, "behavior": "Removed", "invert": True}, level]},
        "post_processor": {"type": "RobertaProcessing", "sep": [_END, vocabulary.get(_END)],
                           "cls": [_START, vocabulary.get(_START)], "trim_offsets": False, "add_prefix_space": False},
        "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": _END, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "</w>", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": dict(vocabulary), "merges": lines},
    }


def _special(token: str, number: int) -> dict[str, Any]:
    """A token that is never cut in pieces."""
    return {"id": number, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True}


def _filler(config: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> str:
    """The token that fills a sentence up: SDXL's second encoder takes “!”, the others take ends."""
    named = config.get("pad_token", _END)
    text = named.get("content") if isinstance(named, dict) else named
    return text if isinstance(text, str) and isinstance(vocabulary.get(text), int) else _END
