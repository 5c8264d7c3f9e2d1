"""Recurrent language models: recognised under any names, rebuilt, traced, and run by ONNX Runtime at other lengths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.packages.parts import TextModel
from export.adapters.recurrent import Recurrent
from export.adapters.registry import recognised
from tests.fakes.onnx_aside import worst_error

pytestmark = pytest.mark.torch

LAYOUTS = {
    "WordModel": ((), {"cell": "lstm", "vocabulary": 23, "embedding": 8, "hidden": 12, "layers": 2}),
    "WordModel GRU": (("GRU",), {"cell": "gru", "vocabulary": 23, "embedding": 8, "hidden": 12, "layers": 2}),
    "WordModel tied": (("LSTM", 23, 12, 12, 1), {"cell": "lstm", "embedding": 12, "hidden": 12, "layers": 1}),
    "CharacterModel": ((), {"cell": "gru", "vocabulary": 17, "embedding": 9, "hidden": 9, "layers": 1}),
    "OneHotModel": ((), {"cell": "lstm", "vocabulary": 11, "embedding": 11, "hidden": 8, "layers": 2}),
    "PlainCellModel": ((), {"cell": "rnn", "vocabulary": 13, "embedding": 6, "hidden": 6, "layers": 1}),
}


def network(layout):
    import torch

    from tests.fakes import public_nets as nets

    torch.manual_seed(0)  # the same weights every time
    kind, _, more = layout.partition(" ")
    return nets.lively(getattr(nets, kind)(*LAYOUTS[layout][0], **({"tied": True} if more == "tied" else {})))


def built(layout, **settings):
    from tests.fakes import public_nets as nets

    source = nets.checkpoint(network(layout), **settings)
    detection = recognised(source)
    assert detection.adapter == "recurrent"
    return detection, Recurrent().build(source, detection)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_language_model_is_rebuilt_from_its_weights(layout):
    import torch

    detection, made = built(layout)
    assert {name: detection.sizes[name] for name in LAYOUTS[layout][1]} == LAYOUTS[layout][1]
    part = made.parts[0]
    tokens = torch.randint(0, detection.sizes["vocabulary"], (3, 5))
    states = [torch.randn(detection.sizes["layers"], 3, detection.sizes["hidden"]) for _ in part.inputs[1:]]
    logits, *following = part.module(tokens, *states)
    wanted, state = network(layout)(tokens, tuple(states) if len(states) > 1 else states[0])
    assert torch.allclose(logits, wanted, atol=1e-5)
    for ours, theirs in zip(following, state if len(states) > 1 else (state,), strict=True):
        assert torch.allclose(ours, theirs, atol=1e-5)
    assert len(following) == len(made.manifest["text"]["state"])


@pytest.mark.parametrize("table", [
    {"chars": "\n abcdefghijklmn."}, {"vocab": {"itos": ["\n", *" abcdefghijklmn."]}},
    {"stoi": {text: number for number, text in enumerate("\n abcdefghijklmn.")}},
    {"idx2word": {str(number): text for number, text in enumerate("\n abcdefghijklmn.")}}])
def test_a_vocabulary_beside_the_weights_becomes_a_file(table):
    _, made = built("CharacterModel", epoch=3, name="seventeen letters", **table)
    assert json.loads(made.files["characters.json"]) == ["\n", *" abcdefghijklmn."]
    assert TextModel(**made.manifest["text"]).tokenizer == "characters.json"


def test_words_that_begin_and_end_a_text_are_found():
    words = ["<bos>", "<eos>", *(f"word{number}" for number in range(21))]
    _, made = built("WordModel", vocabulary=words)
    assert (made.manifest["text"]["start"], made.manifest["text"]["stop"]) == (0, [1])


def test_a_missing_vocabulary_is_said():
    _, made = built("CharacterModel", vocabulary=["too", "short"])
    assert not made.files
    assert "tokenizer" not in made.manifest["text"]
    assert any("which text" in note for note in made.notes)


@pytest.mark.parametrize("layout", ["WordModel", "WordModel GRU", "OneHotModel"])
def test_the_graph_runs_at_lengths_it_was_not_traced_at(layout, tmp_path):
    import torch

    from export.trace import trace

    detection, made = built(layout)
    part = made.parts[0]
    traced = trace(part, tmp_path)
    cases = []
    for batch, time in [(1, 1), (3, 7), (1, 19)]:
        tokens = torch.randint(0, detection.sizes["vocabulary"], (batch, time))
        states = [torch.randn(detection.sizes["layers"], batch, detection.sizes["hidden"]) for _ in part.inputs[1:]]
        cases.append([tokens, *states])
    assert worst_error(part, traced.path, cases, tmp_path) < 1e-5


def test_a_translation_model_read_both_ways_is_refused():
    import torch

    from tests.fakes import public_nets as nets

    both = torch.nn.ModuleDict({"encoder": torch.nn.Embedding(9, 4), "rnn": torch.nn.GRU(4, 4, bidirectional=True),
                                "decoder": torch.nn.Linear(8, 9)})
    assert Recurrent().detect(nets.checkpoint(both)) is None


def test_an_lstm_in_half_precision_loads(tmp_path):
    """ONNX Runtime 1.32 died while it loaded an LSTM between half-precision steps."""
    import torch

    from export.precision.request import made, wish
    from export.reference import save_reference
    from export.trace import trace

    _, found = built("WordModel")
    part, graphs = found.parts[0], tmp_path / "graphs"
    graphs.mkdir()
    traced = trace(part, graphs)
    reference = save_reference(part, tmp_path / "answers", count=1)
    answer = made((wish("step", graphs, traced.graph, reference, ("fp32", "fp16")),), tmp_path / "precisions")
    half = Path(answer.folders["step"]["fp16"]) / answer.graphs["step"]["fp16"]["file"]
    case = [torch.randint(0, 23, (2, 3)), torch.randn(2, 2, 12), torch.randn(2, 2, 12)]
    assert worst_error(part, half, [case], tmp_path) < 1e-2
