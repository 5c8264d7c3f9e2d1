"""Diffusion models as ONNX folders in every layout that lies about: real names, ranks and number types, tiny graphs.

The graphs do next to nothing, but every input counts: sample, time, text and all the rest change the answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from tests.fakes.foreign import Shape, write

WIDTHS = {"sd1": 768, "sd2": 1024, "sdxl": 2048}
POOLED, GUIDANCE, VOCABULARY = 1280, 16, 60
REAL, HALF, WHOLE, SHORT = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.INT32
LETTERS = "abcdefghijklmnopqrstuvwxyz!"


@dataclass(frozen=True)
class Layout:
    """How an exporter writes its parts."""

    kind: str = "sd1"
    ids: int = WHOLE                         # number type of input_ids
    real: int = REAL                         # number type of samples and text
    moment: tuple[int, Shape] = (REAL, ())   # number type and shape of the time
    batch: int | str = "batch"
    cells: tuple[int | str, int | str] = ("height", "width")
    channels: int = 4
    guidance: bool = False                   # LCM: timestep_cond
    blurs: bool = False                      # the denoiser answers the mean of nine neighbours: edges show
    encoder: str = "latent_parameters"       # or "latent_sample": drawn inside the graph; "": no encoder
    data: str = ""                           # weights beside the graphs
    files: dict[str, Any] = field(default_factory=dict)      # JSON files by path
    pad: str = "<|endoftext|>"
    words: int | str = 77                    # how many vectors of text the denoiser listens to


SCHEDULER = {"_class_name": "PNDMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
             "num_train_timesteps": 1000, "set_alpha_to_one": False, "steps_offset": 1, "clip_sample": False,
             "skip_prk_steps": True}
_SCHEDULED = {"scheduler/scheduler_config.json": SCHEDULER, "model_index.json": {"_class_name": "OnnxPipeline"}}
TEMPLATE = {
    "Name": "Tiny", "Template": "SD", "Category": "StableDiffusion", "StableDiffusionTemplate": {
        "PipelineType": "StableDiffusion", "ModelType": "Base", "SampleSize": 512, "TokenizerLength": 768,
        "DiffuserTypes": ["TextToImage", "ImageToImage"],
        "SchedulerDefaults": {"SchedulerType": "EulerAncestral", "Steps": 11, "Guidance": 4,
                              "TimestepSpacing": "Trailing", "BetaSchedule": "ScaledLinear", "BetaStart": 0.0009,
                              "BetaEnd": 0.0121}}}
LAYOUTS = {
    "diffusers": Layout(ids=SHORT, moment=(REAL, ("batch",)), encoder="latent_sample", data="weights.pb",
                        files=_SCHEDULED, words="sequence"),
    "optimum": Layout(kind="sd2", words="sequence_length", moment=(WHOLE, ()), files={
        **_SCHEDULED, "scheduler/scheduler_config.json": {**SCHEDULER, "prediction_type": "v_prediction"},
        "vae_decoder/config.json": {"scaling_factor": 0.2, "block_out_channels": [1, 1, 1, 1]},
        "unet/config.json": {"sample_size": 64}}),
    "olive": Layout(real=HALF, moment=(HALF, ("unet_time_batch",)), batch="unet_sample_batch",
                    cells=("unet_sample_height", "unet_sample_width"), data="weights.pb", files=_SCHEDULED),
    "fixed": Layout(batch=2, cells=(64, 64), moment=(WHOLE, (1,)), files=_SCHEDULED),
    "amuse": Layout(moment=(REAL, (1,)), encoder="latent_sample", data="model.onnx.data",
                    files={"amuse_template.json": TEMPLATE}),
    "lcm": Layout(guidance=True, moment=(WHOLE, ()), files={
        "scheduler/scheduler_config.json": {**SCHEDULER, "_class_name": "LCMScheduler"}}),
    "turbo": Layout(kind="sd2", moment=(WHOLE, ()), files={"scheduler/scheduler_config.json": {
        **SCHEDULER, "_class_name": "EulerDiscreteScheduler", "timestep_spacing": "trailing"}}),
    "inpaint": Layout(channels=9, moment=(WHOLE, ()), files=_SCHEDULED),
    "sdxl": Layout(kind="sdxl", words="sequence_length", pad="!", files={**_SCHEDULED, "model_index.json": {
        "_class_name": "StableDiffusionXLPipeline", "force_zeros_for_empty_prompt": True}}),
    "ddpm": Layout(kind="ddpm", channels=3, cells=(16, 16), moment=(WHOLE, ()), encoder="",
                   files={"scheduler/scheduler_config.json": {"_class_name": "DDPMScheduler"}}),
}


def folder_of(path: Path, name: str, **changes: Any) -> Path:
    """The layout `name` as a folder; `changes` are other fields of it."""
    layout = Layout(**{**LAYOUTS[name].__dict__, **changes})
    parts = {"unet": _unet(layout)}
    if layout.kind != "ddpm":
        parts |= {"text_encoder": _text(layout, ""), "vae_decoder": _decoder(layout)}
        _tokenizer(path / "tokenizer", "<|endoftext|>")
    if layout.kind == "sdxl":
        parts["text_encoder_2"] = _text(layout, "_2")
        _tokenizer(path / "tokenizer_2", layout.pad)
    if layout.encoder:
        parts["vae_encoder"] = _encoder(layout)
    for role, (nodes, inputs, outputs, weights) in parts.items():
        (path / role).mkdir(parents=True)
        saving = {"save_as_external_data": True, "location": layout.data, "size_threshold": 200} if layout.data else {}
        write(path / role / "model.onnx", nodes, inputs, outputs, weights, **saving)
    for place, value in layout.files.items():
        (path / place).parent.mkdir(parents=True, exist_ok=True)
        (path / place).write_text(json.dumps(value), encoding="utf-8")
    return path


Part = tuple[list[Any], list[tuple[str, int, Shape]], list[tuple[str, int, Shape]], dict[str, NDArray[Any]]]


def _unet(layout: Layout) -> Part:
    """answer = conv(sample) * 0.5 + mean(everything else), in the layout's number type."""
    kind, real = _type(layout.real), layout.real
    dice = np.random.default_rng(3)
    answered = layout.channels if layout.kind == "ddpm" else 4
    weights: dict[str, NDArray[Any]] = {
        "kernel": (dice.standard_normal((answered, layout.channels, 3, 3)) * 0.1).astype(kind),
        "thousandth": np.array(0.001, kind), "one": np.array([1, 1, 1, 1], np.int64), "flat": np.array([-1], np.int64)}
    if layout.blurs:
        weights["kernel"] = np.eye(answered, layout.channels, dtype=kind)[:, :, None, None] * np.full((3, 3), 0.3, kind)
    inputs: list[tuple[str, int, Shape]] = [("sample", real, (layout.batch, layout.channels, *layout.cells)),
                                            ("timestep", *layout.moment)]
    nodes = [helper.make_node("Conv", ["sample", "kernel"], ["seen"], pads=[1, 1, 1, 1]),
             helper.make_node("Cast", ["timestep"], ["moment"], to=real),
             helper.make_node("ReduceMean", ["moment"], ["now"], keepdims=0),
             helper.make_node("Mul", ["now", "thousandth"], ["told0"])]
    extra: dict[str, Shape] = {}
    if layout.kind != "ddpm":
        batch = "unet_hidden_batch" if layout.batch == "unet_sample_batch" else layout.batch
        extra["encoder_hidden_states"] = (batch, layout.words, WIDTHS[layout.kind])
    if layout.kind == "sdxl":
        extra |= {"text_embeds": ("batch", POOLED), "time_ids": ("batch", 6)}
    if layout.guidance:
        extra["timestep_cond"] = ("batch", GUIDANCE)
    last = "told0"
    for number, (name, shape) in enumerate(extra.items(), 1):
        inputs.append((name, real, shape))
        axes = list(range(1, len(shape)))
        nodes += [helper.make_node("Abs", [name], [f"size{number}"]),
                  helper.make_node("ReduceMean", [f"size{number}"], [f"mean{number}"], axes=axes, keepdims=1),
                  helper.make_node("Mul", [f"mean{number}", "thousandth"] if name == "time_ids" else
                                   [f"mean{number}", "half"], [f"less{number}"])]
        form = f"form{number}"
        weights[form] = np.array([-1, 1, 1, 1], np.int64)
        nodes += [helper.make_node("Reshape", [f"less{number}", form], [f"wide{number}"]),
                  helper.make_node("Add", [last, f"wide{number}"], [f"told{number}"])]
        last = f"told{number}"
    weights["half"] = np.array(0.5, kind)
    nodes.append(helper.make_node("Add", ["seen", last], ["out_sample"]))
    return nodes, inputs, [("out_sample", real, (layout.batch, answered, *layout.cells))], weights


def _text(layout: Layout, suffix: str) -> Part:
    """A table of vectors, one for each token; the second encoder of SDXL is wider and tells a whole sentence."""
    width = (POOLED if suffix else WIDTHS["sd1"]) if layout.kind == "sdxl" else WIDTHS[layout.kind]
    dice = np.random.default_rng(5 + len(suffix))
    kind, batch = _type(layout.real), layout.batch if isinstance(layout.batch, str) else "batch"
    weights = {"table": dice.standard_normal((VOCABULARY, width)).astype(kind)}
    pooled = "text_embeds" if suffix else "pooler_output"
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["hidden_states.1"]),
             helper.make_node("Neg", ["hidden_states.1"], ["last_hidden_state"]),
             helper.make_node("Identity", ["hidden_states.1"], ["hidden_states.0"]),
             helper.make_node("Identity", ["last_hidden_state"], ["hidden_states.2"]),
             helper.make_node("ReduceMean", ["last_hidden_state"], [pooled], axes=[1], keepdims=0)]
    hidden = [f"hidden_states.{number}" for number in range(3)] if layout.kind == "sdxl" else []
    names = ["last_hidden_state", *hidden]
    outputs: list[tuple[str, int, Shape]] = [(name, layout.real, (batch, 77, width)) for name in names]
    return nodes, [("input_ids", layout.ids, (batch, 77))], [*outputs, (pooled, layout.real, (batch, width))], weights


def _decoder(layout: Layout) -> Part:
    """Each cell becomes 8 x 8 pixels. The free sizes of latent and picture have the same names, as some write them."""
    dice = np.random.default_rng(7)
    cells = layout.cells if isinstance(layout.cells[0], int) else ("height", "width")
    sides = tuple(8 * side if isinstance(side, int) else side for side in cells)
    nodes = [helper.make_node("ConvTranspose", ["latent_sample", "kernel"], ["raw"], strides=[8, 8]),
             helper.make_node("Tanh", ["raw"], ["sample"])]
    return (nodes, [("latent_sample", layout.real, ("batch", 4, *cells))],
            [("sample", layout.real, ("batch", 3, *sides))],
            {"kernel": (dice.standard_normal((4, 3, 8, 8)) * 0.2).astype(_type(layout.real))})


def _encoder(layout: Layout) -> Part:
    """Mean and logarithm of the variance, or a draw made by the graph itself."""
    dice = np.random.default_rng(9)
    drawn = layout.encoder == "latent_sample"
    kind = _type(layout.real)
    count = 4 if drawn else 8
    weights: dict[str, NDArray[Any]] = {"kernel": (dice.standard_normal((count, 3, 8, 8)) * 0.1).astype(kind)}
    made = "mean" if drawn else "latent_parameters"
    nodes = [helper.make_node("Conv", ["sample", "kernel"], [made], strides=[8, 8])]
    if drawn:
        nodes += [helper.make_node("RandomNormalLike", ["mean"], ["noise"]),
                  helper.make_node("Add", ["mean", "noise"], ["latent_sample"])]
    return (nodes, [("sample", layout.real, ("batch", 3, "height", "width"))],
            [(layout.encoder, layout.real, ("batch", count, "height", "width"))], weights)


def _tokenizer(folder: Path, filler: str) -> None:
    """Letters, letters at the end of a word, three pairs and a comma."""
    folder.mkdir(parents=True)
    words = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), "ca", "cat</w>", "at</w>", ",</w>"]
    table = {word: number for number, word in enumerate(words)}
    table |= {"<|startoftext|>": VOCABULARY - 2, "<|endoftext|>": VOCABULARY - 1}
    (folder / "vocab.json").write_text(json.dumps(table), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\nc a\nca t</w>\na t</w>\n", encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"pad_token": filler}), encoding="utf-8")


def _type(code: int) -> type[np.floating[Any]]:
    return np.float16 if code == HALF else np.float32
