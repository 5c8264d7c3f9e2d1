"""A tiny sentence encoder, built in code: words from a table, averaged where the mask says so, made one long."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from onnx import helper

from tests.fakes.styles import _graph, pack

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "house", "cat", "red", "blue", "small")
DIM = 6
CONTEXT = 5
HEAD = {"format": 1, "name": "Reader", "version": "1.0.0", "summary": "For tests.", "license": "CC0-1.0"}


def tiny_encoder(folder: Path, *, seed: int = 0, dim: int = DIM) -> Path:
    """A package of the family `embedding` that reads five tokens."""
    table = np.random.RandomState(seed).randn(len(WORDS), dim).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["words"]),
        helper.make_node("Cast", ["mask"], ["present"], to=1),
        helper.make_node("Unsqueeze", ["present", "last"], ["spread"]),
        helper.make_node("Mul", ["words", "spread"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "time"], ["summed"], keepdims=0),
        helper.make_node("ReduceL2", ["summed", "time"], ["length"], keepdims=1),
        helper.make_node("Div", ["summed", "length"], ["vector"]),
    ]
    constants = {"table": table, "last": np.array([2], np.int64), "time": np.array([1], np.int64)}
    free = ["batch", "time"]
    graph = _graph({"tokens": ("int64", free), "mask": ("int64", free)}, {"vector": ("float32", ["batch", dim])},
                   nodes, constants)
    manifest = {**HEAD, "id": folder.name, "family": "embedding",
                "embedding": {"dim": dim, "context": CONTEXT, "tokenizer": "tokenizer.json"}}
    return pack(folder, manifest, {"encoder": graph}, {"tokenizer.json": tokenizer()})


def tokenizer() -> bytes:
    """Words between blanks, a mark before and one after."""
    marks = [{"id": WORDS.index(mark), "content": mark, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for mark in ("[CLS]", "[SEP]")]
    special = {mark: {"id": mark, "ids": [WORDS.index(mark)], "tokens": [mark]} for mark in ("[CLS]", "[SEP]")}
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": marks,
        "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing", "special_tokens": special,
            "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "[SEP]", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]},
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: place for place, word in enumerate(WORDS)},
                  "unk_token": "[UNK]"},
    }).encode()
