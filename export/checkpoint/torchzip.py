"""Torch's zip format: one `data.pkl` and its storages as plain stored entries, side by side from first byte to last.

Read without trust: nothing may be compressed (2 MB can become 2 GB), nothing may overlap, the entries must fill the
file, and each storage must be exactly as long as the pickle says.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export.checkpoint.faults import AGAIN, SAFE_COPY, STATE_DICT, Unreadable, shown
from export.checkpoint.legacy import References, names_for, tape_of
from export.checkpoint.names import Names
from export.checkpoint.stored import Region
from export.checkpoint.unpickle import read_pickle

MAX_ENTRIES = 50_000
MAX_TABLE = 32 << 20        # bytes of the table of contents
_CHECKED_BYTES = 2 << 30    # up to here every check sum is compared, beyond only that of the pickle
_CHUNK = 1 << 22
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_END, _LARGE_END = 22, 56   # the zip's last record, and its twin for large files that stands 20 bytes before it
_TAIL = _END + 20 + _LARGE_END
_ASK_LARGE = 0xFFFFFFFF
_DESCRIPTORS = (0, 12, 16, 20, 24)


@dataclass(frozen=True)
class Entry:
    """One stored file of the zip."""

    name: str
    region: Region
    crc: int


def read_torch_zip(path: Path) -> tuple[Any, Names]:
    """The value of `data.pkl`, and the names it used. Raises Unreadable."""
    entries = stored_entries(path)
    root = _root(entries)
    _check_order(entries, root)
    _check_sums(entries, root)
    references = References((5,))
    names = names_for(path)
    pickle = entries[f"{root}data.pkl"].region
    with tape_of(pickle) as tape:
        value = read_pickle(tape, names.find, references)
        if tape.left:
            raise Unreadable("has something behind its table of weights", SAFE_COPY)
    for key, storage in references.storages.items():
        entry = entries.get(f"{root}data/{key}")
        if entry is None:
            raise Unreadable(f"lacks the block of numbers “{shown(key, 20)}”", AGAIN)
        if entry.region.length != storage.nbytes:
            raise Unreadable(f"has {entry.region.length:,} bytes in the block “{shown(key, 20)}” where its table says "
                             f"{storage.nbytes:,}", AGAIN)
        storage.region = entry.region
    return value, names


def stored_entries(path: Path) -> dict[str, Entry]:
    """Every entry by name, all stored, side by side, filling the file."""
    try:
        _check_end(path)
        with zipfile.ZipFile(path) as opened:
            _check_table(opened)
            infos = sorted(opened.infolist(), key=lambda info: info.header_offset)
            end = opened.start_dir
    # zipfile raises NotImplementedError for a zip of a newer kind than it knows.
    except (zipfile.BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError, OverflowError, EOFError,
            ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("is a zip that ends too early or is damaged, as a half downloaded file is") from error
    entries: dict[str, Entry] = {}
    with path.open("rb") as file:
        for info, following in zip(infos, [*(info.header_offset for info in infos[1:]), end], strict=True):
            if info.filename in entries:
                raise Unreadable(f"holds “{shown(info.filename)}” twice", SAFE_COPY)
            file.seek(info.header_offset)
            entries[info.filename] = Entry(info.filename, _region(path, info, file.read(_LOCAL.size), following),
                                           info.CRC)
    return entries


def _check_end(path: Path) -> None:
    """The last bytes, before anything is read into memory: no comment, and a table of contents of sane length."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read().rjust(_TAIL, b"\0")
    end, large = tail[-_END:], tail[:_LARGE_END]
    if end[:4] != b"PK\x05\x06" or end[20:] != b"\0\0":
        raise Unreadable("is a zip that ends too early or has something behind it, as a half downloaded file is")
    length = int.from_bytes(end[12:16], "little")
    if length == _ASK_LARGE and large[:4] == b"PK\x06\x06":
        length = int.from_bytes(large[40:48], "little")
    if length > MAX_TABLE:
        raise Unreadable("has a table of contents larger than any checkpoint's", SAFE_COPY)


def _check_table(opened: zipfile.ZipFile) -> None:
    """The whole: starts at the first byte, ends with the last, is of sane length."""
    infos = opened.infolist()
    if len(infos) > MAX_ENTRIES:
        raise Unreadable(f"holds {len(infos):,} entries; no checkpoint has so many")
    if opened.comment or not infos or min(info.header_offset for info in infos) != 0:
        raise Unreadable("has something before or behind the zip", SAFE_COPY)


def _region(path: Path, info: zipfile.ZipInfo, local: bytes, following: int) -> Region:
    """Where an entry's bytes lie. Raises Unreadable unless it is stored and reaches exactly to the next one."""
    name = shown(info.filename)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        raise Unreadable(f"is a compressed zip (“{name}”); torch never compresses its checkpoints", STATE_DICT)
    if info.flag_bits & 0x1:
        raise Unreadable("is protected with a password", STATE_DICT)
    if len(local) != _LOCAL.size:
        raise Unreadable("is a zip that ends too early")
    signature, _, flags, method, _, _, _, _, _, name_length, extra_length = _LOCAL.unpack(local)
    if signature != b"PK\x03\x04" or method != zipfile.ZIP_STORED or name_length != len(info.orig_filename.encode()):
        raise Unreadable(f"says two different things of “{name}”", SAFE_COPY)
    start = info.header_offset + _LOCAL.size + name_length + extra_length
    rest = following - start - info.file_size
    if rest not in _DESCRIPTORS or (rest and not flags & 0x8):
        raise Unreadable(f"has entries that overlap or leave gaps at “{name}”", SAFE_COPY)
    return Region(path, start, info.file_size)


def _root(entries: dict[str, Entry]) -> str:
    """The folder inside the zip, with its slash, that holds the one `data.pkl`."""
    pickles = [name for name in entries if name.rsplit("/", 1)[-1].lower().endswith(".pkl")]
    if len(pickles) != 1 or not pickles[0].endswith("data.pkl"):
        raise Unreadable(f"holds {len(pickles)} pickles where a checkpoint has one, `data.pkl`", SAFE_COPY)
    root = pickles[0][:-len("data.pkl")]
    if root.count("/") != 1 or any(not name.startswith(root) for name in entries):
        raise Unreadable("is a zip, but not one of torch", STATE_DICT)
    return root


def _check_order(entries: dict[str, Entry], root: str) -> None:
    """Numbers are little endian here as nearly everywhere."""
    entry = entries.get(f"{root}byteorder")
    if entry is not None and (entry.region.length > len(b"little\n") or entry.region.bytes().strip() != b"little"):
        raise Unreadable("was written on a machine with another byte order", STATE_DICT)


def _check_sums(entries: dict[str, Entry], root: str) -> None:
    """Compare check sums: a flipped bit is found here and not in a strange picture."""
    total = sum(entry.region.length for entry in entries.values())
    for entry in entries.values():
        if (total <= _CHECKED_BYTES or entry.name == f"{root}data.pkl") and _crc(entry.region) != entry.crc:
            raise Unreadable(f"is damaged: the check sum of “{shown(entry.name)}” is wrong", AGAIN)


def _crc(region: Region) -> int:
    """The zip check sum of a region."""
    crc, left = 0, region.length
    with region.path.open("rb") as file:
        file.seek(region.start)
        while left:
            chunk = file.read(min(_CHUNK, left))
            if not chunk:
                raise Unreadable("became shorter while it was read")
            crc = zlib.crc32(chunk, crc)
            left -= len(chunk)
    return crc
