"""A foreign graph on its whole way, through the probe and the engine: looked at, asked about, packed, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from engine.converting import sheet, trial
from engine.converting.client import Conversion
from engine.converting.foreign import local_kind
from engine.converting.messages import Converted, ConvertRequest, Event, Failed, Inspected, Inspection
from engine.errors import ModelError
from engine.packages.foreign import plan_of
from engine.packages.onnxfile import survey
from engine.packages.verify import verify
from tests.fakes import foreign, graphs


def ended(conversion: Conversion, events: Sequence[Event]) -> Event:
    assert conversion.join(60)
    return events[-1]


def inspected(path: Path) -> Inspection:
    events: list[Event] = []
    conversion = Conversion()
    conversion.inspect(path, events.append)
    event = ended(conversion, events)
    assert isinstance(event, Inspected), event
    return event.inspection


def converted(path: Path, out: Path, **changes: object) -> Event:
    events: list[Event] = []
    conversion = Conversion()
    conversion.start(ConvertRequest(str(path), str(out), license="unknown", **changes),  # type: ignore[arg-type]
                     events.append)
    return ended(conversion, events)


def test_a_gan_whose_range_only_a_run_can_tell(tmp_path: Path):
    path = foreign.gan(tmp_path / "old_pots.onnx", end="Sigmoid", stated=False)
    model = onnx.load(path)
    model.graph.node[2].op_type = "Softsign"  # -1 .. 1, but no operator that tells
    path.write_bytes(model.SerializeToString())
    seen = inspected(path)
    assert (seen.kind, seen.family, seen.needs_torch, seen.name_hint) == ("onnx", "decoder", False, "Old pots")
    assert "6 latent numbers to a picture of 3 × 8 × 8" in seen.title
    question = next(one for one in seen.questions if one.name == "range")
    assert question.guess == "-1..1"
    assert "trial runs" in question.why
    event = converted(path, tmp_path / "pots")
    assert isinstance(event, Converted), event
    assert (event.id, event.runs, event.report_html) == ("old-pots", True, "")
    assert sorted(one.name for one in (tmp_path / "pots").iterdir()) == ["decoder.onnx", "manifest.json", "preview.png"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["old_pots.onnx", "pots"]


def test_a_labelled_graph_draws_what_it_drew_before(tmp_path: Path):
    path = foreign.labelled(tmp_path / "m.onnx", kind="float32")
    event = converted(path, tmp_path / "p", answers={"fixed:truncation": "0.5"})
    assert isinstance(event, Converted), event
    drawn = sheet.pictures_of(tmp_path / "p", seeds=(3,))[0].colors()[:, :, 0]
    weights = {one.name: onnx.numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    point = np.random.RandomState(3).randn(4).astype(np.float32)
    wanted = 255 / (1 + np.exp(-(point * 0.5 @ weights["w"] + weights["table"][0])))
    assert np.abs(drawn.reshape(-1) - wanted).max() <= 1


def test_answers_change_the_package_and_wrong_ones_make_none(tmp_path: Path):
    path = foreign.gan(tmp_path / "m.onnx")
    assert isinstance(converted(path, tmp_path / "a", answers={"range": "0..1"}), Converted)
    assert '"range": [\n   0.0,\n   1.0\n  ]' in (tmp_path / "a" / "manifest.json").read_text()
    event = converted(path, tmp_path / "b", answers={"range": "1..2"})
    assert isinstance(event, Failed)
    assert not (tmp_path / "b").exists()
    event = converted(path, tmp_path / "b", precisions=("int8",))
    assert isinstance(event, Failed)
    assert "cannot be made smaller" in event.problem.what


def test_a_graph_that_ends_its_process_is_told_and_the_caller_lives(tmp_path: Path):
    nodes = graphs.color_nodes()
    constants = graphs.color_constants(2)
    graphs.aborting(nodes, constants, at_load=False)
    model = graphs.model(nodes, constants, graphs.COLOR_OUTPUTS, condition="kind")
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    event = converted(tmp_path / "m.onnx", tmp_path / "p")
    assert isinstance(event, Failed)
    assert "SIGFPE" in event.problem.what
    assert not (tmp_path / "p").exists()


def test_a_graph_that_never_ends_is_ended(tmp_path: Path):
    nodes, constants = graphs.color_nodes(), graphs.color_constants(2)
    graphs.delayed(nodes, constants, 2**62)
    model = graphs.model(nodes, constants, graphs.COLOR_OUTPUTS, condition="kind")
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    graph = survey(tmp_path / "m.onnx")
    with pytest.raises(ModelError, match="was ended"):
        trial.tried(tmp_path / "m.onnx", plan_of(graph, {}), seconds=3)


def test_a_picture_that_ignores_its_point_is_warned_of(tmp_path: Path):
    path = foreign.gan(tmp_path / "m.onnx", scale=0.0)
    assert any("the same for every random point" in warning for warning in inspected(path).warnings)


def test_operators_from_elsewhere_and_folders_of_many_graphs_are_refused(tmp_path: Path):
    path = foreign.gan(tmp_path / "m.onnx")
    model = onnx.load(path)
    model.graph.node.append(helper.make_node("Magic", ["z"], ["q"], domain="evil.corp"))
    path.write_bytes(model.SerializeToString())
    event = converted(path, tmp_path / "p")
    assert isinstance(event, Failed)
    assert "evil.corp" in event.problem.what
    folder = tmp_path / "many"
    (folder / "b").mkdir(parents=True)
    foreign.gan(folder / "a.onnx")
    foreign.gan(folder / "b" / "model.onnx")
    event = converted(folder, tmp_path / "p")
    assert isinstance(event, Failed)
    assert "2 graphs" in event.problem.what


def test_a_folder_with_one_graph_is_that_graph(tmp_path: Path):
    folder = tmp_path / "export"
    folder.mkdir()
    foreign.gan(folder / "model.onnx", save_as_external_data=True, location="model.onnx_data", size_threshold=100)
    assert inspected(folder).kind == "onnx-folder"
    event = converted(folder, tmp_path / "p")
    assert isinstance(event, Converted), event
    assert (tmp_path / "p" / "decoder.onnx.data").is_file()


def test_a_pipeline_of_graphs_is_told_and_packed(tmp_path: Path):
    folder = foreign.pipeline(tmp_path / "sd-tiny")
    seen = inspected(folder)
    assert (seen.kind, seen.family, seen.title) == ("onnx-folder", "diffusion", "Stable Diffusion 1.x, 3 ONNX graphs")
    assert [part.role for part in seen.makes] == ["unet", "text_encoder", "vae_decoder"]
    event = converted(folder, tmp_path / "p")
    assert isinstance(event, Converted), event
    assert event.runs
    manifest = verify(tmp_path / "p")
    assert manifest.diffusion is not None
    assert (manifest.diffusion.kind, manifest.diffusion.prediction, manifest.diffusion.side) == ("sd1", "v_prediction",
                                                                                                512)
    assert manifest.diffusion.tokenizers == ("tokenizer.json",)
    assert list(manifest.graphs["unet"].outputs) == ["noise"]
    assert set(manifest.graphs["text_encoder"].outputs) == {"last_hidden_state", "pooled", "penultimate"}
    assert list(manifest.graphs["text_encoder"].external) == ["text_encoder.onnx.data"]
    onnx.checker.check_model(str(tmp_path / "p" / "text_encoder.onnx"))


def test_a_pipeline_of_another_family_is_named(tmp_path: Path):
    event = converted(foreign.pipeline(tmp_path / "x", width=512), tmp_path / "p")
    assert isinstance(event, Failed)
    assert "512" in event.problem.what


def test_weights_beside_their_graphs_are_the_better_source(tmp_path: Path):
    folder = foreign.pipeline(tmp_path / "x")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"")
    assert local_kind(folder) is None
