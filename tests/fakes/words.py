"""Tiny language models, built in code: a memory that adds up what was read, and what follows each letter by a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import helper

from tests.fakes import graphs
from tests.fakes.styles import _graph, pack

LETTERS = ("\n", *"abcdefghijklmnopqrstuvwxyz ")
HEAD = {"format": 1, "name": "Words", "version": "1.0.0", "summary": "For tests.", "license": "CC0-1.0"}
MEMORY = 3


def table(seed: int = 0, spread: float = 2.0, size: int = len(LETTERS)) -> NDArray[np.float32]:
    """Logits [size, size] of what follows each token."""
    return (np.random.RandomState(seed).randn(size, size) * spread).astype(np.float32)


def cycle(order: str, strength: float = 60.0) -> NDArray[np.float32]:
    """Logits that write `order` over and over: each of its letters, all different, is followed by the next."""
    logits = np.zeros((len(LETTERS), len(LETTERS)), np.float32)
    for first, second in zip(order, order[1:] + order[:1], strict=True):
        logits[LETTERS.index(first), LETTERS.index(second)] = strength
    return logits


def tiny_words(folder: Path, *, following: NDArray[np.float32] | None = None, recall: float = 0.0,
               letters: tuple[str, ...] | None = LETTERS, pieces: bytes = b"", transformer: bool = False,
               context: int | None = None, delayed: int = 0, text: dict[str, Any] | None = None,
               **changes: Any) -> Path:
    """A package of letters. `recall`: how much all that was read before counts; 0: only the last letter does.

    `transformer`: the memory is a cache that grows with each token, otherwise a state of fixed size. `delayed`: so many
    rounds of a loop come before each step.
    """
    following = table() if following is None else following
    size = following.shape[0]
    dice = np.random.RandomState(7)
    constants: dict[str, Any] = {
        "following": following, "meaning": dice.randn(size, MEMORY), "listening": dice.randn(MEMORY, size) * recall,
        "time": np.array([1], np.int64), "front": np.array([0], np.int64), "middle": np.array([1], np.int64)}
    nodes = [helper.make_node("Gather", ["following", "tokens"], ["likely"]),
             helper.make_node("Gather", ["meaning", "tokens"], ["meanings"])]
    if transformer:
        state = {"past": ("float32", ["batch", "before", MEMORY])}
        following_state = {"total": ("float32", ["batch", "after", MEMORY])}
        nodes += [helper.make_node("Concat", ["past", "meanings"], ["total"], axis=1),
                  helper.make_node("ReduceSum", ["total", "time"], ["known"], keepdims=1)]
    else:
        state = {"past": ("float32", [1, "batch", MEMORY])}
        following_state = {"total": ("float32", [1, "batch", MEMORY])}
        nodes += [helper.make_node("ReduceSum", ["meanings", "time"], ["read"], keepdims=0),
                  helper.make_node("Unsqueeze", ["read", "front"], ["one"]),
                  helper.make_node("Add", ["past", "one"], ["total"]),
                  helper.make_node("Squeeze", ["total", "front"], ["flat"]),
                  helper.make_node("Unsqueeze", ["flat", "middle"], ["known"])]
    nodes += [helper.make_node("MatMul", ["known", "listening"], ["recalled"]),
              helper.make_node("Add", ["likely", "recalled"], ["logits"])]
    if delayed:
        wait: list[Any] = []
        graphs.delayed(wait, constants, delayed)
        nodes = [*wait[:-1], *nodes, helper.make_node("Add", ["logits_now", "nothing"], ["logits"])]
        nodes[-2].output[0] = "logits_now"
    graph = _graph({"tokens": ("int64", ["batch", "time"]), **state},
                   {"logits": ("float32", ["batch", "time", size]), **following_state}, nodes, constants)
    words: dict[str, Any] = {"kind": "transformer" if transformer else "recurrent", "vocabulary": size,
                             "state": {"past": "total"}, **({"context": context} if context else {}), **(text or {})}
    files: dict[str, bytes] = {}
    if pieces:
        words["tokenizer"], files = "tokenizer.json", {"tokenizer.json": pieces}
    elif letters is not None:
        words.setdefault("tokenizer", "characters.json")
        files["characters.json"] = json.dumps(list(letters)).encode()
    return pack(folder, {**HEAD, "id": "words", "family": "text", "text": words, **changes}, {"step": graph}, files)


def byte_tokenizer(texts: tuple[str, ...] = ()) -> bytes:
    """tokenizer.json of byte-level pairs without any pair: every byte of UTF-8 is a token; special ones follow."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown} | {byte: chr(256 + place) for place, byte in enumerate(hidden)}
    vocabulary = {letters[byte]: byte for byte in range(256)} | {text: 256 + n for n, text in enumerate(texts)}
    added = [{"id": vocabulary[text], "content": text, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for text in texts]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": level, "post_processor": {**level, "trim_offsets": False}, "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": vocabulary, "merges": []}}).encode()


PLACES = 40


def placed() -> NDArray[np.float32]:
    """What a position adds to the logits [PLACES, letters], in graphs made by `exported`."""
    return (np.random.RandomState(11).randn(PLACES, len(LETTERS)) * 2).astype(np.float32)


def exported(folder: Path, file: str = "model.onnx", *, cache: bool = True, names: dict[str, str] | None = None,
             branch: bool = False, operator: str = "", config: dict[str, Any] | None = None,
             tokenizer: bool = True) -> Path:
    """A language model as other exporters write it; `names` are those of the ports, where they are not the usual ones.

    A cache of keys and values, a mask that must be as long as all that was read, positions that count. `branch`: it
    also asks whether the cache is used. `operator`: one that no runtime has.
    """
    named = {"input_ids": "input_ids", "attention_mask": "attention_mask", "position_ids": "position_ids",
             "logits": "logits", "past_key": "past_key_values.0.key", "past_value": "past_key_values.0.value",
             "present_key": "present.0.key", "present_value": "present.0.value", **(names or {})}
    size = len(LETTERS)
    constants: dict[str, Any] = {"following": table(), "placed": placed(),
                                 "meaning": np.random.RandomState(7).randn(size, MEMORY),
                                 "listening": np.random.RandomState(8).randn(MEMORY, size),
                                 "heads": np.array([1], np.int64), "time": np.array([2], np.int64)}
    inputs: dict[str, Any] = {named[name]: ("int64", ["batch_size", length]) for name, length in (
        ("input_ids", "sequence_length"), ("attention_mask", "all_of_it"), ("position_ids", "sequence_length"))}
    outputs: dict[str, Any] = {named["logits"]: ("float32", ["batch_size", "sequence_length", size])}
    known = "mine"
    nodes = [helper.make_node("Gather", ["following", named["input_ids"]], ["likely"]),
             helper.make_node("Gather", ["placed", named["position_ids"]], ["here"]),
             helper.make_node("Gather", ["meaning", named["input_ids"]], ["meanings"]),
             helper.make_node("Unsqueeze", ["meanings", "heads"], ["mine"])]
    if cache:
        known = named["present_key"]
        for word in ("key", "value"):
            inputs[named[f"past_{word}"]] = ("float32", ["batch_size", 1, "past_sequence_length", MEMORY])
            outputs[named[f"present_{word}"]] = ("float32", ["batch_size", 1, "total", MEMORY])
            nodes.append(helper.make_node("Concat", [named[f"past_{word}"], "mine"], [named[f"present_{word}"]],
                                          axis=2))
    # Every remembered token counts as often as the mask says; a mask of another length cannot be multiplied.
    nodes += [helper.make_node("Cast", [named["attention_mask"]], ["weights"], to=1),
              helper.make_node("Unsqueeze", ["weights", "both"], ["column"]),
              helper.make_node("Mul", [known, "column"], ["counted"]),
              helper.make_node("ReduceSum", ["counted", "time"], ["summed"], keepdims=0),
              helper.make_node("MatMul", ["summed", "listening"], ["recalled"]),
              helper.make_node("Add", ["likely", "here"], ["plain"]),
              helper.make_node("Add", ["plain", "recalled"], ["given" if branch or operator else named["logits"]])]
    constants["both"] = np.array([1, 3], np.int64)
    if branch:
        inputs["use_cache_branch"] = ("bool", [1])
        nodes += [helper.make_node("Cast", ["use_cache_branch"], ["whether"], to=1),
                  helper.make_node("Mul", ["whether", "nothing"], ["none"]),
                  helper.make_node("Add", ["given", "none"], [named["logits"]])]
        constants["nothing"] = np.zeros(1, np.float32)
    if operator:
        nodes.append(helper.make_node(operator, ["given"], [named["logits"]], domain="com.microsoft"))
    model, _, _ = _graph(inputs, outputs, nodes, constants)
    if operator:
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(model.SerializeToString())
    settings = {"model_type": "gpt2", "n_positions": PLACES, "vocab_size": size, **(config or {})}
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    if tokenizer:
        (folder / "tokenizer.json").write_bytes(letter_tokenizer())
    return folder


def letter_tokenizer() -> bytes:
    """tokenizer.json whose tokens are LETTERS, in that order."""
    whole = json.loads(byte_tokenizer())
    spelled = {"\n": "Ċ", " ": "Ġ"}
    whole["model"]["vocab"] = {spelled.get(text, text): number for number, text in enumerate(LETTERS)}
    return json.dumps(whole).encode()


def continued(text: str, count: int, *, recall: bool = True) -> str:
    """What `exported` writes on after `text`, the likeliest letter each time, worked out from all that stands there."""
    meaning = np.random.RandomState(7).randn(len(LETTERS), MEMORY).astype(np.float32)
    listening = np.random.RandomState(8).randn(MEMORY, len(LETTERS)).astype(np.float32)
    ids = [LETTERS.index(letter) for letter in text]
    for _ in range(count):
        logits = table()[ids[-1]] + placed()[len(ids) - 1]
        ids.append(int((logits + (meaning[ids].sum(axis=0) @ listening if recall else 0)).argmax()))
    return "".join(LETTERS[token] for token in ids)


def grouped(folder: Path) -> Path:
    """A folder as onnxruntime-genai writes it for the processor: attention is one fused operator with a cache."""
    size, width = len(LETTERS), 16
    dice = np.random.RandomState(12)
    constants: dict[str, Any] = {
        "table": dice.randn(size, width), "head": dice.randn(width, size) * 2, "one": np.array([1], np.int64),
        "less": np.array([1], np.int32), "second": np.array(1, np.int64),
        **{word: dice.randn(width, width) / 2 for word in ("wq", "wk", "wv")}}
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["x"]),
             *(helper.make_node("MatMul", ["x", f"w{word}"], [word]) for word in "qkv"),
             helper.make_node("ReduceSum", ["attention_mask", "one"], ["counts"], keepdims=0),
             helper.make_node("Cast", ["counts"], ["counted"], to=6),
             helper.make_node("Sub", ["counted", "less"], ["before"]),
             helper.make_node("Shape", ["attention_mask"], ["shape"]),
             helper.make_node("Gather", ["shape", "second"], ["long"]),
             helper.make_node("Cast", ["long"], ["total"], to=6),
             helper.make_node("GroupQueryAttention", [
                 "q", "k", "v", "past_key_values.0.key", "past_key_values.0.value", "before", "total"],
                 ["seen", "present.0.key", "present.0.value"], domain="com.microsoft", num_heads=2, kv_num_heads=2),
             helper.make_node("Add", ["x", "seen"], ["sum"]),
             helper.make_node("MatMul", ["sum", "head"], ["logits"])]
    cache = ["batch_size", 2, "past_sequence_length", width // 2]
    longer = ["batch_size", 2, "total_sequence_length", width // 2]
    model, _, _ = _graph(
        {"input_ids": ("int64", ["batch_size", "sequence_length"]),
         "attention_mask": ("int64", ["batch_size", "total_sequence_length"]),
         "past_key_values.0.key": ("float32", cache), "past_key_values.0.value": ("float32", cache)},
        {"logits": ("float32", ["batch_size", "sequence_length", size]),
         "present.0.key": ("float32", longer), "present.0.value": ("float32", longer)}, nodes, constants)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    told = {"model": {"type": "llama", "context_length": 64, "vocab_size": size, "eos_token_id": 0,
                      "decoder": {"filename": "model.onnx"}}}
    (folder / "genai_config.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "tokenizer.json").write_bytes(letter_tokenizer())
    return folder
