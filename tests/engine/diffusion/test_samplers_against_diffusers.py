"""Our samplers beside diffusers' own schedulers, over the same make-believe network and the same noise."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from engine.diffusion.noise import TorchNormal
from engine.diffusion.samplers import run
from engine.diffusion.schedules import Schedule, make_schedule, sampler_for

pytestmark = [pytest.mark.torch,
              # diffusers gives tensors to numpy, which numpy 2 remarks on.
              pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")]

SHAPE = (1, 4, 8, 8)
SD1 = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1,
       "clip_sample": False, "set_alpha_to_one": False}
V = {**SD1, "prediction_type": "v_prediction"}
ZERO = {**V, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
DDIM, DDPM, LCM = "DDIMScheduler", "DDPMScheduler", "LCMScheduler"
EULER, ANCESTRAL = "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"
MULTI, FLOW = "DPMSolverMultistepScheduler", "FlowMatchEulerDiscreteScheduler"
PNDM, HEUN = "PNDMScheduler", "HeunDiscreteScheduler"
PLMS = {**SD1, "skip_prk_steps": True}
SDE = {**SD1, "algorithm_type": "sde-dpmsolver++"}

CASES: dict[str, tuple[str, dict[str, Any], int, dict[str, Any]]] = {
    "ddim sd1": (DDIM, {**SD1, "timestep_spacing": "leading"}, 20, {}),
    "ddim noisy": (DDIM, SD1, 7, {"eta": 0.7}),
    "ddim v": (DDIM, V, 10, {}),
    "ddim zero snr": (DDIM, ZERO, 10, {}),
    "ddim linspace of 3": (DDIM, {**SD1, "timestep_spacing": "linspace"}, 3, {}),
    "ddim of pictures": (DDIM, {"beta_schedule": "squaredcos_cap_v2"}, 12, {}),
    "ddim sample": (DDIM, {**SD1, "prediction_type": "sample"}, 9, {"eta": 1.0}),
    "ddim thresholding": (DDIM, {"thresholding": True, "sample_max_value": 1.5}, 6, {}),
    "ddpm": (DDPM, {}, 50, {}),
    "ddpm large": (DDPM, {"variance_type": "fixed_large", "beta_schedule": "sigmoid"}, 31, {}),
    "ddpm v": (DDPM, {**V, "timestep_spacing": "trailing"}, 11, {}),
    "euler linspace": (EULER, SD1, 20, {}),
    "euler leading": (EULER, {**SD1, "timestep_spacing": "leading"}, 20, {}),
    "euler trailing": (EULER, {**SD1, "timestep_spacing": "trailing"}, 7, {}),
    "euler turbo": (EULER, {**SD1, "timestep_spacing": "trailing"}, 1, {}),
    "euler karras": (EULER, {**SD1, "use_karras_sigmas": True}, 12, {}),
    "euler exponential": (EULER, {**SD1, "use_exponential_sigmas": True, "final_sigmas_type": "sigma_min"}, 12, {}),
    "euler v": (EULER, V, 10, {}),
    "euler zero snr": (EULER, ZERO, 10, {}),
    "euler sample": (EULER, {**SD1, "prediction_type": "sample"}, 8, {}),
    "ancestral": (ANCESTRAL, SD1, 20, {}),
    "ancestral leading v": (ANCESTRAL, {**V, "timestep_spacing": "leading"}, 9, {}),
    "ancestral zero snr": (ANCESTRAL, ZERO, 6, {}),
    "dpm 20": (MULTI, SD1, 20, {}),
    "dpm 5": (MULTI, SD1, 5, {}),
    "dpm karras": (MULTI, {**SD1, "use_karras_sigmas": True}, 20, {}),
    "dpm leading": (MULTI, {**SD1, "timestep_spacing": "leading"}, 16, {}),
    "dpm trailing v": (MULTI, {**V, "timestep_spacing": "trailing"}, 12, {}),
    "dpm zero snr": (MULTI, ZERO, 20, {}),
    "dpm euler at the end": (MULTI, {**SD1, "euler_at_final": True, "final_sigmas_type": "sigma_min"}, 18, {}),
    "dpm to sigma min": (MULTI, {**SD1, "final_sigmas_type": "sigma_min", "use_karras_sigmas": True}, 18, {}),
    "dpm exponential": (MULTI, {**SD1, "use_exponential_sigmas": True}, 10, {}),
    "dpm cosine": (MULTI, {"beta_schedule": "squaredcos_cap_v2", "lambda_min_clipped": -5.1}, 20, {}),
    "pndm sd1": (PNDM, PLMS, 20, {}),
    "pndm 50": (PNDM, {**PLMS, "set_alpha_to_one": True}, 50, {}),
    "pndm of few": (PNDM, PLMS, 3, {}),
    "pndm 2": (PNDM, PLMS, 2, {}),
    "pndm 1": (PNDM, PLMS, 1, {}),
    "pndm v trailing": (PNDM, {**V, "skip_prk_steps": True, "timestep_spacing": "trailing"}, 7, {}),
    "pndm linspace": (PNDM, {**PLMS, "timestep_spacing": "linspace"}, 12, {}),
    "heun": (HEUN, SD1, 20, {}),
    "heun leading v": (HEUN, {**V, "timestep_spacing": "leading"}, 9, {}),
    "heun karras": (HEUN, {**SD1, "use_karras_sigmas": True}, 6, {}),
    "heun 1": (HEUN, {**SD1, "timestep_spacing": "trailing"}, 1, {}),
    "dpm sde": (MULTI, SDE, 20, {}),
    "dpm sde karras": (MULTI, {**SDE, "use_karras_sigmas": True}, 9, {}),
    "dpm sde v trailing": (MULTI, {**SDE, "prediction_type": "v_prediction", "timestep_spacing": "trailing",
                                   "final_sigmas_type": "sigma_min"}, 18, {}),
    "lcm 4": (LCM, SD1, 4, {}),
    "lcm 1": (LCM, {}, 1, {}),
    "lcm 8 v": (LCM, {**V, "timestep_scaling": 5.0}, 8, {}),
    "lcm clipped": (LCM, {"clip_sample": True, "original_inference_steps": 25}, 6, {}),
    "sd3": (FLOW, {"shift": 3.0}, 28, {}),
    "flow plain": (FLOW, {}, 5, {}),
    "flux": (FLOW, {"shift": 3.0, "use_dynamic_shifting": True, "base_shift": 0.5, "max_shift": 1.15}, 9,
             {"tokens": 1024}),
    "flow karras": (FLOW, {"shift": 2.0, "use_karras_sigmas": True}, 8, {}),
    "flow to terminal": (FLOW, {"shift": 2.0, "shift_terminal": 0.1}, 8, {}),
}


def network(x: Any, time: float) -> Any:
    """A smooth function of sample and time that both sides can call."""
    return x * 0.4 + (x * x * x) * 0.01 / (1 + x * x) + 0.1 * (time / 1000 - 0.3)


def known(scheduler: Any, config: dict[str, Any]) -> Any:
    """A scheduler of diffusers made with those of the keys that it knows."""
    names = inspect.signature(scheduler.__init__).parameters
    return scheduler(**{key: value for key, value in config.items() if key in names})


def theirs(name: str, config: dict[str, Any], steps: int, extra: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Timesteps, first and last sample of diffusers."""
    import diffusers
    import torch

    scheduler = known(getattr(diffusers, name), config)
    if name == FLOW and config.get("use_dynamic_shifting"):
        mu = 0.5 + (extra["tokens"] - 256) * 0.65 / 3840
        scheduler.set_timesteps(sigmas=np.linspace(1, 1 / steps, steps), mu=mu)
    else:
        scheduler.set_timesteps(steps)
    dice = torch.Generator().manual_seed(5)
    first = torch.randn(SHAPE, generator=dice) * float(getattr(scheduler, "init_noise_sigma", 1.0))
    x = first
    said = {"generator": dice} if name not in (FLOW, PNDM, HEUN) else {}
    said |= {"eta": extra["eta"]} if "eta" in extra else {}
    for time in scheduler.timesteps:
        seen = scheduler.scale_model_input(x, time) if hasattr(scheduler, "scale_model_input") else x
        x = scheduler.step(network(seen, float(time)), time, x, **said).prev_sample
    times = scheduler.timesteps.numpy()
    return times[np.r_[0, 1:len(times):2]] if name == HEUN else times, first.numpy(), x.numpy()


@pytest.mark.parametrize("case", CASES)
def test_a_run_ends_where_diffusers_ends(case):
    name, config, steps, extra = CASES[case]
    times, first, last = theirs(name, config, steps, extra)
    told = {"_class_name": name, **config}
    schedule = make_schedule(told, sampler_for(told), steps, **extra)
    noise = TorchNormal(5)
    start = schedule.pure(noise.draw(SHAPE))
    np.testing.assert_allclose(schedule.timesteps, times, atol=1e-3)
    np.testing.assert_allclose(start, first, rtol=1e-5, atol=1e-5)
    ours = run(lambda x, time, _: network(x, time), start, schedule, noise)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, last, atol=1e-4, rtol=1e-4)


def _middle(name: str, config: dict[str, Any], steps: int, strength: float) -> tuple[Schedule, np.ndarray]:
    """Our schedule from a picture, and how diffusers adds noise to it there."""
    import diffusers
    import torch

    scheduler = known(getattr(diffusers, name), config)
    if name == LCM:
        scheduler.set_timesteps(steps, strength=strength)
        begin = 0
    else:
        scheduler.set_timesteps(steps)
        taken = steps * strength if name == FLOW else int(steps * strength)
        begin = int(max(steps - min(taken, steps), 0)) * (2 if name == HEUN else 1)
        if hasattr(scheduler, "set_begin_index"):
            scheduler.set_begin_index(begin)
    dice = torch.Generator().manual_seed(3)
    clean, noise = torch.rand(SHAPE, generator=dice), torch.randn(SHAPE, generator=dice)
    add = scheduler.scale_noise if name == FLOW else scheduler.add_noise
    pair = (clean, scheduler.timesteps[begin:begin + 1], noise) if name == FLOW else (
        clean, noise, scheduler.timesteps[begin:begin + 1])
    noised = add(*pair).numpy()
    told = {"_class_name": name, **config}
    schedule = make_schedule(told, sampler_for(told), steps, strength)
    left = scheduler.timesteps[begin:].numpy()
    left = np.append(left[0], left[1 + (begin == 0)::2]) if name == HEUN else left
    np.testing.assert_allclose(schedule.timesteps, left, atol=1e-3)
    np.testing.assert_allclose(schedule.noised(clean.numpy(), noise.numpy()), noised, atol=1e-5, rtol=1e-5)
    return schedule, noised


@pytest.mark.parametrize("name", [DDIM, DDPM, PNDM, EULER, ANCESTRAL, HEUN, MULTI, LCM, FLOW])
@pytest.mark.parametrize("strength", [1.0, 0.55, 0.2])
def test_a_run_from_a_picture_begins_where_diffusers_begins(name, strength):
    schedule, _ = _middle(name, {} if name == FLOW else PLMS, 10, strength)
    assert 1 <= schedule.steps <= (11 if name == PNDM else 10)


@pytest.mark.parametrize(("name", "config"), [(MULTI, SD1), (MULTI, SDE), (PNDM, PLMS), (HEUN, SD1)])
@pytest.mark.parametrize("strength", [0.5, 0.95])
def test_what_remembers_steps_starts_anew_in_the_middle(name, config, strength):
    """The first step after a picture has no step behind it."""
    import diffusers
    import torch

    schedule, noised = _middle(name, config, 12, strength)
    scheduler = known(getattr(diffusers, name), config)
    scheduler.set_timesteps(12)
    begin = (12 - int(12 * strength)) * (2 if name == HEUN else 1)
    if name != PNDM:
        scheduler.set_begin_index(begin)
    x, dice = torch.from_numpy(noised), torch.Generator().manual_seed(9)
    said = {"generator": dice} if name == MULTI else {}
    for time in scheduler.timesteps[begin:]:
        x = scheduler.step(network(scheduler.scale_model_input(x, time), float(time)), time, x, **said).prev_sample
    ours = run(lambda x, time, _: network(x, time), noised, schedule, TorchNormal(9))
    np.testing.assert_allclose(ours, x.numpy(), atol=1e-4)


def test_guidance_told_to_the_network_is_that_of_diffusers():
    import torch
    from diffusers import LatentConsistencyModelPipeline

    from engine.diffusion.guidance import embedded

    for width in (256, 17, 8):
        theirs = LatentConsistencyModelPipeline.get_guidance_scale_embedding(
            None, torch.tensor([7.5]), embedding_dim=width).numpy()
        np.testing.assert_allclose(embedded(8.5, width), theirs, atol=2e-3)


def test_guidance_is_brought_back_as_in_diffusers():
    import torch
    from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

    from engine.diffusion.guidance import guided, rescaled

    one, two = (TorchNormal(seed).draw((2, 4, 8, 8)) for seed in (1, 2))
    mixed = guided(one, two, 7.5)
    theirs = rescale_noise_cfg(torch.from_numpy(mixed), torch.from_numpy(two), 0.7).numpy()
    np.testing.assert_allclose(rescaled(mixed, two, 0.7), theirs, rtol=1e-5, atol=1e-6)
    assert rescaled(mixed, two, 0.0) is mixed
