"""How an asset was made, as text inside the file: our JSON to make it again, XMP to say openly that a model made it.

Everything here is a function of the asset: no dates, no machine names, so the same recipe gives the same bytes. Reading
is from untrusted files: sizes capped, checksums compared, JSON strict, no image library involved.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import IO, Any

from engine import strictjson
from engine.api import RECIPE_VERSION, Asset, PackageInfo, Recipe, Value
from engine.errors import FileProblem
from engine.reading import open_regular

VERSION = "0.1.0"
SOFTWARE = f"Latent Atelier {VERSION}"
KEYWORD = "latent_atelier"
XMP_KEYWORD = "XML:com.adobe.xmp"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXT = 1 << 20
MAX_CHUNKS = 100_000

_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_ANOTHER = "Choose a PNG that Latent Atelier kept; some programs remove the recipe when they save a picture."


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

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON object, as it lies in the file."""
        package = {"id": self.package.id, "name": self.package.name, "version": self.package.version,
                   "digest": self.package.digest, "license": self.package.license}
        return {"recipe": self.recipe.to_dict(), "package": package, "software": self.software,
                "provider": self.provider}


def provenance_of(asset: Asset, info: PackageInfo) -> Provenance:
    """The provenance of an asset that the package `info` made."""
    source = Source(info.id, info.version, info.digest, info.license, info.name)
    return Provenance(asset.recipe, source, SOFTWARE, asset.provider)


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


def read_recipe(path: Path) -> Provenance:
    """The provenance inside an exported PNG. Raises FileProblem that says why there is none."""
    try:
        with open_regular(path) as file:
            text = _find_text(file, path)
    except OSError as error:
        if isinstance(error, FileProblem):
            raise
        raise FileProblem(f"“{path.name}” cannot be read: {error.strerror or error}.",
                          "Check the name and that the file may be read.", str(path)) from error
    if text is None:
        raise NoRecipe(f"The picture “{path.name}” carries no recipe.", _ANOTHER, str(path))
    try:
        data = strictjson.parse_object(text, max_bytes=MAX_TEXT)
        return _from_dict(data, path)
    except FileProblem:
        raise
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        reason = f"“{error.args[0]}” is missing" if isinstance(error, KeyError) else str(error)
        raise FileProblem(f"The recipe in “{path.name}” is damaged: {reason}.", _ANOTHER, str(path)) from error


def _from_dict(data: dict[str, Any], path: Path) -> Provenance:
    """The inverse of `Provenance.to_dict`, for data that may say anything."""
    raw, package = data["recipe"], data["package"]
    if not isinstance(raw, dict) or not isinstance(package, dict) or not isinstance(raw.get("values"), dict):
        raise ValueError("it has another form than a recipe")  # noqa: TRY004 - a fault of the file
    version = raw["version"]
    if isinstance(version, int) and version > RECIPE_VERSION:
        raise FileProblem(f"“{path.name}” was made by a newer version of Latent Atelier.", "Update Latent Atelier.",
                          str(path))
    recipe = Recipe.from_dict({**raw, "values": {name: _value(value) for name, value in raw["values"].items()}})
    source = Source(*(_word(package.get(key, "")) for key in ("id", "version", "digest", "license", "name")))
    return Provenance(recipe, source, _word(data.get("software", "")), _word(data.get("provider", "")))


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


def _find_text(file: IO[bytes], path: Path) -> bytes | None:
    """The JSON bytes of our text chunk, or None."""
    if file.read(len(PNG_SIGNATURE)) != PNG_SIGNATURE:
        raise NoRecipe(f"“{path.name}” is not a PNG picture.", _ANOTHER, str(path))
    key = KEYWORD.encode() + b"\0"
    for kind, length in _chunks(file, path):
        if kind != b"iTXt":
            continue
        start = file.tell()
        if file.read(len(key)) == key:
            if length > MAX_TEXT:
                raise FileProblem(f"The recipe in “{path.name}” is larger than any recipe can be.", _ANOTHER, str(path))
            body = key + file.read(length - len(key))
            if file.read(4) != struct.pack(">I", zlib.crc32(kind + body)):
                raise FileProblem(f"The recipe in “{path.name}” is damaged: wrong checksum.", _ANOTHER, str(path))
            return _international_text(body[len(key):], path)
        file.seek(start)
    return None


def _chunks(file: IO[bytes], path: Path) -> Iterator[tuple[bytes, int]]:
    """Kind and length of each chunk, the file positioned at its body; stops at the end of the picture."""
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a chunk's head
            raise FileProblem(f"“{path.name}” was cut short.", "Get the file again from where it came from.", str(path))
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        body = file.tell()
        yield kind, length
        file.seek(body + length + 4)
    raise FileProblem(f"“{path.name}” has more than {MAX_CHUNKS:,} parts.", _ANOTHER, str(path))


def _international_text(rest: bytes, path: Path) -> bytes:
    """The text of an iTXt chunk after its keyword: flag, method, language, translated keyword, text."""
    damaged = FileProblem(f"The recipe in “{path.name}” is damaged.", _ANOTHER, str(path))
    if len(rest) < 4:  # noqa: PLR2004 - flag, method and two empty names
        raise damaged
    compressed, after = rest[0], rest[2:]
    parts = after.split(b"\0", 2)
    if len(parts) != 3 or compressed not in (0, 1):  # noqa: PLR2004 - language, keyword, text
        raise damaged
    text = parts[2]
    if compressed:  # we never write this, but an editor may have packed it
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(text, MAX_TEXT + 1)
        except zlib.error as error:
            raise damaged from error
    return text


def _xml_safe(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c.isprintable())
