"""Assets to files, by medium and ending: the recipe inside, written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine import atomic
from engine.api import Asset, Medium, PackageInfo
from engine.errors import FileProblem, ModelError, ValueProblem
from engine.formats import fits, listed
from engine.provenance import Provenance, provenance_of
from engine.writers import cards, swatches
from engine.writers.raster import encode_png, is_constant

_TEXTS: dict[str, Callable[[tuple[str, ...], Provenance], bytes]] = {
    ".txt": cards.text_of, ".csv": lambda texts, made: cards.table_of([(texts, made)]), ".json": cards.json_of}
_PALETTES: dict[str, Callable[[Asset, Provenance], bytes]] = {
    ".png": encode_png,
    ".gpl": lambda asset, made: swatches.gimp_of(asset.swatches, made),
    ".css": lambda asset, made: swatches.css_of(asset.swatches, made),
    ".json": lambda asset, made: swatches.json_of(asset.swatches, made)}


@dataclass(frozen=True)
class Written:
    """A file on disk: its size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


def write_asset(asset: Asset, path: Path, info: PackageInfo, *, overwrite: bool = False,
                card: int | None = None) -> Written:
    """Write `path` atomically, never over another file unless told to; of texts perhaps only one `card` (from 0).

    Raises FileProblem, ModelError for an asset in which there is nothing, ValueProblem for a card that is not there.
    """
    data = encode_asset(asset, path, info, card)
    atomic.write_file(path, data, overwrite=overwrite)
    return Written(len(data), hashlib.sha256(data).hexdigest())


def encode_asset(asset: Asset, path: Path, info: PackageInfo, card: int | None = None) -> bytes:
    """The bytes of the file; equal assets under names of one ending are equal bytes. Raises as `write_asset`."""
    if not fits(path.name, asset.medium):
        raise FileProblem(f"“{path.name}” is no name for a {asset.medium}.",
                          f"End it in {listed(asset.medium)}.", str(path))
    ending, made = path.suffix.lower(), provenance_of(asset, info, card)
    match asset.medium:
        case Medium.TEXT:
            return _TEXTS[ending](_chosen(asset, path, card), made)
        case Medium.PALETTE:
            if not asset.swatches:
                raise _empty("palette", "has no colours", path)
            return _PALETTES[ending](asset, made)
        case Medium.PICTURE:
            asset = replace(asset, pixels=asset.colors(), palette=None)  # looked up once for both that ask below
            if is_constant(asset.pixels):
                raise ModelError(f"The picture for “{path.name}” is blank: every pixel looks the same, so it was not "
                                 "kept.", "Change the text, the colours or the sliders.", str(path))
            return encode_png(asset, made)


def _chosen(asset: Asset, path: Path, card: int | None) -> tuple[str, ...]:
    """The cards to keep."""
    texts = asset.texts
    if card is not None and not 0 <= card < len(texts):
        raise ValueProblem(f"There is no card {card + 1}: the model wrote {len(texts)}.",
                           f"Choose one from 1 to {len(texts)}.", "card")
    texts = texts if card is None else texts[card:card + 1]
    if not any(text.strip() for text in texts):
        raise _empty("text", "is empty", path)
    return texts


def _empty(what: str, why: str, path: Path) -> ModelError:
    return ModelError(f"The {what} for “{path.name}” {why}, so it was not kept.",
                      "Change the prompt, the seed or the sliders.", str(path))
