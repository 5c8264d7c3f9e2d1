"""The other side of the text proofs, with torch: `python -m tests.fakes.text_peer FOLDER`.

Builds a tiny GPT-2 and a tiny GRU with random weights, lets Transformers write with each (`FOLDER/gpt2/answers.json`),
and converts it (`FOLDER/gpt2/package`). The GRU is wrapped so that Transformers' own `generate` writes with it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    GenerationMixin,
    GPT2Config,
    GPT2LMHeadModel,
    LogitsProcessorList,
    PretrainedConfig,
    PreTrainedModel,
)
from transformers.generation import (
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)
from transformers.modeling_outputs import CausalLMOutput

from engine.converting.messages import ConvertRequest
from export.adapters.registry import by_name, recognised
from export.checkpoint.open import open_source
from export.pack import Graphs, pack, words_of
from export.trace import trace
from tests.fakes.words import LETTERS, letter_tokenizer

PROMPTS = ("lantern", "a", "over the hill")
LENGTH = 18
END = LETTERS.index("\n")
WRITTEN: dict[str, dict[str, Any]] = {
    "greedy": {}, "greedy, careful": {"repetition_penalty": 1.4},
    "beams": {"num_beams": 4, "num_return_sequences": 4},
    "beams, short": {"num_beams": 5, "num_return_sequences": 3, "length_penalty": -0.5},
    "beams, long": {"num_beams": 3, "num_return_sequences": 2, "length_penalty": 2.0, "repetition_penalty": 1.2},
    "one beam more": {"num_beams": 2, "num_return_sequences": 1, "length_penalty": 0.0}}
SAMPLED: tuple[dict[str, float], ...] = (
    {"temperature": 1.0}, {"temperature": 0.7, "top_k": 5}, {"temperature": 1.6, "top_p": 0.8},
    {"temperature": 0.9, "top_k": 12, "top_p": 0.6, "repetition": 1.3}, {"temperature": 1.0, "top_p": 0.05})


class Small(nn.Module):
    """A recurrent language model in the layout of pytorch/examples."""

    def __init__(self, hidden: int = 24) -> None:
        super().__init__()
        self.encoder = nn.Embedding(len(LETTERS), hidden)
        self.rnn = nn.GRU(hidden, hidden, 2)
        self.decoder = nn.Linear(hidden, len(LETTERS))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.decoder(self.rnn(self.encoder(tokens).transpose(0, 1))[0].transpose(0, 1))


class Reading(PreTrainedModel, GenerationMixin):
    """The recurrent model as Transformers wants one: everything is read anew for each token."""

    config_class = PretrainedConfig
    main_input_name = "input_ids"

    def __init__(self, inner: nn.Module) -> None:
        super().__init__(PretrainedConfig(vocab_size=len(LETTERS), eos_token_id=END, num_hidden_layers=1))
        self.inner = inner

    def forward(self, input_ids: Tensor, **_: Any) -> CausalLMOutput:
        return CausalLMOutput(logits=self.inner(input_ids))

    def prepare_inputs_for_generation(self, input_ids: Tensor, **_: Any) -> dict[str, Tensor]:
        return {"input_ids": input_ids}


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    for kind, build in (("gpt2", _gpt2), ("gru", _gru)):
        torch.manual_seed(3)
        _answered(folder / kind, build)


def _answered(folder: Path, build: Callable[[Path], tuple[Path, Any]]) -> None:
    """Weights, answers and package of one model."""
    folder.mkdir()
    source, model = build(folder)
    answers = {"written": {name: [_texts(model, prompt, options) for prompt in PROMPTS]
                           for name, options in WRITTEN.items()},
               "chances": [[_chances(model, prompt, options).tolist() for prompt in PROMPTS] for options in SAMPLED]}
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    _convert(source, folder)


def _gpt2(home: Path) -> tuple[Path, Any]:
    folder = home / "weights"
    config = GPT2Config(vocab_size=len(LETTERS), n_positions=40, n_embd=24, n_layer=2, n_head=3, bos_token_id=END,
                        eos_token_id=END, attn_implementation="eager")
    model = GPT2LMHeadModel(config).eval().requires_grad_(requires_grad=False)
    for name, parameter in model.named_parameters():
        parameter.normal_(0.0, 0.6 if "wpe" in name else 0.25)
    last = model.transformer.ln_f.bias
    model.transformer.wte.weight[END] = 0.36 * last / last.norm()    # some texts should end before they must
    model.save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes(letter_tokenizer())
    return folder, model


def _gru(home: Path) -> tuple[Path, Any]:
    path = home / "gru.pt"
    inner = Small().eval().requires_grad_(requires_grad=False)
    for parameter in inner.parameters():
        parameter.normal_(0.0, 0.7)
    inner.decoder.bias[END] += 4.5
    torch.save({"state_dict": inner.state_dict(), "chars": "".join(LETTERS)}, path)
    return path, Reading(inner)


def _ids(prompt: str) -> Tensor:
    return torch.tensor([[LETTERS.index(letter) for letter in prompt]])


def _texts(model: Any, prompt: str, options: dict[str, Any]) -> list[str]:
    """What `generate` writes, up to the token that ends a text."""
    ids = _ids(prompt)
    more = {"attention_mask": torch.ones_like(ids)} if isinstance(model, GPT2LMHeadModel) else {"use_cache": False}
    rows = model.generate(ids, do_sample=False, max_new_tokens=LENGTH, pad_token_id=END, eos_token_id=END, **options,
                          **more)
    return ["".join(LETTERS[token] for token in row.tolist()).split("\n")[0] for row in rows]


def _chances(model: Any, prompt: str, options: dict[str, float]) -> Tensor:
    """What the next token is drawn from, by Transformers' own processors in its own order."""
    steps = LogitsProcessorList()
    if "repetition" in options:
        steps.append(RepetitionPenaltyLogitsProcessor(options["repetition"]))
    steps.append(TemperatureLogitsWarper(options["temperature"]))
    if "top_k" in options:
        steps.append(TopKLogitsWarper(int(options["top_k"])))
    if "top_p" in options:
        steps.append(TopPLogitsWarper(options["top_p"]))
    return torch.softmax(steps(_ids(prompt), model(_ids(prompt)).logits[:, -1]), dim=-1)[0]


def _convert(path: Path, folder: Path) -> None:
    """As the export child does, without the proof: that has tests of its own."""
    source = open_source(path)
    detection = recognised(source)
    built = by_name(detection.adapter).build(source, detection)
    graphs = folder / "graphs"
    graphs.mkdir()
    traced = trace(built.parts[0], graphs)
    request = ConvertRequest(str(path), license="CC0-1.0")
    pack(folder / "package", built, detection, Graphs({"step": traced.graph}, {"step": graphs}),
         words_of(request, detection, path.stem, {}, "fp32"), preview=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
