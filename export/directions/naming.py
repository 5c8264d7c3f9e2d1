"""Neutral names for directions that nobody has looked at yet: "Coarse 1", `sefa_coarse_1`, 粗略 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from export.adapters.base import DirectionSet

_LEAST_SIGMA = 1e-3
"""What a manifest allows at least; a direction in which nothing varies keeps a slider that moves a little."""


@dataclass(frozen=True)
class Group:
    """Directions of one kind: the word in their ids, their labels, the rows of w+ they move (None: all), how many."""

    key: str
    label: str
    chinese: str
    count: int
    layers: tuple[int, int] | None = None    # first and last row, both counted


OVERALL = Group("overall", "Overall", "整体", 10)


def layer_groups(rows: int) -> tuple[Group, ...]:
    """Coarse, middle and fine rows of w+ as Karras et al. (2019) divide them: 4 to 8, 16 to 32, and 64 pixels up."""
    groups = (Group("coarse", "Coarse", "粗略", 6, (0, min(4, rows) - 1)),
              Group("middle", "Middle", "中等", 6, (4, min(8, rows) - 1)),
              Group("fine", "Fine", "精细", 4, (8, rows - 1)))
    return tuple(group for group in groups if group.layers is not None and group.layers[0] <= group.layers[1])


def entry(group: Group, number: int, origin: Literal["sefa", "pca"], space: Literal["z", "w"], *,
          row: int, sigma: float, reach: float, evidence: str) -> dict[str, Any]:
    """The manifest's object for one direction; `number` counts from 1 within its group, `reach` is in sigma."""
    made: dict[str, Any] = {
        "id": f"{origin}_{group.key}_{number}", "label": f"{group.label} {number}",
        "labels": {"zh_CN": f"{group.chinese} {number}"}, "row": row, "sigma": max(float(sigma), _LEAST_SIGMA),
        "range": [-reach, reach], "evidence": evidence, "space": space, "origin": origin,
    }
    if group.layers is not None:
        made["layers"] = list(group.layers)
    return made


def joined(sets: Sequence[DirectionSet]) -> DirectionSet:
    """Several sets of one space as one, rows renumbered; the cloud of the first set that has one."""
    entries: list[Mapping[str, Any]] = []
    for one in sets:
        entries += [{**each, "row": each["row"] + len(entries)} for each in one.entries]
    cloud = next((one for one in sets if one.cloud is not None), None)
    return DirectionSet(np.concatenate([one.rows for one in sets]), tuple(entries),
                        cloud.cloud if cloud else None, cloud.cloud_typical if cloud else None)
