"""One rule for values, whatever face they come from."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.api import Choice, Control, ControlKind, PackageInfo, Value
from engine.controls import allowed, check, check_recipe, check_values, format_value, parse, shown_value
from engine.errors import ValueProblem
from engine.latent.points import packed

SLIDER = Control("weight", ControlKind.DIRECTION, "Weight", 0.0, minimum=-3, maximum=3)
CHOICE = Control("mode", ControlKind.CHOICE, "Mode", "line",
                 choices=(Choice("line", "Line of text", {"zh_CN": "一行"}), Choice("character", "One letter")))
LETTER = Control("character", ControlKind.CHOICE, "Letter", "a", choices=tuple(Choice(c, c) for c in "aAbB "))
TOGGLE = Control("invert", ControlKind.TOGGLE, "Invert", False)
SEED = Control("seed", ControlKind.SEED, "Seed", 0)
TEXT = Control("text", ControlKind.TEXT, "Text", "Ab", maximum=50)
SIZE = Control("size", ControlKind.SIZE, "Size", (64, 64), minimum=16, maximum=8192)
COLOR = Control("paper", ControlKind.COLOR, "Paper", "#ffffff", choices=(Choice("none", "Transparent"),))
INK = Control("ink", ControlKind.COLOR, "Ink", "#000000")
COUNT = Control("layer", ControlKind.SLIDER, "Layer", 2.0, minimum=0, maximum=9, step=1)
POINT = Control("point", ControlKind.LATENT, "Starting point", "", spaces={"z": 3, "w+": 6})
PROMPT = Control("prompt", ControlKind.PROMPT, "Prompt", "", maximum=50)
IMAGE = Control("image", ControlKind.IMAGE, "Image", "")
MASK = Control("mask", ControlKind.MASK, "Mask", "")
PALETTE = Control("palette", ControlKind.PALETTE, "Palette", "")
AXES = Control("axes", ControlKind.AXES, "Prompt sliders", "", maximum=200)
ALL = (SLIDER, CHOICE, LETTER, TOGGLE, SEED, TEXT, SIZE, COLOR, INK, COUNT, POINT, PROMPT, IMAGE, MASK, PALETTE, AXES)

hexes = st.text("0123456789abcdef", min_size=6, max_size=6).map(lambda digits: "#" + digits)
points = st.one_of(*(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=count, max_size=count).map(
        lambda numbers, space=space: packed(space, np.array(numbers, np.float32)))
    for space, count in POINT.spaces.items()))
keys = st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda digits: "sha256:" + digits) | st.just("")
letters = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n") | st.just("\\"), max_size=20)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "weight": st.floats(-3, 3), "mode": st.sampled_from(["line", "character"]),
    "character": st.sampled_from(list("aAbB ")),
    "invert": st.booleans(), "seed": st.integers(0, 2**32 - 1), "text": letters,
    "size": st.tuples(st.integers(16, 8192), st.integers(16, 8192)), "paper": hexes | st.just("none"), "ink": hexes,
    "layer": st.floats(0, 9), "point": points | st.just(""), "prompt": letters, "image": keys, "mask": keys,
    "palette": st.lists(hexes, max_size=12).map(" ".join),
    "axes": st.sampled_from(["", "young -> old: 0.8", "calm, quiet -> wild: -0.3; flat -> deep: 1.5"]),
}


def attempt(work: Callable[[], Value]) -> tuple[ValueProblem | None, Value]:
    """What came out: the value, or the problem; anything else escapes."""
    try:
        return None, work()
    except ValueProblem as problem:
        return problem, ""


@pytest.mark.parametrize("control", ALL, ids=lambda control: control.name)
def test_formatting_and_parsing_are_inverse(control: Control):
    @given(VALUES[control.name])
    def holds(raw: Value) -> None:
        value = check(control, raw)
        assert parse(control, format_value(control, value)) == value
        assert check(control, value) == value

    holds()


@given(st.sampled_from(ALL), st.text(max_size=30))
def test_any_text_is_parsed_or_refused_with_a_remedy(control: Control, text: str):
    problem, value = attempt(lambda: parse(control, text))
    if problem is None:
        assert check(control, value) == value
    else:
        assert problem.remedy
        assert problem.subject == control.name


@given(st.sampled_from(ALL), st.none() | st.floats() | st.integers() | st.text() | st.lists(st.integers(), max_size=3)
       | st.booleans() | st.tuples(st.integers(), st.integers()) | st.binary())
def test_any_object_is_checked_or_refused(control: Control, value: object):
    problem, _ = attempt(lambda: check(control, value))
    assert problem is None or control.name in problem.what


@pytest.mark.parametrize(("control", "text", "value"), [
    (SLIDER, " 1.5 ", 1.5), (SLIDER, "0,25", 0.25), (SLIDER, "-0", 0.0), (SLIDER, "3", 3.0),
    (CHOICE, "line of TEXT", "line"), (CHOICE, "一行", "line"), (LETTER, "A", "A"), (LETTER, "a", "a"),
    (LETTER, " ", " "),
    (TOGGLE, "Yes", True), (TOGGLE, "off", False), (SEED, " 42 ", 42), (TEXT, r"two\nlines", "two\nlines"),
    (TEXT, r"C:\\new", r"C:\new"), (TEXT, "a\r\nb", "a\nb"), (TEXT, "e\u0301", "é"), (SIZE, "640x480", (640, 480)),
    (SIZE, "640 × 480", (640, 480)), (SIZE, "512", (512, 512)), (COLOR, "#FFF", "#ffffff"),
    (COLOR, "A1b2C3", "#a1b2c3"),
    (COLOR, "None", "none"), (PROMPT, r"a (red:1.2) {house|tree}\n in rain", "a (red:1.2) {house|tree}\n in rain"),
    (IMAGE, f" SHA256:{64 * 'A'} ", f"sha256:{64 * 'a'}"), (MASK, "none", ""), (IMAGE, "", ""),
    (PALETTE, " #FFF, 1a2B3c;#000000 ", "#ffffff #1a2b3c #000000"), (PALETTE, "None", ""), (PALETTE, "  ", ""),
])
def test_spellings_that_people_use(control: Control, text: str, value: Value):
    assert parse(control, text) == value


def test_a_slider_in_whole_steps_holds_whole_numbers():
    assert check(COUNT, 3.4) == 3.0
    assert parse(COUNT, "8.6") == 9.0


def test_points_of_other_models_are_told_from_damaged_ones():
    whole = packed("z", np.arange(3, dtype=np.float32))
    assert check(POINT, whole) == whole
    for text, words in ((packed("z", np.zeros(2, np.float32)), "numbers of “z”: it was made"),
                        ("w" + whole[1:], "numbers of “w”"), (whole[:-1], "cannot be read"),
                        ("nonsense", "cannot be read")):
        with pytest.raises(ValueProblem, match=words) as caught:
            parse(POINT, text)
        assert "z: and 3 numbers in base64 or w+: and 6" in caught.value.remedy
        assert caught.value.subject == "point"


def test_a_point_is_shown_by_a_mark():
    one, other = (packed("w+", np.full(6, number, np.float32)) for number in (1, 2))
    assert re.fullmatch(r"w\+-[0-9a-f]{6}", shown_value(POINT, one))
    assert shown_value(POINT, one) != shown_value(POINT, other)
    assert shown_value(POINT, "") == "seed"
    assert parse(POINT, " Seed ") == ""
    assert shown_value(SEED, 7) == "7"


def test_a_source_picture_is_shown_by_a_mark_and_a_palette_whole():
    key = f"sha256:3fa9c1{58 * '0'}"
    assert (shown_value(IMAGE, key), shown_value(MASK, key)) == ("image-3fa9c1", "mask-3fa9c1")
    assert shown_value(IMAGE, "") == "none"
    assert shown_value(PALETTE, "#112233 #ffffff") == "#112233 #ffffff"


def test_prompt_sliders_have_one_spelling():
    spellings = ("young->old:0.80", "  young ->  old : .8 ", "young -> old: 0.8;")
    assert len({check(AXES, text) for text in spellings}) == 1
    with pytest.raises(ValueProblem, match="“axes” cannot be read") as caught:
        check(AXES, "no arrow at all")
    assert "word -> other word: amount" in caught.value.remedy


def test_minus_zero_is_the_one_zero():
    assert str(check(SLIDER, -0.0)) == "0.0"
    assert isinstance(check(SLIDER, 1), float)


@pytest.mark.parametrize(("control", "text"), [
    (SLIDER, "3.01"), (SLIDER, "nan"), (SLIDER, "inf"), (SLIDER, "thick"), (SLIDER, ""), (SLIDER, "1,000,000"),
    (CHOICE, "lin"), (TOGGLE, "maybe"), (SEED, "-1"), (SEED, "4294967296"), (SEED, "1.0"), (SEED, "1e3"),
    (TEXT, "x" * 51),
    (TEXT, "a\x00b"), (TEXT, "\x1b[31m"), (SIZE, "15x64"), (SIZE, "64x9000"), (SIZE, "64"[:0]), (SIZE, "axb"),
    (COLOR, "red"), (COLOR, "#12345"), (INK, "none"), (PROMPT, "x" * 51), (PROMPT, "a\x1b[31mb"),
    (IMAGE, "photo.png"), (IMAGE, "sha256:12"), (MASK, f"sha256:{64 * 'g'}"), (PALETTE, "#fff red"),
    (PALETTE, "#123456 " * 13), (AXES, "young -> old: much"), (AXES, "x" * 201),
])
def test_refusals_name_the_control_and_what_is_allowed(control: Control, text: str):
    with pytest.raises(ValueProblem) as caught:
        parse(control, text)
    assert control.name in caught.value.what
    assert len(caught.value.remedy) > 10


@pytest.mark.parametrize(("control", "value"), [
    (SLIDER, True), (SEED, True), (SEED, 1.0), (SIZE, (64, 64.0)), (SIZE, [64]), (TOGGLE, 1), (TEXT, 3),
    (SLIDER, 10**400),
])
def test_a_wrong_type_is_no_value(control: Control, value: object):
    with pytest.raises(ValueProblem):
        check(control, value)


def test_the_words_for_what_is_allowed():
    assert allowed(SLIDER) == "a number from -3 to 3"
    assert allowed(COUNT) == "a whole number from 0 to 9"
    assert allowed(PROMPT) == "words to the model of at most 50 characters"
    assert "path" in allowed(IMAGE)
    assert "1 to 12 colours" in allowed(PALETTE)
    assert allowed(SIZE) == "WIDTHxHEIGHT in pixels, each from 16 to 8192"
    many = Control("c", ControlKind.CHOICE, "C", "0", choices=tuple(Choice(str(k), str(k)) for k in range(40)))
    assert allowed(many).endswith("and 28 more")


INFO = PackageInfo("tiny", "Tiny", "1", "decoder", "sha256:00", "", "", "", "", ALL)


def test_a_recipe_is_filled_with_defaults():
    recipe = check_recipe(INFO, INFO.default_recipe().with_values({"weight": 1}))
    assert recipe.values["weight"] == 1.0
    assert set(recipe.values) == {control.name for control in ALL}
    assert check_values(INFO, {"seed": 5})["size"] == (64, 64)


@pytest.mark.parametrize(("change", "words"), [
    ({"package": "other"}, "for the model"), ({"digest": "sha256:11"}, "another version"),
    ({"values": {"wieght": 1.0}}, "no control"), ({"values": {"weight": 9.0}}, "cannot be"),
])
def test_a_recipe_of_something_else_is_refused(change: dict[str, object], words: str):
    data = {**INFO.default_recipe().to_dict(), **change}
    with pytest.raises(ValueProblem, match=words):
        check_recipe(INFO, type(INFO.default_recipe()).from_dict(data))


def test_what_was_checked_before_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    plain = {control.name: control.default for control in ALL}
    known = INFO.default_recipe().with_values(check_values(INFO, plain))
    looked: list[str] = []
    monkeypatch.setattr("engine.controls.check", lambda control, value: looked.append(control.name) or value)
    check_recipe(INFO, known.with_values({"weight": 1.0}), known)
    assert set(looked) == {"weight", "size"}


@pytest.mark.parametrize("change", [{"seed": 0.0}, {"seed": False}, {"size": (64.0, 64)}, {"invert": 0}])
def test_a_value_equal_to_a_good_one_but_of_another_type_is_refused_all_the_same(change: dict[str, Value]):
    known = check_recipe(INFO, INFO.default_recipe())
    with pytest.raises(ValueProblem):
        check_recipe(INFO, known.with_values(change), known)


def test_a_minus_zero_after_a_zero_is_the_one_zero():
    known = check_recipe(INFO, INFO.default_recipe())
    again = check_recipe(INFO, known.with_values({"weight": -0.0}), known)
    assert again.canonical() == known.canonical()
