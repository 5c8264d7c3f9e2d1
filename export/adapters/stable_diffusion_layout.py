"""Which Stable Diffusion a diffusers folder is: sizes from the weights, the rest from its configurations. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from export.checkpoint.source import Checkpoint, ModelFolder, Source

Kind = Literal["sd1", "sd2", "sdxl"]
CLASSES = {"unet": ("UNet2DConditionModel",), "vae": ("AutoencoderKL",), "text_encoder": ("CLIPTextModel",),
           "text_encoder_2": ("CLIPTextModelWithProjection",)}
_FIRST, _SECOND = 768, 1024      # the width of the text that a denoiser listens to, by generation
_INPAINT = 9
_FEW_STEPS = ("LCMScheduler", "TCDScheduler")
_NAMES = {"sd1": "Stable Diffusion 1.x", "sd2": "Stable Diffusion 2.x", "sdxl": "Stable Diffusion XL"}


@dataclass(frozen=True)
class Layout:
    """What was found."""

    kind: Kind
    text_width: int                          # numbers of each token's vector, as the denoiser takes them
    in_channels: int
    channels: int
    factor: int                              # pixels a latent cell
    side: int                                # pixels it was trained at
    scale: float
    prediction: str
    guidance: int                            # width of the embedded guidance (latent consistency models); 0: none
    scheduler: Mapping[str, Any]
    parameters: int
    sure: bool                               # whether the generation shows in the weights

    @property
    def title(self) -> str:
        """Words for a person."""
        extra = ", for filling in parts of a picture" if self.in_channels == _INPAINT else ""
        return f"{_NAMES[self.kind]}, text to picture, {self.side} × {self.side}{extra}"


def layout_of(source: Source) -> Layout | None:
    """The layout, or None where the folder is something else."""
    if not isinstance(source, ModelFolder) or not {"unet", "vae", "text_encoder"} <= set(source.parts):
        return None
    if any(class_of(source, part) not in names for part, names in CLASSES.items() if part in source.parts):
        return None
    unet, config, vae = source.parts["unet"], source.configs["unet"], source.configs["vae"]
    first, last, width = unet.shape("conv_in.weight"), unet.shape("conv_out.weight"), _listened(unet)
    if first is None or last is None or width is None:
        return None
    factor = 2 ** max(len(vae.get("block_out_channels") or [0]) - 1, 0)
    cells = config.get("sample_size")
    cells = max(cells) if isinstance(cells, list) and cells else cells
    scheduler = source.configs.get("scheduler", {})
    guidance = unet.shape("time_embedding.cond_proj.weight")
    kind, sure = _generation(source, width)
    return Layout(
        kind, width, first[1], last[0], factor, (cells if isinstance(cells, int) else 64) * factor,
        float(vae.get("scaling_factor") or 0.18215), str(scheduler.get("prediction_type", "epsilon")),
        guidance[1] if guidance else 0, {name: value for name, value in scheduler.items() if value is not None},
        sum(source.parts[part].parameters() for part in CLASSES if part in source.parts), sure)


def class_of(source: ModelFolder, part: str) -> str:
    """The class that a part's configuration names; empty where it names none."""
    config = source.configs.get(part, {})
    named = config.get("_class_name") or next(iter(config.get("architectures") or []), "")
    entry = source.index.get(part)
    return str(named or (entry[1] if isinstance(entry, list) and len(entry) > 1 else ""))


def reasons_of(source: ModelFolder, layout: Layout) -> tuple[str, ...]:
    """What was seen, as sentences without a full stop."""
    unet, text = source.parts["unet"], source.parts["text_encoder"]
    found = [f"`unet/conv_in.weight` takes {layout.in_channels} channels"
             + (": a latent, a mask and what stays of the picture" if layout.in_channels == _INPAINT else ""),
             f"the denoiser listens to text of {layout.text_width} numbers a word",
             f"`text_encoder` has {_layers(text)} layers" + (
                 f", `text_encoder_2` has {_layers(source.parts['text_encoder_2'])}"
                 if "text_encoder_2" in source.parts else ""),
             f"the scheduler says that the denoiser predicts {_predicted(layout.prediction)}",
             f"a latent cell stands for {layout.factor} × {layout.factor} pixels"]
    if "add_embedding.linear_1.weight" in unet:
        found.append("`unet/add_embedding` takes the pooled text and six sizes, as SDXL does")
    if layout.guidance:
        found.append("`unet/time_embedding.cond_proj` takes the strength of guidance: a latent consistency model")
    return tuple(found)


def guesses_of(layout: Layout) -> tuple[str, ...]:
    """What could not be read, as sentences."""
    found = []
    if not layout.sure:
        found.append(f"Taken for a model of the {_NAMES[layout.kind]} kind: its text is of an unusual width.")
    if "prediction_type" not in layout.scheduler:
        found.append("The scheduler does not say what the denoiser predicts: noise is assumed.")
    if is_quick(layout):
        found.append("The scheduler looks like one of a model for a few steps (Turbo, Lightning or LCM): "
                     "1 to 8 steps without guidance are assumed to suit it.")
    return tuple(found)


def is_quick(layout: Layout) -> bool:
    """Whether it seems to be made for a few steps."""
    name = layout.scheduler.get("_class_name")
    trailing = layout.scheduler.get("timestep_spacing") == "trailing"
    return bool(layout.guidance) or name in _FEW_STEPS or (
        trailing and str(name).startswith("Euler") and layout.prediction == "epsilon")


def _generation(source: ModelFolder, width: int) -> tuple[Kind, bool]:
    """SDXL by its second text, else by the width of the text; by the kind of projection where that is unusual."""
    if "add_embedding.linear_1.weight" in source.parts["unet"]:
        return "sdxl", True
    if width in (_FIRST, _SECOND):
        return ("sd1" if width == _FIRST else "sd2"), True
    return ("sd2" if source.configs["unet"].get("use_linear_projection") else "sd1"), False


def _listened(unet: Checkpoint) -> int | None:
    """The width of the vectors that cross-attention takes."""
    name = next((name for name in unet if name.endswith("attn2.to_k.weight")), None)
    shape = unet.shape(name) if name is not None else None
    return shape[1] if shape is not None and len(shape) == 2 else None  # noqa: PLR2004 - a matrix


def _layers(text: Checkpoint) -> int:
    """How many layers a text encoder has."""
    numbers = {name.split("encoder.layers.")[1].split(".")[0] for name in text if "encoder.layers." in name}
    return len(numbers)


def _predicted(prediction: str) -> str:
    return {"epsilon": "noise", "v_prediction": "velocity", "sample": "the picture itself"}.get(prediction, prediction)
