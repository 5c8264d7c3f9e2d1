"""GPT-2 and nanoGPT: the same numbers as Transformers and as a plain program, with a cache, also from ONNX Runtime."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CheckpointError
from engine.packages.parts import TextModel
from export.adapters.gpt import Gpt
from export.adapters.registry import adjusted, recognised
from export.checkpoint.source import ModelFolder

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def gpt2():
    """A tiny GPT-2 of Transformers with eager attention, its weights far from their small initial values."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(vocab_size=31, n_positions=24, n_embd=12, n_layer=2, n_head=3, attn_implementation="eager",
                        bos_token_id=30, eos_token_id=30)
    model = GPT2LMHeadModel(config).eval().requires_grad_(requires_grad=False)
    for parameter in model.parameters():
        parameter.normal_(0.0, 0.3)
    return model


def folder(model, files=None, **changes):
    """As the folder reader would hand it over."""
    from tests.fakes import public_nets as nets

    config = {**model.config.to_dict(), **changes}
    weights = nets.checkpoint(model, "model.safetensors")
    return ModelFolder(Path("gpt2"), "transformers", config, {"": config}, {"": weights}, files or {}, "sha256:0", 1)


def stepped(module, sizes, tokens, pieces):
    """The logits of `tokens` read in pieces through the cache, which begins empty."""
    import torch

    batch, head = tokens.shape[0], sizes["width"] // sizes["heads"]
    cache = [torch.zeros(batch, sizes["heads"], 0, head) for _ in range(2 * sizes["layers"])]
    found = []
    for piece in tokens.split(pieces, dim=1):
        logits, *cache = module(piece, *cache)
        found.append(logits)
    return torch.cat(found, dim=1)


@pytest.mark.parametrize("stored", ["with transformer.", "bare"])
def test_transformers_weights_give_transformers_logits(gpt2, stored):
    import torch

    from tests.fakes import public_nets as nets

    state = gpt2.state_dict()
    if stored == "bare":  # as the weights of the first release are named, head left out
        state = {name.removeprefix("transformer."): value for name, value in state.items() if name != "lm_head.weight"}
        source = nets.checkpoint(state)
        detection = adjusted(recognised(source), {"heads": 3})
    else:
        source = folder(gpt2)
        detection = recognised(source)
    assert (detection.adapter, detection.family, detection.sizes["heads"]) == ("gpt", "text", 3)
    module = Gpt().build(source, detection).parts[0].module
    tokens = torch.randint(0, 31, (2, 17))
    wanted = gpt2(tokens).logits
    assert torch.allclose(stepped(module, detection.sizes, tokens, [17]), wanted, atol=1e-4)
    assert torch.allclose(stepped(module, detection.sizes, tokens, [5, 1, 1, 10]), wanted, atol=1e-4)


@pytest.mark.parametrize("change", [{"scale_attn_by_inverse_layer_idx": True}, {"activation_function": "relu"},
                                    {"layer_norm_epsilon": 0.05}, {"n_inner": 20}, {"tie_word_embeddings": False}])
def test_settings_of_the_configuration_count(change):
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(**{"vocab_size": 19, "n_positions": 12, "n_embd": 8, "n_layer": 2, "n_head": 2,
                           "attn_implementation": "eager", "bos_token_id": 0, "eos_token_id": 0, **change})
    model = GPT2LMHeadModel(config).eval().requires_grad_(requires_grad=False)
    for parameter in model.parameters():
        parameter.normal_(0.0, 0.4)
    source = folder(model)
    detection = recognised(source)
    tokens = torch.randint(0, 19, (1, 9))
    module = Gpt().build(source, detection).parts[0].module
    assert torch.allclose(stepped(module, detection.sizes, tokens, [4, 5]), model(tokens).logits, atol=1e-4)


@pytest.mark.parametrize("bias", [False, True])
def test_nanogpt_gives_its_own_logits(bias):
    import torch

    from tests.fakes import public_nets as nets

    torch.manual_seed(0)
    theirs = nets.lively(nets.NanoGpt(bias=bias))
    source = nets.checkpoint(theirs, "ckpt.pt", iter_num=5, model_args={"n_head": 2, "n_layer": 2, "bias": bias})
    detection = recognised(source)
    assert detection.sizes["activation"] == "gelu"
    built = Gpt().build(source, detection)
    tokens = torch.randint(0, 29, (2, 20))
    assert torch.allclose(stepped(built.parts[0].module, detection.sizes, tokens, [7, 13]), theirs(tokens), atol=1e-4)


def test_tokens_that_only_pad_the_table_are_left_out():
    import torch

    from tests.fakes import public_nets as nets

    theirs = nets.NanoGpt(tokens=50304, width=8, layers=1)
    source = nets.checkpoint(theirs, model_args={"n_head": 2})
    detection = recognised(source)
    built = Gpt().build(source, detection)
    logits = stepped(built.parts[0].module, detection.sizes, torch.tensor([[50256, 3]]), [2])
    assert logits.shape == (1, 2, 50257)
    assert torch.allclose(logits, theirs(torch.tensor([[50256, 3]]))[..., :50257], atol=1e-5)
    assert any("47 tokens" in note for note in built.notes)


def greedy(model, tokens, count):
    """Transformers' own continuation, the likeliest token each time, through its own cache."""
    import torch

    cache, piece = None, tokens
    for _ in range(count):
        answer = model(piece, past_key_values=cache, use_cache=True)
        cache, piece = answer.past_key_values, answer.logits[:, -1:].argmax(-1)
        tokens = torch.cat((tokens, piece), dim=1)
    return tokens


def test_the_graph_continues_a_text_as_transformers_does(gpt2, tmp_path):
    import torch

    from export.trace import trace

    source = folder(gpt2)
    detection = recognised(source)
    part = Gpt().build(source, detection).parts[0]
    traced = trace(part, tmp_path)
    prompt = torch.tensor([[3, 14, 15, 9, 2]])
    wanted = greedy(gpt2, prompt, 12)
    two = torch.randint(0, 31, (2, 11))
    np.savez(tmp_path / "cases.npz", prompt=prompt.numpy(), two=two.numpy(), logits=gpt2(two).logits.numpy())
    program = textwrap.dedent("""
        import sys, json, numpy, onnxruntime
        session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
        data = numpy.load(sys.argv[2])
        names = [port.name for port in session.get_inputs()][1:]
        heads, head = session.get_inputs()[1].shape[1::2]

        def run(tokens, cache):
            logits, *cache = session.run(None, {"tokens": tokens, **dict(zip(names, cache))})
            return logits, cache

        text, cache = data["prompt"], [numpy.zeros((1, heads, 0, head), numpy.float32) for _ in names]
        piece = text
        for _ in range(12):
            logits, cache = run(piece, cache)
            piece = logits[:, -1:].argmax(-1)
            text = numpy.concatenate((text, piece), axis=1)
        cache = [numpy.zeros((2, heads, 0, head), numpy.float32) for _ in names]
        first, cache = run(data["two"][:, :4], cache)
        second, cache = run(data["two"][:, 4:], cache)
        error = numpy.abs(numpy.concatenate((first, second), axis=1) - data["logits"]).max()
        print(json.dumps({"text": text.tolist(), "error": float(error)}))
    """)
    answer = subprocess.run([sys.executable, "-c", program, str(traced.path), str(tmp_path / "cases.npz")],
                            capture_output=True, text=True, check=False)
    assert not answer.returncode, answer.stderr
    found = json.loads(answer.stdout)
    assert found["text"] == wanted.tolist()
    assert found["error"] < 1e-4
    text = TextModel(**Gpt().build(source, detection).manifest["text"])
    assert list(text.state) == [slot.role for slot in part.inputs[1:]]
    assert (text.start, list(text.stop)) == (30, [30])


def test_the_tokenizer_comes_with_the_folder(gpt2, tmp_path):
    from tokenizers import Tokenizer

    letters = {letter: number for number, letter in enumerate(["a", "b", "Ġ", "ab", "Ġab", "<|endoftext|>"])}
    (tmp_path / "vocab.json").write_text(json.dumps(letters), encoding="utf-8")
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b\nĠ ab\n", encoding="utf-8")
    source = folder(gpt2, {name: tmp_path / name for name in ("vocab.json", "merges.txt")})
    built = Gpt().build(source, recognised(source))
    made = Tokenizer.from_str(built.files["tokenizer.json"].decode())
    assert made.encode("abb ab<|endoftext|>").ids == [3, 1, 4, 5]
    assert made.decode([3, 1, 4]) == "abb ab"
    assert built.manifest["text"]["tokenizer"] == "tokenizer.json"


def test_what_is_no_tokenizer_is_refused(gpt2, tmp_path):
    (tmp_path / "tokenizer.json").write_text("<html>", encoding="utf-8")
    source = folder(gpt2, {"tokenizer.json": tmp_path / "tokenizer.json"})
    with pytest.raises(CheckpointError, match=r"tokenizer\.json"):
        Gpt().build(source, recognised(source))


def test_heads_that_do_not_divide_the_width_are_refused(gpt2):
    source = folder(gpt2, n_head=5)
    with pytest.raises(CheckpointError, match="5 heads"):
        Gpt().build(source, recognised(source))


def test_a_missing_weight_is_named(gpt2):
    from tests.fakes import public_nets as nets

    state = gpt2.state_dict()
    del state["transformer.h.1.mlp.c_fc.bias"]
    source = nets.checkpoint(state)
    with pytest.raises(CheckpointError, match=r"h\.1\.mlp\.c_fc\.bias"):
        Gpt().build(source, adjusted(recognised(source), {"heads": 3}))
