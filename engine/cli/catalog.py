"""Finding packages by what a person types: an id on the shelf, or the path of a package folder."""

from __future__ import annotations

from pathlib import Path

from engine.cli.naming import is_dir
from engine.errors import PackageError
from engine.packages.shelf import default_shelf


def package_folder(typed: str, digest: str | None = None) -> Path:
    """The folder of the package called `typed`. Raises PackageError with what is installed and how to add one.

    A bare word means the shelf, even when a folder of that name lies in the working folder. Whether a path really is a
    package is found out when it is described.
    """
    path = Path(typed).expanduser()
    if digest is None and is_dir(path) and _looks_like_path(typed):
        return path.absolute()
    try:
        return default_shelf().find(typed, digest)
    except PackageError as error:
        if digest is None and is_dir(path):
            raise PackageError(error.what, f"If you mean the folder of that name, write “./{typed}”.", typed) from error
        raise


def _looks_like_path(typed: str) -> bool:
    return any(mark in typed for mark in ("/", "\\", "~")) or typed in {".", ".."}
