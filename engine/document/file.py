"""The `.atelier` file: a zip with `document.json`, `thumbnails/<sha256>.png` and the source pictures `media/<sha256>`.

It may come from anyone: only entries of exactly these names are ever read, each up to a cap on the bytes that come out;
no name in it becomes a path. A document on the desk of the studio is the same without the zip: a folder.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from engine import media, strictjson
from engine.atomic import explained, write_file
from engine.document.plain import NewerFormat, Thumbnail, digest, from_plain, to_plain
from engine.document.thumbnail import MAX_BYTES as MAX_THUMBNAIL
from engine.document.tree import Tree
from engine.errors import FileProblem
from engine.reading import open_regular

SUFFIX = ".atelier"
CONTENT = "document.json"
THUMBNAILS, MEDIA = "thumbnails", "media"
MAX_ENTRIES = 20_000
MAX_CONTENT = 64 << 20
MAX_TOTAL = 1 << 30                      # bytes that come out of one file, all together
_DATE = (1980, 1, 1, 0, 0, 0)            # no dates: the same document is the same bytes
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, RuntimeError, UnicodeDecodeError)


def content(tree: Tree) -> bytes:
    """The bytes of `document.json`."""
    return json.dumps(to_plain(tree), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def thumbnails(tree: Tree) -> dict[str, bytes]:
    """The thumbnails of a tree by their names."""
    return {digest(node.thumbnail): node.thumbnail for node in tree if node.thumbnail}


def sources(tree: Tree) -> tuple[str, ...]:
    """The keys of all source pictures that recipes of a tree start from."""
    return tuple(sorted({value for node in tree for value in node.recipe.values.values()
                         if isinstance(value, str) and media.is_key(value)}))


def save(tree: Tree, path: Path) -> tuple[str, ...]:
    """Write a document whole or not at all, in the place of what is there; the sources that this machine lacks.

    Raises FileProblem: a full disk, no permission, source pictures of more than 1 GB.
    """
    missing = []
    total = 0
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        _put(made, CONTENT, content(tree), zipfile.ZIP_DEFLATED)
        for name, data in sorted(thumbnails(tree).items()):
            _put(made, f"{THUMBNAILS}/{name}.png", data)
        for key in sources(tree):
            try:
                data = media.path_of(key).read_bytes()
            except OSError:
                missing.append(key)
                continue
            total += len(data)
            if total > MAX_TOTAL // 2:
                raise FileProblem(f"The source pictures of “{path.name}” are larger than a document can hold.",
                                  "Delete the branches that start from the largest of them, then save again.",
                                  str(path))
            _put(made, f"{MEDIA}/{key.partition(':')[2]}", data)
    write_file(path, buffer.getbuffer(), overwrite=True)
    return tuple(missing)


def read(path: Path) -> Tree:
    """The tree of a document; the source pictures in it are in the media folder then. Raises FileProblem."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as opened:
            box = _Box(opened, path)
            tree = _parsed(box.take(CONTENT, MAX_CONTENT), box.thumbnail, path)
            for key in sources(tree):
                data = box.take(f"{MEDIA}/{key.partition(':')[2]}", media.MAX_BYTES)
                if data and f"sha256:{hashlib.sha256(data).hexdigest()}" != key:
                    raise _refused(path, "a picture in it is not the one that its name says")
                if data:
                    media.put(data)
            return tree
    except FileProblem:
        raise
    except _FAULTS as error:
        raise FileProblem(f"“{path.name}” is not a whole document.", "Choose another copy of it.", str(path)) from error
    except OSError as error:
        raise explained(error, path) from error


def read_folder(folder: Path) -> Tree | None:
    """The document that lies unpacked in a folder; None without one. Raises FileProblem."""
    try:
        data = (folder / CONTENT).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise explained(error, folder / CONTENT) from error

    def thumbnail(name: str) -> bytes:
        """Its bytes; a lost one costs no more than itself."""
        try:
            return (folder / THUMBNAILS / f"{name}.png").read_bytes()[:MAX_THUMBNAIL] if name else b""
        except OSError:
            return b""

    return _parsed(data, thumbnail, folder / CONTENT)


def loose(folder: Path, tree: Tree) -> Iterator[Path]:
    """The thumbnails in a folder that a tree does not use."""
    used = thumbnails(tree)
    known = (folder / THUMBNAILS).iterdir() if (folder / THUMBNAILS).is_dir() else ()
    return (path for path in known if path.suffix == ".png" and path.stem not in used)


class _Box:
    """An opened zip: entries by name, and how much may still come out."""

    def __init__(self, opened: zipfile.ZipFile, path: Path) -> None:
        self._opened, self._path = opened, path
        self._left = MAX_TOTAL
        infos = opened.infolist()
        self._infos = {info.orig_filename: info for info in infos}
        if len(infos) > MAX_ENTRIES:
            raise _refused(path, f"it holds {len(infos):,} parts")
        if len(self._infos) != len(infos):
            raise _refused(path, "it holds a part twice")

    def take(self, name: str, most: int) -> bytes:
        """An entry whole; nothing, if it is not there."""
        info = self._infos.get(name)
        if info is None:
            return b""
        if info.flag_bits & _ENCRYPTED:
            raise _refused(self._path, "it is protected with a password")
        cap = min(most, self._left)
        with self._opened.open(info) as source:
            data = source.read(cap + 1)
        if len(data) > cap:
            raise _refused(self._path, "a part of it is too large")
        self._left -= len(data)
        return data

    def thumbnail(self, name: str) -> bytes:
        """A thumbnail by its name."""
        return self.take(f"{THUMBNAILS}/{name}.png", MAX_THUMBNAIL) if name else b""


def _put(made: zipfile.ZipFile, name: str, data: bytes, method: int = zipfile.ZIP_STORED) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    made.writestr(info, data, method)


def _parsed(data: bytes, thumbnail: Thumbnail, path: Path) -> Tree:
    if not data:
        raise _refused(path, f"{CONTENT} is missing")
    try:
        return from_plain(strictjson.parse_object(data, max_bytes=MAX_CONTENT), thumbnail)
    except NewerFormat as error:
        raise FileProblem(f"“{path.name}” was made by a newer version of Latent Atelier.", "Update Latent Atelier.",
                          str(path)) from error
    except ValueError as error:
        raise _refused(path, str(error)) from error


def _refused(path: Path, reason: str) -> FileProblem:
    return FileProblem(f"The document “{path.name}” is damaged: {reason}.", "Choose another copy of it.", str(path))
