"""From unpacked npm packages to a list of icons: one SVG each, drawn by one pen, with its name and tags."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from export.train.icons.sources import SOURCES, STROKE, Source

_WIDTH: Final = re.compile(r'stroke-width="[^"]*"')
_CAPS: Final = re.compile(r'\s*stroke-line(?:cap|join)="[^"]*"')
_BODY: Final = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NUMBER: Final = re.compile(r"\d+")
_FROZEN: Final = frozenset({"tabler", "lucide", "lucide-lab"})
"""Sets whose figures mean something ("number 5"); elsewhere they only count the variants of one thing."""


@dataclass(frozen=True)
class Icon:
    """One drawing: `name` is its words in lower case, `tags` are words by its makers."""

    source: str
    name: str
    tags: tuple[str, ...]
    svg: str

    @property
    def key(self) -> str:
        """What the icon shows, whoever drew it: its words in alphabetical order."""
        return " ".join(sorted(_NUMBER.sub("", self.name).split()))


def collect(unpacked: Path, target: Path) -> dict[str, int]:
    """Write icons.jsonl and tell how many icons each set gave; `unpacked` holds npm packages, each in its folder."""
    icons: list[Icon] = []
    brands = frozenset(_brands(unpacked))
    counts = {}
    for source in SOURCES:
        found = [icon for icon in _read(unpacked, source) if not _is_brand(icon, brands)]
        counts[source.id] = len(found)
        icons += found
    with target.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(asdict(icon)) + "\n" for icon in _lend(icons))
    return counts


def load(path: Path) -> list[Icon]:
    """The icons that `collect` wrote."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Icon(row["source"], row["name"], tuple(row["tags"]), row["svg"]) for row in rows]


def one_pen(body: str, grid: int) -> str:
    """An SVG of `grid` units whose strokes all have the one width, with round ends and corners."""
    body = _CAPS.sub("", _WIDTH.sub("", body)).replace("currentColor", "#000")
    pen = f'stroke-width="{STROKE * grid / 24:g}" stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {grid} {grid}" fill="none" {pen}>{body}</svg>'


def _read(unpacked: Path, source: Source) -> list[Icon]:
    """The icons of one set; a set that is not there gives none."""
    if source.id == "tabler":
        return _tabler(unpacked, source)
    if source.id == "lucide":
        return _lucide(unpacked, source)
    return _iconify(unpacked, source)


def _tabler(unpacked: Path, source: Source) -> list[Icon]:
    """Outline icons with their tags and category."""
    folder = _folder(unpacked, "tabler-icons")
    entries: dict[str, Any] = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    icons = []
    for name, entry in entries.items():
        path = folder / "icons" / "outline" / f"{name}.svg"
        if path.is_file() and entry["category"] != "Brand":
            tags = (*map(str, entry["tags"]), entry["category"].lower())
            icons.append(_icon(source, name, tags, _inside(path)))
    return icons


def _lucide(unpacked: Path, source: Source) -> list[Icon]:
    """All icons, with their tags."""
    folder = _folder(unpacked, "lucide-static")
    tags: dict[str, list[str]] = json.loads((folder / "tags.json").read_text(encoding="utf-8"))
    return [_icon(source, name, words, _inside(folder / "icons" / f"{name}.svg"))
            for name, words in tags.items() if (folder / "icons" / f"{name}.svg").is_file()]


def _iconify(unpacked: Path, source: Source) -> list[Icon]:
    """The stroked icons of a set in Iconify's JSON."""
    folder = _folder(unpacked, source.package.lstrip("@").replace("/", "-"))
    icons: dict[str, Any] = json.loads((folder / "icons.json").read_text(encoding="utf-8"))["icons"]
    return [_icon(source, name, (), entry["body"]) for name, entry in icons.items()
            if 'stroke="' in entry["body"] and not entry.get("hidden")]


def _folder(unpacked: Path, prefix: str) -> Path:
    """Where a package was unpacked, whatever its version."""
    return next(path for path in sorted(unpacked.iterdir()) if path.name.startswith(prefix)) / "package"


def _inside(path: Path) -> str:
    """What stands between <svg> and </svg>; these sets stroke everything in the colour of the text."""
    match = _BODY.search(path.read_text(encoding="utf-8"))
    return f'<g stroke="#000">{match.group(1) if match else ""}</g>'


def _icon(source: Source, name: str, tags: tuple[str, ...] | list[str], body: str) -> Icon:
    words = [word for word in name.lower().split("-") if source.id in _FROZEN or not word.isdigit()]
    clean = tuple(dict.fromkeys(tag.lower().replace("-", " ").strip() for tag in tags if len(tag) > 1))
    return Icon(source.id, " ".join(words), clean, one_pen(body, source.grid))


def _brands(unpacked: Path) -> list[str]:
    """Names of companies and products, as Tabler lists them: trade marks are nobody's to draw."""
    entries: dict[str, Any] = json.loads((_folder(unpacked, "tabler-icons") / "icons.json").read_text(encoding="utf-8"))
    return [name.removeprefix("brand-").split("-")[0] for name, entry in entries.items()
            if entry["category"] == "Brand"]


def _is_brand(icon: Icon, brands: frozenset[str]) -> bool:
    return icon.source not in _FROZEN and (icon.name.split() or [""])[0] in brands


def _lend(icons: list[Icon]) -> list[Icon]:
    """Icons without tags borrow those of icons that show the same."""
    known: dict[str, tuple[str, ...]] = {}
    for icon in icons:
        known[icon.key] = tuple(dict.fromkeys((*known.get(icon.key, ()), *icon.tags)))
    return [icon if icon.tags else replace(icon, tags=known[icon.key]) for icon in icons if icon.name]
