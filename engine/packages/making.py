"""Writing package folders: ids from names, digests, manifests. Both ways of making one use it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.packages.names import MANIFEST

VERSION = "1.0.0"
LONGEST_NAME, LONGEST_SUMMARY, LONGEST_LICENSE, LONGEST_CREDIT = 80, 400, 200, 4000
_ID = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """“Faces of Zürich” becomes “faces-of-zurich”: an id that every disk takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = _ID.sub("-", plain).strip("-")[:56].strip("-")
    return made or "model-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def name_from(path: Path) -> str:
    """A name for people from the file's own: “my_faces-v2.safetensors” becomes “My faces v2”."""
    stem = path.name if path.is_dir() else path.stem
    words = " ".join(re.split(r"[\s_\-]+", "".join(c if c.isprintable() else " " for c in stem))).strip()[:60]
    return words[:1].upper() + words[1:] if words else "My model"


def listed(path: Path) -> dict[str, Any]:
    """The manifest's entry of a file: digest and size."""
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """manifest.json, readable."""
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
                                   encoding="utf-8")
