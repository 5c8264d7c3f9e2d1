"""Which faces teach, and which whole families are held out: decided by a hash before any training."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.collect import family_root, read_faces
from export.train.glyphs.geometry import CHARACTERS, SIZE

HELD_OUT_FAMILIES: Final = 28
_CLONE_IOU: Final = 0.90
_TWIN_IOU: Final = 0.985
_COARSE: Final = 32


@dataclass(frozen=True)
class Item:
    """One kept face: its row in all_fields.i8, its names, and the group that is held out or taught as a whole."""

    row: int
    package: str
    family: str
    style: str
    licence: str
    group: str
    held_out: bool
    advances: tuple[float, ...]
    space: float


def prepare(faces_file: Path, folder: Path) -> list[Item]:
    """Filter the drawn faces, group relatives and look-alikes, hold out groups, write `items.jsonl`."""
    faces = read_faces(faces_file)
    lines = [json.loads(line) for line in (folder / "drawn.jsonl").read_text("utf-8").splitlines()]
    kept = [line for line in lines if line["reason"] is None]
    fields = np.memmap(folder / "all_fields.i8", np.int8, "r", shape=(len(faces), len(CHARACTERS), SIZE, SIZE))
    inks = coarse_ink(fields, [line["row"] for line in kept])
    kept, inks = _without_twins(kept, inks)
    roots = [family_root(faces[line["row"]].family) for line in kept]
    groups = merge_lookalikes(roots, inks)
    held = held_out_groups(groups)
    items = [_item(line, faces[line["row"]], group, group in held) for line, group in zip(kept, groups, strict=True)]
    with (folder / "items.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(asdict(item)) + "\n" for item in items)
    reasons: dict[str, int] = {}
    for line in lines:
        reasons[line["reason"] or "drawn well"] = reasons.get(line["reason"] or "drawn well", 0) + 1
    reasons["twins of another face once drawn"] = reasons["drawn well"] - len(kept)
    (folder / "items.counts.json").write_text(json.dumps(reasons, indent=1), encoding="utf-8")
    return items


def _item(line: dict[str, Any], face: Any, group: str, held_out: bool) -> Item:
    """One line of `drawn.jsonl` and its face, joined."""
    advances = tuple(float(value) for value in line["advances"])
    return Item(
        int(line["row"]), face.package, face.family, face.style, face.licence, group, held_out, advances,
        float(line["space"]),
    )  # fmt: skip


def read_items(folder: Path) -> list[Item]:
    """The faces written by `prepare`."""
    lines = (folder / "items.jsonl").read_text("utf-8").splitlines()
    return [Item(**(entry | {"advances": tuple(entry["advances"])})) for entry in map(json.loads, lines)]


def coarse_ink(fields: NDArray[np.int8], rows: list[int]) -> NDArray[np.float32]:
    """Ink of whole alphabets at 32x32, [faces, 82 * 1024] in {0, 1}."""
    step = SIZE // _COARSE
    return np.stack([(fields[row, :, 1::step, 1::step] > 0).reshape(-1) for row in rows]).astype(np.float32)


def _without_twins(
    lines: list[dict[str, Any]], inks: NDArray[np.float32]
) -> tuple[list[dict[str, Any]], NDArray[np.float32]]:
    """Drop faces whose drawn alphabet equals an earlier one (same design, other file)."""
    overlap = pairwise_iou(inks)
    keep = [i for i in range(len(lines)) if not (overlap[i, :i] > _TWIN_IOU).any()]
    return [lines[i] for i in keep], inks[keep]


def pairwise_iou(inks: NDArray[np.float32]) -> NDArray[np.float32]:
    """IoU of whole alphabets between all faces, [faces, faces]."""
    shared = inks @ inks.T
    sizes = inks.sum(1)
    iou: NDArray[np.float32] = shared / np.maximum(sizes[:, None] + sizes[None, :] - shared, 1.0)
    return iou


def merge_lookalikes(roots: list[str], inks: NDArray[np.float32]) -> list[str]:
    """Group names: families that share a clone (alphabet IoU over 0.90) become one, named by its first root."""
    parent = {root: root for root in roots}

    def find(root: str) -> str:
        while parent[root] != root:
            root = parent[root]
        return root

    close = np.argwhere(np.triu(pairwise_iou(inks) > _CLONE_IOU, 1))
    for first, second in close:
        one, two = find(roots[first]), find(roots[second])
        if one != two:
            parent[max(one, two)] = min(one, two)
    return [find(root) for root in roots]


def held_out_groups(groups: list[str]) -> set[str]:
    """The HELD_OUT_FAMILIES groups with the smallest SHA-256 of their name: no eye and no luck of the draw in it."""
    ranked = sorted(set(groups), key=lambda group: hashlib.sha256(group.encode()).hexdigest())
    return set(ranked[:HELD_OUT_FAMILIES])
