"""Foreign language models: folders as optimum, Transformers.js and onnxruntime-genai write them, packed and run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.blocking import BlockingEngine
from engine.client import EngineClient
from engine.converting.client import Conversion
from engine.converting.messages import Converted, ConvertRequest, Event, Failed, Inspected
from engine.errors import PackageError
from engine.options import EngineOptions
from engine.packages.describe import describe
from engine.packages.foreign_text import text_folder_of
from tests.fakes.words import LETTERS, continued, exported, grouped

PLAIN = {"temperature": 0.0, "count": 1.0, "mode": "free", "length": 12.0}


def ended(conversion: Conversion, events: list[Event]) -> Event:
    assert conversion.join(60)
    return events[-1]


def inspected(path: Path) -> Any:
    events: list[Event] = []
    conversion = Conversion()
    conversion.inspect(path, events.append)
    event = ended(conversion, events)
    assert isinstance(event, Inspected), event
    return event.inspection


def converted(path: Path, out: Path) -> Event:
    events: list[Event] = []
    conversion = Conversion()
    conversion.start(ConvertRequest(str(path), str(out), license="unknown"), events.append)
    return ended(conversion, events)


def written(folder: Path, prompt: str = "abc", **values: Any) -> str:
    with BlockingEngine(EngineClient(EngineOptions(provider="cpu"))) as engine:
        info = engine.open(str(folder))
        recipe = info.default_recipe().with_values({**PLAIN, "prompt": prompt, **values})
        return engine.render(recipe).texts[0]


def test_an_optimum_folder_is_recognised_packed_and_writes_what_it_should(tmp_path: Path):
    folder = exported(tmp_path / "my_poet", config={"eos_token_id": 3, "bos_token_id": 999})
    seen = inspected(folder)
    assert (seen.family, seen.needs_torch, seen.name_hint, seen.sizes) == (
        "text", False, "My poet", {"vocabulary": len(LETTERS), "context": 40})
    assert seen.title == "gpt2 language model with a cache, 28 tokens"
    event = converted(folder, tmp_path / "p")
    assert isinstance(event, Converted), event
    assert (event.family, event.runs, event.notes) == ("text", True, ())
    assert sorted(one.name for one in (tmp_path / "p").iterdir()) == ["manifest.json", "step.onnx", "tokenizer.json"]
    wanted = continued("abz", 12)
    end = wanted.find(LETTERS[3], 3)
    assert written(tmp_path / "p", "abz") == wanted[:end if end > 0 else None].strip()


NAMES = {"input_ids": "tokens", "attention_mask": "seen", "position_ids": "places", "logits": "scores",
         "past_key": "past.0.k", "past_value": "past.0.v", "present_key": "now.0.k", "present_value": "now.0.v"}
GENAI = {"search": {"temperature": 0.6, "top_k": 5000, "top_p": 0.9, "do_sample": True},
         "model": {"type": "phi", "context_length": 30, "vocab_size": len(LETTERS), "eos_token_id": [26, 5000],
                   "decoder": {"filename": "phi.onnx", "inputs": {
                       "input_ids": "tokens", "attention_mask": "seen", "position_ids": "places",
                       "past_key_names": "past.%d.k", "past_value_names": "past.%d.v"},
                       "outputs": {"logits": "scores", "present_key_names": "now.%d.k",
                                   "present_value_names": "now.%d.v"}}}}


def genai(folder: Path) -> Path:
    exported(folder, "phi.onnx", names=NAMES)
    (folder / "config.json").unlink()
    (folder / "genai_config.json").write_text(json.dumps(GENAI), encoding="utf-8")
    return folder


def merged(folder: Path) -> Path:
    exported(folder)
    (folder / "model.onnx").unlink()
    (folder / "onnx").mkdir()
    return exported(folder / "onnx", "decoder_model_merged.onnx", branch=True, tokenizer=False).parent


def pair(folder: Path) -> Path:
    exported(folder, "decoder_model.onnx", cache=False)
    return exported(folder, "decoder_with_past_model.onnx")


def forgetful(folder: Path) -> Path:
    return exported(folder, cache=False)


@pytest.mark.parametrize(("make", "note"), [(genai, ""), (merged, ""), (pair, ""), (forgetful, "no cache")])
def test_every_layout_writes_the_same(tmp_path: Path, make: Any, note: str):
    """Names of their own in genai_config.json; one merged graph in a subfolder; two graphs; no cache at all."""
    event = converted(make(tmp_path / "folder"), tmp_path / "p")
    assert isinstance(event, Converted), event
    assert [note in text for text in event.notes] == [True] * bool(note)
    assert written(tmp_path / "p") == continued("abc", 12).strip()


def test_the_authors_taste_is_the_default_where_it_can_be_set(tmp_path: Path):
    converted(genai(tmp_path / "f"), tmp_path / "p")
    controls = {control.name: control.default for control in describe(tmp_path / "p").controls}
    assert [controls[name] for name in ("temperature", "top_k", "top_p")] == [0.6, 0.0, 0.9]


def test_cards_and_beams_of_a_graph_without_a_cache(tmp_path: Path):
    """Rows are kept and reordered by hand there."""
    converted(forgetful(tmp_path / "f"), tmp_path / "without")
    converted(exported(tmp_path / "g"), tmp_path / "with")
    for values in ({"sampler": "beams", "beams": 4.0, "count": 4.0}, {"temperature": 1.2, "count": 5.0, "seed": 4}):
        first, second = (written(tmp_path / name, **values) for name in ("with", "without"))
        assert first == second


def test_a_single_file_brings_the_settings_beside_it(tmp_path: Path):
    folder = exported(tmp_path / "f")
    assert inspected(folder / "model.onnx").family == "text"


def test_a_graph_that_does_not_run_is_passed_over_for_one_that_does(tmp_path: Path):
    folder = exported(tmp_path / "f", "model_q4.onnx")
    exported(folder, "model.onnx", operator="NobodyHasThis")
    event = converted(folder, tmp_path / "p")
    assert isinstance(event, Converted), event
    assert event.notes == ("model.onnx does not run here, so model_q4.onnx is taken.",)


def test_operators_of_another_device_are_named(tmp_path: Path):
    event = converted(exported(tmp_path / "f", operator="SparseAttention"), tmp_path / "p")
    assert isinstance(event, Failed)
    assert "uses SparseAttention, which ONNX Runtime cannot run" in event.problem.what
    assert not (tmp_path / "p").exists()


def test_a_model_without_a_tokenizer_writes_numbers_and_says_so(tmp_path: Path):
    event = converted(exported(tmp_path / "f", tokenizer=False), tmp_path / "p")
    assert isinstance(event, Converted), event
    assert "shown as numbers" in event.notes[0]
    wanted = [str(LETTERS.index(letter)) for letter in continued("abc", 2)]
    assert written(tmp_path / "p", "1 2 3", length=2.0) == " ".join(wanted)


@pytest.mark.parametrize(("change", "reason"), [
    ({"config": {"is_encoder_decoder": True}}, "rewrites texts"),
    ({"names": {"position_ids": "token_type_ids"}}, "asks for “token_type_ids”"),
    ({"names": {"present_key": "elsewhere"}}, "asks for “past_key_values.0.key”")])
def test_what_cannot_continue_texts_is_refused_with_the_reason(tmp_path: Path, change: dict[str, Any], reason: str):
    with pytest.raises(PackageError, match=reason):
        text_folder_of(exported(tmp_path / "f", **change))


def test_a_folder_of_other_graphs_is_none_of_ours(tmp_path: Path):
    assert text_folder_of(tmp_path) is None
    exported(tmp_path / "f", names={"logits": "last_hidden_state"})
    assert text_folder_of(tmp_path / "f") is None


def attended(text: str, count: int) -> str:
    """What `grouped` writes, with attention worked out in numpy over the whole text each time."""
    dice = np.random.RandomState(12)
    size, width = len(LETTERS), 16
    table, head = dice.randn(size, width), dice.randn(width, size) * 2
    query, key, value = (dice.randn(width, width) / 2 for _ in range(3))
    ids = [LETTERS.index(letter) for letter in text]
    for _ in range(count):
        x = table[ids]
        parts = []
        for half in (slice(0, 8), slice(8, 16)):
            scores = (x[-1] @ query)[half] @ (x @ key)[:, half].T / np.sqrt(8)
            weights = np.exp(scores - scores.max())
            parts.append(weights / weights.sum() @ (x @ value)[:, half])
        ids.append(int(((x[-1] + np.concatenate(parts)) @ head).argmax()))
    return "".join(LETTERS[token] for token in ids)


def test_a_fused_attention_that_the_processor_has_runs(tmp_path: Path):
    event = converted(grouped(tmp_path / "llama"), tmp_path / "p")
    assert isinstance(event, Converted), event
    wanted = attended("abc", 12)
    end = wanted.find("\n")
    assert written(tmp_path / "p") == (wanted if end < 0 else wanted[:end]).strip()
    assert len(wanted if end < 0 else wanted[:end]) > 5
