"""The recipe inside a PNG: its iTXt chunk, found without an image library, with sizes capped and checksums compared."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from engine.errors import FileProblem
from engine.provenance.record import ANOTHER, KEYWORD

XMP_KEYWORD = "XML:com.adobe.xmp"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_TEXT = 1 << 20
MAX_CHUNKS = 100_000


def find_text(file: IO[bytes], path: Path) -> bytes | None:
    """The JSON bytes of our text chunk, or None; `file` stands behind the signature. Raises FileProblem."""
    key = KEYWORD.encode() + b"\0"
    for kind, length in _chunks(file, path):
        if kind != b"iTXt":
            continue
        start = file.tell()
        if file.read(len(key)) == key:
            if length > MAX_TEXT:
                raise FileProblem(f"The recipe in “{path.name}” is larger than any recipe can be.", ANOTHER, str(path))
            body = key + file.read(length - len(key))
            if file.read(4) != struct.pack(">I", zlib.crc32(kind + body)):
                raise FileProblem(f"The recipe in “{path.name}” is damaged: wrong checksum.", ANOTHER, str(path))
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
    raise FileProblem(f"“{path.name}” has more than {MAX_CHUNKS:,} parts.", ANOTHER, str(path))


def _international_text(rest: bytes, path: Path) -> bytes:
    """The text of an iTXt chunk after its keyword: flag, method, language, translated keyword, text."""
    damaged = FileProblem(f"The recipe in “{path.name}” is damaged.", ANOTHER, str(path))
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
