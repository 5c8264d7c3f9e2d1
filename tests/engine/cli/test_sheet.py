"""The table of controls names everything that --set takes."""

from dataclasses import replace

from engine.api import Choice, Control, ControlKind, Medium
from engine.cli.sheet import control_table, package_document, try_words
from tests.engine.cli.parts import package


def test_each_control_has_a_line_with_default_range_and_meaning():
    lines = control_table(package())
    assert len(lines) == 1 + len(package().controls)
    by_name = {line.split()[0]: line for line in lines}
    assert "-3 to 3" in by_name["weight"]
    assert "Thin - Heavy" in by_name["weight"]
    assert "1200x400" in by_name["size"]
    assert "(when mode is line)" in by_name["text"]
    assert "none" in by_name["paper"]


PROMPT = Control("prompt", ControlKind.PROMPT, "Prompt", "", choices=(Choice("worn red brick", ""), Choice("moss", "")))


def test_prompts_come_with_examples_and_a_command_to_try_them():
    assert "For example: worn red brick; moss." in control_table(package(PROMPT))[1]
    assert try_words(package(PROMPT), "pots") == "atelier render pots --prompt 'worn red brick' -o pots.png"
    assert try_words(package(), "/my pots") == "atelier render '/my pots' -o pots.png"
    bare = replace(package(replace(PROMPT, choices=())), medium=Medium.TEXT)
    assert try_words(bare, "pots") == "atelier render pots --prompt 'a quiet morning'"


def test_the_document_holds_every_choice_the_table_shortens():
    document = package_document(package())
    character = next(control for control in document["controls"] if control["name"] == "character")
    assert len(character["choices"]) == 26
    assert document["controls"][0]["kind"] == "seed"
