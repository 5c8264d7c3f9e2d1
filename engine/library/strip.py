"""What lay in the strip of kept results before there was a library: its rows as keepsakes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.api import Medium, Recipe
from engine.library.records import Keepsake

_log = logging.getLogger(__name__)


def keepsakes(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str],
              thumbnail: Callable[[str], bytes]) -> list[Keepsake]:
    """The rows under "kept" in `kept.json`, newest first there, oldest first here.

    `names`: package id -> its name; `thumbnail`: the PNG by a recipe's fingerprint, or nothing. Each is as old as its
    file, and never newer than one that stood before it. What is no row is passed over.
    """
    found: list[Keepsake] = []
    latest = datetime.now(UTC)
    for row in rows:
        try:
            path, recipe = Path(str(row["path"])), Recipe.from_dict(row["recipe"])
            texts, colors = (tuple(str(item) for item in row.get(key, ())) for key in ("texts", "colors"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            _log.info("a row of the strip is passed over: %s", error)
            continue
        latest = min(latest, _age(path) or latest)
        medium = Medium.TEXT if texts else Medium.PALETTE if colors else Medium.PICTURE
        small = thumbnail(recipe.fingerprint()) if medium is Medium.PICTURE else b""
        found.append(Keepsake(path, recipe, names.get(recipe.package, ""), medium, texts, colors, small, kept=latest))
    return found[::-1]


def _age(path: Path) -> datetime | None:
    """When a file was written, if it is there."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None
