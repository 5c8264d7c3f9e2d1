"""What a kept file says of itself: our JSON to make it again, XMP to say openly that a model made it.

Everything here is a function of the asset: no dates, no machine names, so the same recipe gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from engine.api import RECIPE_VERSION, Asset, PackageInfo, Recipe, Value
from engine.errors import FileProblem

VERSION = "0.1.0"
SOFTWARE = f"Latent Atelier {VERSION}"
KEYWORD = "latent_atelier"
ANOTHER = "Choose a file that Latent Atelier kept; some programs remove the recipe when they save it again."

_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


class NoRecipe(FileProblem):
    """A file that was never ours, or lost its recipe on the way."""

    code = "no_recipe"


@dataclass(frozen=True)
class Source:
    """The package that made an asset."""

    id: str
    version: str
    digest: str
    license: str
    name: str = ""


@dataclass(frozen=True)
class Provenance:
    """What a kept file says about itself."""

    recipe: Recipe
    package: Source
    software: str
    provider: str
    card: int | None = None              # of the asset's texts only this one was kept, counted from 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON object, as it lies in the file."""
        package = {"id": self.package.id, "name": self.package.name, "version": self.package.version,
                   "digest": self.package.digest, "license": self.package.license}
        card = {} if self.card is None else {"card": self.card}
        return {"recipe": self.recipe.to_dict(), "package": package, "software": self.software,
                "provider": self.provider, **card}


def provenance_of(asset: Asset, info: PackageInfo, card: int | None = None) -> Provenance:
    """The provenance of an asset that the package `info` made; `card` where only one of its texts is kept."""
    source = Source(info.id, info.version, info.digest, info.license, info.name)
    return Provenance(asset.recipe, source, SOFTWARE, asset.provider, card)


def to_json(provenance: Provenance) -> str:
    """The one JSON text of a provenance."""
    return json.dumps(provenance.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def to_xmp(provenance: Provenance) -> str:
    """An XMP packet with the IPTC terms for media made by a trained model (IPTC 2025.1)."""
    system = provenance.package.name or provenance.package.id
    fields = (
        ("xmp:CreatorTool", provenance.software),
        ("Iptc4xmpExt:DigitalSourceType", _SOURCE_TYPE),
        ("Iptc4xmpExt:AISystemUsed", f"{provenance.software}, model {system}"),
        ("Iptc4xmpExt:AISystemVersionUsed", provenance.package.version),
    )
    inside = "".join(f"\n   <{name}>{escape(_xml_safe(text), quote=False)}</{name}>" for name, text in fields)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '  <rdf:Description rdf:about=""\n'
        '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
        '    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"{inside}\n"
        "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="r"?>')


def from_dict(data: Mapping[str, Any], path: Path) -> Provenance:
    """The inverse of `Provenance.to_dict`, for data that may say anything. Raises FileProblem."""
    try:
        return _checked(data, path)
    except FileProblem:
        raise
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        reason = f"“{error.args[0]}” is missing" if isinstance(error, KeyError) else str(error)
        raise damaged(path, reason) from error


def damaged(path: Path, reason: str) -> FileProblem:
    """The fault of a recipe that cannot be read."""
    return FileProblem(f"The recipe in “{path.name}” is damaged: {reason}.", ANOTHER, str(path))


def _checked(data: Mapping[str, Any], path: Path) -> Provenance:
    raw, package = data["recipe"], data["package"]
    if not isinstance(raw, dict) or not isinstance(package, dict) or not isinstance(raw.get("values"), dict):
        raise ValueError("it has another form than a recipe")  # noqa: TRY004 - a fault of the file
    version = raw["version"]
    if isinstance(version, int) and version > RECIPE_VERSION:
        raise FileProblem(f"“{path.name}” was made by a newer version of Latent Atelier.", "Update Latent Atelier.",
                          str(path))
    recipe = Recipe.from_dict({**raw, "values": {name: _value(value) for name, value in raw["values"].items()}})
    source = Source(*(_word(package.get(key, "")) for key in ("id", "version", "digest", "license", "name")))
    card = data.get("card")
    if card is not None and (type(card) is not int or card < 0):
        raise ValueError("the card is no number")
    return Provenance(recipe, source, _word(data.get("software", "")), _word(data.get("provider", "")), card)


def _value(value: Any) -> Value | list[int]:
    """A control's value as JSON holds it: a plain value, or a size as a list of two whole numbers."""
    if isinstance(value, bool | int | float | str):
        return value
    pair = 2
    if isinstance(value, list) and len(value) == pair and all(type(side) is int for side in value):
        return value
    raise ValueError("a value is neither a number, a text nor a size")


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004 - a fault of the file
    return value


def _xml_safe(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c.isprintable())
