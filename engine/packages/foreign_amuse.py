"""amuse_template.json: what Amuse (OnnxStack) writes in place of model_index.json and scheduler_config.json.

Its scale factors stand in its code, not in its files: 0.18215 for Stable Diffusion 1 and 2, 0.13025 for XL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import strictjson
from engine.errors import PackageError

NAME = "amuse_template.json"
_BYTES, _NAME = 1 << 20, 80
_SAMPLERS = {"lms": "LMSDiscreteScheduler", "euler": "EulerDiscreteScheduler",
             "eulerancestral": "EulerAncestralDiscreteScheduler", "ddpm": "DDPMScheduler", "ddim": "DDIMScheduler",
             "kdpm2": "KDPM2DiscreteScheduler", "kdpm2ancestral": "KDPM2AncestralDiscreteScheduler",
             "lcm": "LCMScheduler"}
_PREDICTIONS = {"epsilon": "epsilon", "vprediction": "v_prediction", "variableprediction": "v_prediction",
                "sample": "sample"}
_REFUSED = {"stablediffusion3": "Stable Diffusion 3", "flux": "Flux", "stablecascade": "Stable Cascade",
            "instaflow": "InstaFlow", "cogvideo": "CogVideo", "hunyuan": "Hunyuan", "lumina": "Lumina",
            "locomotion": "Locomotion"}
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Template:
    """What the template says of a model."""

    scheduler: Mapping[str, Any]             # keys as diffusers writes them
    side: int | None = None
    defaults: Mapping[str, float] = field(default_factory=dict)    # of controls


def template_of(folder: Path) -> Template | None:
    """The template of the folder, None without one. Raises PackageError for a damaged one, and for other families."""
    path = folder / NAME
    if not path.is_file() or path.is_symlink():
        return None
    try:
        told = strictjson.parse_object(path.read_bytes(), max_bytes=_BYTES)
    except (OSError, ValueError) as error:
        raise PackageError(f"“{NAME}” cannot be read: {error}.", "Download the folder again.", str(path)) from error
    model = _object(told.get("StableDiffusionTemplate"))
    kind = str(model.get("PipelineType", "")).lower()
    refused = next((words for word, words in _REFUSED.items() if kind.startswith(word)), None)
    if refused is not None:
        raise PackageError(f"This is a {refused} model, which cannot be run yet.",
                           "Stable Diffusion 1.x, 2.x and XL can.", str(folder))
    if str(model.get("ModelType", "")).lower() == "refiner":
        raise PackageError("This is a refiner, which only works behind another model.", "Bring the base model.",
                           str(folder))
    given = _object(model.get("SchedulerDefaults"))
    side = model.get("SampleSize")
    return Template(_scheduler(given, kind), side if isinstance(side, int) and not isinstance(side, bool) else None,
                    _defaults(given, turbo=str(model.get("ModelType", "")).lower() == "turbo"))


def _scheduler(given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """scheduler_config.json of the same meaning; what the template leaves out is Stable Diffusion's usual.

    A scheduler of an unknown name keeps it, so that a person is told what takes its place.
    """
    said = str(given.get("SchedulerType", "lcm" if kind == "latentconsistency" else "euler"))[:_NAME]
    made: dict[str, Any] = {
        "_class_name": _SAMPLERS.get(said.lower(), said), "num_train_timesteps": 1000,
        "beta_start": _real(given, "BetaStart", 0.00085), "beta_end": _real(given, "BetaEnd", 0.012),
        "beta_schedule": _snake(given.get("BetaSchedule", "ScaledLinear")), "clip_sample": False,
        "timestep_spacing": _snake(given.get("TimestepSpacing", "Linspace")),
        "prediction_type": _PREDICTIONS.get(str(given.get("PredictionType", "epsilon")).lower(), "epsilon")}
    if made["timestep_spacing"] == "leading":
        made["steps_offset"] = 1
    if given.get("UseKarrasSigmas") is True:
        made["use_karras_sigmas"] = True
    return made


def _defaults(given: Mapping[str, Any], *, turbo: bool) -> dict[str, float]:
    """The first picture's steps and guidance, as far as our controls take them."""
    steps, strength = _real(given, "Steps", 0.0), _real(given, "Guidance", -1.0)
    made = {}
    if 1 <= steps <= 150:  # noqa: PLR2004 - what the control takes
        made["steps"] = float(round(steps))
    if turbo or 0 <= strength <= 30:  # noqa: PLR2004 - likewise
        made["guidance"] = max(strength, 0.0) if 0 <= strength <= 30 else 1.0  # noqa: PLR2004
    return made


def _real(given: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = given.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _snake(value: object) -> str:
    """“ScaledLinear” -> “scaled_linear”."""
    return _SPLIT.sub("_", str(value)[:40]).lower()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
