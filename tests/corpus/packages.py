"""P01 to P30: packages as they come from anywhere, as zips that escape, lie or explode and as folders that do not fit.

The page that lists them: facts on reliability, section 3. Everything but the fault is a sound package.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import fakes
from tests.fakes import broken
from tests.fakes.packages import listed, read_manifest_dict, rewrite_manifest

Entry = tuple[zipfile.ZipInfo | str, bytes]
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'


@dataclass(frozen=True)
class PackageCase:
    """`make` writes into an empty folder and returns the zip or folder that a person would add."""

    name: str
    make: Callable[[Path], Path]
    words: str


def zipped(*more: Entry, spoil: Callable[[bytes], bytes] = bytes, method: int = zipfile.ZIP_DEFLATED,
           without: Sequence[str] = ()) -> Callable[[Path], Path]:
    """A zip of the colour decoder with `more` entries, its bytes spoiled at the end."""

    def make(folder: Path) -> Path:
        sound = fakes.tiny_color(folder / "sound")
        path = folder / "package.zip"
        with zipfile.ZipFile(path, "w", method) as out:
            for file in sorted(sound.iterdir()):
                if file.name not in without:
                    out.write(file, file.name)
            for name, data in more:
                out.writestr(name if isinstance(name, zipfile.ZipInfo) else plain(name), data, method)
        path.write_bytes(spoil(path.read_bytes()))
        return path

    return make


def plain(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    """An entry with that very name."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    return info


def last(data: bytes, signature: bytes) -> int:
    """Where the last record of that kind starts."""
    return data.rindex(signature)


def patched(signature: bytes, offset: int, form: str, *values: int) -> Callable[[bytes], bytes]:
    """The last record of that kind with other numbers at an offset."""

    def spoil(data: bytes) -> bytes:
        out = bytearray(data)
        struct.pack_into(f"<{form}", out, last(data, signature) + offset, *values)
        return bytes(out)

    return spoil


def encrypted(data: bytes) -> bytes:
    """The flag that says so, in both tables."""
    return patched(CENTRAL, 8, "H", 1)(patched(LOCAL, 6, "H", 1)(data))


def overlapping(copies: int) -> Callable[[bytes], bytes]:
    """Many lines of the table of contents for one body: 58 kB become 10 GB."""

    def spoil(data: bytes) -> bytes:
        start, end = last(data, CENTRAL), last(data, END)
        line = data[start:end]
        twins = b"".join(line.replace(b"aaaa.txt", f"{number:04}.txt".encode()) for number in range(copies))
        return with_table(data, data[:end] + twins, copies)

    return spoil


def crowd(count: int) -> Callable[[bytes], bytes]:
    """A table of contents of that many lines."""

    def spoil(data: bytes) -> bytes:
        start, end = last(data, CENTRAL), last(data, END)
        return with_table(data, data[:end] + data[start:end] * count, count)

    return spoil


def with_table(data: bytes, until: bytes, more: int) -> bytes:
    """The zip's last record, told of `more` lines."""
    end = bytearray(data[last(data, END):])
    count, = struct.unpack_from("<H", end, 8)
    start, = struct.unpack_from("<L", end, 16)
    struct.pack_into("<HHL", end, 8, count + more, count + more, len(until) - start)
    return until + bytes(end)


def changed(change: Callable[[Path], None]) -> Callable[[Path], Path]:
    """A folder with a fault."""

    def make(folder: Path) -> Path:
        path = fakes.tiny_color(folder / "package")
        change(path)
        return path

    return make


def lying_digest(folder: Path) -> None:
    """The manifest has another digest for a file."""
    manifest = read_manifest_dict(folder)
    manifest["files"]["LICENSE.txt"]["sha256"] = "0" * 64
    rewrite_manifest(folder, manifest)


def with_file(name: str, data: bytes, *, list_it: bool = True, preview: bool = False) -> Callable[[Path], None]:
    """One more file, or other contents of one."""

    def change(folder: Path) -> None:
        (folder / name).write_bytes(data)
        manifest = read_manifest_dict(folder)
        if list_it:
            manifest["files"][name] = listed(folder / name)
        if preview:
            manifest["preview"] = name
        rewrite_manifest(folder, manifest)

    return change


OUTSIDE, NOT_ALLOWED, NO_ZIP = "outside its own folder", "not allowed", "not a whole zip"
ASK_ZIP64 = patched(END, 8, "HHLL", 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)

CASES = (
    PackageCase("P01_slip_dotdot", zipped(("../a.txt", b"x")), OUTSIDE),
    PackageCase("P02_slip_backslash", zipped(("..\\a.txt", b"x")), OUTSIDE),
    PackageCase("P03_absolute", zipped(("/a.txt", b"x")), OUTSIDE),
    PackageCase("P04_drive_letter", zipped(("C:a.txt", b"x")), OUTSIDE),
    PackageCase("P05_symlink", zipped((plain("a.txt", 0o120777), b"/etc/passwd")), "link"),
    PackageCase("P06_duplicate_manifest", zipped(("manifest.json", b"{}")), "more than one manifest.json"),
    PackageCase("P07_case_twin", zipped(("license.TXT", b"x")), "one file on many disks"),
    PackageCase("P08_nfc_nfd_twin", zipped(("\u00e9.txt", b"x"), ("e\u0301.txt", b"x")), NOT_ALLOWED),
    PackageCase("P09_con", zipped(("con.txt", b"x")), NOT_ALLOWED),
    PackageCase("P09_aux", zipped(("AUX.json", b"x")), NOT_ALLOWED),
    PackageCase("P09_nul", zipped(("nul.txt", b"x")), NOT_ALLOWED),
    PackageCase("P10_ads_colon", zipped(("a.txt:hidden.txt", b"x")), OUTSIDE),
    PackageCase("P11_trailing_dot", zipped(("a.txt.", b"x")), NOT_ALLOWED),
    PackageCase("P11_trailing_space", zipped(("a.txt ", b"x")), NOT_ALLOWED),
    PackageCase("P12_rtl_override_name", zipped(("a\u202etxt.txt", b"x")), NOT_ALLOWED),
    PackageCase("P13_name_300", zipped(("x" * 296 + ".txt", b"x")), NOT_ALLOWED),
    PackageCase("P14_nul_in_name", zipped(("a~b.txt", b"x"), spoil=lambda data: data.replace(b"a~b", b"a\x00b")),
                NOT_ALLOWED),
    PackageCase("P15_overlap_bomb_58KB_to_10GB", zipped(("aaaa.txt", b"x" * 9000), spoil=overlapping(50)),
                "share the same bytes"),
    PackageCase("P16_size_lie", zipped(("a.txt", b"hello" * 900), spoil=patched(CENTRAL, 24, "L", 10)), NO_ZIP),
    PackageCase("P17_ratio_1000", zipped(("a.txt", bytes(3 << 20))), "100 times"),
    PackageCase("P18_nested_zip_42", zipped(("42.zip", b"PK\x03\x04" + bytes(100))), "kind of file"),
    PackageCase("P19_65k_entries", zipped(("a.txt", b"x"), spoil=crowd(65_000)), "files; a package has at most"),
    PackageCase("P20_encrypted", zipped(("a.txt", b"hello"), spoil=encrypted), "password"),
    PackageCase("P21_zip64_wrong", zipped(("a.txt", b"hello"), spoil=ASK_ZIP64), NO_ZIP),
    PackageCase("P22_local_vs_central_mismatch", zipped(("a.txt", b"hello"), spoil=lambda data: data.replace(
        b"a.txt", b"b.txt", 1)), NO_ZIP),
    PackageCase("P23_trailing_garbage", zipped(spoil=lambda data: data + b"MZ" + bytes(200)), "after the end of"),
    PackageCase("P23_leading_polyglot", zipped(spoil=lambda data: b"#!/bin/sh\n" + data), "not a zip"),
    PackageCase("P24_manifest_missing", zipped(without=["manifest.json"]), "no manifest.json"),
    PackageCase("P25_manifest_hash_wrong", changed(lying_digest), "not the one its manifest lists"),
    PackageCase("P26_extra_unlisted_file", changed(with_file("more.txt", b"x", list_it=False)), "does not list"),
    PackageCase("P27_python_file_inside", lambda folder: broken.code_file(folder / "package"), "helpers.py"),
    PackageCase("P27_python_file_in_zip", zipped(("helpers.py", b"x")), "helpers.py"),
    PackageCase("P28_dll_inside", changed(with_file("fast.dll", b"MZ")), "fast.dll"),
    PackageCase("P28_so_inside", zipped(("lib.so", b"\x7fELF")), "lib.so"),
    PackageCase("P29_manifest_newer_version", lambda folder: broken.newer_format(folder / "package"), "format 2"),
    PackageCase("P30_preview_is_svg", changed(with_file("preview.svg", SVG, preview=True)), "preview.svg"),
    PackageCase("P30_svg_named_png", changed(with_file("preview.png", SVG)), "no picture"),
)
