"""A plan in words."""

from __future__ import annotations

from engine.api import Plan, PromptReading
from engine.cli.telling import plan_document, plan_lines

PLAN = Plan({"prompt": PromptReading("a red brick", 80, 77, "wall with moss", ("the bracket is never closed",)),
             "negative": PromptReading("", 2)}, 20, 61.5, 3_400_000_000, ("The size is rounded to 512 × 768.",))


def test_a_plan_tells_how_the_prompt_is_read_time_and_memory():
    lines = plan_lines(PLAN, 1, None)
    assert lines == [
        "prompt    a red brick", "          80 tokens of at most 77", "          cut off: wall with moss",
        "          the bracket is never closed", "negative  (empty)", "          2 tokens", "steps     20",
        "time      about 1 min 2 s", "memory    about 3.4 GB", "note      The size is rounded to 512 × 768."]
    assert "time      about 1 min 2 s each, 3 min 4 s for 3" in plan_lines(PLAN, 3, None)


def test_a_long_prompt_is_read_in_stretches():
    plan = Plan({"prompt": PromptReading("a red brick", 80, 150, stretches=2)})
    assert plan_lines(plan, 1, None)[1].strip() == "80 tokens, read in 2 stretches of 75"


def test_what_is_not_known_is_not_made_up():
    assert plan_lines(Plan(), 1, None) == ["time  not known before the first run"]
    assert plan_lines(Plan(), 1, None, live=True) == []
    assert plan_document(PLAN)["prompts"]["prompt"]["cut"] == "wall with moss"
