"""What a diffusion package lets a person set: prompts, a source picture and its mask, size, sampling, seeds."""

from __future__ import annotations

import math
from typing import Any

from engine.api import Choice, Control, ControlKind
from engine.controls import SEED_LIMIT
from engine.diffusion.samplers import SAMPLERS
from engine.diffusion.schedules import sampler_for
from engine.diffusion.unmet import unmet
from engine.families import base_controls as shared
from engine.packages.manifest import Manifest
from engine.packages.parts import Diffusion, Port

PROMPT, SOURCE, SAMPLING = "Prompt", "Source", "Sampling"
LONGEST_PROMPT = 4000
LARGEST_SIDE = 2048
INPAINT = 9                                  # channels of a denoiser that also sees a mask and what stays
QUICK_STEPS, QUICK_GUIDANCE = 4, 1.0
SIDES = ("left", "top", "right", "bottom")
_LABELS = {
    "ddim": "DDIM", "ddpm": "DDPM", "pndm": "PNDM (PLMS)", "euler": "Euler", "euler_a": "Euler ancestral",
    "heun": "Heun", "dpmpp_2m": "DPM++ 2M", "dpmpp_2m_karras": "DPM++ 2M Karras", "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m_sde_karras": "DPM++ 2M SDE Karras", "lcm": "LCM"}
_EXAMPLES = {
    "a red fox in the snow, watercolour": "雪中的红狐、水彩画",
    "still life of pears and a blue jug, oil painting": "梨与蓝壶静物、油画",
    "poster of a {lighthouse|sailing boat|seagull}, flat colours, clean lines": "灯塔、帆船或海鸥的海报、平涂色彩",
    "(weathered copper:1.2) texture, top view": "风化的铜、纹理、俯视"}
_FOR_FLOWS = ("flow_euler", "flow_heun")
_STAND_IN = "dpmpp_2m"
_GUIDED_BY_INPUT = "timestep_cond"


def diffusion_of(manifest: Manifest) -> Diffusion:
    """The part of the manifest; its checks guarantee that it is there."""
    if manifest.diffusion is None:
        raise ValueError("a diffusion package without its part was not checked")
    return manifest.diffusion


def multiple_of(diffusion: Diffusion) -> int:
    """Pixels that sides are whole multiples of: the denoiser halves its latent three times."""
    return math.gcd(diffusion.side, diffusion.factor * 8)


def fixed_size(manifest: Manifest) -> tuple[int, int] | None:
    """Width and height of the only picture that a graph of fixed size can make; None where it takes any."""
    shape = manifest.graphs["unet"].inputs["sample"].shape
    factor = diffusion_of(manifest).factor
    height, width = shape[2:4]
    return (width * factor, height * factor) if isinstance(height, int) and isinstance(width, int) else None


def guidance_port(manifest: Manifest) -> Port | None:
    """The input through which the strength of guidance enters, where the model was made so (LCM)."""
    return manifest.graphs["unet"].inputs.get(_GUIDED_BY_INPUT)


def is_quick(manifest: Manifest) -> bool:
    """Whether it seems made for a few steps: latent consistency, Turbo, Lightning."""
    scheduler = diffusion_of(manifest).scheduler
    name = str(scheduler.get("_class_name", ""))
    turbo = scheduler.get("timestep_spacing") == "trailing" and name.startswith("Euler") and (
        diffusion_of(manifest).prediction == "epsilon")
    return guidance_port(manifest) is not None or name == "LCMScheduler" or turbo


def sampler_of(manifest: Manifest) -> str:
    """The sampler that the package's scheduler names; DPM++ 2M for one that we do not have (`stand_in` tells)."""
    diffusion = diffusion_of(manifest)
    if diffusion.kind == "ddpm" and "_class_name" not in diffusion.scheduler:
        return "ddpm"
    name = sampler_for(diffusion.scheduler)
    return _STAND_IN if name in _FOR_FLOWS else name


def stand_in(manifest: Manifest, sampler: str) -> tuple[str, ...]:
    """A remark where `sampler` takes the place of a scheduler that is not followed to the letter."""
    if sampler != sampler_of(manifest):
        return ()                            # another one was chosen on purpose
    scheduler, label = diffusion_of(manifest).scheduler, _LABELS[sampler]
    if sampler_for(scheduler) in _FOR_FLOWS:
        return (f"The scheduler of this model is made for flows, which it is none of: {label} takes its place.",)
    said = unmet(scheduler, label)
    return (said,) if said else ()


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """All controls in the panel's order, with the package's own defaults."""
    diffusion = diffusion_of(manifest)
    if diffusion.kind == "ddpm":
        made = (*shared.classes(manifest, _class_count(manifest)), *_seeds(), *_sampling(manifest),
                _tile(), shared.enlarging(manifest))
    else:
        made = (*_words(manifest), *_source(manifest), _size(manifest), _tile(), *_seeds(), *_sampling(manifest))
    return shared.with_defaults(made, manifest)


def _class_count(manifest: Manifest) -> int:
    """How many kinds of picture: those with names, or what the denoiser's input allows for."""
    if "condition" not in manifest.graphs["unet"].inputs:
        return 0
    return len(manifest.controls.classes) or diffusion_of(manifest).classes


def _words(manifest: Manifest) -> tuple[Control, ...]:
    prompt = Control(
        "prompt", ControlKind.PROMPT, "Prompt", "", PROMPT,
        "What the picture shows. (word:1.3) counts more, (word:0.7) less; of {one|another} the seed picks one.",
        maximum=LONGEST_PROMPT, labels={"zh_CN": "提示词"},
        choices=tuple(Choice(text, text, {"zh_CN": chinese}) for text, chinese in _EXAMPLES.items()))
    axes = Control(
        "axes", ControlKind.AXES, "Prompt sliders", "", shared.STYLE,
        "Sliders between two wordings, for example “young -> old: 0.8”: 0 changes nothing, 1 goes all the way.",
        labels={"zh_CN": "提示滑块"})
    if guidance_port(manifest) is not None:
        return (prompt, axes)                # guidance is an input there, and nothing speaks against anything
    negative = Control(
        "negative", ControlKind.PROMPT, "Negative prompt", "", PROMPT,
        "What the picture should not show. It counts when the guidance is above 1.", maximum=LONGEST_PROMPT,
        labels={"zh_CN": "反向提示词"})
    return (prompt, negative, axes)


def _source(manifest: Manifest) -> tuple[Control, ...]:
    """Image to image, inpainting and outpainting, where the package can look at pictures."""
    if "vae_encoder" not in manifest.graphs:
        return ()
    longest = float(LARGEST_SIDE)
    inpaints = diffusion_of(manifest).in_channels == INPAINT
    sides = {"left": ("Expand left", "向左扩展"), "top": ("Expand up", "向上扩展"),
             "right": ("Expand right", "向右扩展"), "bottom": ("Expand down", "向下扩展")}
    return (
        Control("image", ControlKind.IMAGE, "Source picture", "", SOURCE,
                "A picture to start from; it is cropped to the size below.", labels={"zh_CN": "源图像"}),
        Control("strength", ControlKind.SLIDER, "Strength", 1.0 if inpaints else 0.75, SOURCE,
                "How much of the source picture may change: 0 leaves it as it is, 1 paints it all anew.",
                minimum=0.0, maximum=1.0, step=0.01, low="Keep", high="Anew", labels={"zh_CN": "重绘强度"}),
        Control("mask", ControlKind.MASK, "Mask", "", SOURCE,
                "Where the source picture is painted anew: white is new, black stays.", labels={"zh_CN": "蒙版"}),
        Control("feather", ControlKind.SLIDER, "Feather", 8.0, SOURCE, "How wide the mask's edge fades, in pixels.",
                minimum=0.0, maximum=256.0, step=1, unit="px", labels={"zh_CN": "羽化"}),
        Control("restore", ControlKind.TOGGLE, "Keep the rest exactly", default=True, group=SOURCE,
                help="What the mask leaves is taken from the source picture again, pixel for pixel.",
                labels={"zh_CN": "其余保持不变"}),
        *(Control(f"expand_{side}", ControlKind.SLIDER, label, 0.0, SOURCE,
                  "Pixels that the picture grows beyond this edge of the source picture.", minimum=0.0,
                  maximum=longest / 2, step=1, unit="px", labels={"zh_CN": chinese})
          for side, (label, chinese) in sides.items()),
    )


def _size(manifest: Manifest) -> Control:
    diffusion = diffusion_of(manifest)
    fixed, multiple = fixed_size(manifest), multiple_of(diffusion)
    help_text = (f"Width and height in pixels, rounded to multiples of {multiple}. The model learned at "
                 f"{diffusion.side} × {diffusion.side}.")
    low, high = (min(fixed), max(fixed)) if fixed else (multiple, max(LARGEST_SIDE, 2 * diffusion.side))
    return Control("size", ControlKind.SIZE, "Size", fixed or (diffusion.side, diffusion.side), shared.PICTURE,
                   help_text, minimum=low, maximum=high, step=multiple, unit="px", labels={"zh_CN": "尺寸"})


def _tile() -> Control:
    words = {"none": ("No", "否"), "x": ("Across", "水平"), "y": ("Down", "垂直"), "both": ("Both ways", "双向")}
    return Control("tile", ControlKind.CHOICE, "Seamless", "none", shared.PICTURE,
                   "Whether the picture goes on over its edges, so that copies side by side show no seam.",
                   choices=tuple(Choice(value, label, {"zh_CN": chinese}) for value, (label, chinese) in words.items()),
                   labels={"zh_CN": "无缝平铺"})


def _seeds() -> tuple[Control, ...]:
    whole: dict[str, Any] = {"minimum": 0, "maximum": SEED_LIMIT - 1, "step": 1}
    return (
        Control("seed", ControlKind.SEED, "Seed", 0, shared.SEED,
                "The number of the noise that the picture starts from, the same as in other programs that draw it on "
                "the processor.", labels={"zh_CN": "种子"}, **whole),
        Control("variation", ControlKind.SLIDER, "Variation", 0.0, shared.SEED,
                "How far towards the noise of another seed: a little gives sisters of a picture.",
                minimum=0.0, maximum=1.0, step=0.01, low="Same", high="Other", labels={"zh_CN": "变化"}),
        Control("variation_seed", ControlKind.SEED, "Variation seed", 1, shared.SEED, "The other seed.",
                labels={"zh_CN": "变化种子"}, **whole),
    )


def _sampling(manifest: Manifest) -> tuple[Control, ...]:
    diffusion, quick = diffusion_of(manifest), is_quick(manifest)
    usual = 50 if diffusion.kind == "ddpm" else QUICK_STEPS if quick else 20
    names = [name for name in SAMPLERS if name not in _FOR_FLOWS]
    steps = Control("steps", ControlKind.SLIDER, "Steps", float(usual), SAMPLING,
                    "How often the noise is reduced. More takes longer, and helps up to a point.",
                    minimum=1.0, maximum=1000.0 if diffusion.kind == "ddpm" else 150.0, step=1,
                    labels={"zh_CN": "步数"})
    guidance = Control(
        "guidance", ControlKind.SLIDER, "Guidance", QUICK_GUIDANCE if quick else 7.5, SAMPLING,
        "How closely the picture follows the prompt. 1 switches guidance off, which is twice as fast.",
        minimum=0.0, maximum=30.0, step=0.1, low="Free", high="Literal", labels={"zh_CN": "引导强度"})
    if guidance_port(manifest) is not None:
        guidance = Control("guidance", ControlKind.SLIDER, "Guidance", 8.5, SAMPLING,
                           "How closely the picture follows the prompt.", minimum=1.0, maximum=20.0, step=0.1,
                           low="Free", high="Literal", labels={"zh_CN": "引导强度"})
    sampler = Control("sampler", ControlKind.CHOICE, "Sampler", sampler_of(manifest), SAMPLING,
                      "The rule by which noise becomes a picture.",
                      choices=tuple(Choice(name, _LABELS[name]) for name in names),
                      labels={"zh_CN": "采样器"})
    return (steps, sampler) if diffusion.kind == "ddpm" else (steps, guidance, sampler)
