"""The figures of the published schedules; runs from a picture; settings that cannot be followed."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diffusion import flow, spacing, training
from engine.diffusion.own import own_schedule
from engine.diffusion.samplers import SAMPLERS
from engine.diffusion.schedules import make_schedule, sampler_for

SD1 = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1,
       "clip_sample": False, "set_alpha_to_one": False}


def near(values, *expected):
    np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-4)


def test_the_signal_of_stable_diffusion():
    alphas = training.signal(SD1)
    near(alphas[[0, 999]], 0.99915, 0.0046601)
    near(training.sigmas(alphas)[[0, 999]], 0.0291672, 14.6146412)


def test_zero_terminal_snr_leaves_no_signal_and_no_infinity():
    alphas = training.signal({**SD1, "rescale_betas_zero_snr": True})
    near(alphas[[0, 999]], 0.99915, 0)
    assert np.isfinite(training.sigmas(alphas)).all()


def test_trained_betas_are_taken_as_they_are():
    near(training.signal({"trained_betas": [0.5, 0.5]}), 0.5, 0.25)


def test_euler_linspace_keeps_fractions():
    made = make_schedule(SD1, "euler", 20)
    near(made.timesteps[:3], 999, 946.421, 893.842)
    near(made.sigmas[:3], 14.61464, 10.74684, 8.08153)
    near(made.sigmas[-2:], 0.029167, 0)
    near(made.init_scale, 14.61464)


def test_euler_leading_begins_with_a_larger_scale():
    made = make_schedule({**SD1, "timestep_spacing": "leading"}, "euler", 20)
    near(made.timesteps[[0, 1, 2, -1]], 951, 901, 851, 1)
    near(made.sigmas[[0, 1, 2, -2]], 11.02833, 8.39068, 6.50640, 0.04131)
    near(made.init_scale, np.hypot(11.02833, 1))


def test_euler_trailing():
    made = make_schedule({**SD1, "timestep_spacing": "trailing"}, "euler", 20)
    near(made.timesteps[:3], 999, 949, 899)
    near(made.sigmas[[0, 1, 2, -2]], 14.61464, 10.90424, 8.30280, 0.22300)


def test_karras_levels():
    made = make_schedule({**SD1, "use_karras_sigmas": True}, "euler", 20)
    near(made.sigmas[[0, 1, 2, -3, -2]], 14.61464, 11.72537, 9.34020, 0.04848, 0.02917)
    near(made.sigmas[:-1], *spacing.karras(14.61464, 0.0291672, 20))


def test_quantiles_of_the_beta_distribution():
    shares = np.array([0, 0.001, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
    wanted = [0, 1.8558738517452e-05, 0.0125544568736114, 0.0395844055887808, 0.175680378652695, 0.5,
              0.824319621347305, 0.960415594411219, 1]                     # scipy.stats.beta.ppf(shares, 0.6, 0.6)
    np.testing.assert_allclose(spacing.beta_quantiles(shares), wanted, rtol=1e-12)
    arcsine = np.square(np.sin(np.pi / 2 * shares))
    np.testing.assert_allclose(spacing.beta_quantiles(shares, 0.5), arcsine, atol=1e-12)
    np.testing.assert_allclose(spacing.beta_quantiles(shares, 1.0), shares, atol=1e-12)


def test_beta_levels():
    made = make_schedule({**SD1, "use_beta_sigmas": True}, "euler", 9)
    near(made.sigmas[:-1], *(0.0291672 + 14.585474 * spacing.beta_quantiles(np.linspace(1, 0, 9))))
    times = make_schedule({**SD1, "use_beta_sigmas": True}, "dpmpp_2m", 20).timesteps
    assert times[:3].tolist() == [998, 996, 991]            # as diffusers with scipy has them


def test_dpm_linspace_times():
    near(make_schedule(SD1, "dpmpp_2m", 20).timesteps[[0, 1, 2, 3, -2, -1]], 999, 949, 899, 849, 100, 50)


def test_lcm_times():
    near(make_schedule(SD1, "lcm", 4).timesteps, 999, 759, 499, 259)
    near(make_schedule(SD1, "lcm", 8).timesteps, 999, 879, 759, 639, 499, 379, 259, 139)


def test_sd3_is_shifted_twice():
    made = make_schedule({"_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0}, "flow_euler", 28)
    near(made.sigmas[[0, 1, 2, -3, -2, -1]], 1.0, 0.987381, 0.974108, 0.110906, 0.008929, 0)


def test_flux_shifts_by_the_size():
    near(flow.dynamic_shift({}, 1024), 0.63)
    near(flow.dynamic_shift({}, 4096), 1.15)


def test_a_run_from_a_picture_drops_its_beginning_and_never_everything():
    assert make_schedule(SD1, "ddim", 20, 0.75).steps == 15
    assert make_schedule(SD1, "ddim", 20, 0.01).steps == 1
    assert make_schedule(SD1, "ddim", 20, 0.0).steps == 1
    assert make_schedule(SD1, "lcm", 4, 0.01).steps == 1
    assert make_schedule(SD1, "lcm", 8, 0.1).steps == 5           # it knows five steps there


def test_noise_is_added_up_to_the_level_of_a_step_and_none_after_the_last():
    for name in ("ddim", "euler", "flow_euler"):
        made = make_schedule(SD1, name, 10)
        clean, noise = np.zeros((1, 4, 2, 2), np.float32), np.ones((1, 4, 2, 2), np.float32)
        assert made.noised(clean, noise, 10) is clean
        away = [float(made.noised(clean, noise, step)[0, 0, 0, 0]) for step in (9, 5, 0)]
        assert away == sorted(away)
        assert made.noised(clean, noise, 3).dtype == np.float32


def test_only_schedules_made_for_pictures_clip_untold():
    assert make_schedule({"_class_name": "DDIMScheduler"}, "ddim", 5).clip == 1.0
    assert make_schedule({"_class_name": "PNDMScheduler"}, "ddim", 5).clip is None
    assert make_schedule({"_class_name": "DDIMScheduler", **SD1}, "ddim", 5).clip is None


@pytest.mark.parametrize(("config", "name"), [
    ({"_class_name": "EulerDiscreteScheduler"}, "euler"), ({"_class_name": "PNDMScheduler"}, "pndm"),
    ({"_class_name": "HeunDiscreteScheduler"}, "heun"), ({"_class_name": "UniPCMultistepScheduler"}, "dpmpp_2m"),
    ({"_class_name": "LMSDiscreteScheduler", "use_karras_sigmas": True}, "euler"),
    ({"_class_name": "DPMSolverSDEScheduler", "use_karras_sigmas": True}, "dpmpp_2m_sde_karras"),
    ({"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "sde-dpmsolver++"}, "dpmpp_2m_sde"),
    ({}, "dpmpp_2m"),
    ({"_class_name": "DPMSolverMultistepScheduler", "use_karras_sigmas": True}, "dpmpp_2m_karras"),
    ({"_class_name": "LCMScheduler"}, "lcm"), ({"_class_name": "DDPMScheduler"}, "ddpm")])
def test_the_sampler_that_a_configuration_was_written_for(config, name):
    assert sampler_for(config) == name
    assert name in SAMPLERS


@pytest.mark.parametrize(("config", "sampler", "word"), [
    ({"beta_schedule": "none such"}, "euler", "none such"), ({"timestep_spacing": "odd"}, "ddim", "odd"),
    ({"timestep_spacing": "odd"}, "dpmpp_2m", "odd"), ({}, "odd", "odd")])
def test_what_cannot_be_followed_is_said(config, sampler, word):
    with pytest.raises(ValueError, match=word):
        make_schedule(config, sampler, 5)


def test_more_steps_than_training_had_are_cut():
    assert make_schedule({"num_train_timesteps": 10}, "ddim", 50).steps == 10


def test_our_own_flows_go_from_time_0_to_1():
    made = own_schedule(4)
    near(made.timesteps, 0, 0.25, 0.5, 0.75)
    near(made.sigmas, 1, 0.75, 0.5, 0.25, 0)
    assert made.calls == 7
    near(own_schedule(3, strength=0.6).sigmas, 0.6, 0.4, 0.2, 0)
    assert own_schedule(4, shift=3.0).sigmas[1] > 0.75
