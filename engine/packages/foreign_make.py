"""Makes the package of a foreign ONNX graph: the graph as the decoder family takes it, and its manifest."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import PackageError
from engine.packages.foreign import RANGES, Plan, Seen, flat_size, picture_size
from engine.packages.graphscan import scan_graph
from engine.packages.making import VERSION, listed, write_manifest
from engine.packages.names import shown
from engine.packages.onnxedit import Edit, constant, edited, node
from engine.packages.onnxfile import GraphFile, Port

GRAPH = "decoder.onnx"
_LATENT, _CONDITION, _IMAGE = "atelier_latent", "atelier_condition", "atelier_image"


@dataclass(frozen=True)
class Label:
    """What the package says for people."""

    id: str
    name: str
    summary: str
    license: str
    credit: str


def make_package(graph: GraphFile, plan: Plan, seen: Seen, label: Label, out: Path) -> None:
    """Fill the new folder `out`. Raises PackageError where the graph cannot be brought to the family's form."""
    out.mkdir()
    channels, height, width = picture_size(plan, seen)
    places = weight_files(graph, GRAPH)
    for place, name in places.items():
        shutil.copyfile(graph.path.parent / place, out / name, follow_symlinks=False)
    edit, latent, condition, image = _edit(plan, seen, (channels, height, width), places)
    if edit == Edit():
        shutil.copyfile(graph.path, out / GRAPH)
    else:
        edited(graph.path, out / GRAPH, edit)
    external = {name: listed(out / name) for name in places.values()}
    scan_graph(out / GRAPH, {name: entry["bytes"] for name, entry in external.items()})
    inputs = {"latent": _port(latent), **({"condition": _port(condition)} if condition is not None else {})}
    entry = {"file": GRAPH, **listed(out / GRAPH), "inputs": inputs, "outputs": {"image": _port(image)},
             **({"external": external} if external else {})}
    layout = "NCHW" if image.name == _IMAGE else plan.layout
    classes = [{"id": str(number), "label": f"Class {number}", "labels": {"zh_CN": f"类别 {number}"}}
               for number in range(plan.classes)]
    write_manifest(out, {
        "format": 1, "id": label.id, "name": label.name, "version": VERSION, "family": "decoder",
        "summary": label.summary, "license": label.license, "credit": label.credit, "graphs": {"decoder": entry},
        "files": {}, "latent": {"dim": plan.dim, "truncation": plan.variety},
        "image": {"width": width, "height": height, "channels": channels, "range": list(RANGES[plan.range]),
                  "layout": layout},
        "controls": {"classes": classes},
        "source": {"onnx": f"sha256:{listed(graph.path)['sha256']}", "file": graph.path.name,
                   "producer": graph.producer, "answers": _answers(plan)}})


def weight_files(graph: GraphFile, name: str) -> dict[str, str]:
    """Where the weight files lie (beside the graph, plain files) -> their names in the package.

    Raises PackageError for a place outside the folder, a link, or a file that is missing.
    """
    folder = graph.path.parent.resolve()
    found: dict[str, str] = {}
    for place in graph.places:
        path = graph.path.parent / place
        inside = not Path(place).is_absolute() and ".." not in Path(place).parts
        if not inside or path.is_symlink() or not path.resolve().is_relative_to(folder) or not path.is_file():
            raise PackageError(f"“{graph.path.name}” keeps weights in “{shown(place)}”, which is not a plain file "
                               "beside it.", "Put its weight files into the same folder, as they were exported.",
                               str(graph.path))
        found[place] = f"{name}.data" if not found else f"{name}.{len(found)}.data"
    return found


def _edit(plan: Plan, seen: Seen, size: tuple[int, int, int],
          places: Mapping[str, str]) -> tuple[Edit, Port, Port | None, Port]:
    """What has to change, and the ports as they are afterwards."""
    dropped = {one.port.name for one in plan.constants}
    inputs: list[Port] = []
    before: list[bytes] = []
    constants = [constant(one.port.name, one.port.dtype, one.shape, [one.value] * math.prod(one.shape))
                 for one in plan.constants]
    latent = plan.latent
    if latent.dtype not in ("float32", "float16") or latent.shape is None or len(latent.shape) != 2 \
            or latent.shape[1] != plan.dim:  # noqa: PLR2004 - [batch, dim]
        latent = _latent(plan, before, constants)
        dropped.add(plan.latent.name)
        inputs.append(latent)
    condition = plan.condition
    if condition is not None and condition.dtype != "int64":
        condition = _class(plan, condition, before, constants)
        dropped.add(plan.condition.name if plan.condition else "")
        inputs.append(condition)
    image, outputs, after = _image(plan, seen, size, constants)
    edit = Edit(frozenset(dropped), tuple(inputs), outputs, tuple(before), after, tuple(constants), places)
    return edit, latent, condition, image


def _latent(plan: Plan, before: list[bytes], constants: list[bytes]) -> Port:
    """A new input [batch, dim]; reshaped, and cast where the graph takes another number type."""
    shape = plan.latent.shape or ()
    batch = shape[0] if shape and isinstance(shape[0], int) else "batch"
    sizes = [size if isinstance(size, int) else plan.dim for size in shape[1:]]
    reshaped = plan.latent.name if plan.latent.dtype == "float32" else "atelier_reshaped"
    constants.append(constant("atelier_latent_shape", "int64", (len(sizes) + 1,), [0, *sizes]))
    before.append(node("Reshape", [_LATENT, "atelier_latent_shape"], [reshaped]))
    if reshaped != plan.latent.name:
        code = {"float16": 10, "float64": 11}[plan.latent.dtype]
        before.append(node("Cast", [reshaped], [plan.latent.name], to=code))
    return Port(_LATENT, "float32", (batch, plan.dim))


def _class(plan: Plan, condition: Port, before: list[bytes], constants: list[bytes]) -> Port:
    """A new input int64 [batch] in place of int32 [batch], or of one real number a class."""
    batch = condition.shape[0] if condition.shape and isinstance(condition.shape[0], int) else "batch"
    if condition.dtype == "int32":
        before.append(node("Cast", [_CONDITION], [condition.name], to=6))
    else:
        constants.append(constant("atelier_classes", "int64", (), [plan.classes]))
        constants.append(constant("atelier_off_on", condition.dtype, (2,), [0, 1]))
        before.append(node("OneHot", [_CONDITION, "atelier_classes", "atelier_off_on"], [condition.name]))
    return Port(_CONDITION, "int64", (batch,))


def _image(plan: Plan, seen: Seen, size: tuple[int, int, int],
           constants: list[bytes]) -> tuple[Port, tuple[Port, ...], tuple[bytes, ...]]:
    """The picture's port: as it is, with its sizes stated, or flat numbers brought into the form of a picture."""
    channels, height, width = size
    picture, shape = plan.picture, plan.picture.shape
    batch = shape[0] if shape and isinstance(shape[0], int) else "batch"
    told = seen[picture.name].shape if picture.name in seen else shape
    if told is not None and len(told) == 2 and flat_size(channels * height * width):  # noqa: PLR2004 - flat
        constants.append(constant("atelier_image_shape", "int64", (4,), [0, channels, height, width]))
        made = Port(_IMAGE, picture.dtype, (batch, channels, height, width))
        return made, (made,), (node("Reshape", [picture.name, "atelier_image_shape"], [_IMAGE]),)
    sizes = (channels, height, width) if plan.layout == "NCHW" else (height, width, channels)
    stated = Port(picture.name, picture.dtype, (batch, *sizes))
    return stated, () if shape is not None and tuple(shape[1:]) == sizes else (stated,), ()


def _answers(plan: Plan) -> dict[str, Any]:
    """How the graph was read, for whoever wonders later."""
    return {"latent": plan.latent.name, "picture": plan.picture.name, "layout": plan.layout, "range": plan.range,
            "condition": plan.condition.name if plan.condition else "", "classes": plan.classes,
            "fixed": {one.port.name: one.value for one in plan.constants}}


def _port(port: Port) -> dict[str, Any]:
    return {"name": port.name, "dtype": port.dtype,
            "shape": [size if isinstance(size, int) else size or "batch" for size in port.shape or ()]}
