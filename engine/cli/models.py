"""`atelier models`: the shelf; show, add, check or remove a package. Listing needs no ONNX Runtime."""

from __future__ import annotations

import argparse
import os
import shlex
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.api import PackageInfo, Recipe
from engine.cli.arguments import Parser, add_engine, add_json, input_path, verb_parser
from engine.cli.catalog import package_folder
from engine.cli.console import Console, table
from engine.cli.sheet import control_table, package_document, try_words
from engine.errors import PackageError
from engine.packages.archive import unpack
from engine.packages.describe import describe
from engine.packages.names import MANIFEST
from engine.packages.shelf import ShelfEntry, default_shelf
from engine.packages.verify import verify

_MODELS = frozenset({".onnx", ".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".pkl"})
_INDEXES = frozenset({"model_index.json", "config.json"})

EXAMPLES = """\
  atelier models                      what is on the shelf
  atelier models show glyphs          what it can do: every name for --set
  atelier models add Downloads/pots.zip
  atelier models check ./pots         every file and a trial render, nothing installed
  atelier models remove pots"""


def parser() -> Parser:
    """The verb's own verbs; none means the list."""
    made = verb_parser("models", "List the models on the shelf; show, add, check or remove one.", EXAMPLES)
    actions = made.add_subparsers(dest="action", metavar="show | add | check | remove", parser_class=_Sub)
    show = actions.add_parser("show", prog="atelier models show", description="Describe one model and its controls.")
    show.add_argument("model", metavar="ID", help="a model on the shelf, or the path of a package folder")
    add = actions.add_parser("add", prog="atelier models add", description="Put a package on the shelf.")
    add.add_argument("path", metavar="PATH", type=input_path, help="a package folder, or a zip of one")
    check = actions.add_parser("check", prog="atelier models check",
                               description="Check every file of a package and render one picture with it.")
    check.add_argument("path", metavar="PATH", type=input_path,
                       help="a package folder, a zip of one, or the id of a model on the shelf")
    check.add_argument("--files-only", action="store_true", help="do not run the model")
    add_engine(check)
    remove = actions.add_parser("remove", prog="atelier models remove", description="Take a package off the shelf.")
    remove.add_argument("model", metavar="ID", help="the model's id")
    for action in (show, add, check, remove):
        add_json(action)
    return made


class _Sub(Parser):
    """A parser that argparse makes for us, with the keywords it likes to pass."""


def run(given: argparse.Namespace, console: Console) -> int:
    """Do what was asked; returns 0, raises AtelierError."""
    match given.action:
        case "show":
            _show(describe(package_folder(given.model)), console)
        case "add":
            _add(given.path, console)
        case "check":
            _check(given, console)
        case "remove":
            default_shelf().remove(given.model)
            console.line(f"removed {given.model}")
            console.document({"removed": given.model})
        case _:
            _list(console)
    return 0


def _list(console: Console) -> None:
    """Every package, the unusable ones with their reason."""
    entries = default_shelf().packages()
    sound = [entry for entry in entries if entry.problem is None]
    makes = {entry.folder: _medium(entry) for entry in sound}
    rows = [("ID", "VERSION", "MAKES", "FAMILY", "LICENCE", "FROM", "WHAT IT IS")]
    rows += [(entry.id, entry.version, makes[entry.folder], entry.family, entry.license,
              "bundled" if entry.bundled else "added", f"{entry.name}: {entry.summary}") for entry in sound]
    console.lines(table(rows, console.width) if sound else ["No models yet. Add one with `atelier models add PATH`."])
    for entry in entries:
        if entry.problem is not None:
            console.note(f"{entry.folder} cannot be used. {entry.problem.sentence()}")
    console.document({"packages": [_data(entry) | {"medium": makes.get(entry.folder)} for entry in entries]})


def _medium(entry: ShelfEntry) -> str:
    """What it makes; of a family that this version does not know nobody can say."""
    try:
        return describe(entry.folder).medium
    except PackageError:
        return "?"


def _data(entry: ShelfEntry) -> dict[str, Any]:
    """An entry of the shelf as plain JSON."""
    return asdict(entry) | {"folder": str(entry.folder)}


def _show(info: PackageInfo, console: Console) -> None:
    """One package in full."""
    facts = [("name", info.name), ("id", info.id), ("version", info.version), ("family", info.family),
             ("makes", info.medium + ("" if info.live else ", when told to: it is too slow to follow a slider")),
             ("summary", info.summary), ("licence", info.license), ("credit", info.credit), ("folder", info.folder),
             ("digest", info.digest)]
    console.lines(table([fact for fact in facts if fact[1]], console.width))
    console.line()
    console.lines(control_table(info, console.width))
    console.document({"package": package_document(info)})


def _add(path: Path, console: Console) -> None:
    """Copy a package to the shelf, checked before it is there."""
    if _becomes_a_package(path):
        raise PackageError(f"“{path.name}” is a model, but not a package yet.",
                           f"Make one of it: `atelier export {shlex.quote(str(path))} --license ...` puts it on the "
                           "shelf, with a proof that it is the same.", str(path))
    entry = default_shelf().add(path)
    console.line(f"added {entry.id} {entry.version} ({entry.license}) in {entry.folder}")
    console.line(f"try it: {try_words(describe(entry.folder), entry.id)}")
    console.document({"added": _data(entry)})


def _becomes_a_package(path: Path) -> bool:
    """Whether `atelier export` would take it: a checkpoint or ONNX graph by its name, a folder by what lies in it."""
    if path.is_dir():
        names = {child.name for child in path.iterdir()}
        return MANIFEST not in names and (bool(names & _INDEXES) or any(
            Path(name).suffix.lower() in _MODELS for name in names))
    return path.suffix.lower() in _MODELS


def _check(given: argparse.Namespace, console: Console) -> None:
    """Every digest, then a picture in an engine of its own; a zip is unpacked aside."""
    path: Path = given.path
    if not os.path.lexists(path):
        path = package_folder(str(path))
    with tempfile.TemporaryDirectory(prefix="atelier-check-") as scratch:
        folder = path
        if path.is_file():
            folder = Path(scratch) / path.stem
            folder.mkdir()
            unpack(path, folder)
        verify(folder, full=True)
        info = describe(folder)
        later = not info.controls  # a family that a later version will run
        trial = {} if given.files_only or later else _trial(folder, given, console)
    words = f", rendered in {trial['total_ms']:.0f} ms on {trial['provider']}" if trial else ""
    if later:
        console.note(f"this version does not run {info.family} models yet, so it was not tried.")
    console.line(f"{info.id} {info.version} is sound: every file is the one its manifest describes{words}")
    console.document({"package": package_document(info), "sound": True, "trial": trial or None})


def _trial(folder: Path, given: argparse.Namespace, console: Console) -> dict[str, object]:
    """Render the package's first picture; a slow model in as few steps as it can."""
    from engine.cli.engine import engine_for, opened  # the list needs no engine

    with engine_for(given) as engine:
        asset = engine.render(_quickest(opened(engine, folder, console)))
    return {"model_ms": asset.model_ms, "total_ms": asset.total_ms, "provider": asset.provider,
            "notes": list(asset.notes)}


def _quickest(info: PackageInfo) -> Recipe:
    """The first recipe, in the fewest steps that there are."""
    steps = info.control("steps")
    few = {} if steps is None or steps.minimum is None else {"steps": steps.minimum}
    return info.default_recipe().with_values(few)
