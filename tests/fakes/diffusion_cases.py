"""Runs that both stacks make: kinds of tiny models, and for each run what diffusers is told and what a recipe says.

Plain data: one process runs it with PyTorch, another with ONNX Runtime, and a third compares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SD1 = {"_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
       "steps_offset": 1, "clip_sample": False, "set_alpha_to_one": False}
ZERO = {**SD1, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
EULER = {**SD1, "_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"}
LCM = {**SD1, "_class_name": "LCMScheduler"}

KINDS: dict[str, dict[str, Any]] = {
    "sd1": {"kind": "sd1", "scheduler": SD1}, "sd2": {"kind": "sd2", "scheduler": ZERO},
    "sdxl": {"kind": "sdxl", "scheduler": EULER}, "lcm": {"kind": "sd1", "guidance": 16, "scheduler": LCM},
    "inpaint": {"kind": "sd1", "channels": 9, "scheduler": SD1}, "ddpm": {"kind": "ddpm"},
}
"""Kind of model -> how `tests.fakes.diffusion` makes it."""

CLASSES = {"ddim": "DDIMScheduler", "euler": "EulerDiscreteScheduler", "euler_a": "EulerAncestralDiscreteScheduler",
           "dpmpp_2m": "DPMSolverMultistepScheduler", "dpmpp_2m_karras": "DPMSolverMultistepScheduler",
           "dpmpp_2m_sde": "DPMSolverMultistepScheduler", "heun": "HeunDiscreteScheduler", "pndm": "PNDMScheduler",
           "lcm": "LCMScheduler", "ddpm": "DDPMScheduler"}
MORE: dict[str, dict[str, Any]] = {
    "dpmpp_2m_karras": {"use_karras_sigmas": True}, "dpmpp_2m_sde": {"algorithm_type": "sde-dpmsolver++"},
    "pndm": {"skip_prk_steps": True}}
"""Sampler -> the class of diffusers that does the same, and what it is told beside the configuration."""

PROMPT, NEGATIVE = "a cat at cab", "at!"
LONG = "cab " * 30 + "at,", "cat " * 20 + "at"
"""Stretches of 62 and 21 tokens; together they are cut after the comma."""

SIZE = (48, 32)
"""Width and height; both sides of the source picture as well, so that nothing is resampled."""


@dataclass(frozen=True)
class Case:
    """One run: `values` are the recipe's; the rest says which pipeline of diffusers makes the same."""

    model: str
    pipeline: str
    values: dict[str, Any]
    source: bool = False
    mask: bool = False
    told: dict[str, Any] = field(default_factory=dict)       # what else diffusers is told
    read: dict[str, tuple[str, ...]] = field(default_factory=dict)     # prompt and negative in stretches, by hand


def _words(**values: Any) -> dict[str, Any]:
    return {"prompt": PROMPT, "negative": NEGATIVE, "size": SIZE, "feather": 0.0, "restore": False, "seed": 7,
            "guidance": 5.0, "steps": 6.0, **values}


_TEXT, _IMAGE, _FILL = "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"

CASES: dict[str, Case] = {
    "sd1 ddim": Case("sd1", _TEXT, _words(sampler="ddim")),
    "sd1 without guidance": Case("sd1", _TEXT, _words(sampler="euler", guidance=1.0, seed=2**31)),
    "sd1 ancestral": Case("sd1", _TEXT, _words(sampler="euler_a", seed=0)),
    "sd1 karras": Case("sd1", _TEXT, _words(sampler="dpmpp_2m_karras", steps=16.0)),
    "sd1 plms": Case("sd1", _TEXT, _words(sampler="pndm", seed=3)),
    "sd1 heun": Case("sd1", _TEXT, _words(sampler="heun", seed=4)),
    "sd1 sde": Case("sd1", _TEXT, _words(sampler="dpmpp_2m_sde", seed=5)),
    "sd1 picture plms": Case("sd1", _IMAGE, _words(sampler="pndm", strength=0.8, steps=7.0), source=True),
    "sd1 long": Case("sd1", _TEXT, _words(sampler="ddim", prompt=" ".join(LONG)),
                     read={"prompt": LONG, "negative": (NEGATIVE, "")}),
    "sd1 picture": Case("sd1", _IMAGE, _words(sampler="euler", strength=0.6), source=True),
    "sd1 picture ancestral": Case("sd1", _IMAGE, _words(sampler="euler_a", strength=0.5, steps=8.0), source=True),
    "sd1 picture dpm": Case("sd1", _IMAGE, _words(sampler="dpmpp_2m", strength=1.0, steps=5.0), source=True),
    "sd1 mask": Case("sd1", _FILL, _words(sampler="ddim", strength=0.7), source=True, mask=True),
    "sd1 mask anew": Case("sd1", _FILL, _words(sampler="euler_a", strength=1.0), source=True, mask=True),
    "sd2 zero snr": Case("sd2", _TEXT, _words(sampler="ddim")),
    "sd2 euler": Case("sd2", _TEXT, _words(sampler="euler", seed=11)),
    "sdxl": Case("sdxl", "StableDiffusionXLPipeline", _words(sampler="euler")),
    "sdxl no negative": Case("sdxl", "StableDiffusionXLPipeline", _words(sampler="dpmpp_2m", negative="")),
    "sdxl broken": Case("sdxl", "StableDiffusionXLPipeline",
                        _words(sampler="euler", prompt="a cat BREAK at cab BREAK bat", negative=" ".join(LONG)),
                        read={"prompt": ("a cat", "at cab", "bat"), "negative": (*LONG, "")}),
    "lcm": Case("lcm", "LatentConsistencyModelPipeline", _words(sampler="lcm", steps=4.0, guidance=8.5)),
    "lcm picture": Case("lcm", "LatentConsistencyModelImg2ImgPipeline",
                        _words(sampler="lcm", steps=4.0, guidance=8.5, strength=0.6), source=True),
    "inpaint": Case("inpaint", _FILL, _words(sampler="ddim", strength=1.0), source=True, mask=True),
    "inpaint partly": Case("inpaint", _FILL, _words(sampler="euler", strength=0.6), source=True, mask=True),
    "ddpm": Case("ddpm", "DDPMPipeline", {"seed": 3, "sampler": "ddpm", "steps": 20.0}),
    "ddpm by ddim": Case("ddpm", "DDIMPipeline", {"seed": 3, "sampler": "ddim", "steps": 10.0}),
}
"""Every run by name."""
