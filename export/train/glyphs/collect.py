"""Finds the usable faces in unpacked Debian packages and writes one JSON line per face with its licence."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Final

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont, TTLibError

from export.train.glyphs.geometry import CHARACTERS
from export.train.glyphs.licences import Licence, classify, classify_package, states_other_terms

_STYLE_WORDS: Final = re.compile(
    r"(?<![a-z])(thin|hairline|extra|ultra|semi|demi|light|regular|book|medium|bold|black|heavy|fat|italic|oblique|"
    r"slanted|condensed|cond|compressed|narrow|expanded|extended|wide|caption|display|text|subhead|poster|small|"
    r"pro|std|lt|gx|vf|variable|otf|ttf|t1|roman|upright|nerd|font|fonts|\d+(pt)?)(?![a-z])"
)
_SYMBOL_NAMES: Final = re.compile(
    r"math|symbol|emoji|icon|awesome|dingbat|ornament|barcode|braille|music|small ?caps|\bsc\b|unicase|swash|"
    r"initials?$|outline|inline|dotted|\bdots?\b|pixel|bitmap|shadow|stencil|keys|webding|last ?resort|blank|keyboard|"
    # Seen on the contact sheet of all families: runes, pixel faces, lower case drawn as capitals, mere letter-spacing.
    r"futhark|unifont|terminus|phiksel|c-64|amiga|because we|triod|decorative|lexend (?:exa|giga|mega|peta|tera)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Face:
    """One usable face: where it lies, what it is called, and why we may learn from it."""

    path: str
    package: str
    family: str
    style: str
    licence: str
    evidence: str
    outline_hash: str
    instance: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Refusal:
    """One file left out, with the reason that counted."""

    path: str
    reason: str


def family_root(name: str) -> str:
    """First word of the family name that is not a weight, width or version.

    Rather too coarse than too fine (all `Noto ...` are one): relatives must never be split over the hold-out.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    kept = _STYLE_WORDS.sub(" ", re.sub(r"[-_.,]", " ", spaced)).split()
    return kept[0] if kept else spaced


def inspect(path: Path) -> Face | Refusal:
    """Judge one font file by its tables alone; drawing comes later."""
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            return _inspect_open(path, font)
    except (TTLibError, OSError, KeyError, ValueError, AssertionError, AttributeError, IndexError, TypeError) as error:
        return Refusal(str(path), f"unreadable ({type(error).__name__})")


def _inspect_open(path: Path, font: TTFont) -> Face | Refusal:
    """The checks, cheapest first."""
    cmap = font.getBestCmap() or {}
    if any(ord(character) not in cmap for character in CHARACTERS):
        return Refusal(str(path), "characters missing")
    names = font["name"]
    family = names.getDebugName(16) or names.getDebugName(1) or path.stem
    style = names.getDebugName(17) or names.getDebugName(2) or "Regular"
    if _SYMBOL_NAMES.search(f"{family} {style}"):
        return Refusal(str(path), "symbol, small-caps or effect face by name")
    own_words = " ".join(names.getDebugName(key) or "" for key in (13, 14, 0))
    licence, evidence = classify(own_words), "name table"
    package = _package_of(path)
    # A font's own words count more than its package's: only a silent font is judged by the copyright file.
    if licence is None and package != "texlive-fonts-extra" and not states_other_terms(own_words):
        licence, evidence = _package_licence(path), "Debian copyright file"
    if licence is None:
        return Refusal(str(path), "licence not allowed or unknown")
    digest = _outline_hash(font, cmap)
    return Face(str(path), package, " ".join(family.split()), " ".join(style.split()), licence, evidence, digest)


def _package_of(path: Path) -> str:
    """Debian package name: the folder right under `unpacked`."""
    parts = path.parts
    return parts[parts.index("unpacked") + 1]


def _package_licence(path: Path) -> Licence | None:
    """Licence by the package's copyright file, if it has a machine-readable one."""
    package = _package_of(path)
    root = Path(*path.parts[: path.parts.index("unpacked") + 2])
    copyright_file = root / "usr/share/doc" / package / "copyright"
    if not copyright_file.is_file():
        return None
    return classify_package(copyright_file.read_text("utf-8", "replace"))


def _outline_hash(font: TTFont, cmap: dict[int, str]) -> str:
    """Hash of a few outlines scaled to 1000 units, so that copies in other packages or formats of em are found."""
    glyphs = font.getGlyphSet()
    scale = 1000.0 / font["head"].unitsPerEm
    digest = hashlib.sha256()
    for character in "HamburgefonstivQ&2":
        pen = DecomposingRecordingPen(glyphs)
        glyphs[cmap[ord(character)]].draw(pen)
        for verb, points in pen.value:
            digest.update(verb.encode())
            for point in points:
                if point is not None:
                    digest.update(f"{round(point[0] * scale)},{round(point[1] * scale)};".encode())
    return digest.hexdigest()[:24]


def instances(face: Face) -> Iterator[Face]:
    """The face itself, and for a variable font a few more instances along weight, width and slant."""
    yield face
    try:
        with TTFont(face.path, lazy=True) as font:
            axes = {axis.axisTag: axis for axis in font["fvar"].axes} if "fvar" in font else {}
    except (TTLibError, OSError):
        return
    for tag in ("wght", "wdth", "slnt", "opsz"):
        axis = axes.get(tag)
        if axis is None:
            continue
        for share in (0.0, 0.33, 0.67, 1.0):
            value = axis.minValue + share * (axis.maxValue - axis.minValue)
            if abs(value - axis.defaultValue) > 0.12 * (axis.maxValue - axis.minValue):
                changed = asdict(face) | {
                    "style": f"{face.style} {tag}={value:g}",
                    "outline_hash": f"{face.outline_hash}:{tag}{value:g}",
                    "instance": ((tag, float(value)),),
                }
                yield Face(**changed)


def collect(folder: Path, output: Path, workers: int = 2) -> Counter[str]:
    """Inspect every font below `folder`, write the faces to `output`, and return how many fell to which reason."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".ttf", ".otf"} and p.is_file())
    with Pool(workers) as pool:
        verdicts = pool.map(inspect, paths, chunksize=16)
    counts: Counter[str] = Counter(files=len(paths))
    seen: set[str] = set()
    faces: list[Face] = []
    for verdict in verdicts:
        if isinstance(verdict, Refusal):
            counts[re.sub(r" \(.*", "", verdict.reason)] += 1
        elif verdict.outline_hash in seen:
            counts["same outlines as another face"] += 1
        else:
            seen.add(verdict.outline_hash)
            faces.extend(instances(verdict))
    counts["faces"] = len(faces)
    with output.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(asdict(face)) + "\n" for face in faces)
    output.with_suffix(".counts.json").write_text(json.dumps(counts, indent=1), encoding="utf-8")
    refusals = [asdict(v) for v in verdicts if isinstance(v, Refusal)]
    output.with_suffix(".refused.json").write_text(json.dumps(refusals), encoding="utf-8")
    return counts


def read_faces(path: Path) -> list[Face]:
    """The faces written by `collect`, in order."""
    faces = []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        entry["instance"] = tuple((tag, value) for tag, value in entry["instance"])
        faces.append(Face(**entry))
    return faces
