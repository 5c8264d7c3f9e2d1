"""Torch's file format before 1.6, also found inside other pickles: five small pickles, then every storage in a row.

Magic number, protocol, machine description, the value with references to storages, the list of storage keys; then for
each key a count (int64) and the raw numbers. The counts must agree with the references and fill the file exactly.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.checkpoint.dtypes import itemsize
from export.checkpoint.faults import SAFE_COPY, Unreadable
from export.checkpoint.names import Names
from export.checkpoint.stored import Held, Region, Storage
from export.checkpoint.tape import Tape
from export.checkpoint.unpickle import read_pickle
from export.checkpoint.values import NumberKind

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = 0x1950A86A20F9469CFC6C
MAGIC_START = b"\x8a\x0a" + MAGIC.to_bytes(10, "little") + b"."  # behind a protocol, and sometimes a frame
_PROTOCOL = 1001


class References:
    """The storages that one pickle speaks of: each key once, always with the same size and kind."""

    def __init__(self, lengths: tuple[int, ...] = (5, 6)) -> None:
        """`lengths` are the numbers of fields that a reference may have in this format."""
        self.storages: dict[str, Storage] = {}
        self._lengths = lengths

    def __call__(self, reference: Any) -> Storage:
        """("storage", kind, key, device, count[, None]) -> the storage. Raises Unreadable for anything else."""
        if not isinstance(reference, tuple) or len(reference) not in self._lengths or reference[0] != "storage":
            raise Unreadable("refers to its numbers in an unknown way", SAFE_COPY)
        _, kind, key, _, count, *view = reference
        if not isinstance(kind, NumberKind) or not isinstance(key, str) or type(count) is not int or count < 0:
            raise Unreadable("refers to its numbers in an unknown way", SAFE_COPY)
        if view and view[0] is not None:
            raise Unreadable("was written by a torch older than 0.4, with storages inside storages",
                             "Load it with an old torch and save it again with torch.save.")
        known = self.storages.setdefault(key, Storage(key, kind.name, count))
        if (known.dtype, known.count) != (kind.name, count):
            raise Unreadable(f"says two different things of its block of numbers “{key[:20]}”", SAFE_COPY)
        return known


@contextmanager
def tape_of(region: Region) -> Iterator[Tape]:
    """The region opened for reading in order."""
    with region.path.open("rb") as file:
        yield Tape(file, region)


def names_for(path: Path) -> Names:
    """The names of one file; storages wrapped inside it are read by the same rules."""
    return Names(path, nested_storage)


def nested_storage(data: Any) -> Storage:
    """`torch.storage._load_from_bytes`: one storage as a whole legacy stream. Its own pickles may nest no further."""
    if not isinstance(data, Region):
        raise Unreadable("holds numbers in an unknown wrapping" if not isinstance(data, Held) else
                         "holds numbers in a wrapping of Python 2, which is not supported", SAFE_COPY)
    value = read_legacy(data, Names(data.path, _no_deeper))
    if not isinstance(value, Storage):
        raise Unreadable("holds numbers in an unknown wrapping", SAFE_COPY)
    return value


def _no_deeper(_: Any) -> Storage:
    raise Unreadable("wraps numbers inside wrapped numbers, which no weights do", SAFE_COPY)


def read_legacy(region: Region, names: Names) -> Any:
    """The value of the stream that fills `region`; its storages know where their numbers lie."""
    with tape_of(region) as tape:
        if read_pickle(tape, names.find) != MAGIC or read_pickle(tape, names.find) != _PROTOCOL:
            raise Unreadable("is no checkpoint of torch")
        system = read_pickle(tape, names.find)
        if not isinstance(system, dict) or system.get("little_endian") is not True:
            raise Unreadable("was written on a machine with another byte order")
        references = References()
        value = read_pickle(tape, names.find, references)
        keys = read_pickle(tape, names.find)
        _place_storages(tape, keys, references.storages)
        if tape.left:
            raise Unreadable(f"has {tape.left:,} bytes more than it should", SAFE_COPY)
    return value


def _place_storages(tape: Tape, keys: Any, storages: dict[str, Storage]) -> None:
    """Tell each storage where its numbers lie. Raises Unreadable where count, kind and file do not agree."""
    if not isinstance(keys, list) or any(not isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        raise Unreadable("has no sound list of its blocks of numbers", SAFE_COPY)
    if set(keys) != set(storages):
        raise Unreadable("lists other blocks of numbers than it uses", SAFE_COPY)
    for key in keys:
        storage = storages[key]
        count = int.from_bytes(tape.take(8), "little", signed=True)
        if count != storage.count:
            raise Unreadable(f"says two different sizes of its block of numbers “{key[:20]}”", SAFE_COPY)
        storage.region = tape.point(count * (itemsize(storage.dtype) if storage.dtype else 1))
