"""What a bare graph tells, what is asked, and the package that comes of the answers; nothing is run here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import pytest

from engine.errors import PackageError
from engine.packages.foreign import Output, plan_of, questions_of
from engine.packages.foreign_make import Label, make_package
from engine.packages.onnxfile import looks_like_onnx, survey
from engine.packages.verify import verify
from tests.fakes import foreign

LABEL = Label("pots", "Pots", "Foreign.", "unknown", "")


def asked(path: Path, seen: dict[str, Output] | None = None) -> dict[str, Any]:
    graph = survey(path)
    plan = plan_of(graph, {}, seen)
    return {question.name: question for question in questions_of(graph, plan, seen or {})}


def test_a_survey_reads_ports_weights_and_operators(tmp_path: Path):
    graph = survey(foreign.labelled(tmp_path / "m.onnx"))
    assert [(port.name, port.dtype, port.shape) for port in graph.inputs] == [
        ("noise", "float32", (1, 4)), ("label", "int64", (1,)), ("truncation", "float32", ())]
    assert graph.weights["table"].shape == (5, 64)
    assert graph.operators["MatMul"] == 1
    assert graph.producer == "elsewhere"
    assert graph.bytes == (tmp_path / "m.onnx").stat().st_size


def test_the_first_bytes_of_an_onnx_file_are_known(tmp_path: Path):
    assert looks_like_onnx(foreign.gan(tmp_path / "m.onnx").read_bytes()[:8])
    for other in (b"", b"\x80\x02}q", b"PK\x03\x04", b"\x08", b'{"a": 1}', (60).to_bytes(8, "little")):
        assert not looks_like_onnx(other)


def test_a_dcgan_leaves_little_open(tmp_path: Path):
    questions = asked(foreign.gan(tmp_path / "m.onnx"))
    assert list(questions) == ["range", "variety"]
    assert questions["range"].guess == "-1..1"
    assert "Tanh" in questions["range"].why


@pytest.mark.parametrize(("end", "guess"), [("Tanh", "-1..1"), ("Sigmoid", "0..1"), ("Identity", "-1..1")])
def test_the_range_is_guessed_from_the_last_layer(tmp_path: Path, end: str, guess: str):
    assert asked(foreign.gan(tmp_path / "m.onnx", end=end))["range"].guess == guess


@pytest.mark.parametrize(("low", "high", "guess"), [(-0.01, 0.97, "0..1"), (-0.9, 1.1, "-1..1"), (0, 251, "0..255")])
def test_the_range_is_guessed_from_trial_runs(tmp_path: Path, low: float, high: float, guess: str):
    seen = {"picture": Output((1, 3, 8, 8), "float32", low, high)}
    assert asked(foreign.gan(tmp_path / "m.onnx", end="Identity"), seen)["range"].guess == guess


def test_labels_and_loose_inputs_are_asked_about(tmp_path: Path):
    questions = asked(foreign.labelled(tmp_path / "m.onnx"))
    assert {name: question.guess for name, question in questions.items()} == {
        "latent": "noise", "condition": "label", "classes": "5", "range": "0..1", "variety": "1",
        "fixed:truncation": "0.7"}


def test_of_two_pictures_the_larger_is_guessed_and_the_other_can_be_chosen(tmp_path: Path):
    path = foreign.two_pictures(tmp_path / "m.onnx")
    question = asked(path)["picture"]
    assert question.guess == "picture"
    assert [option.value for option in question.options] == ["mask", "picture"]
    assert plan_of(survey(path), {"picture": "mask"}).picture.name == "mask"


@pytest.mark.parametrize("answers", [
    {"latent": "nothing"}, {"picture": "z"}, {"range": "0..2"}, {"layout": "CHWN"}, {"variety": "wild"},
    {"variety": "nan"}, {"variety": "0"}, {"condition": "z"},
])
def test_a_wrong_answer_is_refused_by_name(tmp_path: Path, answers: dict[str, str]):
    with pytest.raises(PackageError, match="is no answer to"):
        plan_of(survey(foreign.gan(tmp_path / "m.onnx")), answers)


def test_what_draws_nothing_is_refused(tmp_path: Path):
    with pytest.raises(PackageError, match="none of its outputs is a picture"):
        plan_of(survey(foreign.classifier(tmp_path / "m.onnx")), {})
    with pytest.raises(PackageError, match="exactly 16 at once"):
        plan_of(survey(foreign.gan(tmp_path / "b.onnx", batch=16)), {})
    (tmp_path / "c.onnx").write_bytes(b"\x08\x08\x3a\xff\xff\xff\x7f")
    with pytest.raises(PackageError, match="not a whole ONNX file"):
        survey(tmp_path / "c.onnx")


@pytest.mark.parametrize("build", [
    foreign.gan, lambda path: foreign.gan(path, rank=2), lambda path: foreign.gan(path, batch=1),
    lambda path: foreign.gan(path, layout="NHWC"), foreign.labelled, lambda path: foreign.labelled(path, kind="int32"),
    lambda path: foreign.labelled(path, kind="float32"), foreign.two_pictures,
], ids=["rank 4", "rank 2", "batch 1", "NHWC", "label", "label int32", "one-hot", "two outputs"])
def test_the_package_is_sound_and_its_graph_passes_the_checker(tmp_path: Path, build: Any):
    graph = survey(build(tmp_path / "m.onnx"))
    make_package(graph, plan_of(graph, {}), {}, LABEL, tmp_path / "p")
    manifest = verify(tmp_path / "p")
    assert manifest.latent is not None
    onnx.checker.check_model(str(tmp_path / "p" / "decoder.onnx"), full_check=True)
    made = survey(tmp_path / "p" / "decoder.onnx")
    assert {port.name for port in made.inputs} == {port.name for port in manifest.graphs["decoder"].inputs.values()}


def test_a_graph_that_fits_is_taken_byte_for_byte(tmp_path: Path):
    path = foreign.gan(tmp_path / "m.onnx", rank=2)
    graph = survey(path)
    make_package(graph, plan_of(graph, {}), {}, LABEL, tmp_path / "p")
    assert (tmp_path / "p" / "decoder.onnx").read_bytes() == path.read_bytes()


def test_weights_beside_the_graph_come_along_under_plain_names(tmp_path: Path):
    path = foreign.gan(tmp_path / "m.onnx", save_as_external_data=True, location="all weights.bin", size_threshold=0)
    graph = survey(path)
    assert graph.places == ("all weights.bin",)
    make_package(graph, plan_of(graph, {}), {}, LABEL, tmp_path / "p")
    assert sorted(file.name for file in (tmp_path / "p").iterdir()) == ["decoder.onnx", "decoder.onnx.data",
                                                                       "manifest.json"]
    assert list(verify(tmp_path / "p").graphs["decoder"].external) == ["decoder.onnx.data"]


@pytest.mark.parametrize("place", ["../secret", "/etc/passwd", "gone.bin", "link.bin"])
def test_weights_elsewhere_are_refused(tmp_path: Path, place: str):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"x" * 4000)
    (folder / "link.bin").symlink_to(tmp_path / "secret")
    model = onnx.load(foreign.gan(folder / "m.onnx"))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    (folder / "m.onnx").write_bytes(model.SerializeToString())
    graph = survey(folder / "m.onnx")
    with pytest.raises(PackageError, match="not a plain file beside it"):
        make_package(graph, plan_of(graph, {}), {}, LABEL, tmp_path / "p")
