"""Tiny packages with more than one graph: a StyleGAN2 of matrices, and a VAE whose encoder is its decoder's inverse."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from tests.fakes.graphs import IR, OPSET
from tests.fakes.packages import listed, rewrite_manifest

Z_DIM, W_DIM, ROWS, SIDE, CLASSES = 6, 5, 6, 16, 3
PREVIEW_ROWS, PREVIEW_SIDE = 4, 8
NOISES = {"noise_4": 4, "noise_8": 8, "noise_16": 16}
VAE_DIM, VAE_SIDE = 8, 12
_TYPES = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64, "bool": TensorProto.BOOL}

Ports = dict[str, tuple[str, list[int | str]]]
"""Role (and name in the graph) -> number type and shape."""


def tiny_style(folder: Path, *, classes: int = 0, encoder: str = "", preview: bool = True, noise: bool = True,
               **changes: Any) -> Path:
    """A StyleGAN2 package: z 6, w 5, six rows, RGB 16 x 16, three noises, a preview of 8 x 8, two directions, a cloud.

    `classes` names three kinds; `encoder` is "" or the space ("w", "w+") of an encoder's points.
    """
    graphs = {"mapping": _mapping(classes), "synthesis": _synthesis(ROWS, SIDE, noise=noise)}
    if preview:
        graphs["preview"] = _synthesis(PREVIEW_ROWS, PREVIEW_SIDE, noise=noise)
    if encoder:
        graphs["encoder"] = _style_encoder(encoder)
    files = {"directions.npy": _npy(np.eye(W_DIM, dtype=np.float32)[:2]), "LICENSE.txt": b"CC0-1.0\n",
             "cloud.npy": _npy(np.concatenate([mean()[None], np.eye(W_DIM, dtype=np.float32)[:4] * 0.5]))}
    if noise:
        files["noise.npz"] = _npz(stored_noise())
    manifest = {
        "format": 1, "id": "tiny-style", "name": "Tiny style", "version": "1.0.0", "family": "stylegan2",
        "summary": "Waves for tests.", "license": "CC0-1.0",
        "latent": {"dim": Z_DIM, "spaces": ["z", "w", "w+"], "mean": mean().tolist(), "truncation": 0.8,
                   "cloud": {"typical": 1.0, "far": 2.0}},
        "image": {"width": SIDE, "height": SIDE, "channels": 3, "range": [-1.0, 1.0]},
        "stylegan2": {"w_dim": W_DIM, "rows": ROWS, "classes": classes,
                      "noise": [{"role": role, "width": side, "height": side} for role, side in NOISES.items()]
                      if noise else [],
                      "preview_rows": PREVIEW_ROWS if preview else 0, "preview_side": PREVIEW_SIDE if preview else 0},
        "controls": {"directions": [
            {"id": "tilt", "label": "Tilt", "row": 0, "sigma": 0.4, "space": "w", "layers": [0, 1], "origin": "sefa",
             "low": "Left", "high": "Right"},
            {"id": "tint", "label": "Tint", "row": 1, "sigma": 0.4, "space": "w", "low": "Cold", "high": "Warm"}]},
        **({"encoder": {"width": SIDE, "height": SIDE, "channels": 3}} if encoder else {}),
        **changes,
    }
    return pack(folder, manifest, graphs, files)


def tiny_vae(folder: Path, *, channels: int = 3, cloud: bool = True, **changes: Any) -> Path:
    """A linear VAE in 0 .. 1: 8 numbers to 12 x 12 pixels and back, without loss but for the 8 bits between."""
    paint = waves(VAE_DIM, channels, VAE_SIDE) / 16
    shape: list[int | str] = ["batch", channels, VAE_SIDE, VAE_SIDE]
    decode = _graph({"latent": ("float32", ["batch", VAE_DIM])}, {"image": ("float32", shape)},
                    [helper.make_node("MatMul", ["latent", "paint"], ["flat"]),
                     helper.make_node("Add", ["flat", "grey"], ["lit"]),
                     helper.make_node("Reshape", ["lit", "shape"], ["image"])],
                    {"paint": paint, "grey": np.float32(0.5), "shape": _shape(channels, VAE_SIDE)})
    encode = _graph({"image": ("float32", shape)},
                    {"mean": ("float32", ["batch", VAE_DIM]), "log_variance": ("float32", ["batch", VAE_DIM])},
                    [helper.make_node("Reshape", ["image", "shape"], ["flat"]),
                     helper.make_node("Sub", ["flat", "grey"], ["ink"]),
                     helper.make_node("MatMul", ["ink", "look"], ["mean"]),
                     helper.make_node("Mul", ["mean", "nothing"], ["log_variance"])],
                    {"look": np.linalg.pinv(paint).astype(np.float32), "grey": np.float32(0.5),
                     "nothing": np.float32(0), "shape": np.array([-1, paint.shape[1]], np.int64)})
    files = {"directions.npy": _npy(np.eye(VAE_DIM, dtype=np.float32)), "LICENSE.txt": b"CC0-1.0\n"}
    latent: dict[str, Any] = {"dim": VAE_DIM}
    if cloud:
        files["cloud.npy"] = _npy(np.concatenate([np.zeros((1, VAE_DIM)), np.eye(VAE_DIM)]).astype(np.float32))
        latent["cloud"] = {"typical": 1.0, "far": 1.6}
    manifest = {
        "format": 1, "id": "tiny-vae", "name": "Tiny VAE", "version": "1.0.0", "family": "decoder",
        "summary": "Soft waves for tests.", "license": "CC0-1.0", "latent": latent,
        "image": {"width": VAE_SIDE, "height": VAE_SIDE, "channels": channels, "range": [0.0, 1.0]},
        "encoder": {"width": VAE_SIDE, "height": VAE_SIDE, "channels": channels, "range": [0.0, 1.0]},
        "controls": {"directions": [{"id": "glow", "label": "Glow", "row": 1, "low": "Dark", "high": "Bright"}]},
        **changes,
    }
    return pack(folder, manifest, {"decoder": decode, "encoder": encode}, files)


def pack(folder: Path, manifest: Mapping[str, Any], graphs: Mapping[str, tuple[ModelProto, Ports, Ports]],
         files: Mapping[str, bytes]) -> Path:
    """Write graphs, files and a manifest with the right digests."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for role, (model, inputs, outputs) in graphs.items():
        path = folder / f"{role}.onnx"
        path.write_bytes(model.SerializeToString())
        entries[role] = {"file": path.name, **listed(path), "inputs": _ports(inputs), "outputs": _ports(outputs)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    rewrite_manifest(folder, {"graphs": entries, "files": {name: listed(folder / name) for name in files}, **manifest})
    return folder


def mean() -> NDArray[np.float32]:
    """w_avg of `tiny_style`."""
    return np.linspace(-0.1, 0.1, W_DIM, dtype=np.float32)


def stored_noise() -> dict[str, NDArray[np.float32]]:
    """The constants in noise.npz of `tiny_style`."""
    dice = np.random.default_rng(5)
    return {role: dice.standard_normal((side, side), np.float32) for role, side in NOISES.items()}


def waves(count: int, channels: int, side: int) -> NDArray[np.float32]:
    """[count, channels * side * side] patterns, each finer than the one before."""
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / side
    return np.stack([np.stack([np.cos(2 * np.pi * ((k % 3) * rows + (k // 3) * columns) / 2 + channel + k)
                               for channel in range(channels)]) for k in range(count)]
                    ).reshape(count, -1).astype(np.float32)


def _mapping(classes: int) -> tuple[ModelProto, Ports, Ports]:
    """w = tanh(z / |z| @ spread [+ table[condition]])."""
    dice = np.random.default_rng(1)
    constants = {"spread": dice.standard_normal((Z_DIM, W_DIM), np.float32)}
    inputs: Ports = {"z": ("float32", ["batch", Z_DIM])}
    nodes = [helper.make_node("ReduceL2", ["z", "axes"], ["length"]),
             helper.make_node("Div", ["z", "length"], ["unit"]),
             helper.make_node("MatMul", ["unit", "spread"], ["raw"])]
    constants["axes"] = np.array([1], np.int64)
    if classes:
        constants["table"] = dice.standard_normal((classes, W_DIM), np.float32)
        inputs["condition"] = ("int64", ["batch"])
        nodes += [helper.make_node("Gather", ["table", "condition"], ["kind"]),
                  helper.make_node("Add", ["raw", "kind"], ["both"])]
    nodes.append(helper.make_node("Tanh", ["both" if classes else "raw"], ["w"]))
    return _graph(inputs, {"w": ("float32", ["batch", W_DIM])}, nodes, constants)


def _synthesis(rows: int, side: int, *, noise: bool) -> tuple[ModelProto, Ports, Ports]:
    """image = tanh(ws @ paint + enlarged noises): every row of w+ and every noise paints its own pattern."""
    whole = waves(ROWS * W_DIM, 3, SIDE).reshape(ROWS * W_DIM, 3, SIDE, SIDE)
    step = SIDE // side
    paint = 0.4 * whole.reshape(-1, 3, side, step, side, step).mean(axis=(3, 5)).reshape(ROWS * W_DIM, -1)
    inputs: Ports = {"ws": ("float32", ["batch", rows, W_DIM])}
    constants: dict[str, NDArray[Any]] = {
        "paint": paint[:rows * W_DIM], "flat_rows": np.array([-1, rows * W_DIM], np.int64),
        "shape": _shape(3, side)}
    nodes = [helper.make_node("Reshape", ["ws", "flat_rows"], ["row"]),
             helper.make_node("MatMul", ["row", "paint"], ["sum0"])]
    for number, (role, size) in enumerate((role, size) for role, size in NOISES.items() if noise and size <= side):
        inputs[role] = ("float32", ["batch", 1, size, size])
        constants[f"flat_{role}"] = np.array([-1, size * size], np.int64)
        grain = np.kron(np.eye(size * size).reshape(-1, size, size), np.ones((1, side // size, side // size)))
        constants[f"grow_{role}"] = 0.05 * np.tile(grain.reshape(size * size, -1), (1, 3)).astype(np.float32)
        nodes += [helper.make_node("Reshape", [role, f"flat_{role}"], [f"line_{role}"]),
                  helper.make_node("MatMul", [f"line_{role}", f"grow_{role}"], [f"grain_{role}"]),
                  helper.make_node("Add", [f"sum{number}", f"grain_{role}"], [f"sum{number + 1}"])]
    nodes += [helper.make_node("Tanh", [f"sum{len(inputs) - 1}"], ["lit"]),
              helper.make_node("Reshape", ["lit", "shape"], ["image"])]
    return _graph(inputs, {"image": ("float32", ["batch", 3, side, side])}, nodes, constants)


def _style_encoder(space: str) -> tuple[ModelProto, Ports, Ports]:
    """A point of w or w+ from the picture's pixels."""
    numbers = W_DIM if space == "w" else ROWS * W_DIM
    shape: list[int | str] = ["batch", W_DIM] if space == "w" else ["batch", ROWS, W_DIM]
    look = 0.02 * waves(numbers, 3, SIDE).T
    return _graph({"image": ("float32", ["batch", 3, SIDE, SIDE])}, {"mean": ("float32", shape)},
                  [helper.make_node("Reshape", ["image", "line"], ["flat"]),
                   helper.make_node("MatMul", ["flat", "look"], ["seen"]),
                   helper.make_node("Reshape", ["seen", "shape"], ["mean"])],
                  {"line": np.array([-1, 3 * SIDE * SIDE], np.int64), "look": np.ascontiguousarray(look),
                   "shape": np.array([-1, *shape[1:]], np.int64)})


def _graph(inputs: Ports, outputs: Ports, nodes: Sequence[NodeProto],
           constants: Mapping[str, NDArray[Any]]) -> tuple[ModelProto, Ports, Ports]:
    infos = [[helper.make_tensor_value_info(name, _TYPES[dtype], shape) for name, (dtype, shape) in ports.items()]
             for ports in (inputs, outputs)]
    weights = [numpy_helper.from_array(np.asarray(value, np.float32 if np.asarray(value).dtype.kind == "f" else None),
                                       name) for name, value in constants.items()]
    graph = helper.make_graph(list(nodes), "tiny", *infos, initializer=weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR), inputs, outputs


def _ports(ports: Ports) -> dict[str, Any]:
    return {name: {"name": name, "dtype": dtype, "shape": shape} for name, (dtype, shape) in ports.items()}


def _shape(channels: int, side: int) -> NDArray[np.int64]:
    return np.array([-1, channels, side, side], np.int64)


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **dict(arrays))
    return buffer.getvalue()
