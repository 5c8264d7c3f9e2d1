"""Unpack a package's zip that may come from anyone: streamed, capped, and refused at the first lie.

Python's own `extract` stops `..` but inflates a 58 kB file of overlapping entries to 10 GB and overwrites duplicate
names in silence. Here: plain names, at most one folder deep, no overlap, no link, caps on count, size and ratio.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from engine import atomic
from engine.errors import AtelierError, PackageError
from engine.packages.names import MANIFEST, OS_LITTER, check_distinct, check_name, shown
from engine.reading import open_regular

MAX_FILES = 64
MAX_FILE_BYTES = 16 << 30
MAX_TOTAL_BYTES = 32 << 30   # the parts of the largest model that a card of 24 GB can run
MAX_RATIO = 100
_SMALL = 1 << 20      # below this a good ratio is no bomb: texts and empty fields pack well
_CHUNK = 1 << 18
_END = b"PK\x05\x06"
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1


def unpack(archive: Path, into: Path) -> None:
    """Write the files of `archive` into the existing empty folder `into`. Raises PackageError or FileProblem.

    What is written before a refusal stays in `into`, which the caller throws away.
    """
    try:
        with open_regular(archive) as file:
            _check_shape(file, archive)
            with zipfile.ZipFile(file) as opened:
                members = _members(opened, archive)
                total = 0
                for name, info in members.items():
                    total += _extract(opened, info, into / name, archive, MAX_TOTAL_BYTES - total)
    except AtelierError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, UnicodeDecodeError) as error:
        raise PackageError(f"“{archive.name}” is not a whole zip file.", "Download it again.", str(archive)) from error
    except OSError as error:
        raise atomic.explained(error, archive) from error


def _check_shape(file: IO[bytes], archive: Path) -> None:
    """A zip from its first byte to its last: nothing before, nothing after, no comment."""
    head = file.read(4)
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 22))
    tail = file.read(22)
    file.seek(0)
    if head != b"PK\x03\x04":
        raise PackageError(f"“{archive.name}” is not a zip file.", "Choose a package folder, or a zip of one.",
                           str(archive))
    if tail[:4] != _END or tail[20:22] != b"\0\0":
        raise PackageError(f"“{archive.name}” has something after the end of the zip, or was cut short.",
                           "Download it again, or zip the package folder anew.", str(archive))


def _members(opened: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """The files by their plain name, after every check that needs no unpacking."""
    infos = [info for info in opened.infolist() if not info.is_dir()]
    if len(infos) > MAX_FILES:
        raise _refused(archive, f"it holds {len(infos)} files; a package has at most {MAX_FILES}")
    wanted = [info for info in infos if info.orig_filename.rsplit("/", 1)[-1] not in OS_LITTER
              and not info.orig_filename.startswith("__MACOSX/")]
    folder = _common_folder(wanted, archive)
    members: dict[str, zipfile.ZipInfo] = {}
    for info in wanted:
        name = info.orig_filename[len(folder):]
        check_name(name, str(archive))
        if name in members:
            raise _refused(archive, f"it holds “{shown(name)}” twice")
        members[name] = info
        _check_entry(info, name, archive)
    check_distinct(list(members), str(archive))
    _check_overlap(opened, infos, archive)
    if sum(info.file_size for info in members.values()) > MAX_TOTAL_BYTES:
        raise _refused(archive, "it unpacks to more than 32 GB")
    return members


def _common_folder(infos: list[zipfile.ZipInfo], archive: Path) -> str:
    """The one folder that the package may lie in, with its slash, or nothing."""
    places = [info.orig_filename for info in infos if info.orig_filename.rsplit("/", 1)[-1] == MANIFEST]
    if len(places) != 1:
        count = "no" if not places else "more than one"
        raise _refused(archive, f"it holds {count} {MANIFEST}")
    folder = places[0][:-len(MANIFEST)]
    if folder.count("/") > 1 or any(not info.orig_filename.startswith(folder) for info in infos):
        raise _refused(archive, "it holds more than one package folder")
    return folder


def _check_entry(info: zipfile.ZipInfo, name: str, archive: Path) -> None:
    """One entry's claims about itself."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise _refused(archive, f"“{shown(name)}” is a link or a device")
    if info.flag_bits & _ENCRYPTED:
        raise _refused(archive, "it is protected with a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(archive, f"“{shown(name)}” is packed with an unusual method")
    if info.file_size > MAX_FILE_BYTES:
        raise _refused(archive, f"“{shown(name)}” is larger than 16 GB")
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise _refused(archive, f"“{shown(name)}” unpacks to more than {MAX_RATIO} times its size")


def _check_overlap(opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], archive: Path) -> None:
    """No two entries may share bytes (the trick behind small zips that unpack to gigabytes)."""
    end = 0
    for info in sorted(infos, key=lambda item: item.header_offset):
        if info.header_offset < end:
            raise _refused(archive, "two of its files share the same bytes")
        end = info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size
    if end > opened.start_dir:
        raise _refused(archive, "a file reaches into the table of contents")


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, archive: Path, left: int) -> int:
    """Unpack one entry; the bytes that come out count, not the size it claims. Returns how many."""
    cap = min(info.file_size, left)
    written = 0
    with opened.open(info) as source, target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > cap:
                raise _refused(archive, f"“{shown(target.name)}” is larger than it says")
            out.write(chunk)
    return written


def _refused(archive: Path, reason: str) -> PackageError:
    return PackageError(f"“{archive.name}” is refused: {reason}.", "Zip the folder of one package, nothing else.",
                        str(archive))
