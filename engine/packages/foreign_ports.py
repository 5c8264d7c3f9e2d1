"""The ports of a foreign diffusion model's parts: the role behind each name, and the shape where the file has none.

Exporters name the same tensors almost alike and disagree about order, number types and ranks; so a port is known by
its name, and everything else is read from the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import PackageError
from engine.packages.names import shown
from engine.packages.onnxfile import GraphFile, Port

_BATCH, _WORDS = "batch", 77
_LATENT: tuple[int | str, ...] = (_BATCH, "channels", "height", "width")
# Part -> role -> the names it goes by (the first is the usual one).
INPUTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "unet": {"sample": ("sample", "latent_model_input"), "timestep": ("timestep", "timesteps", "t"),
             "encoder_hidden_states": ("encoder_hidden_states",), "text_embeds": ("text_embeds",),
             "time_ids": ("time_ids",), "timestep_cond": ("timestep_cond",),
             "condition": ("class_labels", "condition")},
    "text_encoder": {"input_ids": ("input_ids",), "attention_mask": ("attention_mask",)},
    "text_encoder_2": {"input_ids": ("input_ids",), "attention_mask": ("attention_mask",)},
    "vae_decoder": {"latent": ("latent_sample", "latent")},
    "vae_encoder": {"image": ("sample", "image")},
}
NEEDED = {"unet": ("sample", "timestep"), "text_encoder": ("input_ids",), "text_encoder_2": ("input_ids",),
          "vae_decoder": ("latent",), "vae_encoder": ("image",)}
_OUTPUTS: Mapping[str, Mapping[str, str]] = {
    "unet": {"out_sample": "noise", "noise_pred": "noise", "sample": "noise", "noise": "noise"},
    "text_encoder": {"last_hidden_state": "last_hidden_state", "pooler_output": "pooled", "pooled": "pooled"},
    "text_encoder_2": {"last_hidden_state": "last_hidden_state", "text_embeds": "text_embeds",
                       "pooler_output": "pooled"},
    "vae_decoder": {"sample": "image", "image": "image"},
    "vae_encoder": {"latent_sample": "latent_sample", "latent_parameters": "latent_parameters", "mean": "mean",
                    "logvar": "logvar"},
}
_SHAPES: Mapping[str, tuple[int | str, ...]] = {
    "sample": _LATENT, "timestep": (_BATCH,), "encoder_hidden_states": (_BATCH, _WORDS, "width"),
    "text_embeds": (_BATCH, "pooled"), "time_ids": (_BATCH, 6), "timestep_cond": (_BATCH, "guidance"),
    "condition": (_BATCH,), "input_ids": (_BATCH, _WORDS), "attention_mask": (_BATCH, _WORDS), "latent": _LATENT,
    "image": (_BATCH, 3, "image_height", "image_width"), "noise": _LATENT,
    "last_hidden_state": (_BATCH, _WORDS, "width"), "penultimate": (_BATCH, _WORDS, "width"),
    "pooled": (_BATCH, "pooled"), "latent_sample": _LATENT, "latent_parameters": _LATENT, "mean": _LATENT,
    "logvar": _LATENT}
_DTYPES = ("float32", "float16", "int64", "int32")
_CONTROLLED = "down_block"


def inputs_of(part: str, graph: GraphFile) -> dict[str, Port]:
    """Every input by its role. Raises PackageError for a part that lacks one, or wants something unknown."""
    names = {name: role for role, spellings in INPUTS[part].items() for name in spellings}
    found: dict[str, Port] = {}
    for port in graph.inputs:
        role = names.get(port.name)
        if role is None:
            if port.name.startswith(_CONTROLLED):
                raise _unfit(part, f"waits for the answers of a ControlNet (“{shown(port.name)}”)",
                             "Bring the folder with the plain denoiser, without ControlNet.")
            raise _unfit(part, f"has the input “{shown(port.name)}”, which is not known here")
        found[role] = _known(part, role, port)
    missing = [role for role in NEEDED[part] if role not in found]
    if missing:
        raise _unfit(part, f"has no input “{INPUTS[part][missing[0]][0]}”: it is not a part of a diffusion model")
    return found


def outputs_of(part: str, graph: GraphFile) -> dict[str, Port]:
    """The outputs that count, by role; of all hidden states only the last but one does."""
    found = {}
    numbers = sorted(int(port.name.rpartition(".")[2]) for port in graph.outputs
                     if port.name.startswith("hidden_states.") and port.name.rpartition(".")[2].isdecimal())
    for port in graph.outputs:
        role = _OUTPUTS[part].get(port.name)
        if role is None and len(numbers) > 1 and port.name == f"hidden_states.{numbers[-2]}":
            role = "penultimate"
        if role is not None and role not in found:
            found[role] = _known(part, role, port)
    if not found:
        raise _unfit(part, "has no output of a known name")
    return found


def width_of(port: Port | None) -> int | None:
    """The last size of a port, where it is fixed."""
    last = port.shape[-1] if port is not None and port.shape else None
    return last if isinstance(last, int) else None


def entry(port: Port, role: str, *, made: bool = False) -> dict[str, Any]:
    """The manifest's object. Free sizes of outputs (`made`) get names of their own.

    Exporters call the height of a latent and that of its picture alike, and a name stands for one size.
    """
    shape = [size if isinstance(size, int) else _free(role, size, axis, made=made)
             for axis, size in enumerate(port.shape or ())]
    return {"name": port.name, "dtype": port.dtype, "shape": shape}


def _free(role: str, size: str, axis: int, *, made: bool) -> str:
    return f"{role}_{axis}" if made or not size else f"{role}_{size}"[:80]


def _known(part: str, role: str, port: Port) -> Port:
    """The port with a shape, of a number type that packages hold."""
    if port.dtype not in _DTYPES:
        raise _unfit(part, f"has numbers of the type {port.dtype or 'unknown'} in “{shown(port.name)}”",
                     "Export it in single or half precision.")
    return port if port.shape is not None else Port(port.name, port.dtype, _SHAPES[role])


def _unfit(part: str, why: str, remedy: str = "Export the model again with optimum or diffusers.") -> PackageError:
    return PackageError(f"The part “{part}” {why}.", remedy, part)
