"""A session keeps to its manifest, stops when asked, and passes on no unusable number."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from engine.cancel import CancelToken
from engine.errors import Cancelled, ModelError
from engine.packages.manifest import load_manifest
from engine.runtime.providers import Options, Runtime
from engine.runtime.session import Session, _finite
from tests import fakes
from tests.fakes import graphs
from tests.fakes.packages import glyph_constants, read_manifest_dict, replace_graph, rewrite_manifest


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    return Runtime(Options("cpu", threads=1))


def opened(folder: Path, runtime: Runtime) -> Session:
    graph = load_manifest(folder).graphs["decoder"]
    return runtime.session(folder / graph.file, graph)


def feeds(count: int = 2) -> dict[str, np.ndarray]:
    return {"latent": np.zeros((count, 8), np.float32), "condition": np.arange(count)}


def test_outputs_come_by_role(tmp_path: Path, runtime: Runtime):
    session = opened(fakes.tiny_glyphs(tmp_path / "p"), runtime)
    outputs = session.run(feeds(3))
    assert outputs["image"].shape == (3, 1, 32, 32)
    assert outputs["advance"].shape == (3,)
    assert session.provider == "CPUExecutionProvider"
    session.close()


def test_invalid_numbers_are_an_error(tmp_path: Path, runtime: Runtime):
    with pytest.raises(ModelError, match="invalid numbers") as caught:
        opened(fakes.nan_output(tmp_path / "p"), runtime).run(feeds())
    assert caught.value.remedy


def test_a_graph_of_another_shape_is_told_when_it_is_loaded(tmp_path: Path, runtime: Runtime):
    with pytest.raises(ModelError, match=r"shape.*16, 64.*32, 32"):
        opened(fakes.wrong_shape(tmp_path / "p"), runtime)


@pytest.mark.parametrize(("place", "value", "words"), [
    (("outputs", "advance", "name"), "width", "no output “width”"), (("inputs", "latent", "name"), "z", "no input “z”"),
    (("inputs", "condition", "dtype"), "int32", "int64"), (("inputs", "latent", "shape"), ["batch", 9], "shape"),
])
def test_ports_unlike_the_manifest_are_named(tmp_path: Path, runtime: Runtime, place: tuple[str, str, str],
                                             value: object, words: str):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    whole = read_manifest_dict(folder)
    whole["graphs"]["decoder"][place[0]][place[1]][place[2]] = value
    rewrite_manifest(folder, whole)
    with pytest.raises(ModelError, match=words):
        opened(folder, runtime)


def test_an_input_that_the_manifest_forgot_is_named(tmp_path: Path, runtime: Runtime):
    folder = fakes.tiny_glyphs(tmp_path / "p")
    whole = read_manifest_dict(folder)
    del whole["graphs"]["decoder"]["inputs"]["condition"]
    rewrite_manifest(folder, whole)
    with pytest.raises(ModelError, match="needs the input “character”"):
        opened(folder, runtime)


def test_a_graph_that_lies_about_its_output_is_caught_when_it_runs(tmp_path: Path, runtime: Runtime):
    nodes, constants = graphs.glyph_nodes(), glyph_constants()
    constants |= {"wrong": np.array([-1, 1, 16, 64], np.int64), "none": np.float32(0)}
    del constants["shape"]
    nodes[:0] = [helper.make_node("ReduceMax", ["latent"], ["most"], keepdims=0),  # hides the shape from the loader
                 helper.make_node("Mul", ["most", "none"], ["nothing"]),
                 helper.make_node("Cast", ["nothing"], ["nothing_whole"], to=TensorProto.INT64),
                 helper.make_node("Add", ["wrong", "nothing_whole"], ["shape"])]
    outputs = [("field", ["batch", 1, "rows", "columns"]), ("advance", ["batch"])]
    model = graphs.model(nodes, constants, outputs, condition="character")
    session = opened(replace_graph(fakes.tiny_glyphs(tmp_path / "p"), model.SerializeToString()), runtime)
    with pytest.raises(ModelError, match=r"16, 64.*instead of.*32, 32"):
        session.run(feeds())


def test_a_wrong_feed_is_a_sentence_without_source_paths(tmp_path: Path, runtime: Runtime):
    session = opened(fakes.tiny_glyphs(tmp_path / "p"), runtime)
    with pytest.raises(ModelError) as caught:
        session.run({"latent": np.zeros((1, 8), np.float32), "condition": np.array([99])})
    assert caught.value.what.isprintable()
    assert caught.value.remedy


@pytest.mark.parametrize("data", [b"<html>", b"\x08\x0a", bytes(50)])
def test_a_file_that_is_no_graph_is_a_sentence(tmp_path: Path, runtime: Runtime, data: bytes):
    with pytest.raises(ModelError, match=r"cannot load “decoder.onnx”"):
        opened(replace_graph(fakes.tiny_glyphs(tmp_path / "p"), data), runtime)


def test_an_endless_run_stops_within_half_a_second_of_the_wish(tmp_path: Path, runtime: Runtime):
    session = opened(fakes.slow(tmp_path / "p"), runtime)
    token = CancelToken()
    threading.Timer(0.1, token.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        session.run(feeds(1), token)
    assert time.monotonic() - started < 0.6


def test_a_cancelled_request_does_not_start(tmp_path: Path, runtime: Runtime):
    session = opened(fakes.slow(tmp_path / "p"), runtime)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        session.run(feeds(1), token)


@pytest.mark.parametrize("build", [fakes.tiny_glyphs, fakes.wrong_shape, fakes.nan_output])
def test_nothing_is_printed(tmp_path: Path, runtime: Runtime, capfd: pytest.CaptureFixture[str],
                            build: Callable[[Path], Path]):
    wrong = {"latent": np.zeros((1, 8), np.float32), "condition": np.array([99])}
    with pytest.raises(ModelError):
        opened(build(tmp_path / "p"), runtime).run(wrong)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("count", [1, 7, 9000])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_unusable_number_among_many_is_found(count: int, bad: float):
    numbers = np.zeros(count, np.float32)
    numbers[count // 2] = bad
    assert not _finite(numbers)


def test_large_numbers_and_no_numbers_are_usable():
    assert _finite(np.full((3, 3), 3e38, np.float32))  # their squares are not
    assert _finite(np.zeros((0, 3), np.float32))
