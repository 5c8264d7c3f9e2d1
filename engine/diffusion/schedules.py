"""The way from noise to picture in so many steps: times that the network is told, and noise levels between them.

Made from scheduler_config.json with the keys as diffusers writes them; `make_schedule` gives for each sampler what its
class in diffusers would. Starting from a picture (`strength`) drops the first steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.diffusion import flow, spacing, training

Numbers = NDArray[np.float64]
Sample = NDArray[np.float32]

_FEW = 15                     # steps below which DPM-Solver++ ends in first order
_MULTISTEP, _KARRAS = "dpmpp_2m", "_karras"
CLASSES = {
    "DDIMScheduler": "ddim", "DDPMScheduler": "ddpm", "PNDMScheduler": "pndm", "EulerDiscreteScheduler": "euler",
    "EulerAncestralDiscreteScheduler": "euler_a", "HeunDiscreteScheduler": "heun",
    "DPMSolverMultistepScheduler": _MULTISTEP, "LCMScheduler": "lcm",
    "FlowMatchEulerDiscreteScheduler": "flow_euler",
}
"""Schedulers of diffusers, and which sampler does what they do."""

_NEAREST = {"LMSDiscreteScheduler": "euler", "KDPM2AncestralDiscreteScheduler": "euler_a",
            "DPMSolverSDEScheduler": "dpmpp_2m_sde"}


@dataclass(frozen=True)
class Schedule:
    """Steps to take, n of them; all that a sampler needs to know of its configuration.

    `levels` says how samples and noise are mixed: "sigma": x = clean + sigma noise; "power": x = sqrt(alpha) clean +
    sqrt(1 - alpha) noise; "line": x = (1 - sigma) clean + sigma noise.
    """

    sampler: str
    timesteps: Numbers                       # [n] what the network is told
    sigmas: Numbers                          # [n + 1] noise over signal ("line": share of noise), before and at the end
    alphas: Numbers                          # [n + 1] share of the signal's power at each step; at the end
    after: Numbers                           # [n] the same where DDIM and DDPM take a step to (their own rule)
    levels: str
    init_scale: float = 1.0                  # pure noise times this is what a run begins with
    prediction: str = "epsilon"              # "epsilon", "v_prediction", "sample", "flow", "velocity"
    clip: float | None = None                # the clean sample is kept within -clip .. clip
    threshold: tuple[float, float] | None = None     # or dynamically: quantile and largest value
    eta: float = 0.0                         # of DDIM: 0 draws no noise, 1 as much as DDPM
    first_order_end: bool = False            # of DPM-Solver++
    boundary: float = 10.0                   # of LCM: its timestep_scaling
    variance: str = "fixed_small"            # of DDPM
    before: Numbers = field(default_factory=lambda: np.zeros(0))     # [n] of PNDM: `alphas` one step towards noise

    @property
    def steps(self) -> int:
        """How many steps."""
        return len(self.timesteps)

    @property
    def calls(self) -> int:
        """How often the network is asked."""
        return 2 * self.steps - 1 if self.sampler in ("heun", "flow_heun") else self.steps

    def pure(self, noise: Sample) -> Sample:
        """What a run without a picture begins with."""
        return noise * np.float32(self.init_scale)

    def noised(self, clean: Sample, noise: Sample, step: int = 0) -> Sample:
        """`clean` with as much noise as the sample has before `step`; after the last step, `clean` itself."""
        if step >= self.steps:
            return clean
        if self.levels == "power":
            alpha = self.alphas[step]
            return np.float32(alpha**0.5) * clean + np.float32((1 - alpha) ** 0.5) * noise
        sigma = np.float32(self.sigmas[step])
        return clean + sigma * noise if self.levels == "sigma" else (np.float32(1) - sigma) * clean + sigma * noise


def sampler_for(config: Mapping[str, Any]) -> str:
    """The sampler that this configuration was written for, or the nearest that we have: mostly DPM++ 2M."""
    said = str(config.get("_class_name", ""))
    name = CLASSES.get(said, _NEAREST.get(said, _MULTISTEP))
    if name == _MULTISTEP and str(config.get("algorithm_type", "")).startswith("sde"):
        name += "_sde"
    return name + _KARRAS if name.startswith(_MULTISTEP) and config.get("use_karras_sigmas") else name


def make_schedule(config: Mapping[str, Any], sampler: str, steps: int, strength: float = 1.0, *, eta: float = 0.0,
                  tokens: int | None = None) -> Schedule:
    """The schedule of `sampler` (a name of SAMPLERS) in `steps` steps, of which the last `strength` (0 .. 1) are taken.

    `tokens`: how many patches the picture has, for flows whose shift depends on it. At least one step is always left.
    Raises ValueError with a sentence for a configuration that cannot be followed.
    """
    steps = max(1, min(steps, training.steps(config)))
    if sampler.startswith("flow"):
        times, sigmas = flow.levels(config, steps, tokens)
        whole = Schedule(sampler, times, sigmas, np.square(1 - sigmas), np.square(1 - sigmas[1:]), "line",
                         prediction="flow")
        return _cut(whole, int(max(steps - min(steps * strength, steps), 0)))
    if sampler == "lcm":
        return _shaped(_consistency(config, steps, strength), config)
    makers = {"ddim": _ancestral, "ddpm": _ancestral, "pndm": _pseudo, "euler": _euler, "euler_a": _euler,
              "heun": _euler}
    maker = _multistep if sampler.startswith(_MULTISTEP) else makers.get(sampler)
    if maker is None:
        raise ValueError(f"“{sampler}” is no sampler.")
    whole = replace(_shaped(maker(config, sampler, steps), config), eta=eta)
    return _cut(whole, max(steps - min(int(steps * strength), steps), 0))


def _cut(schedule: Schedule, first: int) -> Schedule:
    """The schedule from step `first` on, and never nothing."""
    first = min(first, schedule.steps - 1)
    return replace(schedule, timesteps=schedule.timesteps[first:], sigmas=schedule.sigmas[first:],
                   alphas=schedule.alphas[first:], after=schedule.after[first:], before=schedule.before[first:])


def _shaped(schedule: Schedule, config: Mapping[str, Any]) -> Schedule:
    """With what the network predicts, and the limits of clean samples.

    Only those who were written for pictures clip without being told to: a default of DDIM's would ruin latents.
    """
    name = str(config.get("_class_name", ""))
    clips = config.get("clip_sample", name in ("DDIMScheduler", "DDPMScheduler"))
    clips = clips and schedule.levels == "power" and not schedule.sampler.startswith("dpmpp")
    threshold = (float(config.get("dynamic_thresholding_ratio", 0.995)), float(config.get("sample_max_value", 1.0)))
    return replace(schedule, prediction=str(config.get("prediction_type") or "epsilon"),
                   threshold=threshold if config.get("thresholding") and schedule.levels == "power" else None,
                   clip=float(config.get("clip_sample_range", 1.0)) if clips else None,
                   variance=str(config.get("variance_type") or "fixed_small"))


def _ancestral(config: Mapping[str, Any], sampler: str, steps: int) -> Schedule:
    """DDIM and DDPM: whole steps of training."""
    trained, total = training.signal(config), training.steps(config)
    times = spacing.whole(str(config.get("timestep_spacing") or "leading"), steps, total,
                          int(config.get("steps_offset") or 0))
    times = np.minimum(times, total - 1)
    one = sampler == "ddpm" or bool(config.get("set_alpha_to_one", True))
    end = 1.0 if one else trained[0]
    # DDPM goes from one of its times to the next, DDIM always the same number of training steps.
    back = (np.append(times[1:], -1) if sampler == "ddpm" else times - total // steps).astype(np.int64)
    after = np.where(back >= 0, trained[np.maximum(back, 0)], end)
    alphas = np.append(trained[times.astype(np.int64)], end)
    return Schedule(sampler, times, training.sigmas(alphas), alphas, after, "power")


def _pseudo(config: Mapping[str, Any], sampler: str, steps: int) -> Schedule:
    """PNDM without its Runge-Kutta steps: DDIM's times, the second of them twice."""
    trained, total = np.maximum(training.signal(config), training.TINY), training.steps(config)
    times = spacing.whole(str(config.get("timestep_spacing") or "leading"), steps, total,
                          int(config.get("steps_offset") or 0))
    times = np.minimum(np.concatenate((times[:2], times[1:])), total - 1)
    visited, stride = times.astype(np.int64), total // steps
    end = 1.0 if config.get("set_alpha_to_one") else trained[0]
    after = np.where(visited >= stride, trained[np.maximum(visited - stride, 0)], end)
    alphas = np.append(trained[visited], end)
    return Schedule(sampler, times, training.sigmas(alphas), alphas, after, "power",
                    before=trained[np.minimum(visited + stride, total - 1)])


def _euler(config: Mapping[str, Any], sampler: str, steps: int) -> Schedule:
    """Euler, its ancestral kind, and Heun: noise levels between the training steps."""
    trained = training.sigmas(training.signal(config))
    kind = str(config.get("timestep_spacing") or "linspace")
    times = spacing.fractional(kind, steps, training.steps(config), int(config.get("steps_offset") or 0))
    levels = np.interp(times, np.arange(len(trained)), trained)
    last = 0.0
    ramp = spacing.ramped(config, levels[0], levels[-1], steps) if sampler != "euler_a" else None
    if ramp is not None:
        levels, times = ramp, spacing.steps_of(ramp, trained)
    if sampler == "euler":
        last = trained[0] if config.get("final_sigmas_type") == "sigma_min" else 0.0
    sigmas = np.append(levels, last)
    alphas = 1 / (np.square(sigmas) + 1)
    top = float(sigmas.max())
    scale = top if kind in ("linspace", "trailing") else float(np.hypot(top, 1))
    return Schedule(sampler, times, sigmas, alphas, alphas[1:], "sigma", init_scale=scale)


def _multistep(config: Mapping[str, Any], sampler: str, steps: int) -> Schedule:
    """DPM-Solver++ of second order, many steps (Lu et al. 2211.01095)."""
    trained, total = training.sigmas(training.signal(config)), training.steps(config)
    last = int(np.searchsorted(trained, np.exp(-float(config.get("lambda_min_clipped", -np.inf))), side="right"))
    times = spacing.multistep(str(config.get("timestep_spacing") or "linspace"), steps, total, last,
                              int(config.get("steps_offset") or 0))
    asked = {**config, "use_karras_sigmas": sampler.endswith(_KARRAS)}
    ramp = spacing.ramped(asked, trained[-1], trained[0], steps)
    if ramp is None:
        levels = np.interp(times, np.arange(len(trained)), trained)
    else:
        levels, times = ramp, spacing.steps_of(ramp, trained)
        rounds = sampler.endswith(_KARRAS) and config.get("beta_schedule") != "squaredcos_cap_v2"
        times = times.round() if rounds else np.trunc(times)
    zero = config.get("final_sigmas_type", "zero") == "zero"
    sigmas = np.append(levels, 0.0 if zero else trained[0])
    alphas = 1 / (np.square(sigmas) + 1)
    few = bool(config.get("lower_order_final", True)) and steps < _FEW
    return Schedule(sampler, times, sigmas, alphas, alphas[1:], "power",
                    first_order_end=bool(config.get("euler_at_final", False)) or few or zero)


def _consistency(config: Mapping[str, Any], steps: int, strength: float) -> Schedule:
    """Latent consistency (Luo et al. 2310.04378): a part of the steps it was distilled on."""
    trained = training.signal({"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", **config})
    total, original = training.steps(config), int(config.get("original_inference_steps") or 50)
    steps = min(steps, max(1, int(original * strength)))
    times = spacing.consistency(steps, total, original, max(strength, 1 / original))
    alphas = trained[times.astype(np.int64)]
    alphas = np.append(alphas, 1.0)
    return Schedule("lcm", times, training.sigmas(alphas), alphas, alphas[1:], "power",
                    boundary=float(config.get("timestep_scaling", 10.0)))
