"""Folders of parts: diffusers (`model_index.json`, one folder a part) and Transformers (`config.json` beside weights).

For each part one set of weights is chosen: safetensors before pickles, full precision before fp16, shards put together
by their index. Nothing outside the folder is read, links included.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import strictjson
from export.checkpoint.faults import Unreadable, shown
from export.checkpoint.source import Checkpoint, ModelFolder, TensorRef

MAX_JSON = 64 << 20
MAX_CONFIG = 1 << 20
MAX_SHARDS = 200
MAX_FILES = 400
# Whole words of a file name, best first; `.fp16.` and other variants come after the plain ones.
_STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")
_FORMATS = (".safetensors", ".bin", ".pt")
_VARIANTS = ("", ".fp32", ".fp16", ".bf16", ".non_ema")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_TEXTS = frozenset({"tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json",
                    "scheduler_config.json", "generation_config.json", "preprocessor_config.json", "spiece.model",
                    "added_tokens.json", "README.md", "LICENSE", "LICENSE.md", "LICENSE.txt"})

_OPTIONAL = ("safety_checker", "feature_extractor", "image_encoder")  # often deleted: no picture needs them

OpenFile = Callable[[Path], Checkpoint]


def read_folder(folder: Path, open_file: OpenFile) -> ModelFolder:
    """The parts of a model folder. Raises Unreadable where it is none, or where a part is missing."""
    index_file = folder / "model_index.json"
    if index_file.is_file():
        return _diffusers(folder, _json(index_file, MAX_CONFIG), open_file)
    if (folder / "config.json").is_file() and weight_files(folder):
        return _alone(folder, open_file)
    if (folder / "saved_model.pb").is_file():
        raise Unreadable("is a TensorFlow model, which is not supported", "Export it to ONNX with tf2onnx.")
    models = [path.name for path in sorted(folder.iterdir()) if path.suffix in (".safetensors", ".pt", ".pth", ".ckpt",
                                                                              ".bin", ".pkl", ".onnx")][:3]
    hint = f"Choose a file inside it: {', '.join(shown(name, 40) for name in models)}." if models else \
        "Choose a model file, or a folder with `model_index.json` (diffusers) or `config.json` (Transformers)."
    raise Unreadable("is a folder, but not one of a model", hint)


def _diffusers(folder: Path, index: dict[str, Any], open_file: OpenFile) -> ModelFolder:
    """Every part that the index names and that is a folder here."""
    configs: dict[str, dict[str, Any]] = {}
    parts: dict[str, Checkpoint] = {}
    files = _texts(folder, "")
    for part, entry in index.items():
        if part.startswith("_") or not isinstance(entry, list) or entry[:2] == [None, None]:
            continue
        place = folder / part
        if part in _OPTIONAL and not place.exists():
            continue
        if not _PLAIN_NAME.fullmatch(part) or not _inside(place, folder) or not place.is_dir():
            raise Unreadable(f"lacks its part “{shown(part, 40)}”", "Download the whole folder again.")
        files |= _texts(place, part)
        config = next((place / name for name in ("config.json", "scheduler_config.json", "tokenizer_config.json",
                                                 "preprocessor_config.json") if (place / name).is_file()), None)
        configs[part] = _json(config, MAX_CONFIG) if config else {}
        if weight_files(place):
            parts[part] = _weights(place, open_file)
    if not parts:
        raise Unreadable("is a diffusers folder without weights", "Download the whole folder again.")
    return _whole(folder, "diffusers", index, configs, parts, files)


def _alone(folder: Path, open_file: OpenFile) -> ModelFolder:
    """One model with its configuration: Transformers, or one part of diffusers."""
    config = _json(folder / "config.json", MAX_CONFIG)
    kind = "diffusers" if "_class_name" in config else "transformers"
    return _whole(folder, kind, config, {"": config}, {"": _weights(folder, open_file)}, _texts(folder, ""))


def _whole(folder: Path, kind: str, index: dict[str, Any], configs: dict[str, dict[str, Any]],
           parts: dict[str, Checkpoint], files: dict[str, Path]) -> ModelFolder:
    """The folder put together; its digest is that of the digests of its parts, in the order of their names."""
    text = "\n".join(f"{name} {part.digest}" for name, part in sorted(parts.items()))
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    return ModelFolder(folder, kind, index, configs, parts, files, digest, sum(part.size for part in parts.values()))


def weight_files(folder: Path) -> list[Path]:
    """The files of the best set of weights in a folder, shards in order; empty where there is none."""
    for ending in _FORMATS:
        for variant in _VARIANTS:
            for stem in _STEMS:
                single = folder / f"{stem}{variant}{ending}"
                if single.is_file() and _inside(single, folder):
                    return [single]
                for name in (f"{stem}{ending}.index{variant}.json", f"{stem}{variant}{ending}.index.json"):
                    if (folder / name).is_file():
                        return _shards(folder, folder / name)
    return []


def _shards(folder: Path, index: Path) -> list[Path]:
    """The files that a shard index names. Raises Unreadable for one that is missing or lies elsewhere."""
    table = _json(index, MAX_JSON).get("weight_map")
    if not isinstance(table, dict) or any(not isinstance(name, str) for name in table.values()):
        raise Unreadable(f"has a damaged index of its shards, “{shown(index.name)}”")
    names = sorted(set(table.values()))
    if not names or len(names) > MAX_SHARDS:
        raise Unreadable(f"is split into {len(names)} files; no model is")
    for name in names:
        if not _PLAIN_NAME.fullmatch(name) or not _inside(folder / name, folder):
            raise Unreadable(f"names a file outside of its folder, “{shown(name)}”")
        if not (folder / name).is_file():
            raise Unreadable(f"lacks “{shown(name)}”, a part of its weights", "Download the whole folder again.")
    return [folder / name for name in names]


def _weights(folder: Path, open_file: OpenFile) -> Checkpoint:
    """One part's weights, all shards together."""
    files = weight_files(folder)
    shards = [open_file(path) for path in files]
    if len(shards) == 1:
        return _with_variant(shards[0])
    tensors: dict[str, TensorRef] = {}
    for shard in shards:
        twice = next((name for name in shard.tensors if name in tensors), None)
        if twice is not None:
            raise Unreadable(f"has “{shown(twice)}” in two of its files")
        tensors |= shard.tensors
    digest = hashlib.sha256("\n".join(shard.digest for shard in shards).encode()).hexdigest()
    notes = tuple(dict.fromkeys(note for shard in shards for note in shard.notes))
    warnings = tuple(dict.fromkeys(text for shard in shards for text in shard.warnings))
    return replace(shards[0], path=folder, tensors=tensors, digest=f"sha256:{digest}", notes=notes, warnings=warnings,
                   size=sum(shard.size for shard in shards))


def _with_variant(part: Checkpoint) -> Checkpoint:
    """A note where only a smaller variant of the weights is there."""
    variant = next((name for name in _VARIANTS[1:] if f"{name}." in part.path.name), "")
    return replace(part, notes=(*part.notes, f"only the variant `{variant[1:]}` is there")) if variant else part


def _texts(folder: Path, part: str) -> dict[str, Path]:
    """Tokenizers, licences and the like, as `part/name`."""
    found = {}
    for path in sorted(folder.iterdir())[:MAX_FILES]:
        if path.name in _TEXTS and path.is_file() and _inside(path, folder) and path.stat().st_size <= MAX_JSON:
            found[f"{part}/{path.name}" if part else path.name] = path
    return found


def _inside(path: Path, folder: Path) -> bool:
    """Whether a path, its links followed, stays in the folder. The shared store beside a hub's snapshot counts too."""
    real = path.resolve()
    if real.is_relative_to(folder.resolve()):
        return True
    snapshot = next((parent for parent in folder.resolve().parents if parent.name == "snapshots"), None)
    return snapshot is not None and real.parent == snapshot.parent / "blobs"


def _json(path: Path, longest: int) -> dict[str, Any]:
    """A configuration as plain data. Raises Unreadable."""
    if path.stat().st_size > longest:
        raise Unreadable(f"has a configuration that is too long, “{shown(path.name)}”")
    try:
        return strictjson.parse_object(path.read_bytes(), max_bytes=longest)
    except ValueError as error:
        raise Unreadable(f"has a damaged configuration, “{shown(path.name)}”: {error}") from error
