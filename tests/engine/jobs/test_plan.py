"""Plans: decided whole, there and back through JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.errors import JobProblem, ValueProblem
from engine.jobs.plan import JobPlan, make_plan
from engine.jobs.source import plan_from_seeds
from tests.engine.jobs.examples import INFO, recipe


def test_there_and_back():
    plan = plan_from_seeds(INFO, recipe(text="Ä\n"), [3, 1, 2], "/out")
    back = JobPlan.from_dict(json.loads(json.dumps(plan.to_dict())), "/moved")
    assert back.rows == plan.rows
    assert back.package == plan.package
    assert back.folder == "/moved"
    assert back.fingerprint() == plan.fingerprint()


def test_the_fingerprint_tells_plans_apart():
    prints = {plan.fingerprint() for plan in (
        plan_from_seeds(INFO, recipe(), [1, 2], "/a"), plan_from_seeds(INFO, recipe(), [1, 2, 3], "/a"),
        plan_from_seeds(INFO, recipe(weight=1.0), [1, 2], "/a"),
        plan_from_seeds(INFO, recipe(), [1, 2], "/a", "{row}"))}
    assert len(prints) == 4
    assert plan_from_seeds(INFO, recipe(), [1, 2], "/b").fingerprint() in prints


@pytest.mark.parametrize("damage", [{}, {"plan": 2}, {"rows": [{"name": "x"}]}, {"fingerprint": "0"}, {"package": 5},
                                    {"rows": None}])
def test_a_damaged_plan_is_told(damage: dict[str, object]):
    data = {**plan_from_seeds(INFO, recipe(), [1], "/a").to_dict(), **damage} if damage else damage
    with pytest.raises(JobProblem, match="damaged"):
        JobPlan.from_dict(data, "/a")


@pytest.mark.parametrize("name", ["../x.png", "a/b.png", "/etc/x.png", "x.sh", "NUL.png", ".png"])
def test_a_plan_from_elsewhere_does_not_lead_out_of_its_folder(name: str):
    plan = plan_from_seeds(INFO, recipe(), [1], "/a")
    evil = replace(plan, rows=(replace(plan.rows[0], name=name),))
    with pytest.raises(JobProblem, match="damaged"):
        JobPlan.from_dict(evil.to_dict(), "/a")


def test_recipes_are_checked_before_anything_is_made():
    with pytest.raises(ValueProblem, match="weight"):
        make_plan(INFO, [recipe(weight=9.0)], "/a", "{row}")
    with pytest.raises(ValueProblem, match="seed"):
        plan_from_seeds(INFO, recipe(), [-1], "/a")
    with pytest.raises(JobProblem, match="nothing to make"):
        plan_from_seeds(INFO, recipe(), [], "/a")
