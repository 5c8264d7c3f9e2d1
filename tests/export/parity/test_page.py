"""The report for people: one file that needs nothing else, says the verdict, and lets nothing of a file's name act."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import numpy as np
import pytest

from export.parity import words
from export.parity.chart import Bar, error_chart
from export.parity.judge import judge
from tests.export.parity.test_judge import CPU, figures, part

SOURCE = {"name": "G.pt", "title": "DCGAN generator", "digest": "sha256:00", "kind": "torch-zip", "bytes": 5_000_000,
          "reasons": ["`main.0.weight` is 100 × 512", "five layers"], "guesses": ["pictures are in -1 .. 1"]}
VOID = {"meta", "img", "line", "rect"}


class Outline(HTMLParser):
    """Tags, attributes and text; complains about tags that are not closed."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.attributes, self.text, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def read(html):
    outline = Outline()
    outline.feed(html)
    assert not outline.open
    return outline, " ".join(" ".join(outline.text).split())


@pytest.fixture
def pictured(tmp_path):
    """Figures of a picture model, with the files the proof would have left."""
    random = np.random.default_rng(0)
    files = {}
    for name in ("fp32", "int8"):
        drawn = random.integers(0, 255, (3, 8, 8, 3), dtype=np.uint8)
        np.savez(tmp_path / f"{name}.npz", torch=drawn, onnx=drawn, difference=np.zeros_like(drawn))
        files[name] = str(tmp_path / f"{name}.npz")
    made = part(fp32=1e-7, int8=1e-2, picture={"fp32": 1e-5, "int8": 0.2}, sizes={"fp32": 400, "int8": 100})
    return figures(msgspec.structs.replace(made, pictures=files))


def test_the_verdict_stands_first_in_plain_words(pictured):
    outline, text = read(judge(pictured, source=SOURCE).to_html())
    assert outline.tags[:2] == ["html", "head"]
    assert "The converted model draws the same pictures." in text
    assert "PyTorch and ONNX Runtime drew 40 random pictures." in text
    assert text.index("Passed") < text.index("Precisions")


def test_nothing_comes_from_outside_and_nothing_runs(pictured):
    html = judge(pictured, source=SOURCE).to_html(preview=b"\x89PNG")
    outline, _ = read(html)
    assert not {"script", "link", "iframe", "object", "form", "a"} & set(outline.tags)
    for tag, name, value in outline.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href", "srcset", "data"):
            assert value.startswith("data:image/png;base64,"), value[:40]
    assert "http" not in re.sub(r'src="data:[^"]*"', "", html)
    assert "@import" not in html
    assert "url(" not in html
    assert "prefers-color-scheme: dark" in html


def test_pictures_of_both_sides_and_their_differences_are_inside(pictured):
    outline, _ = read(judge(pictured, source=SOURCE).to_html())
    alts = [value for tag, name, value in outline.attributes if (tag, name) == ("img", "alt")]
    assert len(alts) == 3 * (1 + 2 + 2)               # PyTorch once; ONNX Runtime and the difference for each precision
    assert alts[0] == "Picture 1, PyTorch"
    assert alts[3] == "Picture 1, ONNX Runtime, fp32"


def test_pictures_that_are_gone_leave_the_report_whole(pictured, tmp_path):
    for file in tmp_path.glob("*.npz"):
        file.unlink()
    outline, text = read(judge(pictured, source=SOURCE).to_html())
    assert "img" not in outline.tags
    assert "Side by side" not in text


def test_every_precision_says_how_it_did(pictured):
    _, text = read(judge(pictured, source=SOURCE).to_html())
    for words_of in ("fp32", "int8", "smallest that passes", "3.0 × PyTorch’s speed", "main.0.weight", "sha256:00",
                     "onnxruntime 1.32.0", "torch 2.13.0"):
        assert words_of in text, words_of


@pytest.mark.parametrize(("place", "sentence"), [
    ({"kind": "value", "node": "up.3/Conv", "layer": "up.3", "operator": "Conv", "error": 0.1},
     "It begins in the layer up.3 , at the step up.3/Conv (Conv)"),
    ({"kind": "value", "node": "Tanh", "layer": "", "operator": "Tanh", "error": 0.1},
     "It begins at the step Tanh (Tanh), outside all layers"),
    ({"kind": "run", "node": "Reshape", "layer": "", "operator": "Reshape", "error": None},
     "The graph stops at the step Reshape (Reshape)"),
    ({"kind": "rewriting", "node": "", "layer": "", "operator": "", "error": 0.05}, "differs from the authors’ own"),
    ({"kind": "unknown", "node": "", "layer": "", "operator": "", "error": None}, "Step by step both agree")])
def test_a_failure_says_what_is_wrong_and_where_it_begins(place, sentence):
    parity = judge(figures(part(fp32=0.3)), source=SOURCE, divergence={"part": "decoder", **place})
    _, text = read(parity.to_html())
    assert "Not passed" in text
    assert "The converted model does not give the same answers." in text
    assert "“image” is off by 0.3 of its range" in text
    assert sentence in text


def test_a_smaller_precision_that_fails_says_why_and_after_which_step():
    from export.proof.figures import Divergence

    made = msgspec.structs.replace(part(fp32=0.0, fp16=0.5), divergences={
        "fp16": Divergence("up.2/Exp", "up.2", "Exp", 0.4)})
    parity = judge(figures(made), source=SOURCE)
    _, text = read(parity.to_html())
    assert "The converted model gives the same answers." in text
    assert "half of the error is there after the step up.2/Exp" in text
    assert parity.report["precision"]["fp16"]["parts"]["decoder"]["divergence"]["node"] == "up.2/Exp"


def test_names_from_a_file_are_only_text():
    evil = '<script>alert(1)</script>"\'&'
    hostile = {**SOURCE, "name": evil, "title": evil, "reasons": [evil, evil], "guesses": [evil], "kind": evil}
    parity = judge(figures(part(evil, fp32=1.0)), source=hostile, notes=(evil,),
                   divergence={"part": evil, "kind": "value", "node": evil, "layer": evil, "operator": evil,
                               "error": 1.0})
    outline, text = read(parity.to_html())
    assert "script" not in outline.tags
    assert "alert(1)" in text


def test_a_report_without_any_figure_still_reads():
    nothing = msgspec.structs.replace(part(fp32=0.0), outcomes={"fp32": {}})
    _, text = read(judge(figures(nothing), source={}).to_html())
    assert "It ran on no device." in text


def test_bars_are_longer_for_larger_errors_and_red_beyond_what_is_allowed():
    chart = error_chart([Bar("a", 1e-7, 1e-4), Bar("b", 1e-3, 1e-4), Bar("c", float("nan"), 1e-4)], "errors")
    widths = [float(width) for width in re.findall(r'<rect[^>]*width="([\d.]+)"', chart)]
    assert widths[0] < widths[1] < widths[2]
    assert re.findall(r'<rect class="(\w+)"', chart) == ["good", "bad", "bad"]


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (0.0123, "0.012"), (3.14e-6, "3.1 × 10⁻⁶"), (1e-4, "10⁻⁴"), (250.0, "250"), (12345678.0, "1.2 × 10⁷"),
    (None, "–"), (float("nan"), "–")])
def test_numbers_are_written_for_people(value, text):
    assert words.number(value) == text


def test_every_sentence_is_used_and_every_key_exists():
    room = Path(words.__file__).parent
    texts = [node.value for path in room.glob("*.py") if path.name != "words.py"
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    own = [node.value for node in ast.walk(ast.parse((room / "words.py").read_text(encoding="utf-8")))
           if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    built = ("column_", "place_", "seal_", "same_", "other_")     # put together from pieces
    for key in words.ENGLISH:
        assert key in texts or key.startswith(built) or own.count(key) > 1 or key in ("pass", "fail"), key


def test_the_device_of_the_figures_is_named(pictured):
    assert judge(pictured, source=SOURCE).report["precision"]["fp32"]["provider"] == CPU
