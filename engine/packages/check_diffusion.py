"""What the manifest of a diffusion package must hold: parts by role, their ports in the ranks that the family feeds."""

from __future__ import annotations

from engine.packages.faults import faulty
from engine.packages.manifest import Manifest
from engine.packages.parts import Diffusion, Graph, Port

_INPAINT = 9
_NEEDED = {"ddpm": (), "sd1": ("text_encoder", "vae_decoder"), "sd2": ("text_encoder", "vae_decoder"),
           "sdxl": ("text_encoder", "text_encoder_2", "vae_decoder")}
# Inputs of the denoiser: role -> ranks that it may have.
_RANKS = {"sample": (4,), "timestep": (0, 1), "encoder_hidden_states": (3,), "text_embeds": (2,), "time_ids": (2,),
          "timestep_cond": (2,), "condition": (1,)}
_HEARS = {"ddpm": (), "sd1": ("encoder_hidden_states",), "sd2": ("encoder_hidden_states",),
          "sdxl": ("encoder_hidden_states", "text_embeds", "time_ids")}
_DRAWN = ({"mean", "logvar"}, {"latent_parameters"}, {"latent_sample"})


def check_diffusion(manifest: Manifest, subject: str) -> None:
    """The denoiser with at least a sample and a time, and the parts that its kind cannot do without."""
    diffusion, unet = manifest.diffusion, manifest.graphs.get("unet")
    if diffusion is None or unet is None:
        raise faulty(subject, "a diffusion package needs graphs.unet and diffusion")
    for role in _NEEDED[diffusion.kind]:
        if role not in manifest.graphs:
            raise faulty(subject, f"a package of the kind {diffusion.kind} needs graphs.{role}")
    if diffusion.in_channels not in (diffusion.channels, _INPAINT) or diffusion.side % diffusion.factor:
        raise faulty(subject, "the denoiser's channels or side do not fit together")
    if diffusion.scale == 0:
        raise faulty(subject, "the scale of the latents is 0")
    if any(name not in manifest.files for name in diffusion.tokenizers):
        raise faulty(subject, "a tokenizer is not among its files")
    _check_denoiser(unet, diffusion, subject)
    if "condition" in unet.inputs and not (diffusion.classes or manifest.controls.classes):
        raise faulty(subject, "the denoiser chooses among classes, and none are named or counted")
    _check_pictures(manifest, subject)
    for role in ("text_encoder", "text_encoder_2"):
        if role in manifest.graphs and "input_ids" not in manifest.graphs[role].inputs:
            raise faulty(subject, f"{role} needs an input input_ids")


def _check_denoiser(unet: Graph, diffusion: Diffusion, subject: str) -> None:
    """Known roles in known ranks; an answer of the sample's rank."""
    if not {"sample", "timestep"} <= set(unet.inputs) or not unet.outputs:
        raise faulty(subject, "the denoiser needs a sample and a time, and yields something")
    for role, port in unet.inputs.items():
        if role not in _RANKS:
            raise faulty(subject, f"the denoiser has an input of the unknown role “{role}”")
        if len(port.shape) not in _RANKS[role]:
            raise faulty(subject, f"the denoiser's {role} has {len(port.shape)} dimensions")
    missing = [role for role in _HEARS[diffusion.kind] if role not in unet.inputs]
    if missing:
        raise faulty(subject, f"a denoiser of the kind {diffusion.kind} needs an input {missing[0]}")
    channels = unet.inputs["sample"].shape[1]
    if isinstance(channels, int) and channels != diffusion.in_channels:
        raise faulty(subject, f"the denoiser takes {channels} channels, not {diffusion.in_channels}")
    if len(next(iter(unet.outputs.values())).shape) != len(unet.inputs["sample"].shape):
        raise faulty(subject, "the denoiser's answer has not the form of its sample")


def _check_pictures(manifest: Manifest, subject: str) -> None:
    """Both halves of the auto-encoder take one picture or latent; the first tells what can be drawn from."""
    for role in ("vae_decoder", "vae_encoder"):
        graph = manifest.graphs.get(role)
        ports: list[Port] = [*graph.inputs.values(), *graph.outputs.values()] if graph is not None else []
        if graph is not None and (len(graph.inputs) != 1 or any(len(port.shape) != 4 for port in ports)):  # noqa: PLR2004
            raise faulty(subject, f"{role} takes one array of four dimensions and yields such")
    encoder = manifest.graphs.get("vae_encoder")
    if encoder is not None and not any(names <= set(encoder.outputs) for names in _DRAWN):
        raise faulty(subject, "vae_encoder yields neither mean and logvar, nor latent_parameters, nor latent_sample")
