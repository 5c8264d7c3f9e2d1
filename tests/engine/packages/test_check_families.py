"""What the manifests of each family must hold; one contradiction at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.errors import PackageError
from engine.packages import manifest as m
from engine.packages.check import check_manifest
from tests import fakes
from tests.fakes.packages import read_manifest_dict, rewrite_manifest

Build = Callable[[Path], Path]
PORT = {"name": "x", "dtype": "float32", "shape": ["batch", 3]}


def whole_style(folder: Path) -> Path:
    return fakes.tiny_style(folder, classes=3, encoder="w+")


def text(folder: Path) -> Path:
    return _other(folder, "text", "step", {"tokens": {"name": "tokens", "dtype": "int64", "shape": ["batch", "time"]},
                                           "state": PORT},
                  {"logits": {"name": "logits", "dtype": "float32", "shape": ["batch", "time", 9]}, "next": PORT},
                  {"kind": "recurrent", "vocabulary": 9, "tokenizer": "characters.json", "state": {"state": "next"}},
                  {"characters.json": {"sha256": "0" * 64, "bytes": 2}})


def diffusion(folder: Path) -> Path:
    sample = {"name": "sample", "dtype": "float32", "shape": ["batch", 3, "height", "width"]}
    return _other(folder, "diffusion", "unet", {"sample": sample, "timestep": {**sample, "shape": []}},
                  {"noise": sample},
                  {"kind": "ddpm", "channels": 3, "in_channels": 3, "side": 32, "factor": 1, "tokenizers": []}, {})


def _other(folder: Path, family: str, role: str, inputs: Any, outputs: Any, part: Any, files: Any) -> Path:
    folder.mkdir(parents=True)
    graph = {"file": f"{role}.onnx", "sha256": "0" * 64, "bytes": 1, "inputs": inputs, "outputs": outputs}
    rewrite_manifest(folder, {"format": 1, "id": family, "name": family, "version": "1", "family": family,
                              "summary": "", "license": "CC0-1.0", "graphs": {role: graph}, "files": files,
                              family: part})
    return folder


@pytest.mark.parametrize("build", [whole_style, fakes.tiny_vae, text, diffusion])
def test_sound_manifests_pass_and_fit_the_schema(tmp_path: Path, build: Build):
    folder = build(tmp_path / "p")
    check_manifest(m.load_manifest(folder), str(folder))
    jsonschema.validate(read_manifest_dict(folder), m.json_schema())


STYLE = "stylegan2"
WEIGHTS = {"sha256": "1" * 64, "bytes": 4}
CASES: list[tuple[Build, str, Any, str]] = [
    (whole_style, "graphs.mapping", ..., r"needs graphs\.mapping"),
    (whole_style, "graphs.synthesis", ..., r"graphs\.synthesis"),
    (whole_style, STYLE, None, "layers"),
    (whole_style, "latent.mean", None, "mean w"),
    (whole_style, "latent.mean", [0.0], "5"),
    (whole_style, f"{STYLE}.w_dim", 6, "mean"),
    (whole_style, f"{STYLE}.rows", 7, "shape of “ws”"),
    (whole_style, f"{STYLE}.classes", 0, "mapping graph should have"),
    (whole_style, f"{STYLE}.classes", 5000, "at most 4096"),
    (whole_style, "controls.classes", [{"id": "a", "label": "A"}], "names 1"),
    (whole_style, "graphs.mapping.inputs.condition.dtype", "float32", "int64"),
    (whole_style, "graphs.mapping.inputs.z.shape", ["batch", 7], "“z”"),
    (whole_style, "graphs.mapping.outputs.w.dtype", "int64", "float32"),
    (whole_style, f"{STYLE}.noise", [], "synthesis graph should have"),
    (whole_style, f"{STYLE}.noise.0.width", 5, "noise_4"),
    (whole_style, f"{STYLE}.noise.1.role", "noise_4", "same role"),
    (whole_style, "files.noise.npz", ..., r"noise\.npz"),
    (whole_style, "files.cloud.npy", ..., r"cloud\.npy"),
    (whole_style, "latent.cloud.typical", 9.0, "typical"),
    (whole_style, "graphs.preview", ..., r"no graphs\.preview"),
    (whole_style, f"{STYLE}.preview_rows", 0, "preview's rows"),
    (whole_style, f"{STYLE}.preview_side", 4, "“image”"),
    (whole_style, f"{STYLE}.preview_side", 17, "preview's rows or side"),
    (whole_style, "graphs.preview.inputs.noise_4", ..., "preview graph should have"),
    (whole_style, "image.width", 32, "“image”"),
    (whole_style, "image.content", "distance_field", "distance field"),
    (whole_style, "encoder", None, "encoder needs"),
    (whole_style, "graphs.encoder", ..., "encoder needs"),
    (whole_style, "encoder.channels", 1, "channels"),
    (whole_style, "encoder.range", [1.0, 1.0], "range"),
    (whole_style, "graphs.encoder.outputs.mean.shape", ["batch", 4], "“mean”"),
    (whole_style, "graphs.encoder.outputs.mean.shape", ["batch", 5, 5], "“mean”"),
    (whole_style, "controls.directions.0.space", "z", "space z, not w"),
    (whole_style, "controls.directions.0.layers", [2, 6], "layers"),
    (whole_style, "controls.directions.0.layers", [3, 2], "layers"),
    (whole_style, "controls.directions.0.id", "psi", "taken"),
    (fakes.tiny_vae, "controls.directions.0.space", "w", "space w, not z"),
    (fakes.tiny_vae, "controls.directions.0.layers", [0, 0], "layers"),
    (fakes.tiny_vae, "controls.directions.0.id", "point", "taken"),
    (fakes.tiny_vae, "graphs.encoder.inputs.image.shape", ["batch", 3, 12, 13], "“image”"),
    (fakes.tiny_vae, "graphs.encoder.outputs.mean", ..., "output mean"),
    (fakes.tiny_vae, "graphs.encoder.outputs.mean.shape", ["batch", 7], "“mean”"),
    (fakes.tiny_vae, "encoder.width", 13, "“image”"),
    (fakes.tiny_vae, "graphs.decoder.external", {"weights.exe": WEIGHTS}, "code"),
    (fakes.tiny_vae, "graphs.decoder.external", {"../w.npy": WEIGHTS}, "outside"),
    (fakes.tiny_vae, "graphs.decoder.external", {"cloud.npy": WEIGHTS}, "one file"),
    (text, "text", None, "needs graphs.step and text"),
    (text, "text.vocabulary", 8, "vocabulary"),
    (text, "text.tokenizer", "tokenizer.json", "tokenizer"),
    (text, "text.state", {"state": "logit"}, "state"),
    (text, "graphs.step.inputs.tokens", ..., "tokens"),
    (diffusion, "diffusion", None, "needs graphs.unet"),
    (diffusion, "diffusion.kind", "sdxl", "text_encoder"),
    (diffusion, "diffusion.in_channels", 2, "channels"),
    (diffusion, "diffusion.factor", 7, "fit together"),
    (diffusion, "diffusion.scale", 0, "scale"),
    (diffusion, "diffusion.kind", "sd1", "text_encoder"),
    (diffusion, "graphs.unet.inputs.sample.shape", ["batch", 3, "side"], "3 dimensions"),
    (diffusion, "graphs.unet.inputs.sample.shape", ["batch", 4, "h", "w"], "takes 4 channels"),
    (diffusion, "graphs.unet.inputs.timestep.shape", ["batch", 1], "2 dimensions"),
    (diffusion, "graphs.unet.inputs.pose", {"name": "p", "dtype": "float32", "shape": []}, "unknown role"),
    (diffusion, "graphs.unet.inputs.condition", {"name": "c", "dtype": "int64", "shape": ["b"]}, "classes"),
    (diffusion, "graphs.unet.outputs.noise.shape", ["batch"], "form"),
    (diffusion, "diffusion.tokenizers", ["merges.txt"], "tokenizer"),
    (diffusion, "graphs.unet.inputs.timestep", ..., "a time"),
]


@pytest.mark.parametrize(("build", "path", "value", "words"), CASES, ids=[f"{c[1]}={c[2]}" for c in CASES])
def test_a_manifest_that_contradicts_itself_is_refused(tmp_path: Path, build: Build, path: str, value: Any,
                                                        words: str):
    folder = build(tmp_path / "p")
    whole = read_manifest_dict(folder)
    _change(whole, path, value)
    rewrite_manifest(folder, whole)
    with pytest.raises(PackageError, match=words) as caught:
        check_manifest(m.load_manifest(folder), str(folder))
    assert caught.value.remedy


def test_graphs_may_share_one_file_of_weights_if_they_agree_on_it(tmp_path: Path):
    folder = fakes.tiny_vae(tmp_path / "p")
    whole = read_manifest_dict(folder)
    for graph in whole["graphs"].values():
        graph["external"] = {"shared.npy": WEIGHTS}
    rewrite_manifest(folder, whole)
    check_manifest(m.load_manifest(folder), str(folder))
    whole["graphs"]["encoder"]["external"]["shared.npy"] = {**WEIGHTS, "bytes": 5}
    rewrite_manifest(folder, whole)
    with pytest.raises(PackageError, match="differently"):
        check_manifest(m.load_manifest(folder), str(folder))


def _change(whole: dict[str, Any], path: str, value: Any) -> None:
    """Set (or with ... delete) one entry; file names keep their dot."""
    keys = path.replace(".npz", "/npz").replace(".npy", "/npy").split(".")
    target: Any = whole
    for key in keys[:-1]:
        target = target[int(key) if key.isdigit() else key]
    last = keys[-1].replace("/", ".")
    if value is ...:
        del target[last]
    else:
        target[int(last) if last.isdigit() else last] = value
