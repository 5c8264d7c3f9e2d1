"""Which files a run writes: one name as typed, or numbered names in a folder that never meet an existing file."""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

from engine.api import ControlKind, Medium, PackageInfo, Recipe
from engine.atomic import explained
from engine.cli.arguments import UsageProblem, file_path
from engine.errors import FileProblem
from engine.formats import fits, listed, usual


class Output(NamedTuple):
    """Where `-o` points: a file to make, or a folder to put files into."""

    path: Path
    folder: bool


def output(text: str) -> Output:
    """`-o` as typed: a folder is one that exists, ends with a slash, or has no ending."""
    path = file_path(text)
    return Output(path, text.endswith(("/", os.sep)) or is_dir(path) or not path.suffix)


def targets(out: Output, info: PackageInfo, recipes: Sequence[Recipe], *, force: bool) -> list[Path]:
    """One path per recipe; folders that are missing are made. Raises UsageProblem or FileProblem."""
    if out.folder:
        make_folder(out.path)
        return _numbered(out.path, info, recipes, force=force)
    if len(recipes) > 1:
        raise UsageProblem(f"{len(recipes)} {info.medium}s do not fit into the one file “{out.path.name}”.",
                           "Give a folder to -o.", str(out.path))
    return [single(out.path, info.medium, force=force)]


def single(out: Path, medium: Medium, *, force: bool) -> Path:
    """`out` as the name of one new file. Raises UsageProblem for another medium, FileProblem for a taken name."""
    if not fits(out.name, medium):
        raise UsageProblem(f"“{out.name}” is no name for a {medium}.",
                           f"End the name with {listed(medium)}, or give a folder.", str(out))
    make_folder(out.parent)
    if not force and os.path.lexists(out):
        raise FileProblem(f"“{out.name}” already exists in {out.absolute().parent}.",
                          "Choose another name, or replace it with --force.", str(out))
    return out


def inside(folder: Path, name: str, *, force: bool) -> Path:
    """A free name like `name` in `folder`, which is made if missing; with `force` exactly that name."""
    make_folder(folder)
    return _free(folder, Path(name), (), force=force)


def is_dir(path: Path) -> bool:
    """Whether `path` is a folder; what cannot even be asked is none, and is explained once it is written to."""
    try:
        return path.is_dir()
    except OSError:
        return False


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents. Raises FileProblem."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileProblem(f"“{folder}” is a file, not a folder.", "Choose another folder.", str(folder)) from error
    except OSError as error:
        raise explained(error, folder) from error


def _numbered(folder: Path, info: PackageInfo, recipes: Sequence[Recipe], *, force: bool) -> list[Path]:
    """`glyphs_000007.png`: the model and its seed; a name that is taken gets `_2`, `_3` ... unless `force`."""
    paths: dict[Path, None] = {}
    for recipe in recipes:
        paths[_free(folder, Path(_stem(info, recipe) + usual(info.medium)), paths, force=force)] = None
    return list(paths)


def _free(folder: Path, name: Path, taken: Container[Path], *, force: bool) -> Path:
    """The first of `stem.png`, `stem_2.png` ... that is neither in `taken` nor, without `force`, on the disk."""
    path, number = folder / name, 1
    while path in taken or (not force and os.path.lexists(path)):
        number += 1
        path = folder / f"{name.stem}_{number}{name.suffix}"
    return path


def _stem(info: PackageInfo, recipe: Recipe) -> str:
    """The id, and the seed where there is one."""
    seeds = [recipe.values[control.name] for control in info.controls if control.kind is ControlKind.SEED]
    return f"{info.id}_{seeds[0]:06}" if seeds and isinstance(seeds[0], int) else info.id
