"""What of a scheduler's configuration is not followed here, in a sentence: nothing is replaced in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.diffusion.schedules import CLASSES

_FOLLOWED: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "DPMSolverMultistepScheduler": {
        "algorithm_type": ("dpmsolver++", "sde-dpmsolver++", "deis"), "solver_order": (2,),
        "solver_type": ("midpoint", "bh1", "bh2", "logrho"), "use_lu_lambdas": (False,), "use_flow_sigmas": (False,)},
    "EulerDiscreteScheduler": {"interpolation_type": ("linear",), "timestep_type": ("discrete",)},
    "DDPMScheduler": {"variance_type": ("fixed_small", "fixed_small_log", "fixed_large")},
}
"""Scheduler of diffusers -> key -> the values that are followed (some as diffusers itself reads them)."""

_LONGEST = 40


def unmet(config: Mapping[str, Any], instead: str) -> str:
    """A sentence on a scheduler that `instead` (the label of a sampler) stands in for; empty where all is followed."""
    name = str(config.get("_class_name") or "")
    shown = name[:_LONGEST]
    if name and name not in CLASSES:
        return f"The scheduler of this model, {shown}, is not known here: {instead} takes its place."
    if name == "PNDMScheduler" and not config.get("skip_prk_steps"):
        return f"The scheduler of this model begins with Runge-Kutta steps; {instead} goes without them."
    odd = [f"{key} {str(config[key])[:_LONGEST]}" for key, known in _FOLLOWED.get(name, {}).items()
           if config.get(key) is not None and config[key] not in known]
    return f"The scheduler of this model asks for {', '.join(odd)}; {instead} does not follow that." if odd else ""
