"""File-name templates: what they make, what they refuse, and that nothing leaves the folder."""

from __future__ import annotations

import ntpath
import posixpath
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Medium
from engine.errors import JobProblem
from engine.jobs.names import MAX_NAME_BYTES, check_distinct, check_name, slug
from engine.jobs.template import DEFAULT_TEMPLATE, Template
from tests.engine.jobs.examples import INFO, recipe


@pytest.mark.parametrize(("template", "values", "name"), [
    (DEFAULT_TEMPLATE, {"seed": 7}, "glyphs_000007_03.png"),
    ("{row}-{row:04}", {}, "03-0003.png"),
    ("{weight:.1}_{weight}", {"weight": -0.25}, "-0.2_-0.25.png"),
    ("{text}", {"text": "A / B:\n“c”"}, "A-B-n“c”.png"),
    ("{size}_{ink}_{mode}", {"ink": "#ff0000"}, "64x32_#ff0000_line.png"),
    ("{{x}} {seed:3}.PNG", {"seed": 5}, "{x} 005.PNG"),
    ("{model}-{version}", {}, "glyphs-1.2.png"),
])
def test_names(template: str, values: dict[str, Any], name: str):
    assert Template(template, INFO).name(recipe(**values), 2, 50) == name


def test_the_fingerprint_is_the_recipes():
    wanted = recipe(seed=9)
    assert Template("{fingerprint}", INFO).name(wanted, 0, 1) == f"{wanted.fingerprint()}.png"


@pytest.mark.parametrize(("template", "sentence"), [
    ("", "empty"), ("  ", "empty"), ("{wieght}", "Did you mean {weight}?"), ("{seed.__class__}", "does not know"),
    ("{0}", "does not know"), ("{}", "does not know"), ("{seed:>10}", "does not fit"), ("{seed:999}", "does not fit"),
    ("{weight:06}", "does not fit"), ("{text:.2}", "does not fit"), ("{model:3}", "does not fit"),
    ("{seed", "single “{”"), ("seed}", "single “}”"), ("{seed!r}", "does not know"),
])
def test_faulty_templates_are_refused_with_a_reason(template: str, sentence: str):
    with pytest.raises(JobProblem) as caught:
        Template(template, INFO)
    assert sentence in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(("template", "words"), [
    ("../{seed}", "leads out"), ("a/{seed}", "leads out"), ("a\\{seed}", "leads out"), ("/etc/{seed}", "leads out"),
    ("C:{seed}", "“:”"), ("..", "leads out"), (".{seed}", "hidden"), ("con", "reserved"), ("NUL.tar", "reserved"),
    ("lpt1", "reserved"), ("a.", "dot or a space"), ("a ", "dot or a space"), ("what?", "“?”"), ("a\tb", "U+0009"),
    ("a\u202eb", "U+202E"), ("x" * 300, "longer than"), ("{text}", "is empty"),
])
def test_names_that_are_not_safe_everywhere_name_the_row(template: str, words: str):
    with pytest.raises(JobProblem) as caught:
        Template(template, INFO).name(recipe(text="???"), 4, 10)
    assert words in caught.value.what
    assert "Row 5" in caught.value.what


def test_a_table_may_name_its_file():
    assert Template("{row}", INFO).name(recipe(), 0, 1, "mine") == "mine.png"
    with pytest.raises(JobProblem, match="leads out"):
        Template("{row}", INFO).name(recipe(), 0, 1, "../mine")


@pytest.mark.parametrize(("medium", "own", "name"), [
    (Medium.TEXT, "mine", "mine.txt"), (Medium.TEXT, "mine.CSV", "mine.CSV"), (Medium.TEXT, "mine.png", "mine.png.txt"),
    (Medium.PALETTE, "mine.gpl", "mine.gpl"), (Medium.PALETTE, "mine", "mine.png")])
def test_files_are_named_after_their_medium(medium: Medium, own: str, name: str):
    assert Template("{row}", replace(INFO, medium=medium)).name(recipe(), 0, 1, own) == name


@pytest.mark.parametrize("names", [["a.png", "b.png", "A.PNG"], ["é.png", "e\u0301.png"], ["ß.png", "ss.png"]])
def test_collisions_name_both_rows(names: list[str]):
    with pytest.raises(JobProblem, match=rf"Rows 1 and {len(names)} "):
        check_distinct(names)


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_whatever_a_value_says_the_name_stays_in_the_folder(text: str):
    try:
        name = check_name("a" + slug(text), 0)
    except JobProblem:
        return
    assert posixpath.basename(name) == name
    assert ntpath.basename(name) == name
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert not set(name) & set('<>:"/\\|?*\0')
