"""What needs no export child: a finished package goes to the shelf, a foreign ONNX graph is made a package here."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from engine.cancel import CancelToken
from engine.converting import sheet
from engine.converting.foreign_words import converted_text, inspection_of, text_model_of
from engine.converting.messages import Converted, ConvertRequest, Event, Inspection, Making, Told
from engine.converting.trial import tried
from engine.errors import ConversionError, PackageError
from engine.packages import making
from engine.packages.describe import describe
from engine.packages.foreign import Plan, Seen, plan_of, questions_of
from engine.packages.foreign_folder import Pipeline, pipeline_of
from engine.packages.foreign_make import Label, make_package
from engine.packages.foreign_pack import make_pipeline
from engine.packages.graphscan import scan_graph
from engine.packages.manifest import read_manifest
from engine.packages.names import MANIFEST
from engine.packages.onnxfile import GraphFile, looks_like_onnx, survey
from engine.packages.shelf import Shelf, default_shelf
from engine.packages.verify import verify

PACKAGE, GRAPH, GRAPHS = "package", "onnx", "onnx-folder"
_MOST = 128
_DEEP = 2
_TORCH = (".safetensors", ".pt", ".pth", ".ckpt", "pytorch_model.bin")
Tell = Callable[[Event], None]


def local_kind(path: Path) -> str | None:
    """What `path` is if it is none of the export child's business."""
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return PACKAGE
        return GRAPHS if _graphs_in(path) else None
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(8)
    if path.suffix.lower() == ".onnx" or looks_like_onnx(head):
        return GRAPH
    return PACKAGE if head.startswith(b"PK") and _is_package_zip(path) else None


def inspect(path: Path, kind: str, tell: Tell, cancel: CancelToken) -> Inspection:
    """What it is, and what has to be asked. Raises PackageError, ModelError, Cancelled."""
    if kind == PACKAGE:
        return _package(path)
    pipeline = pipeline_of(path) if kind == GRAPHS else None
    if pipeline is not None:
        return _pipeline(pipeline)
    words = text_model_of(path)
    if words is not None:
        return inspection_of(words, path, kind)
    graph = _surveyed(path, kind)
    plan = plan_of(graph, {})
    tell(Told("trial", 0.5, "Trying it with random points"))
    seen = tried(graph.path, plan, cancel)
    plan = plan_of(graph, {}, seen)
    picture = seen[plan.picture.name]
    warnings = []
    if picture.low is None:
        warnings.append("Its pictures hold numbers that are none (NaN or infinite).")
    if picture.alike:
        warnings.append("Its picture is the same for every random point.")
    return Inspection(
        path=str(path), kind=kind, bytes=graph.bytes, title=_title(plan, seen), family="decoder", adapter="onnx",
        reasons=_reasons(graph, plan), sizes={"latent": plan.dim}, warnings=tuple(warnings),
        makes=(Making("decoder", "latent point to picture", round(graph.bytes / 1e6, 1)),), needs_torch=False,
        name_hint=making.name_from(path), license_hint=graph.properties.get("license", ""),
        credit_hint=graph.properties.get("author", ""), questions=questions_of(graph, plan, seen))


def convert(request: ConvertRequest, kind: str, work: Path, tell: Tell, cancel: CancelToken) -> Converted:
    """Make the package inside `work` and try it in an engine. Raises PackageError, ModelError, ConversionError."""
    path = Path(request.source)
    if request.precisions != ("fp32",):
        raise ConversionError("An ONNX file is taken as it is: it cannot be made smaller here.",
                              "Choose fp32, or bring the checkpoint it came from.", request.source)
    tell(Told("open", 0.0, "Reading the graph"))
    pipeline = pipeline_of(path) if kind == GRAPHS else None
    if pipeline is not None:
        return _converted_pipeline(request, pipeline, work / "package", tell)
    words = text_model_of(path)
    if words is not None:
        return converted_text(request, words, _label(request, words.title), work / "package", tell, cancel)
    graph = _surveyed(path, kind)
    plan = plan_of(graph, request.answers)
    tell(Told("trial", 0.2, "Trying it with random points"))
    seen = tried(graph.path, plan, cancel)
    plan = plan_of(graph, request.answers, seen)
    folder, label = work / "package", _label(request, _title(plan, seen))
    tell(Told("pack", 0.5, "Packing"))
    make_package(graph, plan, seen, label, folder)
    tell(Told("pack", 0.7, "Drawing its first pictures"))
    notes = _admitted(folder, cancel) if request.preview else ()
    verify(folder, full=True)
    return Converted(str(folder), {"fp32": str(folder)}, label.id, "decoder", runs=True, notes=notes)


def add_package(request: ConvertRequest, shelf: Shelf | None) -> Converted:
    """Put a package on the shelf. Raises PackageError, FileProblem."""
    if request.target:
        raise ConversionError("This is a package already.", "Add it to the shelf: `atelier models add PATH`.",
                              request.source)
    entry = (shelf or default_shelf()).add(Path(request.source))
    return Converted(str(entry.folder), {"fp32": str(entry.folder)}, entry.id, entry.family, _runs(entry.folder))


def _label(request: ConvertRequest, title: str) -> Label:
    """What the package says for people."""
    name = (request.name.strip() or making.name_from(Path(request.source)))[:making.LONGEST_NAME]
    return Label(request.id.strip() or making.slug(name), name,
                 (request.summary.strip() or title)[:making.LONGEST_SUMMARY],
                 request.license.strip()[:making.LONGEST_LICENSE], request.credit.strip()[:making.LONGEST_CREDIT])


def _pipeline(pipeline: Pipeline) -> Inspection:
    """A diffusion model in parts; it is not tried here, because one picture may take minutes."""
    makes = tuple(Making(role, "as it is", round(graph.bytes / 1e6, 1)) for role, graph in pipeline.graphs.items())
    names = ", ".join(pipeline.graphs)
    return Inspection(
        path=str(pipeline.folder), kind=GRAPHS, bytes=pipeline.bytes, title=pipeline.title, family="diffusion",
        adapter="onnx", reasons=(f"The folder holds {names}, each with the ports of its part.",), makes=makes,
        warnings=pipeline.warnings,
        needs_torch=False, name_hint=making.name_from(pipeline.folder))


def _converted_pipeline(request: ConvertRequest, pipeline: Pipeline, folder: Path, tell: Tell) -> Converted:
    """Copy the parts into a package."""
    tell(Told("pack", 0.3, "Copying the graphs"))
    label = _label(request, pipeline.title)
    make_pipeline(pipeline, label, folder)
    tell(Told("pack", 0.9, "Checking"))
    verify(folder, full=True)
    return Converted(str(folder), {"fp32": str(folder)}, label.id, "diffusion", _runs(folder))


def _admitted(folder: Path, cancel: CancelToken) -> tuple[str, ...]:
    """Load and run the package as the studio will, keep its first pictures; remarks."""
    assets = sheet.pictures_of(folder, cancel=cancel)
    picture = sheet.sheet_of(assets)
    if picture is None:
        return sheet.remarks(assets)
    (folder / sheet.NAME).write_bytes(picture)
    manifest = dict(read_manifest(folder).raw)
    manifest["files"] = {**manifest["files"], sheet.NAME: making.listed(folder / sheet.NAME)}
    making.write_manifest(folder, {**manifest, "preview": sheet.NAME})
    return sheet.remarks(assets)


def _package(path: Path) -> Inspection:
    """A package says itself what it is; the shelf checks it when it is added."""
    if path.is_file():
        return Inspection(str(path), PACKAGE, path.stat().st_size, making.name_from(path), needs_torch=False)
    manifest = read_manifest(path).manifest
    size = sum(graph.bytes + sum(entry.bytes for entry in graph.external.values())
               for graph in manifest.graphs.values())
    return Inspection(str(path), PACKAGE, size, manifest.name, manifest.family, needs_torch=False,
                      name_hint=manifest.name, license_hint=manifest.license, credit_hint=manifest.credit)


def _surveyed(path: Path, kind: str) -> GraphFile:
    """The one graph that will draw, refused where it holds what packages must not."""
    if kind == GRAPHS:
        graphs = _graphs_in(path)
        if len(graphs) > 1:
            names = ", ".join(str(one.relative_to(path)) for one in graphs[:6])
            raise PackageError(f"“{path.name}” holds {len(graphs)} graphs ({names}): which of them draws is not known.",
                               "Bring the one that turns a latent point into a picture, or the checkpoint's folder.",
                               str(path))
        path = graphs[0]
    graph = survey(path)
    sizes = {place: (path.parent / place).stat().st_size for place in graph.places if (path.parent / place).is_file()}
    scan_graph(path, sizes)
    return graph


def _graphs_in(folder: Path) -> list[Path]:
    """The .onnx files of a folder, two levels deep; none where checkpoints lie beside them."""
    found: list[Path] = []
    for base, folders, names in os.walk(folder):
        if len(Path(base).relative_to(folder).parts) >= _DEEP:
            folders.clear()
        if any(name.endswith(_TORCH) for name in names):
            return []  # the weights they came from lie beside them, and can be proven
        found += [Path(base) / name for name in sorted(names) if name.lower().endswith(".onnx")]
        if len(found) > _MOST:
            break
    return sorted(found)


def _title(plan: Plan, seen: Seen) -> str:
    """What it is, in words."""
    told = seen[plan.picture.name]
    sizes = " × ".join(str(size) for size in told.shape[1:])
    classes = f", {plan.classes} classes" if plan.classes else ""
    return f"ONNX graph, {plan.dim} latent numbers to a picture of {sizes}{classes}"


def _reasons(graph: GraphFile, plan: Plan) -> tuple[str, ...]:
    """Why we read it so."""
    made = f" It was written by {graph.producer}." if graph.producer else ""
    return (f"“{plan.latent.name}” takes real numbers, “{plan.picture.name}” has the form of a picture.{made}",)


def _runs(folder: Path) -> bool:
    """Whether this version runs the family; one that comes later has no controls yet."""
    try:
        return bool(describe(folder).controls)
    except PackageError:
        return False


def _is_package_zip(path: Path) -> bool:
    """A zip with a manifest.json in it, at its top or in one folder."""
    try:
        with zipfile.ZipFile(path) as opened:
            names = opened.namelist()
    # zipfile raises NotImplementedError for a zip of a newer kind than it knows.
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return len(names) <= _MOST and any(name.rsplit("/", 1)[-1] == MANIFEST for name in names)


