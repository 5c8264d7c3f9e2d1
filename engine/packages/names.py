"""File names that mean the same on every system: plain, short, no folders, no Windows devices, no code."""

from __future__ import annotations

import re
import unicodedata

from engine.errors import PackageError

MANIFEST = "manifest.json"
OS_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""Files that file managers drop into any folder they show; never read, so they do not make a package unsound."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RESERVED = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$"}
                      | {f"{stem}{digit}" for stem in ("com", "lpt") for digit in "0123456789"})
_DATA = frozenset({".onnx", ".data", ".npy", ".npz", ".json", ".png", ".jpg", ".jpeg", ".webp", ".txt", ".md", ".csv"})
_CODE = frozenset({
    ".py", ".pyc", ".pyd", ".pyz", ".so", ".dll", ".dylib", ".exe", ".com", ".bat", ".cmd", ".ps1", ".sh", ".js",
    ".jar", ".vbs", ".lua", ".rb", ".pl", ".wasm",
    ".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".h5", ".keras", ".ort",
})


def check_name(name: str, subject: str) -> None:
    """Raise PackageError, naming the file, unless `name` is a plain data file's base name."""
    suffix = name[name.rfind("."):].lower() if "." in name else ""
    if suffix in _CODE:
        raise PackageError(
            f"The package contains “{shown(name)}”, which can carry program code.",
            "Packages hold data only. Remove that file, or ask the author for a package without it.", subject)
    if "/" in name or "\\" in name or ".." in name or ":" in name or name.startswith("~"):
        raise PackageError(f"The package names a file outside its own folder: “{shown(name)}”.",
                           "Do not use this package; ask its author for a corrected one.", subject)
    stem = name.split(".", 1)[0].lower()
    if not _PLAIN.fullmatch(name) or name.endswith(".") or stem in _RESERVED:
        raise PackageError(f"The file name “{shown(name)}” is not allowed in a package.",
                           "Use up to 100 letters, digits, dots, dashes and underscores, and no Windows device name.",
                           subject)
    if suffix not in _DATA:
        raise PackageError(f"The package contains “{shown(name)}”, a kind of file that packages do not hold.",
                           f"Allowed are {', '.join(sorted(_DATA))}.", subject)


def check_distinct(names: list[str], subject: str) -> None:
    """Raise PackageError when two names are one file on a disk that ignores case or composes accents."""
    seen: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            raise PackageError(f"The package holds “{shown(seen[key])}” and “{shown(name)}”, one file on many disks.",
                               "Ask the author to rename one of them.", subject)
        seen[key] = name


def shown(name: str) -> str:
    """A stranger's text made safe for a sentence: no control or direction characters, at most 60 of the rest."""
    clean = "".join(c if c.isprintable() else "�" for c in name)
    return clean if len(clean) <= 60 else clean[:57] + "..."  # noqa: PLR2004 - the sentence above says it
