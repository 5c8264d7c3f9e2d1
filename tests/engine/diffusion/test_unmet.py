"""Schedulers that nobody follows to the letter are told, each with what takes its place; all others are not."""

from __future__ import annotations

import pytest

from engine.diffusion.schedules import CLASSES
from engine.diffusion.unmet import unmet


@pytest.mark.parametrize(("config", "words"), [
    ({"_class_name": "UniPCMultistepScheduler"}, "UniPCMultistepScheduler, is not known here: Ours takes its place"),
    ({"_class_name": "PNDMScheduler"}, "begins with Runge-Kutta steps; Ours goes without"),
    ({"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "use_lu_lambdas": True},
     "asks for solver_order 3, use_lu_lambdas True; Ours does not follow that"),
    ({"_class_name": "EulerDiscreteScheduler", "timestep_type": "continuous"}, "timestep_type continuous"),
    ({"_class_name": "x" * 500}, "x" * 40 + ", is")])
def test_what_is_not_followed_is_told(config, words):
    assert words in unmet(config, "Ours")
    assert len(unmet(config, "Ours")) < 200


@pytest.mark.parametrize("name", CLASSES)
def test_schedulers_that_are_followed_say_nothing(name):
    assert unmet({"_class_name": name, "skip_prk_steps": True, "solver_order": 2, "algorithm_type": "dpmsolver++",
                  "interpolation_type": "linear", "use_lu_lambdas": False, "solver_type": None}, "Ours") == ""
    assert unmet({}, "Ours") == ""
