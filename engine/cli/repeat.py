"""`atelier repeat`: make a kept file again from the recipe in it, compare the bytes, and say plainly what differs."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from engine.api import PackageInfo
from engine.cli.arguments import Parser, UsageProblem, add_engine, input_path, verb_parser
from engine.cli.catalog import package_folder
from engine.cli.console import Console
from engine.cli.engine import engine_for, opened
from engine.cli.naming import inside, output, single
from engine.errors import ExitCode, PackageError
from engine.packages.describe import describe
from engine.packages.shelf import default_shelf
from engine.provenance import SOFTWARE, Provenance, read_recipe

EXAMPLES = """\
  atelier repeat garden.png -o again.png
  atelier repeat kept/garden.png -o checked/ --json
  atelier repeat garden.png -o new.png --any-version    with the model as it is installed now

exit codes: 0 the same bytes, 1 made, but other bytes (the reason is told), otherwise as usual"""


class Difference(NamedTuple):
    """Something that is not as it was when the picture was made."""

    what: str
    then: str
    now: str


def parser() -> Parser:
    """The arguments."""
    made = verb_parser("repeat", "Make a kept file again, byte for byte.", EXAMPLES)
    made.add_argument("file", metavar="FILE", type=input_path, help="a file that Latent Atelier wrote")
    made.add_argument("-o", "--output", type=output, required=True, metavar="OUT", help="a new file, or a folder")
    made.add_argument("--package", metavar="ID-OR-FOLDER", help="the model, when it is not on the shelf")
    made.add_argument("--any-version", action="store_true", help="use another version of the model; the result differs")
    made.add_argument("--force", action="store_true", help="replace a file of the same name")
    add_engine(made)
    return made


def run(given: argparse.Namespace, console: Console) -> int:
    """Make it again; 0 for the same bytes, 1 for others, raises AtelierError."""
    found = read_recipe(given.file)
    folder = _folder(given, found)
    original = _sha256(given.file)
    out = _target(given, describe(folder))
    with engine_for(given) as engine:
        info = opened(engine, folder, console)
        recipe = replace(found.recipe, digest=info.digest)
        written = engine.write(recipe, str(out.absolute()), overwrite=given.force, card=found.card)
    for note in written.notes:
        console.note(f"{out.name}: {note}")
    same = written.sha256 == original
    differences = _differences(found, info, read_recipe(out))
    console.line(f"{out}: {'the same bytes' if same else 'made again, but not the same bytes'}")
    _explain(differences, console, same=same)
    document: dict[str, Any] = {"file": str(out), "same_bytes": same, "sha256": written.sha256, "bytes": written.bytes,
                                "differences": [difference._asdict() for difference in differences]}
    console.document(document)
    return int(ExitCode.DONE if same else ExitCode.SOME_ROWS_FAILED)


def _target(given: argparse.Namespace, info: PackageInfo) -> Path:
    """Where to: a new file of the same kind. Raises UsageProblem, FileProblem."""
    if given.output.folder:
        return inside(given.output.path, given.file.name, force=given.force)
    out = single(given.output.path, info.medium, force=given.force)
    if out.suffix.lower() != given.file.suffix.lower():
        raise UsageProblem(f"“{out.name}” is another kind of file than “{given.file.name}”.",
                           f"End the name with {given.file.suffix}, or give a folder.", str(out))
    return out


def _folder(given: argparse.Namespace, found: Provenance) -> Path:
    """The package to use: the very same one, or with --any-version another of that name. Raises PackageError."""
    name, digest = found.recipe.package, found.recipe.digest
    if given.package is not None:
        folder = package_folder(given.package)
        info = describe(folder)
        if info.id == name and (info.digest == digest or given.any_version):
            return folder
        raise _other_version(given.file, found, f"{info.id} {info.version}")
    shelf = default_shelf()
    others = [entry for entry in shelf.packages() if entry.id == name and entry.problem is None]
    if not others or any(entry.digest == digest for entry in others):
        return shelf.find(name, digest)
    if given.any_version:
        return others[0].folder
    raise _other_version(given.file, found, ", ".join(f"{entry.id} {entry.version}" for entry in others))


def _other_version(file: Path, found: Provenance, installed: str) -> PackageError:
    source = found.package
    return PackageError(f"“{file.name}” was made with {source.id} {source.version} ({source.digest[:19]}...), "
                        f"but here is {installed}.",
                        "Add that version with `atelier models add PATH`, or make it with this one: --any-version.",
                        str(file))


def _differences(found: Provenance, info: PackageInfo, again: Provenance) -> list[Difference]:
    """What is not as it was: model, program, provider."""
    pairs = [("model version", found.package.version, info.version),
             ("model digest", found.recipe.digest, info.digest),
             ("program", found.software, SOFTWARE),
             ("provider", found.provider, again.provider)]
    return [Difference(what, then, now) for what, then, now in pairs if then != now]


def _explain(differences: list[Difference], console: Console, *, same: bool) -> None:
    """Say what differs; when nothing known does and the bytes still differ, say what that can mean."""
    for what, then, now in differences:
        console.note(f"the {what} was {then}, now it is {now}.")
    if not same and not differences:
        console.note("model, program and provider are the same: the file was changed after it was written, "
                     "or another processor or ONNX Runtime rounds differently.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
